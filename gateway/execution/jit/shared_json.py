"""What is shown of values that many players share: encoded once, and put into each answer as it is."""

import math
from collections.abc import Callable

import msgspec
from msgspec import Raw, Struct

ENTRY_OVERHEAD_BYTES = 400
"""Charged for each fragment on top of its bytes; a test measures it. A usual value behind it is held, not charged."""

USUAL_VALUE_BYTES = 1_000
"""JSON of a value that its fragment holds at no charge, as others do as well; what is beyond is charged."""

MEMORY_PER_VALUE_BYTE = 6
"""What a byte beyond that weighs as a model."""

_encode = msgspec.json.Encoder().encode


class SharedJson:
    """SharedJson by place in a program and value, within `max_bytes`.

    A value is known by its identity, which lasts because its fragment holds it; whoever asks vouches that it never
    changes, and that what is shown of it depends on nothing else.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self.known: dict[tuple[int, int], tuple[object, Raw]] = {}
        """By the number of the place and the identity of the value; compiled programs look here themselves."""
        self._max_bytes = max_bytes
        self._weight_bytes = 0.0
        self._places = 0

    def place(self) -> int:
        """A number for a new place."""
        self._places += 1
        return self._places

    def make(self, place: int, value: object, show: Callable[[object], object]) -> tuple[object, Raw]:
        """The value and its fragment, which is what `show` makes of it, encoded. Raises what `show` raises.

        Only values of the kinds that models are made of are remembered: anything else may change.
        """
        fragment = value, Raw(_encode(show(value)))
        if not isinstance(value, tuple | Struct):
            return fragment
        weight_bytes = len(fragment[1]) + ENTRY_OVERHEAD_BYTES + _unusual_bytes(value)
        if weight_bytes > self._max_bytes:
            return fragment
        if self._weight_bytes + weight_bytes > self._max_bytes:
            # Starting anew costs each value that is still shown one encoding, and each look-up no bookkeeping.
            self.known.clear()
            self._weight_bytes = 0
        self._weight_bytes += weight_bytes
        self.known[place, id(value)] = fragment
        return fragment


def _unusual_bytes(value: object) -> float:
    """What a value weighs beyond the usual; infinity where it is of a kind that JSON cannot tell."""
    try:
        size_bytes = len(_encode(value))
    except (TypeError, ValueError, ArithmeticError, RecursionError):
        return math.inf
    return max(0, size_bytes - USUAL_VALUE_BYTES) * MEMORY_PER_VALUE_BYTE
