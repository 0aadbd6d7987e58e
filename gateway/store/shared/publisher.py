"""Events to the other processes of a fleet."""

from gateway.store.events import Event, encode
from gateway.store.shared.client import Client
from gateway.store.shared.keys import Keys

MOST_EVENTS = 100_000
"""Events that the stream keeps, about; `record.lua` says the same. A process that is further behind forgets all."""


class SharedPublisher:
    """Publishes events; `sender` names this process, which ignores its own events."""

    def __init__(self, client: Client, keys: Keys, *, sender: bytes) -> None:
        self._client = client
        self._keys = keys
        self._sender = sender

    def pack(self, event: Event) -> bytes:
        """The event as it travels."""
        return encode(event, self._keys.tags, self._sender)

    async def send(self, packed: bytes) -> None:
        """Append an event to the stream. Raises StoreUnavailable."""
        bus = self._keys.bus
        await self._client.call("publish", bus, "XADD", bus, "MAXLEN", "~", MOST_EVENTS, "*", "e", packed)
