"""How often things were asked for lately, estimated in a fixed amount of memory.

A count-min sketch with ageing, as in TinyLFU: Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache
Admission Policy", ACM Transactions on Storage 13 (2017).
"""

_ROWS = 4
_WIDTH = 1 << 14
_MASK = _WIDTH - 1
MOST = 15
"""Counters stop here: who was asked for more often is wanted in any case."""

_SAMPLE = 8 * _WIDTH
"""After so many counts all counters are halved, so that what was wanted long ago makes way."""

_HALVES = bytes(value >> 1 for value in range(256))


class FrequencySketch:
    """Estimates for any number of things, each named by a digest; never too low, and seldom too high. 64 KiB."""

    def __init__(self) -> None:
        self._rows = [bytearray(_WIDTH) for _ in range(_ROWS)]
        self._counted = 0

    def count(self, digest: bytes, times: int = 1) -> None:
        """Count requests; the digest has 8 bytes or more, all alike in their distribution."""
        bits = int.from_bytes(digest[:8], "little")
        for row in self._rows:
            row[bits & _MASK] = min(row[bits & _MASK] + times, MOST)
            bits >>= 16
        self._counted += times
        if self._counted >= _SAMPLE:
            self._counted //= 2
            self._rows = [row.translate(_HALVES) for row in self._rows]

    def estimate(self, digest: bytes) -> int:
        """How often it was counted lately, 15 at most."""
        bits = int.from_bytes(digest[:8], "little")
        return min(row[bits >> 16 * number & _MASK] for number, row in enumerate(self._rows))
