"""The bounded store beneath the cache: entries by owner; the least recently used owner is evicted first."""

import math
import sys
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

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

    def get(self, owner: Owner, key: CacheKey) -> V | None:
        """The owner's value if it is fresh; the owner is then the most recently used. One of no use is removed."""
        return self._find(owner, key, is_stale_of_use=False)

    def get_stale(self, owner: Owner, key: CacheKey) -> V | None:
        """The owner's value if it is of use still, fresh or not."""
        return self._find(owner, key, is_stale_of_use=True)

    def _find(self, owner: Owner, key: CacheKey, *, is_stale_of_use: bool) -> V | None:
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
            if now < entry.fresh_until or (is_stale_of_use and now < entry.stale_until):
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
        charged_bytes = size_bytes + ENTRY_OVERHEAD_BYTES + sum(map(sys.getsizeof, (key, *key)))
        owned = self._take_out(owner) or _OwnerEntries(owner)
        owned.remove(key)
        if owned.empty_bytes + charged_bytes <= self._max_bytes:
            self._make_room(owned, charged_bytes)
            owned.add(key, Entry(owner, value, expires_at, max(expires_at, stale_until), charged_bytes))
        self._put_in(owner, owned)

    def remove(self, owner: Owner, keys: Collection[CacheKey] | None = None) -> None:
        """Remove the owner's entries of these keys, or all of them."""
        owned = self._take_out(owner)
        if owned is None or keys is None:
            return
        for key in keys:
            owned.remove(key)
        self._put_in(owner, owned)

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

    def _take_out(self, owner: Owner) -> "_OwnerEntries[V] | None":
        owned = self._owners.pop(owner, None)
        if owned is not None:
            self.charged_bytes -= owned.size_bytes
        return owned

    def _put_in(self, owner: Owner, owned: "_OwnerEntries[V]") -> None:
        """Make an owner the most recently used; one without entries is left out."""
        if owned.entries:
            self._owners[owner] = owned
            self.charged_bytes += owned.size_bytes

    def _make_room(self, owned: "_OwnerEntries[V]", charged_bytes: int) -> None:
        """Make room for one more entry of an owner who is taken out."""
        while owned.size_bytes + charged_bytes > self._max_bytes:
            owned.remove(next(iter(owned.entries)))
            self.evictions += 1
        while self.charged_bytes + owned.size_bytes + charged_bytes > self._max_bytes:
            _, evicted = self._owners.popitem(last=False)
            self.charged_bytes -= evicted.size_bytes
            self.evictions += len(evicted.entries)


class _OwnerEntries(Generic[V]):
    """One owner's entries, the oldest first, and their size together."""

    __slots__ = ("empty_bytes", "entries", "size_bytes")

    def __init__(self, owner: Owner) -> None:
        self.entries: dict[CacheKey, Entry[V]] = {}
        self.empty_bytes = OWNER_OVERHEAD_BYTES + sys.getsizeof(owner)
        self.size_bytes = self.empty_bytes

    def add(self, key: CacheKey, entry: Entry[V]) -> None:
        self.entries[key] = entry
        self.size_bytes += entry.charged_bytes

    def remove(self, key: CacheKey) -> None:
        entry = self.entries.pop(key, None)
        if entry is not None:
            self.size_bytes -= entry.charged_bytes
