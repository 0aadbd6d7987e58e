"""The demo's one clock: the gateway's processes read the time of the sandbox, also when that is moved."""

import ctypes
import time
from collections.abc import Callable
from multiprocessing import get_context

A_MINUTE = 60.0
"""What a change by hand counts for what the gateway keeps: longer than it keeps anything of a player."""


class DemoClock:
    """The sandbox's time, in memory that is shared with processes that are started with this object.

    Waits for answers and sockets go on in the machine's time. What the gateway tells and keeps follows this clock, so
    that countdowns, resets and the ends of chains can be tried. It never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._monotonic = monotonic
        self._offset: ctypes.c_double = get_context("spawn").Value("d", 0.0, lock=False)
        self._skipped: ctypes.c_double = get_context("spawn").Value("d", 0.0, lock=False)

    def now(self) -> float:
        """The sandbox's time, in seconds since 1970."""
        return self._now() + self._offset.value

    def monotonic(self) -> float:
        """Seconds of any origin in which the gateway counts how old a value is."""
        return self._monotonic() + self._skipped.value

    def follow(self, offset_seconds: float) -> None:
        """Take in that somebody has changed something in the sandbox, and how far its clock is ahead of the machine's.

        The sandbox's own calls change things behind the gateway's back. Afterwards all that it keeps is too old.
        """
        self._skipped.value += max(0.0, offset_seconds - self._offset.value) + A_MINUTE
        self._offset.value = offset_seconds
