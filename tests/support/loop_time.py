"""The running event loop, whose time a test moves: timers come due at once, and sockets stay real."""

import asyncio
import time
from collections.abc import Callable

_TURNS = 100
"""After so many turns of the loop in which nothing happened, nothing will: all that takes part is on this loop."""

_HANG_SECONDS = 60


class LoopTime:
    """Time goes on as usual, and `advance` adds to it. It is for asyncio's own loop.

    Tests take bounds that no machine reaches by itself, such as 1,000 seconds, and wait `until_timer` before they move
    the time past them.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ahead = 0.0
        original = self._loop.time
        self._loop.time = lambda: original() + self._ahead  # type: ignore[method-assign]

    async def until_timer(self, seconds: float) -> None:
        """Wait until a timer is to come in so many seconds; it may have been started a minute ago."""
        await until(lambda: any(seconds - _HANG_SECONDS < left <= seconds for left in self._timers()))

    async def until_no_timer(self, seconds: float) -> None:
        """Wait until no timer is to come in so many seconds."""
        await until(lambda: not any(seconds - _HANG_SECONDS < left <= seconds for left in self._timers()))

    async def advance(self, seconds: float) -> None:
        """Move the time and let what is due then happen."""
        self._ahead += seconds
        await turns()

    def _timers(self) -> list[float]:
        handles: list[asyncio.TimerHandle] = self._loop._scheduled  # type: ignore[attr-defined]
        return [one.when() - self._loop.time() for one in handles if not one.cancelled()]


async def turns(count: int = _TURNS) -> None:
    """Let the loop turn."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until_unchanged(read: Callable[[], object]) -> None:
    """Wait until a value stays as it is while the loop turns."""
    value = read()
    await turns()
    while (now := read()) != value:
        value = now
        await turns()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    hangs_at = time.monotonic() + _HANG_SECONDS
    while not is_so():
        assert time.monotonic() < hangs_at
        await asyncio.sleep(0)
