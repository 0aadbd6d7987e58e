"""The bounded store beneath the cache: entries by owner; the least recently used owner is evicted first."""

import math
import sys
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import astuple, replace

from gateway.cache.keys import CacheKey, Owner

V = TypeVar("V")

OWNER_OVERHEAD_BYTES = 640
"""Charged for each owner on top of its name and its entries: its table of entries and its places in the store's."""

ENTRY_OVERHEAD_BYTES = 288
"""Charged for each entry on top of its value and its key: the entry and its place in its owner's table."""


class Entry(Struct, Generic[V], frozen=True):
    """A cached value with its owner, the clock's readings up to which it is fresh and of use, and its charged bytes."""

    owner: Owner
    value: V
    fresh_until: float
    stale_until: float
    charged_bytes: int


class Store(Generic[V]):
    """Values by owner and key within `max_bytes`, overheads included; for one thread."""

    # Eviction goes by owner, not by entry: a player comes back for all of their values together, so half of them are
    # worth little. A whole owner costs one step of the LRU, however many entries they have. Only where one owner
    # alone would fill the store do their own oldest entries go.
    #
    # The LRU is a table in the order of use. One of cachetools weighs an item once, as it comes in: to add an entry
    # would be to take its owner out and to put them in again, at several times the cost.

    def __init__(self, *, max_bytes: int, clock: Callable[[], float]) -> None:
        self._owners: OrderedDict[Owner, _OwnerEntries[V]] = OrderedDict()
        self._max_bytes = max_bytes
        self._clock = clock
        self.charged_bytes = 0
        """Bytes charged for everything stored; never above `max_bytes`."""
        self.evictions = 0
        """How many entries were evicted to make room for others."""
        self.foreign = 0
        """Entries found under another owner than their own and dropped; anything but 0 is a defect of the gateway."""

    @property
    def owners(self) -> int:
        """How many owners have something stored."""
        return len(self._owners)

    def get(self, owner: Owner, key: CacheKey, *, in_need: bool = False) -> V | None:
        """The owner's value if it is fresh, or, `in_need`, if it is of use still.

        The owner is then the most recently used. A value of no use is removed.
        """
        owned = self._owners.get(owner)
        if owned is None:
            return None
        self._owners.move_to_end(owner)
        entry = owned.entries.get(key)
        if entry is None:
            return None
        if entry.owner != owner:
            # No path leads here. It stands between a future mistake in keys or tables and another player's data.
            self.foreign += 1
        else:
            now = self._clock()
            if now < entry.fresh_until or (in_need and now < entry.stale_until):
                return entry.value
            if now < entry.stale_until:
                return None
        self.remove(owner, (key,))
        return None

    def put(
        self,
        owner: Owner,
        key: CacheKey,
        value: V,
        *,
        size_bytes: int,
        expires_at: float,
        stale_until: float = -math.inf,
    ) -> None:
        """Store the value in place of an earlier one, making room; one larger than the whole store is left out.

        It is fresh until `expires_at`, and of use up to `stale_until` where that is later.
        """
        charged_bytes = size_bytes + ENTRY_OVERHEAD_BYTES + sum(map(sys.getsizeof, (key, *astuple(key))))
        empty_bytes = OWNER_OVERHEAD_BYTES + sys.getsizeof(owner)
        if empty_bytes + charged_bytes > self._max_bytes:
            self.remove(owner, (key,))
            return
        owned = self._owners.get(owner)
        if owned is None:
            owned = self._owners[owner] = _OwnerEntries(empty_bytes)
            self.charged_bytes += empty_bytes
        else:
            self._owners.move_to_end(owner)
            self._drop(owned, key)
        if self.charged_bytes + charged_bytes > self._max_bytes:
            self._make_room(owned, charged_bytes)
        owned.entries[key] = Entry(owner, value, expires_at, max(expires_at, stale_until), charged_bytes)
        owned.size_bytes += charged_bytes
        self.charged_bytes += charged_bytes

    def remove(self, owner: Owner, keys: Collection[CacheKey] | None = None) -> None:
        """Remove the owner's entries of these keys, or all of them."""
        owned = self._owners.get(owner)
        if owned is None:
            return
        for key in tuple(owned.entries) if keys is None else keys:
            self._drop(owned, key)
        if not owned.entries:
            del self._owners[owner]
            self.charged_bytes -= owned.size_bytes

    def expire(self, owner: Owner, keys: Collection[CacheKey]) -> None:
        """Let the owner's entries of these keys be fresh no longer; one that was not to be kept beyond is removed."""
        owned = self._owners.get(owner)
        entries = {} if owned is None else owned.entries
        found = [(key, entries[key]) for key in keys if key in entries]
        self.remove(owner, [key for key, entry in found if entry.stale_until <= entry.fresh_until])
        entries.update((key, replace(entry, fresh_until=-math.inf)) for key, entry in found if key in entries)

    def keys(self, owner: Owner) -> tuple[CacheKey, ...]:
        """The keys of what is stored of the owner, expired entries included."""
        owned = self._owners.get(owner)
        return () if owned is None else tuple(owned.entries)

    def _drop(self, owned: "_OwnerEntries[V]", key: CacheKey) -> None:
        entry = owned.entries.pop(key, None)
        if entry is not None:
            owned.size_bytes -= entry.charged_bytes
            self.charged_bytes -= entry.charged_bytes

    def _make_room(self, owned: "_OwnerEntries[V]", charged_bytes: int) -> None:
        """Make room for one more entry of the owner who was used last: of their own, or of whole other owners."""
        while owned.size_bytes + charged_bytes > self._max_bytes:
            self._drop(owned, next(iter(owned.entries)))
            self.evictions += 1
        while self.charged_bytes + charged_bytes > self._max_bytes:
            _, evicted = self._owners.popitem(last=False)
            self.charged_bytes -= evicted.size_bytes
            self.evictions += len(evicted.entries)


class _OwnerEntries(Struct, Generic[V]):
    """One owner's entries, the oldest first, and their size together with what the owner is charged."""

    size_bytes: int
    entries: dict[CacheKey, Entry[V]] = field(default_factory=dict)
