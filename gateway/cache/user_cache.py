"""The cache that players' reads go through: one load for each owner and key, fresh until expired or invalidated."""

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from math import inf
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from msgspec import Struct

from gateway.cache.guard import Guard
from gateway.cache.keys import CacheKey, Owner
from gateway.cache.store import Store
from gateway.concurrency.deadline import Deadline
from gateway.concurrency.single_flight import SingleFlight

T = TypeVar("T")


class LoadResult(Struct, Generic[T], frozen=True):
    """What a load returns: the value, and the bytes that it takes to keep it in memory (0 or more)."""

    value: T
    size_bytes: int


class CacheEntry(Struct, Generic[T], frozen=True):
    """A value, and the clock's readings when its load began, when it expires, and until when it is of use in need.

    The load was not answered before it began, so the value is at most as old as the time since `loaded_at`.
    """

    value: T
    loaded_at: float
    expires_at: float
    stale_until: float = -inf
    name: object = None
    """The guard's name of the owner, kept while the value is."""


class CacheGeneration:
    """All that was read of an owner between two invalidations; not current once the next one came."""

    # Whatever is made of an owner's values and stored elsewhere, like a whole response, holds the generation that it
    # was made in. Invalidation then costs one flag, wherever those copies are and however many: each is checked when
    # it is used. The cache itself holds generations weakly; one that nothing was made in costs no memory.

    __slots__ = ("__weakref__", "is_current", "name")

    def __init__(self, name: object = None, *, is_current: bool = True) -> None:
        self.is_current = is_current
        self.name = name


@dataclass(frozen=True, slots=True)
class CacheStats:
    """Counts since the start (`hits`, `misses`, `joins`, `stale`, `evictions`, `foreign`) and now (`bytes`, `owners`).

    A miss starts a load, a join shares one, `stale` counts expired values that were used after all. `evictions` counts
    entries removed to make room, not expired or invalidated ones. `foreign` counts entries found under another owner
    and removed: anything but 0 is a defect.
    """

    hits: int
    misses: int
    joins: int
    stale: int
    evictions: int
    bytes: int
    owners: int
    foreign: int


def _no_longer(_: object) -> float:
    """For `usable_for`: of use only while it is fresh."""
    return -inf


class UserCache:
    """Values of many owners within `max_bytes`; for one event loop, used from its thread only.

    Each value belongs to exactly one owner, and every call names the owner. `clock` is in seconds and monotonic, and
    `guard` is a fleet's.
    """

    def __init__(
        self, *, max_bytes: int, clock: Callable[[], float] = time.monotonic, guard: Guard | None = None
    ) -> None:
        self._guard = guard
        self._store: Store[CacheEntry[Any]] = Store(max_bytes=max_bytes, clock=clock)
        self._loads: SingleFlight[CacheKey] = SingleFlight()
        self._clock = clock
        self._generations: WeakValueDictionary[Owner, CacheGeneration] = WeakValueDictionary()
        self._hits = self._misses = self._joins = self._stale = 0

    async def get_or_load(
        self,
        owner: Owner,
        key: CacheKey,
        load: Callable[[], Awaitable[LoadResult[T]]],
        *,
        lifetime_of: Callable[[T], float],
        usable_for: Callable[[T], float] = _no_longer,
        deadline: Deadline | None = None,
        loaded_after: float = -inf,
    ) -> CacheEntry[T]:
        """The entry if it is fresh, else what `load` brings; callers who come meanwhile share that load.

        `lifetime_of` is asked once for the loaded value: it is fresh for so many seconds from when the load began, and
        with 0 or less it is not stored. For the seconds of `usable_for`, counted likewise, `get_stale` finds it, fresh
        or not. The caller who starts the load gives them. The load ends with its last waiting caller. One key
        always stands for one type of value. An entry whose load began no later than `loaded_after`, by the clock, is
        not taken for fresh; it stays until another takes its place.

        Raises: what `load` raises, to every caller who waits for it; FlightEnded when the cache was closed;
        TimeoutError when the caller's `deadline` ends.
        """
        fresh: CacheEntry[T] | None = self.peek(owner, key)
        if fresh is not None and fresh.loaded_at > loaded_after:
            self._hits += 1
            return fresh
        if self._loads.is_in_flight(key, owner):
            self._joins += 1
        else:
            self._misses += 1
        loaded = await self._loads.join(
            key,
            lambda: self._load(owner, load, lifetime_of, usable_for),
            group=owner,
            on_result=lambda loaded: self._store_loaded(owner, key, loaded),
            deadline=deadline,
        )
        return loaded.entry

    def get(self, owner: Owner, key: CacheKey) -> CacheEntry[T] | None:
        """The entry if it is fresh, counted as a hit; starts no load."""
        fresh: CacheEntry[T] | None = self.peek(owner, key)
        if fresh is not None:
            self._hits += 1
        return fresh

    def get_stale(self, owner: Owner, key: CacheKey) -> CacheEntry[T] | None:
        """The entry where it is of use still, fresh or not: for when a load failed."""
        stale = self._store.get_stale(owner, key)
        if stale is None or (self._guard is not None and not self._guard.is_fresh(stale.loaded_at)):
            return None
        self._stale += 1
        return stale

    def peek(self, owner: Owner, key: CacheKey) -> CacheEntry[T] | None:
        """The entry if it is fresh; counts as neither hit nor miss."""
        entry = self._store.get(owner, key)
        if entry is None or self._guard is None or self._guard.is_fresh(entry.loaded_at):
            return entry
        return None

    def would_load(self, owner: Owner, key: CacheKey, *, in_need: bool) -> bool:
        """Whether a read would start a load: nothing fresh is there, `in_need` no copy, and no load is under way."""
        kept = self._store.get_stale(owner, key) if in_need else self._store.get(owner, key)
        return kept is None and not self._loads.is_in_flight(key, owner)

    def contains(self, owner: Owner, key: CacheKey) -> bool:
        """Whether a fresh entry is there; counts as neither hit nor miss."""
        return self.peek(owner, key) is not None

    def invalidate(self, owner: Owner, resources: Collection[str] | None = None) -> None:
        """Remove what is cached of the owner: everything, or the keys whose resource is named.

        A load under way answers the callers who wait for it already and no others, and is not stored: it may have read
        the state from before the write that is the reason to invalidate. The owner's generation ends.
        """
        self._end_generation(owner, resources)
        self._store.remove(owner, None if resources is None else self._keys(owner, resources))

    def expire(self, owner: Owner, resources: Collection[str]) -> None:
        """As `invalidate`, but `get_stale` still finds what was to be kept in need: for reading anew, with no write."""
        self._end_generation(owner, resources)
        self._store.expire(owner, self._keys(owner, resources))

    def generation(self, owner: Owner) -> CacheGeneration:
        """The owner's present generation; what is made of their values now is valid while it is current."""
        if self._guard is not None and self._guard.is_held(owner):
            return CacheGeneration(is_current=False)
        generation = self._generations.get(owner)
        if generation is None:
            generation = self._generations[owner] = CacheGeneration(self._name(owner))
        return generation

    async def aclose(self) -> None:
        """End the loads that still run; callers who wait for one get FlightEnded."""
        await self._loads.aclose()

    @property
    def stats(self) -> CacheStats:
        """A snapshot, for metrics."""
        return CacheStats(
            hits=self._hits,
            misses=self._misses,
            joins=self._joins,
            stale=self._stale,
            evictions=self._store.evictions,
            bytes=self._store.charged_bytes,
            owners=self._store.owners,
            foreign=self._store.foreign,
        )

    def _end_generation(self, owner: Owner, resources: Collection[str] | None) -> None:
        generation = self._generations.pop(owner, None)
        if generation is not None:
            generation.is_current = False
        for key in self._loads.in_flight(owner):
            if resources is None or key.resource in resources:
                self._loads.detach(key, owner)

    def _keys(self, owner: Owner, resources: Collection[str]) -> list[CacheKey]:
        return [key for key in self._store.keys(owner) if key.resource in resources]

    def _name(self, owner: Owner) -> object:
        return None if self._guard is None else self._guard.name(owner)

    async def _load(
        self,
        owner: Owner,
        load: Callable[[], Awaitable[LoadResult[T]]],
        lifetime_of: Callable[[T], float],
        usable_for: Callable[[T], float],
    ) -> "_Loaded[T]":
        # Timed from before the load: the upstream may have read its state at any moment since then.
        began_at, name = self._clock(), self._name(owner)
        result = await load()
        expires_at = began_at + lifetime_of(result.value)
        entry = CacheEntry(result.value, began_at, expires_at, began_at + usable_for(result.value), name)
        return _Loaded(entry, result.size_bytes)

    def _store_loaded(self, owner: Owner, key: CacheKey, loaded: "_Loaded[T]") -> None:
        entry = loaded.entry
        is_held = self._guard is not None and self._guard.is_held(owner)
        if max(entry.expires_at, entry.stale_until) > entry.loaded_at and not is_held:
            self._store.put(
                owner,
                key,
                entry,
                size_bytes=loaded.size_bytes,
                expires_at=entry.expires_at,
                stale_until=entry.stale_until,
            )


class _Loaded(Struct, Generic[T], frozen=True):
    """The outcome of a load: the entry that callers get, and its size."""

    entry: CacheEntry[T]
    size_bytes: int
