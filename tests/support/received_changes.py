"""What a listener has received by now."""

import asyncio
from contextlib import suppress

from gateway.events.bus import Listener
from gateway.events.changes import Change
from tests.support.loads import run_ready


async def received(listener: Listener) -> Change | None:
    """What was published and not fetched yet; None where nothing was."""
    taking = asyncio.ensure_future(listener.next())
    await run_ready()
    if taking.done():
        return taking.result()
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking
    return None
