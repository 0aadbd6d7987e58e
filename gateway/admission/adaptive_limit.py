"""How many calls of one kind may be under way: a limit that follows their latency.

This is *Gradient2* of Netflix's concurrency-limits (https://github.com/Netflix/concurrency-limits), with latencies
averaged over windows as its `WindowedLimit` does. Envoy's adaptive concurrency filter works by the same gradient. A
service that has room for n calls at a time answers n as fast as one, and lets more of them wait: latency tells n.
"""

import math
from collections.abc import Callable

LEAST = 10
"""No limit is set lower: latency stays measurable, and few are refused by mistake."""

TOLERANCE = 2.0
"""Latency may be so many times the usual one before the limit shrinks."""

LEAST_BASELINE_SECONDS = 0.025
"""The usual latency counts as so much at least: a busy moment of this process may cost as much."""

WINDOW_SECONDS = 0.1
WINDOW_CALLS = 10
"""A window ends when it has lasted so long and has so many calls."""

BASELINE_SECONDS = 30.0
"""How fast a higher latency becomes the usual one. A lower one becomes it within some windows."""

_FALL = 0.2
_SMOOTHING = 0.2
_STEEPEST = 0.5
_LATE_GRADIENT = 0.8


class AdaptiveLimit:
    """A limit between `LEAST` and `most`, adapted after each window; `clock` is in seconds and monotonic."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._least = min(LEAST, most)
        self._clock = clock
        self._exact = max(most / 2, float(self._least))
        self.value = int(self._exact)
        """How many calls may be under way now."""
        self.latency = math.inf
        """Mean seconds of a call in the last window; infinity before the first one ended."""
        self._baseline = math.inf
        self._since = clock()
        self._calls = self._late = self._most_under_way = 0
        self._seconds = 0.0

    @property
    def is_degraded(self) -> bool:
        """Whether the last window was slower than usual by more than the tolerance."""
        return self.latency > TOLERANCE * self._baseline

    def record(self, seconds: float, under_way: int, *, is_late: bool = False) -> None:
        """Take in a call that took so long while so many were under way; a late one got no answer in time."""
        self._calls += 1
        self._seconds += seconds
        self._late += is_late
        if under_way > self._most_under_way:
            self._most_under_way = under_way
        if self._calls >= WINDOW_CALLS:
            now = self._clock()
            if now - self._since >= WINDOW_SECONDS:
                self._adapt(now - self._since)
                self._since = now
                self._calls = self._late = self._most_under_way = 0
                self._seconds = 0.0

    def _adapt(self, lasted: float) -> None:
        self.latency = self._seconds / self._calls
        self._follow(max(self.latency, LEAST_BASELINE_SECONDS), lasted)
        if self._most_under_way * 2 < self._exact:
            return  # Too few were under way to tell what more would do.
        if self._late:
            wanted = self._exact * _LATE_GRADIENT
        elif self.is_degraded:
            wanted = self._exact * max(_STEEPEST, TOLERANCE * self._baseline / self.latency)
        else:
            wanted = self._exact + math.sqrt(self._exact)
        exact = self._exact + _SMOOTHING * (wanted - self._exact)
        self._exact = min(self._most, max(self._least, exact))
        self.value = int(self._exact)

    def _follow(self, latency: float, lasted: float) -> None:
        if self._baseline == math.inf:
            self._baseline = latency
        elif latency < self._baseline:
            self._baseline += (latency - self._baseline) * _FALL
        else:
            self._baseline += (latency - self._baseline) * min(1.0, lasted / BASELINE_SECONDS)
