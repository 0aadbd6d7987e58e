"""The cache that the player reads through: one load for each owner and topic, kept until stale or forgotten."""

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, cast
from weakref import WeakValueDictionary

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.store import Store
from gateway.concurrency.deadline import Deadline
from gateway.concurrency.single_flight import SingleFlight

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What a load returns: the value, and its weight in bytes (what it takes to keep it; 0 or more)."""

    value: T
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """What the cache answers: the value, and the clock's samples when its load began and when it is stale.

    The load was not answered before it began, so the value is at most as old as the time since `loaded_at`.
    """

    value: T
    loaded_at: float
    expires_at: float


class CacheGeneration:
    """Stands for all that was read of an owner since the last time that something of his was forgotten."""

    __slots__ = ("__weakref__", "is_current")

    def __init__(self) -> None:
        self.is_current = True


@dataclass(frozen=True, slots=True)
class CacheStats:
    """Counts since the start (`hits`, `misses`, `joins`, `evictions`, `foreign`) and now (`bytes`, `owners`).

    A miss starts a load, a join shares one. `evictions` counts entries that left to make room, not stale or forgotten
    ones. `foreign` counts entries found under another owner and dropped: anything but 0 is a defect.
    """

    hits: int
    misses: int
    joins: int
    evictions: int
    bytes: int
    owners: int
    foreign: int


class UserCache:
    """Values of many owners within `max_bytes`; for one event loop, used from its thread only.

    Each value belongs to exactly one owner, and every call names the owner. `clock` is in seconds and monotonic.
    """

    def __init__(self, *, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._store: Store[Kept[object]] = Store(max_bytes=max_bytes, clock=clock)
        self._flights: SingleFlight[CacheKey] = SingleFlight()
        self._clock = clock
        self._stamps: WeakValueDictionary[Owner, CacheGeneration] = WeakValueDictionary()
        self._hits = self._misses = self._joins = 0

    async def get_or_load(
        self,
        owner: Owner,
        topic: CacheKey,
        load: Callable[[], Awaitable[Loaded[T]]],
        *,
        lifetime_of: Callable[[T], float],
        deadline: Deadline | None = None,
    ) -> Kept[T]:
        """The kept value if it is fresh, else what `load` brings; callers who come meanwhile share that load.

        `lifetime_of` is asked once for the loaded value: it is fresh for so many seconds from when the load began, and
        with 0 or less it is not kept. It is the one of the caller who starts the load, as `load` is. The load outlives
        any caller but the last one. One topic always stands for one type of value.

        Raises: whatever `load` raises, to every caller who waits for it; FlightEnded when the cache was closed;
        TimeoutError when the caller's `deadline` ends.
        """
        fresh: Kept[T] | None = self.find(owner, topic)
        if fresh is not None:
            return fresh
        self._count_load(owner, topic)
        landed = await self._flights.join(
            topic,
            lambda: self._time(load, lifetime_of),
            group=owner,
            on_result=lambda landed: self._keep(owner, topic, landed),
            deadline=deadline,
        )
        return landed.kept

    def find(self, owner: Owner, topic: CacheKey) -> Kept[T] | None:
        """The kept value if it is fresh, counted as a hit; starts no load."""
        fresh: Kept[T] | None = self.peek(owner, topic)
        if fresh is not None:
            self._hits += 1
        return fresh

    def peek(self, owner: Owner, topic: CacheKey) -> Kept[T] | None:
        """The kept value if it is fresh; starts no load and counts as neither hit nor miss."""
        return cast("Kept[T] | None", self._store.get(owner, topic))

    def forget(self, owner: Owner, resources: Collection[str] | None = None) -> None:
        """Drop what is kept of the owner: everything, or the topics whose resource is named.

        A load that is under way answers those who wait for it and nobody else, and is not kept: it may have read
        the state from before the write that is the reason to forget. The owner's stamp is current no longer.
        """
        stamp = self._stamps.pop(owner, None)
        if stamp is not None:
            stamp.is_current = False
        if resources is None:
            self._store.drop(owner)
        else:
            self._store.drop(owner, [topic for topic in self._store.topics(owner) if topic.resource in resources])
        for topic in self._flights.in_flight(owner):
            if resources is None or topic.resource in resources:
                self._flights.detach(topic, owner)

    def stamp(self, owner: Owner) -> CacheGeneration:
        """The owner's present stamp. What is made of his values may be kept elsewhere for as long as it is current."""
        stamp = self._stamps.get(owner)
        if stamp is None:
            stamp = self._stamps[owner] = CacheGeneration()
        return stamp

    async def aclose(self) -> None:
        """End the loads that still run; whoever waits for one gets FlightEnded."""
        await self._flights.aclose()

    @property
    def stats(self) -> CacheStats:
        """A snapshot, for metrics."""
        return CacheStats(
            hits=self._hits,
            misses=self._misses,
            joins=self._joins,
            evictions=self._store.evictions,
            bytes=self._store.charged_bytes,
            owners=self._store.owners,
            foreign=self._store.foreign,
        )

    def _count_load(self, owner: Owner, topic: CacheKey) -> None:
        if self._flights.is_in_flight(topic, owner):
            self._joins += 1
        else:
            self._misses += 1

    async def _time(self, load: Callable[[], Awaitable[Loaded[T]]], lifetime_of: Callable[[T], float]) -> "_Landed[T]":
        began_at = self._clock()
        loaded = await load()
        return _Landed(Kept(loaded.value, began_at, began_at + lifetime_of(loaded.value)), loaded.size_bytes)

    def _keep(self, owner: Owner, topic: CacheKey, landed: "_Landed[T]") -> None:
        kept = cast("Kept[object]", landed.kept)
        if kept.expires_at > kept.loaded_at:
            self._store.put(owner, topic, kept, size_bytes=landed.size_bytes, expires_at=kept.expires_at)


class _Landed(NamedTuple, Generic[T]):
    """What a finished load brings: the value as it is answered, and its weight in bytes."""

    kept: Kept[T]
    size_bytes: int
