"""JSON of values that many players share: encoded once, and copied into each response as it is."""

import math
from collections.abc import Callable

import msgspec
from msgspec import Raw, Struct

ENTRY_OVERHEAD_BYTES = 400
"""Charged for each entry on top of its bytes; a test measures it. A usual value is referenced, not charged."""

USUAL_VALUE_BYTES = 1_000
"""JSON of a value that its entry references at no charge, because others do as well; the rest is charged."""

MEMORY_PER_VALUE_BYTE = 6
"""Memory that a byte of JSON beyond that takes as a model."""

_encode = msgspec.json.Encoder().encode


class SharedJson:
    """Encoded JSON by place in a program and by value, within `max_bytes`.

    The caller guarantees that a value never changes, and that its JSON depends on nothing else.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self.entries: dict[tuple[int, int], tuple[object, Raw]] = {}
        """Entries by the number of the place and the identity of the value; generated code reads them directly."""
        # Keyed by id(), because hashing a chain's steps would cost as much as encoding them. The entry references its
        # value, so no other object can get the same id while the entry exists.
        self._max_bytes = max_bytes
        self._size_bytes = 0.0
        self._places = 0

    def place(self) -> int:
        """A number for a new place."""
        self._places += 1
        return self._places

    def make(self, place: int, value: object, project: Callable[[object], object]) -> tuple[object, Raw]:
        """The value and the JSON of what `project` makes of it. Raises what `project` raises.

        Only values of the kinds that models are made of are stored: anything else may change.
        """
        entry = value, Raw(_encode(project(value)))
        if not isinstance(value, tuple | Struct):
            return entry
        size_bytes = len(entry[1]) + ENTRY_OVERHEAD_BYTES + _unusual_bytes(value)
        if size_bytes > self._max_bytes:
            return entry
        if self._size_bytes + size_bytes > self._max_bytes:
            # Clearing all costs one encoding of each value in use. An LRU would cost bookkeeping at every look-up.
            self.entries.clear()
            self._size_bytes = 0
        self._size_bytes += size_bytes
        self.entries[place, id(value)] = entry
        return entry


def _unusual_bytes(value: object) -> float:
    """Memory of a value beyond the usual; infinity where it is of a kind that JSON cannot hold."""
    try:
        size_bytes = len(_encode(value))
    except (TypeError, ValueError, ArithmeticError, RecursionError):
        return math.inf
    return max(0, size_bytes - USUAL_VALUE_BYTES) * MEMORY_PER_VALUE_BYTE
