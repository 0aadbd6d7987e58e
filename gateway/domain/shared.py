"""What the upstream shows to many players alike: one object for all of them, and what follows from it beside it.

A project shows one catalogue to all players, so nearly every chain's steps have been seen before. What is derived from
such values alone, like step states or JSON, is derived once. All of it stays within one bound of bytes.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Self, TypeVar

T = TypeVar("T")
D = TypeVar("D")

BYTES_PER_STEP = 150
"""Charged for what is derived from each step; a test measures this figure and the next."""

OVERHEAD_BYTES = 1_200
"""Charged on top of it."""

_MOST_SIGHTINGS = 4_096


class SharedBudget:
    """Bounds the memory of shared values, and of what is kept with them, to `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._tables: list[dict[Any, Any]] = []
        self._sightings: set[int] = set()
        self.charged_bytes = 0
        """Never above `max_bytes`."""

    def is_second_sighting(self, value: Hashable) -> bool:
        """Whether a value came up before, not too long ago; what only one player is shown is not worth keeping."""
        mark = hash(value)
        if mark in self._sightings:
            return True
        if len(self._sightings) >= _MOST_SIGHTINGS:
            self._sightings.clear()
        self._sightings.add(mark)
        return False

    def keep(self, table: dict[Any, Any], key: Hashable, value: object, size_bytes: int) -> None:
        """Keep a value in a table. All tables are emptied where there is no room; what is too large is not kept."""
        if size_bytes > self._max_bytes:
            return
        if self.charged_bytes + size_bytes > self._max_bytes:
            # Emptying costs one decoding of what is in use. An LRU would cost bookkeeping at every look-up.
            for one in self._tables:
                one.clear()
            self._tables.clear()
            self.charged_bytes = 0
        if not table:
            self._tables.append(table)
        table[key] = value
        self.charged_bytes += size_bytes


class Shared(tuple[T, ...]):
    """Values that many players are shown alike; `kept` is what was derived from them.

    They never change, and equal a plain tuple of the same values.
    """

    budget: SharedBudget
    kept: dict[Any, Any]

    def __new__(cls, values: Iterable[T], budget: SharedBudget) -> Self:
        """Share values within a budget."""
        shared = super().__new__(cls, values)
        shared.budget = budget
        shared.kept = {}
        return shared


def alike(values: Iterable[D], source: tuple[T, ...]) -> tuple[D, ...]:
    """Values that follow from a source alone: shared where that is."""
    return Shared(values, source.budget) if isinstance(source, Shared) else tuple(values)


def derived(source: tuple[T, ...], key: Hashable, derive: Callable[[], D]) -> D:
    """What follows from a source and the key alone: found beside the source where that is shared, else derived."""
    if not isinstance(source, Shared):
        return derive()
    found: D | None = source.kept.get(key)
    if found is None:
        found = derive()
        source.budget.keep(source.kept, key, found, len(source) * BYTES_PER_STEP + OVERHEAD_BYTES)
    return found


def keep_popular(source: tuple[T, ...], key: Hashable, derive: Callable[[], Iterable[D]]) -> tuple[D, ...]:
    """What follows from a source and a key of which there are many: it is shared from its second sighting on."""
    if not isinstance(source, Shared):
        return tuple(derive())
    found: tuple[D, ...] | None = source.kept.get(key)
    if found is not None:
        return found
    # The number of an object may be used again, which lets something in a sighting too early.
    if not source.budget.is_second_sighting((id(source), key)):
        return tuple(derive())
    return derived(source, key, lambda: alike(derive(), source))
