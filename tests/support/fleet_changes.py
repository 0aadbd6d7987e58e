"""What a game hears of changes."""

from tests.support.event_stream_client import Stream

CHANGES = "subscription { chainsChanged { reasons } }"


async def reasons(stream: Stream) -> list[str]:
    """Why the next change came."""
    event = await stream.event()
    assert event is not None
    told: list[str] = event[1]["data"]["chainsChanged"]["reasons"]
    return told
