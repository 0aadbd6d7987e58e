"""The bounded store beneath the cache: a shelf of entries per owner; the least recently used owner leaves first."""

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import LRUCache

from gateway.cache.keys import CacheKey, Owner

V = TypeVar("V")

OWNER_OVERHEAD_BYTES = 640
"""Charged for each owner on top of its name and its entries: the shelf and its places in the store's tables."""

ENTRY_OVERHEAD_BYTES = 288
"""Charged for each entry on top of its value and its topic: the entry and its place on the shelf."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[V]):
    """A kept value with its owner, the clock's reading at which it is stale, and the bytes that it is charged."""

    owner: Owner
    value: V
    expires_at: float
    charged_bytes: int


class Store(Generic[V]):
    """Values by owner and topic within `max_bytes`, overheads included; for one thread."""

    def __init__(self, *, max_bytes: int, clock: Callable[[], float]) -> None:
        self._shelves: _Shelves[V] = _Shelves(max_bytes)
        self._max_bytes = max_bytes
        self._clock = clock
        self.foreign = 0
        """Entries found under another owner than their own and dropped; anything but 0 is a defect of the gateway."""

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything kept; never above `max_bytes`."""
        return int(self._shelves.currsize)

    @property
    def owners(self) -> int:
        """How many owners have something kept."""
        return len(self._shelves)

    @property
    def evictions(self) -> int:
        """How many entries have left to make room for others."""
        return self._shelves.evictions

    def get(self, owner: Owner, topic: CacheKey) -> V | None:
        """The owner's value if it is fresh; the owner is then the most recently used. A stale entry is dropped."""
        shelf = self._shelves.get(owner)
        entry = None if shelf is None else shelf.entries.get(topic)
        if entry is None:
            return None
        if entry.owner != owner:
            # No path leads here. It stands between a future mistake in keys or tables and another player's data.
            self.foreign += 1
        elif self._clock() < entry.expires_at:
            return entry.value
        self.drop(owner, (topic,))
        return None

    def put(self, owner: Owner, topic: CacheKey, value: V, *, size_bytes: int, expires_at: float) -> None:
        """Keep the value in place of an earlier one, making room; one larger than the whole store is not kept."""
        charged_bytes = size_bytes + ENTRY_OVERHEAD_BYTES + sum(map(sys.getsizeof, (topic, *topic)))
        shelf = self._shelves.pop(owner, None) or _Shelf(owner)
        shelf.remove(topic)
        if shelf.empty_bytes + charged_bytes <= self._max_bytes:
            self._make_room(shelf, charged_bytes)
            shelf.add(topic, Entry(owner, value, expires_at, charged_bytes))
        if shelf.entries:
            self._shelves[owner] = shelf

    def drop(self, owner: Owner, topics: Collection[CacheKey] | None = None) -> None:
        """Drop the owner's entries of these topics, or all of them."""
        shelf = self._shelves.pop(owner, None)
        if shelf is None or topics is None:
            return
        for topic in topics:
            shelf.remove(topic)
        if shelf.entries:
            self._shelves[owner] = shelf

    def topics(self, owner: Owner) -> tuple[CacheKey, ...]:
        """What is kept of the owner, stale entries included."""
        shelf = self._shelves.get(owner)
        return () if shelf is None else tuple(shelf.entries)

    def _make_room(self, shelf: "_Shelf[V]", charged_bytes: int) -> None:
        while shelf.size_bytes + charged_bytes > self._max_bytes:
            shelf.remove(next(iter(shelf.entries)))
            self._shelves.evictions += 1


class _Shelf(Generic[V]):
    """One owner's entries, the longest kept first, and what they weigh together."""

    __slots__ = ("empty_bytes", "entries", "size_bytes")

    def __init__(self, owner: Owner) -> None:
        self.entries: dict[CacheKey, Entry[V]] = {}
        self.empty_bytes = OWNER_OVERHEAD_BYTES + sys.getsizeof(owner)
        self.size_bytes = self.empty_bytes

    def add(self, topic: CacheKey, entry: Entry[V]) -> None:
        self.entries[topic] = entry
        self.size_bytes += entry.charged_bytes

    def remove(self, topic: CacheKey) -> None:
        entry = self.entries.pop(topic, None)
        if entry is not None:
            self.size_bytes -= entry.charged_bytes


class _Shelves(LRUCache[Owner, _Shelf[V]]):
    """Shelves by owner within a number of bytes; counts what it lets go."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, getsizeof=lambda shelf: shelf.size_bytes)
        self.evictions = 0

    def popitem(self) -> tuple[Owner, _Shelf[V]]:
        owner, shelf = super().popitem()
        self.evictions += len(shelf.entries)
        return owner, shelf
