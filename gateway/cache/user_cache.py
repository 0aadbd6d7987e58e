"""The cache that players' reads go through: one load for each owner and key, fresh until expired or invalidated."""

import time
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass
from functools import partial
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
    """What a load returns: the value, the bytes that it takes to keep it in memory (0 or more), and its lifetimes.

    It is fresh for `fresh_seconds` from when the load began, and for `usable_seconds`, counted likewise, `get_stale`
    finds it, fresh or not. What has neither is not stored.
    """

    value: T
    size_bytes: int
    fresh_seconds: float
    usable_seconds: float = -inf


class CacheEntry(Struct, Generic[T], frozen=True):
    """A value, and the clock's readings when its load began, when it expires, and until when it is of use in need.

    The load was not answered before it began, so the value is at most as old as the time since `loaded_at`.
    """

    value: T
    loaded_at: float
    expires_at: float
    stale_until: float = -inf
    size_bytes: int = 0
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
        deadline: Deadline | None = None,
    ) -> CacheEntry[T]:
        """The entry if it is fresh, else what `load` brings, as `load` of this class does."""
        fresh: CacheEntry[T] | None = self.get(owner, key)
        return await self.load(owner, key, load, deadline=deadline) if fresh is None else fresh

    def load(
        self,
        owner: Owner,
        key: CacheKey,
        load: Callable[[], Awaitable[LoadResult[T]]],
        *,
        deadline: Deadline | None = None,
    ) -> Coroutine[None, None, CacheEntry[T]]:
        """What `load` brings, whatever is there, which stays until that takes its place.

        Callers who come meanwhile share the load of the first. It ends with its last waiting caller. One key always
        stands for one type of value.

        Raises: what `load` raises, to every caller who waits for it; FlightEnded when the cache was closed;
        TimeoutError when the caller's `deadline` ends.
        """
        if self._loads.is_in_flight(key, owner):
            self._joins += 1
        else:
            self._misses += 1
        return self._loads.join(
            key,
            partial(self._load, owner, load),
            group=owner,
            on_result=partial(self._store_loaded, owner, key),
            deadline=deadline,
        )

    def get(self, owner: Owner, key: CacheKey) -> CacheEntry[T] | None:
        """The entry if it is fresh, counted as a hit; starts no load."""
        fresh: CacheEntry[T] | None = self.peek(owner, key)
        if fresh is not None:
            self._hits += 1
        return fresh

    def get_stale(self, owner: Owner, key: CacheKey) -> CacheEntry[T] | None:
        """The entry where it is of use still, fresh or not: for when a load failed."""
        stale = self._store.get(owner, key, in_need=True)
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
        return self._store.get(owner, key, in_need=in_need) is None and not self._loads.is_in_flight(key, owner)

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
            name = None if self._guard is None else self._guard.name(owner)
            generation = self._generations[owner] = CacheGeneration(name)
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

    async def _load(self, owner: Owner, load: Callable[[], Awaitable[LoadResult[T]]]) -> CacheEntry[T]:
        # Timed from before the load: the upstream may have read its state at any moment since then.
        began_at = self._clock()
        name = None if self._guard is None else self._guard.name(owner)
        loaded = await load()
        fresh_until, stale_until = began_at + loaded.fresh_seconds, began_at + loaded.usable_seconds
        return CacheEntry(loaded.value, began_at, fresh_until, stale_until, loaded.size_bytes, name)

    def _store_loaded(self, owner: Owner, key: CacheKey, entry: CacheEntry[object]) -> None:
        is_held = self._guard is not None and self._guard.is_held(owner)
        if max(entry.expires_at, entry.stale_until) > entry.loaded_at and not is_held:
            self._store.put(
                owner,
                key,
                entry,
                size_bytes=entry.size_bytes,
                expires_at=entry.expires_at,
                stale_until=entry.stale_until,
            )
