"""How late the event loop is: whatever blocks it delays every request."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.telemetry import log
from gateway.telemetry.metrics import Metrics

logger = logging.getLogger(__name__)

EVERY_SECONDS = 0.25
"""How often the loop is looked at."""

BLOCKED_SECONDS = 0.5
"""From when on a delay is logged."""

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class LoopLag:
    """Measures and logs how much later than they are due the calls of the running event loop come."""

    def __init__(self, metrics: Metrics) -> None:
        self._timing = metrics.timing(
            "gateway_loop_lag_seconds", "How late the event loop was, four times a second.", seconds=_SECONDS
        )

    @asynccontextmanager
    async def measured(self) -> AsyncIterator[None]:
        """Measure until the context ends."""
        looking = asyncio.ensure_future(self._look())
        try:
            yield
        finally:
            looking.cancel()

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due_at = loop.time() + EVERY_SECONDS
            await asyncio.sleep(EVERY_SECONDS)
            late = max(0.0, loop.time() - due_at)
            self._timing.took(late)
            if late >= BLOCKED_SECONDS:
                log.event(logger, logging.WARNING, "event_loop_blocked", seconds=round(late, 3))
