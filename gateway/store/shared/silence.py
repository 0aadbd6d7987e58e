"""How long events have not arrived, and which cached data may still be used then."""

import math
import time
from collections.abc import Callable


class Silence:
    """What a process in a fleet may answer from its cache; `clock` is in seconds of any origin, the one of loads.

    A cached value is used for `stale_seconds` after it was loaded, or after the last time that all events up to then
    had arrived. That bounds how old an answer can get while the store cannot be reached, with one comparison.
    """

    def __init__(self, stale_seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.stale_seconds = stale_seconds
        self._started_at = clock()
        self._heard_at = -math.inf

    @property
    def seconds(self) -> float:
        """How long ago all events up to then had arrived."""
        return self.clock() - max(self._heard_at, self._started_at)

    @property
    def is_stale(self) -> bool:
        """Whether events have not arrived for so long that older cached values are not used any more."""
        return self.seconds >= self.stale_seconds

    def heard_until(self, at: float) -> None:
        """Note that all events up to this time have arrived."""
        self._heard_at = max(self._heard_at, at)

    def is_fresh(self, loaded_at: float) -> bool:
        """Whether what was loaded at that time may be used now."""
        return self.clock() < max(self._heard_at, loaded_at) + self.stale_seconds
