"""Changes that the store has to learn of although nobody waits for them any more."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from gateway.concurrency.timers import CallLater, call_later
from gateway.store.errors import StoreUnavailable
from gateway.store.pauses import pause
from gateway.store.shared.metrics import StoreMetrics
from gateway.telemetry import log

logger = logging.getLogger(__name__)

PAUSES = (0.25, 0.5, 1.0, *[2.0] * 29)
"""Between tries; a minute in all, which is longer than clients try again."""


class Background:
    """Tries changes again until the store agrees, for a minute; for one event loop."""

    def __init__(self, metrics: StoreMetrics, *, call_later: CallLater = call_later) -> None:
        self._metrics = metrics
        self._call_later = call_later
        self._tasks: set[asyncio.Task[None]] = set()

    def repeat(self, what: str, change: Callable[[], Awaitable[object]]) -> None:
        """Make a change as soon as the store takes it."""
        task = asyncio.create_task(self._repeat(what, change))
        self._tasks.add(task)
        self._metrics.pending = len(self._tasks)
        task.add_done_callback(self._done)

    async def aclose(self) -> None:
        """Give up what is still to be done: leases end by themselves."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, what: str, change: Callable[[], Awaitable[object]]) -> None:
        for seconds in PAUSES:
            try:
                await change()
            except StoreUnavailable:
                await pause(seconds, self._call_later)
            else:
                return
        log.event(logger, logging.ERROR, "drop_failed", change=what)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._metrics.pending = len(self._tasks)
