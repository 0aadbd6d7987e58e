"""What a listener has heard by now."""

import asyncio
from contextlib import suppress

from gateway.events.bus import Listener
from gateway.events.changes import Change
from tests.cache.loads import settle


async def heard(listener: Listener) -> Change | None:
    """What was told and not taken yet; None where nothing was."""
    taking = asyncio.ensure_future(listener.next())
    await settle()
    if taking.done():
        return taking.result()
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking
    return None
