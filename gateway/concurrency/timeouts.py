"""Timeouts that are set by a timer of ours: they can end early, and tests move their clock by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from gateway.concurrency.timers import CallLater

LONGEST_TIMER_SECONDS = 31_536_000.0
"""A year: the longest timer that is set. A token may claim to be good for longer than an event loop can count."""

_LONG_AGO = 0.0


@asynccontextmanager
async def within(seconds: float, call_later: CallLater) -> AsyncIterator[asyncio.Timeout]:
    """Bound what is awaited inside; gives the timeout, so that `expire` can end it early. Raises TimeoutError."""
    async with asyncio.timeout(None) as timeout:
        timer = call_later(min(seconds, LONGEST_TIMER_SECONDS), partial(expire, timeout))
        try:
            yield timeout
        finally:
            timer.cancel()


def expire(timeout: asyncio.Timeout) -> None:
    """Let what is awaited inside raise TimeoutError now; harmless when the time was up already."""
    # asyncio raises RuntimeError for a timeout that is rescheduled after it expired.
    if not timeout.expired():
        timeout.reschedule(_LONG_AGO)
