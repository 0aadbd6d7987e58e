"""What a player reads through the cache: once while fresh, never after a forget, never anybody else's."""

import asyncio

import pytest

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.user_cache import CacheStats, Kept, Loaded, UserCache
from gateway.concurrency.single_flight import FlightEnded
from tests.cache.loads import Gate, settle
from tests.clock import Clock

ANNA, BERT = Owner("anna"), Owner("bert")
LIST, BALANCE, BADGE = CacheKey("list"), CacheKey("balance", "101"), CacheKey("badge")


class Upstream:
    """Counts the loads and answers each with its number."""

    def __init__(self, size_bytes: int = 100) -> None:
        self.calls = 0
        self._size_bytes = size_bytes

    async def __call__(self) -> Loaded[int]:
        self.calls += 1
        return Loaded(self.calls, self._size_bytes)


class Reader:
    """A cache on a clock of its own, and the one load that is read through it."""

    def __init__(self, max_bytes: int = 1_000_000) -> None:
        self.clock = Clock(1_000.0)
        self.cache = UserCache(max_bytes=max_bytes, clock=self.clock)
        self.upstream = Upstream()

    async def read(self, owner: Owner = ANNA, topic: CacheKey = LIST, lifetime_seconds: float = 15) -> int:
        kept = await self.cache.get_or_load(owner, topic, self.upstream, lifetime_of=lambda _: lifetime_seconds)
        return kept.value


class Held:
    """Reads whose loads the test answers."""

    def __init__(self, reader: Reader) -> None:
        self.gate = Gate()
        self._reader = reader

    def read(self, topic: CacheKey = LIST, lifetime_seconds: float = 15) -> asyncio.Task[Kept[str]]:
        return asyncio.create_task(self._read(topic, lifetime_seconds))

    async def _read(self, topic: CacheKey, lifetime_seconds: float) -> Kept[str]:
        return await self._reader.cache.get_or_load(ANNA, topic, self._load, lifetime_of=lambda _: lifetime_seconds)

    async def _load(self) -> Loaded[str]:
        return Loaded(str(await self.gate()), 100)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def held(reader: Reader) -> Held:
    return Held(reader)


async def test_a_fresh_value_is_answered_without_a_load(reader: Reader) -> None:
    assert [await reader.read(), await reader.read()] == [1, 1]
    assert reader.upstream.calls == 1


async def test_owners_and_topics_have_values_of_their_own(reader: Reader) -> None:
    reads = [(ANNA, LIST), (BERT, LIST), (ANNA, BALANCE), (ANNA, CacheKey("list", variant="de"))]
    assert [await reader.read(owner, topic) for owner, topic in reads] == [1, 2, 3, 4]
    assert [await reader.read(owner, topic) for owner, topic in reads] == [1, 2, 3, 4]


async def test_a_value_is_loaded_again_when_its_lifetime_has_passed(reader: Reader) -> None:
    await reader.read(lifetime_seconds=15)
    reader.clock.advance(14.999)
    assert await reader.read() == 1
    reader.clock.advance(0.001)
    assert await reader.read() == 2


async def test_the_lifetime_given_with_the_load_counts_and_not_the_readers(reader: Reader) -> None:
    await reader.read(lifetime_seconds=5)
    reader.clock.advance(5)
    assert await reader.read(lifetime_seconds=60) == 2


async def test_the_lifetime_may_depend_on_the_value_and_is_asked_once_a_load(reader: Reader) -> None:
    asked: list[int] = []

    def lifetime_of(value: int) -> float:
        asked.append(value)
        return 15 if value == 2 else 0

    async def read() -> int:
        return (await reader.cache.get_or_load(ANNA, LIST, reader.upstream, lifetime_of=lifetime_of)).value

    assert [await read(), *(await asyncio.gather(read(), read())), await read()] == [1, 2, 2, 2]
    assert asked == [1, 2]


async def test_the_lifetime_runs_from_the_moment_the_load_began(reader: Reader, held: Held) -> None:
    caller = held.read(lifetime_seconds=15)
    await settle()
    reader.clock.advance(10)
    held.gate.answer("value")
    assert await caller == Kept("value", 1_000.0, 1_015.0)
    reader.clock.advance(5)
    assert reader.cache.peek(ANNA, LIST) is None


@pytest.mark.parametrize("lifetime_seconds", [0, -1])
async def test_without_a_lifetime_nothing_is_kept(reader: Reader, lifetime_seconds: float) -> None:
    assert await reader.read(lifetime_seconds=lifetime_seconds) == 1
    assert await reader.read(lifetime_seconds=lifetime_seconds) == 2
    assert reader.cache.stats.bytes == 0


async def test_without_a_lifetime_a_load_in_the_air_is_shared_all_the_same(held: Held) -> None:
    callers = [held.read(lifetime_seconds=0) for _ in range(3)]
    await settle()
    held.gate.answer("value")
    assert [kept.value for kept in await asyncio.gather(*callers)] == ["value"] * 3
    assert held.gate.runs == 1


async def test_500_readers_of_an_expired_value_make_one_load(reader: Reader) -> None:
    await reader.read()
    reader.clock.advance(15)
    assert await asyncio.gather(*(reader.read() for _ in range(500))) == [2] * 500


async def test_the_load_of_a_cancelled_leader_is_kept_for_the_others(reader: Reader, held: Held) -> None:
    leader, follower = held.read(), held.read()
    await settle()
    leader.cancel()
    await settle()
    held.gate.answer("value")
    assert (await follower).value == "value"
    assert reader.cache.peek(ANNA, LIST) == Kept("value", 1_000.0, 1_015.0)


async def test_a_load_that_nobody_waits_for_any_more_is_cancelled(reader: Reader, held: Held) -> None:
    caller = held.read()
    await settle()
    caller.cancel()
    await settle()
    assert held.gate.cancelled == 1
    assert reader.cache.peek(ANNA, LIST) is None


async def test_an_error_reaches_every_caller_and_is_not_kept(reader: Reader, held: Held) -> None:
    error = ConnectionError()
    callers = [held.read() for _ in range(3)]
    await settle()
    held.gate.fail(error)
    assert await asyncio.gather(*callers, return_exceptions=True) == [error] * 3
    assert reader.cache.stats.bytes == 0
    assert await reader.read() == 1


async def test_peek_answers_what_is_fresh_and_loads_nothing(reader: Reader) -> None:
    assert reader.cache.peek(ANNA, LIST) is None
    await reader.read()
    assert reader.cache.peek(ANNA, LIST) == Kept(1, 1_000.0, 1_015.0)
    reader.clock.advance(15)
    assert reader.cache.peek(ANNA, LIST) is None
    assert reader.upstream.calls == 1


async def test_forgetting_an_owner_ends_all_topics_and_no_other_owner(reader: Reader) -> None:
    for owner, topic in ((ANNA, LIST), (ANNA, BALANCE), (BERT, LIST)):
        await reader.read(owner, topic)
    reader.cache.forget(ANNA)
    assert [await reader.read(ANNA, LIST), await reader.read(ANNA, BALANCE), await reader.read(BERT, LIST)] == [4, 5, 3]


async def test_forgetting_resources_leaves_the_owners_other_topics(reader: Reader) -> None:
    for topic in (LIST, BALANCE, BADGE):
        await reader.read(ANNA, topic)
    reader.cache.forget(ANNA, {"balance", "list"})
    assert [await reader.read(ANNA, topic) for topic in (LIST, BALANCE, BADGE)] == [4, 5, 3]


async def test_forgetting_a_stranger_changes_nothing(reader: Reader) -> None:
    await reader.read()
    reader.cache.forget(BERT)
    reader.cache.forget(BERT, ["list"])
    assert await reader.read() == 1


@pytest.mark.parametrize("resources", [None, ["list"]], ids=["everything", "the resource"])
async def test_a_load_begun_before_a_forget_answers_its_callers_and_is_not_kept(
    reader: Reader, held: Held, resources: list[str] | None
) -> None:
    early = held.read()
    await settle()
    reader.cache.forget(ANNA, resources)
    late = held.read()
    await settle()
    held.gate.answer("before the write", run=0)
    await settle()
    assert reader.cache.peek(ANNA, LIST) is None
    held.gate.answer("after the write", run=1)
    assert [(await early).value, (await late).value] == ["before the write", "after the write"]
    assert reader.cache.peek(ANNA, LIST) == Kept("after the write", 1_000.0, 1_015.0)


async def test_a_slow_load_from_before_a_forget_does_not_replace_the_newer_value(reader: Reader, held: Held) -> None:
    early = held.read()
    await settle()
    reader.cache.forget(ANNA)
    late = held.read()
    await settle()
    held.gate.answer("new", run=1)
    await late
    held.gate.answer("old", run=0)
    await early
    assert reader.cache.peek(ANNA, LIST) == Kept("new", 1_000.0, 1_015.0)


async def test_forgetting_one_resource_does_not_let_go_of_another_ones_load(reader: Reader, held: Held) -> None:
    caller = held.read(BALANCE)
    await settle()
    reader.cache.forget(ANNA, ["list"])
    held.gate.answer("value")
    await caller
    assert reader.cache.peek(ANNA, BALANCE) == Kept("value", 1_000.0, 1_015.0)


async def test_a_million_bytes_do_not_fit_into_a_thousand(reader: Reader) -> None:
    small = Reader(max_bytes=1_000)
    small.upstream = Upstream(size_bytes=1_000_000)
    assert [await small.read(), await small.read()] == [1, 2]
    assert small.cache.stats.bytes == 0


async def test_closing_ends_the_loads_and_leaves_no_task(reader: Reader, held: Held) -> None:
    caller = held.read()
    await settle()
    await reader.cache.aclose()
    with pytest.raises(FlightEnded):
        await caller
    assert held.gate.cancelled == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_counts_tell_hits_misses_joins_and_evictions(reader: Reader) -> None:
    probe = Reader()
    await probe.read()
    reader = Reader(max_bytes=probe.cache.stats.bytes)
    await asyncio.gather(reader.read(), reader.read(), reader.read())
    await reader.read()
    await reader.read(BERT)
    assert reader.cache.stats == CacheStats(
        hits=1, misses=2, joins=2, evictions=1, bytes=probe.cache.stats.bytes, owners=1, foreign=0
    )


def test_a_kept_value_and_its_counts_cannot_be_changed(reader: Reader) -> None:
    with pytest.raises(AttributeError):
        Kept(1, 0.0, 1.0).value = 2  # type: ignore[misc]  # the point of the test
    with pytest.raises(AttributeError):
        reader.cache.stats.hits = 1  # type: ignore[misc]  # the point of the test


def test_a_stamp_is_shared_and_current_until_something_of_its_owner_is_forgotten(reader: Reader) -> None:
    before, other = reader.cache.stamp(ANNA), reader.cache.stamp(BERT)
    assert reader.cache.stamp(ANNA) is before
    reader.cache.forget(ANNA, ["balance"])
    assert (before.is_current, other.is_current, reader.cache.stamp(ANNA).is_current) == (False, True, True)
