"""How long events have not come, and what may still be told then."""

import math
import time
from collections.abc import Callable


class Silence:
    """What a process in a fleet may tell; `clock` is in seconds of any origin, the one that loads are timed by.

    What was kept is told for `stale_seconds` after it was loaded, or after the last time that all events up to then had
    come. That bounds how old an answer can get while the store or the way to it is down, with one comparison.
    """

    def __init__(self, stale_seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.stale_seconds = stale_seconds
        self._started_at = clock()
        self._heard_at = -math.inf

    @property
    def seconds(self) -> float:
        """How long ago all events up to then had come."""
        return self.clock() - max(self._heard_at, self._started_at)

    @property
    def is_deaf(self) -> bool:
        """Whether events have not come for so long that what is kept is not told any more."""
        return self.seconds >= self.stale_seconds

    def heard_until(self, at: float) -> None:
        """Take in that all events up to this time have come."""
        self._heard_at = max(self._heard_at, at)

    def is_fresh(self, loaded_at: float) -> bool:
        """Whether what was loaded at that time may be told now."""
        return self.clock() < max(self._heard_at, loaded_at) + self.stale_seconds
