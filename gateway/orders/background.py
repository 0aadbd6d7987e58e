"""Orders that the gateway itself follows, so that what they change is noticed also where nobody watches."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable

MOST_TRACKED = 500
"""Orders that are followed at once; for further ones, webhooks and those who watch them bring what changes."""


class BackgroundTracking:
    """Owns the tasks that follow orders, one for each; for one event loop, used from its thread only."""

    def __init__(self, *, most: int = MOST_TRACKED) -> None:
        self._most = most
        self._tasks: dict[Hashable, asyncio.Future[None]] = {}

    @property
    def orders(self) -> int:
        """How many orders are followed now."""
        return len(self._tasks)

    def track(self, key: Hashable, start: Callable[[], Awaitable[None]]) -> None:
        """Run what `start` begins, unless it runs under this key already or there are too many."""
        if key in self._tasks or len(self._tasks) == self._most:
            return
        task = asyncio.ensure_future(start())
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key))

    async def aclose(self) -> None:
        """End all of it."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
