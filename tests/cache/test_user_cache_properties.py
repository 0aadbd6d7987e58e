"""Any interleaving of readers, invalidations, cancellations, results, errors and time keeps the cache's promises."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.user_cache import CacheEntry, LoadResult, UserCache
from gateway.errors.internal import FlightEnded
from tests.support.clock import Clock
from tests.support.loads import run_ready

T = TypeVar("T")

# Few of everything, so that the interesting coincidences are common.
MAX_BYTES = 6_000
owners = st.sampled_from([Owner("anna"), Owner("bert")])
keys = st.sampled_from([CacheKey("list"), CacheKey("list", variant="de"), CacheKey("balance", "1")])
lifetimes = st.sampled_from([0.0, 2.0, 4.0, 4.0])
sizes = st.sampled_from([0, 0, 3_000, 10_000])
resources = st.sampled_from([None, frozenset[str](), frozenset({"list"}), frozenset({"balance", "other"})])
positions = st.integers(min_value=0, max_value=11)
steps = st.integers(min_value=0, max_value=3)


class Lost(Exception):
    """What a load fails with."""


@dataclass
class Load:
    """One run of a load: for whom, when it began (in events and by the clock) and ended, and its outcome."""

    owner: Owner
    key: CacheKey
    began: int
    began_at: float
    lifetime_seconds: float
    outcome: asyncio.Future[LoadResult["Load"]]
    ended: int | None = None


@dataclass
class Caller:
    """One call of the cache, and the event and the clock's reading at which it came."""

    owner: Owner
    key: CacheKey
    came: int
    came_at: float
    task: asyncio.Task[CacheEntry[Load]] = field(init=False)
    is_cancelled: bool = False


async def step(times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(0)


class CacheMachine(RuleBasedStateMachine):
    """Every step is followed by letting the loop run until it is idle, then by checking everybody who was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.reports: list[dict[str, object]] = []
        self.loop.set_exception_handler(lambda _, report: self.reports.append(report))
        self.clock = Clock(1_000.0)
        self.cache = UserCache(max_bytes=MAX_BYTES, clock=self.clock)
        self.events = 0
        self.loads: list[Load] = []
        self.callers: list[Caller] = []
        self.invalidations: list[tuple[int, Owner, frozenset[str] | None]] = []

    @rule(owner=owners, key=keys, lifetime=lifetimes, together=st.integers(min_value=1, max_value=3))
    def read(self, owner: Owner, key: CacheKey, lifetime: float, together: int) -> None:
        for _ in range(together):
            caller = Caller(owner, key, self.next_event(), self.clock())
            caller.task = self.loop.create_task(self.call(owner, key, lifetime))
            self.callers.append(caller)
        self.run(run_ready())

    @rule(owner=owners, named=resources)
    def invalidate(self, owner: Owner, named: frozenset[str] | None) -> None:
        self.invalidations.append((self.next_event(), owner, named))
        self.cache.invalidate(owner, named)

    @precondition(lambda self: self.running())
    @rule(position=positions, size_bytes=sizes)
    def answer(self, position: int, size_bytes: int) -> None:
        load = self.pick(position)
        load.outcome.set_result(LoadResult(load, size_bytes, load.lifetime_seconds))
        self.run(run_ready())

    @precondition(lambda self: self.running())
    @rule(position=positions)
    def fail(self, position: int) -> None:
        self.pick(position).outcome.set_exception(Lost())
        self.run(run_ready())

    @precondition(lambda self: self.running())
    @rule(position=positions, size_bytes=sizes, owner=owners, between=steps)
    def answer_and_invalidate_at_once(self, position: int, size_bytes: int, owner: Owner, between: int) -> None:
        async def both() -> None:
            load.outcome.set_result(LoadResult(load, size_bytes, load.lifetime_seconds))
            await step(between)
            self.invalidate(owner, None)
            await run_ready()

        load = self.pick(position)
        self.run(both())

    @precondition(lambda self: self.waiting())
    @rule(position=positions, after=steps)
    def cancel(self, position: int, after: int) -> None:
        async def both() -> None:
            caller.is_cancelled = True
            caller.task.cancel()
            await step(after)

        waiting = self.waiting()
        caller = waiting[position % len(waiting)]
        self.run(both())

    @precondition(lambda self: self.running())
    @rule(position=positions, between=steps)
    def answer_and_cancel_all_at_once(self, position: int, between: int) -> None:
        async def both() -> None:
            load.outcome.set_result(LoadResult(load, 0, load.lifetime_seconds))
            await step(between)
            for caller in self.waiting():
                caller.is_cancelled = True
                caller.task.cancel()
            await run_ready()

        load = self.pick(position)
        self.run(both())

    @rule(seconds=st.sampled_from([1.0, 2.0, 4.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @precondition(lambda self: self.loads)
    @rule(position=positions, lifetime=lifetimes)
    def read_again_what_was_loaded_lately(self, position: int, lifetime: float) -> None:
        load = self.loads[-1 - position % min(3, len(self.loads))]
        self.read(load.owner, load.key, lifetime, 1)

    @precondition(lambda self: self.loads)
    @rule(position=positions)
    def look_up_what_was_loaded_lately(self, position: int) -> None:
        load = self.loads[-1 - position % min(3, len(self.loads))]
        kept: CacheEntry[Load] | None = self.cache.get(load.owner, load.key)
        if kept is not None:
            self.check(kept, load.owner, load.key, self.next_event(), self.clock())

    @invariant()
    def everybody_got_what_was_promised(self) -> None:
        for caller in [caller for caller in self.callers if caller.task.done()]:
            self.callers.remove(caller)
            if caller.task.cancelled():
                assert caller.is_cancelled
            elif caller.task.exception() is not None:
                assert isinstance(caller.task.exception(), Lost)
            else:
                self.check(caller.task.result(), caller.owner, caller.key, caller.came, caller.came_at)

    @invariant()
    def the_bound_holds(self) -> None:
        stats = self.cache.stats
        assert 0 <= stats.bytes <= MAX_BYTES
        assert (stats.bytes == 0) == (stats.owners == 0)
        assert stats.foreign == 0

    def teardown(self) -> None:
        self.run(run_ready())
        self.everybody_got_what_was_promised()
        awaited = {(caller.owner, caller.key) for caller in self.waiting()}
        assert {(load.owner, load.key) for load in self.loads if load.ended is None} <= awaited
        self.run(self.cache.aclose())
        self.run(run_ready())
        for caller in self.callers:
            assert isinstance(caller.task.exception(), FlightEnded)
        assert all(load.ended is not None for load in self.loads)
        assert asyncio.all_tasks(self.loop) == set()
        self.loop.close()
        assert self.reports == []

    def check(self, kept: CacheEntry[Load], owner: Owner, key: CacheKey, came: int, came_at: float) -> None:
        load = kept.value
        assert (load.owner, load.key, load.began_at) == (owner, key, kept.loaded_at)
        for invalidated, whose, named in self.invalidations:
            if whose == owner and invalidated < came and (named is None or key.resource in named):
                assert load.began > invalidated
        assert load.ended is not None
        if load.ended < came:
            assert came_at < load.began_at + load.lifetime_seconds

    async def call(self, owner: Owner, key: CacheKey, lifetime_seconds: float) -> CacheEntry[Load]:
        async def load() -> LoadResult[Load]:
            outcome: asyncio.Future[LoadResult[Load]] = self.loop.create_future()
            run = Load(owner, key, self.next_event(), self.clock(), lifetime_seconds, outcome)
            self.loads.append(run)
            try:
                return await outcome
            except asyncio.CancelledError:
                await run_ready()
                raise
            finally:
                run.ended = self.next_event()

        return await self.cache.get_or_load(owner, key, load)

    def running(self) -> list[Load]:
        return [load for load in self.loads if not load.outcome.done()]

    def waiting(self) -> list[Caller]:
        return [caller for caller in self.callers if not caller.task.done()]

    def pick(self, position: int) -> Load:
        running = self.running()
        return running[position % len(running)]

    def next_event(self) -> int:
        self.events += 1
        return self.events

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.loop.run_until_complete(work)


CacheMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
TestUserCache = pytest.mark.slow(CacheMachine.TestCase)
