"""What a player reads through the cache: once while fresh, never after an invalidation, never anybody else's."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf

import pytest

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.user_cache import CacheEntry, CacheStats, LoadResult, UserCache
from gateway.errors.internal import FlightEnded
from tests.support.clock import Clock
from tests.support.loads import Gate, run_ready

ANNA, BERT = Owner("anna"), Owner("bert")
LIST, BALANCE, BADGE = CacheKey("list"), CacheKey("balance", "101"), CacheKey("badge")


class Upstream:
    """Counts the loads and answers each with its number."""

    def __init__(self, size_bytes: int = 100) -> None:
        self.calls = 0
        self._size_bytes = size_bytes

    def lasting(self, fresh_seconds: float, usable_seconds: float = -inf) -> Callable[[], Awaitable[LoadResult[int]]]:
        """A load whose value is fresh, and of use, for so long."""

        async def load() -> LoadResult[int]:
            self.calls += 1
            return LoadResult(self.calls, self._size_bytes, fresh_seconds, usable_seconds)

        return load


class Reader:
    """A cache on a clock of its own, and the one load that is read through it."""

    def __init__(self, max_bytes: int = 1_000_000) -> None:
        self.clock = Clock(1_000.0)
        self.cache = UserCache(max_bytes=max_bytes, clock=self.clock)
        self.upstream = Upstream()

    async def read(self, owner: Owner = ANNA, key: CacheKey = LIST, lifetime_seconds: float = 15) -> int:
        kept = await self.cache.get_or_load(owner, key, self.upstream.lasting(lifetime_seconds))
        return kept.value


class Held:
    """Reads whose loads the test answers."""

    def __init__(self, reader: Reader) -> None:
        self.gate = Gate()
        self._reader = reader

    def read(self, key: CacheKey = LIST, lifetime_seconds: float = 15) -> asyncio.Task[CacheEntry[str]]:
        return asyncio.create_task(self._read(key, lifetime_seconds))

    async def _read(self, key: CacheKey, lifetime_seconds: float) -> CacheEntry[str]:
        return await self._reader.cache.get_or_load(ANNA, key, self.lasting(lifetime_seconds))

    def lasting(self, fresh_seconds: float) -> Callable[[], Awaitable[LoadResult[str]]]:
        """A load whose value is fresh for so long."""

        async def load() -> LoadResult[str]:
            return LoadResult(str(await self.gate()), 100, fresh_seconds)

        return load


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def held(reader: Reader) -> Held:
    return Held(reader)


async def test_a_fresh_value_is_answered_without_a_load(reader: Reader) -> None:
    assert [await reader.read(), await reader.read()] == [1, 1]
    assert reader.upstream.calls == 1


async def test_owners_and_keys_have_values_of_their_own(reader: Reader) -> None:
    reads = [(ANNA, LIST), (BERT, LIST), (ANNA, BALANCE), (ANNA, CacheKey("list", variant="de"))]
    assert [await reader.read(owner, key) for owner, key in reads] == [1, 2, 3, 4]
    assert [await reader.read(owner, key) for owner, key in reads] == [1, 2, 3, 4]


async def test_a_value_is_loaded_again_when_its_lifetime_has_passed(reader: Reader) -> None:
    await reader.read(lifetime_seconds=15)
    reader.clock.advance(14.999)
    assert await reader.read() == 1
    reader.clock.advance(0.001)
    assert await reader.read() == 2


async def test_a_fresh_value_may_be_loaded_anew_and_stays_until_then(reader: Reader, held: Held) -> None:
    assert await reader.read() == 1
    caller = asyncio.create_task(reader.cache.load(ANNA, LIST, held.lasting(15)))
    await run_ready()
    assert await reader.read() == 1
    reader.clock.advance(5)
    held.gate.answer("anew")
    assert (await caller).value == "anew"
    reader.clock.advance(9)
    found: CacheEntry[str] | None = reader.cache.get(ANNA, LIST)
    assert found == CacheEntry("anew", 1_000.0, 1_015.0, size_bytes=100)
    assert (reader.cache.stats.hits, reader.cache.stats.misses) == (2, 2)


async def test_the_lifetime_given_with_the_load_counts_and_not_the_readers(reader: Reader) -> None:
    await reader.read(lifetime_seconds=5)
    reader.clock.advance(5)
    assert await reader.read(lifetime_seconds=60) == 2


async def test_what_is_not_fresh_for_any_time_is_loaded_again(reader: Reader) -> None:
    assert [await reader.read(lifetime_seconds=0), await reader.read(lifetime_seconds=15)] == [1, 2]
    assert [*await asyncio.gather(reader.read(), reader.read())] == [2, 2]


async def test_the_lifetime_runs_from_the_moment_the_load_began(reader: Reader, held: Held) -> None:
    caller = held.read(lifetime_seconds=15)
    await run_ready()
    reader.clock.advance(10)
    held.gate.answer("value")
    assert await caller == CacheEntry("value", 1_000.0, 1_015.0, size_bytes=100)
    reader.clock.advance(5)
    assert not reader.cache.contains(ANNA, LIST)


@pytest.mark.parametrize("lifetime_seconds", [0, -1])
async def test_without_a_lifetime_nothing_is_stored(reader: Reader, lifetime_seconds: float) -> None:
    assert await reader.read(lifetime_seconds=lifetime_seconds) == 1
    assert await reader.read(lifetime_seconds=lifetime_seconds) == 2
    assert reader.cache.stats.bytes == 0


async def test_without_a_lifetime_a_load_in_the_air_is_shared_all_the_same(held: Held) -> None:
    callers = [held.read(lifetime_seconds=0) for _ in range(3)]
    await run_ready()
    held.gate.answer("value")
    assert [kept.value for kept in await asyncio.gather(*callers)] == ["value"] * 3
    assert held.gate.runs == 1


async def test_500_readers_of_an_expired_value_make_one_load(reader: Reader) -> None:
    await reader.read()
    reader.clock.advance(15)
    assert await asyncio.gather(*(reader.read() for _ in range(500))) == [2] * 500


async def test_the_load_of_a_cancelled_leader_is_stored_for_the_others(reader: Reader, held: Held) -> None:
    leader, follower = held.read(), held.read()
    await run_ready()
    leader.cancel()
    await run_ready()
    held.gate.answer("value")
    assert (await follower).value == "value"
    assert reader.cache.get(ANNA, LIST) == CacheEntry("value", 1_000.0, 1_015.0, size_bytes=100)


async def test_a_load_that_nobody_waits_for_any_more_is_cancelled(reader: Reader, held: Held) -> None:
    caller = held.read()
    await run_ready()
    caller.cancel()
    await run_ready()
    assert held.gate.cancelled == 1
    assert not reader.cache.contains(ANNA, LIST)


async def test_an_error_reaches_every_caller_and_is_not_stored(reader: Reader, held: Held) -> None:
    error = ConnectionError()
    callers = [held.read() for _ in range(3)]
    await run_ready()
    held.gate.fail(error)
    assert await asyncio.gather(*callers, return_exceptions=True) == [error] * 3
    assert reader.cache.stats.bytes == 0
    assert await reader.read() == 1


async def test_looking_finds_what_is_fresh_and_loads_nothing(reader: Reader) -> None:
    assert not reader.cache.contains(ANNA, LIST)
    await reader.read()
    assert reader.cache.contains(ANNA, LIST)
    assert (reader.cache.stats.hits, reader.cache.stats.misses) == (0, 1)
    assert reader.cache.get(ANNA, LIST) == CacheEntry(1, 1_000.0, 1_015.0, size_bytes=100)
    assert (reader.cache.stats.hits, reader.cache.stats.misses) == (1, 1)
    reader.clock.advance(15)
    assert not reader.cache.contains(ANNA, LIST)
    assert reader.cache.get(ANNA, LIST) is None
    assert reader.upstream.calls == 1


async def test_invalidating_an_owner_ends_all_keys_and_no_other_owner(reader: Reader) -> None:
    for owner, key in ((ANNA, LIST), (ANNA, BALANCE), (BERT, LIST)):
        await reader.read(owner, key)
    reader.cache.invalidate(ANNA)
    assert [await reader.read(ANNA, LIST), await reader.read(ANNA, BALANCE), await reader.read(BERT, LIST)] == [4, 5, 3]


async def test_invalidating_resources_leaves_the_owners_other_keys(reader: Reader) -> None:
    for key in (LIST, BALANCE, BADGE):
        await reader.read(ANNA, key)
    reader.cache.invalidate(ANNA, {"balance", "list"})
    assert [await reader.read(ANNA, key) for key in (LIST, BALANCE, BADGE)] == [4, 5, 3]


async def test_what_was_expired_is_loaded_anew_and_found_in_need(reader: Reader, held: Held) -> None:
    async def read(resource: CacheKey) -> int:
        kept = await reader.cache.get_or_load(ANNA, resource, reader.upstream.lasting(15, 600))
        return kept.value

    assert [await read(LIST), await read(BALANCE)] == [1, 2]
    generation = reader.cache.generation(ANNA)
    early = held.read(BADGE)
    await run_ready()
    reader.cache.expire(ANNA, ["list", "badge"])
    assert not generation.is_current
    found: CacheEntry[int] | None = reader.cache.get_stale(ANNA, LIST)
    assert found is not None
    assert found.value == 1
    assert [await read(LIST), await read(BALANCE)] == [3, 2]
    held.gate.answer("from before")
    assert (await early).value == "from before"
    assert not reader.cache.contains(ANNA, BADGE)


async def test_invalidating_an_unknown_owner_changes_nothing(reader: Reader) -> None:
    await reader.read()
    reader.cache.invalidate(BERT)
    reader.cache.invalidate(BERT, ["list"])
    assert await reader.read() == 1


@pytest.mark.parametrize("resources", [None, ["list"]], ids=["everything", "the resource"])
async def test_a_load_begun_before_an_invalidation_answers_its_callers_and_is_not_stored(
    reader: Reader, held: Held, resources: list[str] | None
) -> None:
    early = held.read()
    await run_ready()
    reader.cache.invalidate(ANNA, resources)
    late = held.read()
    await run_ready()
    held.gate.answer("before the write", run=0)
    await run_ready()
    assert not reader.cache.contains(ANNA, LIST)
    held.gate.answer("after the write", run=1)
    assert [(await early).value, (await late).value] == ["before the write", "after the write"]
    assert reader.cache.get(ANNA, LIST) == CacheEntry("after the write", 1_000.0, 1_015.0, size_bytes=100)


async def test_a_slow_load_from_before_an_invalidation_does_not_replace_a_newer_one(reader: Reader, held: Held) -> None:
    early = held.read()
    await run_ready()
    reader.cache.invalidate(ANNA)
    late = held.read()
    await run_ready()
    held.gate.answer("new", run=1)
    await late
    held.gate.answer("old", run=0)
    await early
    assert reader.cache.get(ANNA, LIST) == CacheEntry("new", 1_000.0, 1_015.0, size_bytes=100)


async def test_invalidating_one_resource_does_not_detach_the_load_of_another(reader: Reader, held: Held) -> None:
    caller = held.read(BALANCE)
    await run_ready()
    reader.cache.invalidate(ANNA, ["list"])
    held.gate.answer("value")
    await caller
    assert reader.cache.get(ANNA, BALANCE) == CacheEntry("value", 1_000.0, 1_015.0, size_bytes=100)


async def test_a_million_bytes_do_not_fit_into_a_thousand(reader: Reader) -> None:
    small = Reader(max_bytes=1_000)
    small.upstream = Upstream(size_bytes=1_000_000)
    assert [await small.read(), await small.read()] == [1, 2]
    assert small.cache.stats.bytes == 0


async def test_closing_ends_the_loads_and_leaves_no_task(reader: Reader, held: Held) -> None:
    caller = held.read()
    await run_ready()
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
        hits=1, misses=2, joins=2, stale=0, evictions=1, bytes=probe.cache.stats.bytes, owners=1, foreign=0
    )


def test_a_cached_value_and_its_counts_cannot_be_changed(reader: Reader) -> None:
    with pytest.raises(AttributeError):
        CacheEntry(1, 0.0, 1.0).value = 2  # type: ignore[misc]  # the point of the test
    with pytest.raises(AttributeError):
        reader.cache.stats.hits = 1  # type: ignore[misc]  # the point of the test


def test_a_generation_is_shared_and_current_until_something_of_its_owner_is_invalidated(reader: Reader) -> None:
    before, other = reader.cache.generation(ANNA), reader.cache.generation(BERT)
    assert reader.cache.generation(ANNA) is before
    reader.cache.invalidate(ANNA, ["balance"])
    assert (before.is_current, other.is_current, reader.cache.generation(ANNA).is_current) == (False, True, True)
