"""Sampling: a line that repeats many times in an outage or a flood is written some times; the others are counted."""

from collections.abc import Callable, Hashable

WINDOW_SECONDS = 10.0
LINES_PER_WINDOW = 20
"""Warnings and errors of a kind."""

_MAX_KEYS = 1_000


class Sampler:
    """Lets the first lines of a kind in each window through; `now` is in seconds of any origin."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.left_out = 0
        self._now = now
        self._windows: dict[Hashable, _Window] = {}

    def admit(self, kind: Hashable, most: float = LINES_PER_WINDOW) -> int | None:
        """None if the line is left out; else how many of its kind were left out before it."""
        now = self._now()
        window = self._windows.get(kind)
        if window is None:
            if len(self._windows) >= _MAX_KEYS:
                self._windows.clear()
            window = self._windows[kind] = _Window(now)
        if abs(now - window.began_at) >= WINDOW_SECONDS:  # a clock that was set back opens a window, too
            window.began_at, window.lines = now, 0
        if window.lines >= most:
            window.left_out += 1
            self.left_out += 1
            return None
        window.lines += 1
        before, window.left_out = window.left_out, 0
        return before


class _Window:
    __slots__ = ("began_at", "left_out", "lines")

    def __init__(self, began_at: float) -> None:
        self.began_at = began_at
        self.lines = 0
        self.left_out = 0
