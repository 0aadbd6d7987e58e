"""Poll tickets in the store."""

from gateway.store.errors import StoreUnavailable
from gateway.store.shared.client import Client
from gateway.store.shared.keys import Keys


class SharedTickets:
    """`Tickets` for a fleet. Where the store does not answer, every process polls for itself."""

    def __init__(self, client: Client, keys: Keys, *, sender: bytes) -> None:
        self._client = client
        self._keys = keys
        self._sender = sender

    async def take(self, order_id: int, seconds: float) -> bool:
        """Whether this process may poll now; then nobody else may for so many seconds."""
        key = self._keys.ticket(order_id)
        try:
            taken = await self._client.call("ticket", key, "SET", key, self._sender, "NX", "PX", round(seconds * 1000))
        except StoreUnavailable:
            return True
        self._client.metrics.ticket(is_taken=taken is not None)
        return taken is not None

    async def hold(self, order_id: int, seconds: float) -> None:
        """Let nobody poll for so many seconds."""
        key = self._keys.ticket(order_id)
        try:
            await self._client.call("ticket", key, "SET", key, self._sender, "PX", round(seconds * 1000))
        except StoreUnavailable:
            # The others come to the same upstream, and back off by themselves.
            return
