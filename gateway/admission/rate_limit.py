"""A limit on how often something may happen: GCRA, the generic cell rate algorithm of ITU-T I.371.

It is a token bucket that keeps one number for each key: the time at which the bucket would be full again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache

MOST_KEYS = 10_000
"""Keys that are remembered, about 300 bytes each. Those that were used least leave first, and begin anew."""

_ROUNDING_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a limit: how many may come at once, and in how many seconds it is whole again."""

    left: int
    whole_in_seconds: float


class RateLimit:
    """So many a second for each key, and up to `burst` at once. `clock` is in seconds and monotonic."""

    def __init__(
        self, per_second: float, burst: float, clock: Callable[[], float], *, most_keys: int = MOST_KEYS
    ) -> None:
        self.per_second = per_second
        self.burst = max(1.0, burst)
        self._interval = 1 / per_second
        self._tolerance = (self.burst - 1) * self._interval + _ROUNDING_SECONDS
        self._clock = clock
        self._full_at: LRUCache[str, float] = LRUCache(most_keys)

    def wait_seconds(self, key: str) -> float:
        """In how many seconds one more may come; 0 where it may come now."""
        return max(0.0, self._full_at.get(key, 0.0) - self._tolerance - self._clock())

    def count(self, key: str) -> None:
        """Count one, whether or not it may come: what comes in excess has to be waited for."""
        self._full_at[key] = max(self._full_at.get(key, 0.0), self._clock()) + self._interval

    def give_back(self, key: str) -> None:
        """Take one back that was counted."""
        if key in self._full_at:
            self._full_at[key] -= self._interval

    def quota(self, key: str) -> Quota:
        """What is left of the limit for a key."""
        seconds = max(0.0, self._full_at.get(key, 0.0) - self._clock())
        return Quota(max(0, int(self.burst - seconds * self.per_second + 1e-6)), seconds)
