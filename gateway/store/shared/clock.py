"""The store's time as this process knows it, so that a command can say until when it may still be carried out."""

import time
from collections.abc import Callable


class StoreClock:
    """Estimates the store's time from its last answer and a clock that only passes; for one store.

    An answer was made between sending and receiving; the middle is taken, so that the error is at most half of what one
    round trip took.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.monotonic = monotonic
        self._offset: float | None = None

    def saw(self, milliseconds: int, sent_at: float) -> None:
        """Take in the store's time in an answer to what was sent at `sent_at` (of `monotonic`)."""
        self._offset = milliseconds / 1000 - (sent_at + self.monotonic()) / 2

    def now(self) -> int:
        """The store's time in milliseconds; 0 where no answer was seen yet."""
        return 0 if self._offset is None else round((self.monotonic() + self._offset) * 1000)

    def deadline(self, seconds: float) -> int:
        """The store's time in so many seconds, in milliseconds; far away where no answer was seen yet."""
        if self._offset is None:
            return 2**53
        return round((self.monotonic() + self._offset + seconds) * 1000)
