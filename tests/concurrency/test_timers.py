"""Calls at a later time, by the event loop's clock."""

import asyncio

from gateway.concurrency.timers import call_later


async def test_a_function_is_called_once_the_time_has_come_unless_it_is_cancelled() -> None:
    called: list[str] = []
    is_over = asyncio.Event()
    call_later(0, lambda: called.append("cancelled")).cancel()
    call_later(0, lambda: called.append("first"))
    call_later(0.001, is_over.set)
    await is_over.wait()
    assert called == ["first"]
