"""Waiting for a while, on a clock that tests move."""

import asyncio

from gateway.concurrency.timers import CallLater


async def pause(seconds: float, call_later: CallLater) -> None:
    """Wait for so many seconds."""
    await wait_at_most(asyncio.Event(), seconds, call_later)


async def wait_at_most(event: asyncio.Event, seconds: float, call_later: CallLater) -> None:
    """Wait until something happened, or for so many seconds; then the event is clear again."""
    timer = call_later(seconds, event.set)
    try:
        await event.wait()
    finally:
        timer.cancel()
        event.clear()
