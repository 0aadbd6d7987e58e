"""What a game hears of changes."""

from tests.support.event_stream_client import Stream

HEARD_OF_THE_CLAIM = 'gateway_bus_events_total{kind="end"}'
"""How many writes on others a gateway has heard of: 1 once it knows that one player's shop is open."""

CHANGES = "subscription { chainsChanged { reasons } }"


async def reasons(stream: Stream) -> list[str]:
    """Why the next change came."""
    event = await stream.event()
    assert event is not None
    told: list[str] = event[1]["data"]["chainsChanged"]["reasons"]
    return told
