"""Webhooks that were taken and relayed, in the store."""

from gateway.records.webhooks import REMEMBERED_SECONDS
from gateway.store.ports import Relaying
from gateway.store.shared.client import Client, load_script
from gateway.store.shared.keys import Keys

RELAY_SECONDS = 12.0
"""How long a webhook counts as being relayed: longer than the studio's backend may take."""

_APPLIED = b"1"
_RELAYED = b"relayed"
_REMEMBERED = round(REMEMBERED_SECONDS * 1000)


class SharedWebhooks:
    """A `WebhookStore` for a fleet; `sender` names this process. Every call raises StoreUnavailable."""

    def __init__(self, client: Client, keys: Keys, *, sender: bytes, relay_seconds: float = RELAY_SECONDS) -> None:
        self._client = client
        self._keys = keys
        self._sender = sender
        self._relaying = round(relay_seconds * 1000)
        self._release = load_script("release")

    async def knows(self, key: bytes) -> bool:
        """Whether the webhook was applied."""
        name = self._keys.webhook(key)
        return await self._client.call("webhook", name, "GET", name) is not None

    async def remember(self, key: bytes) -> None:
        """Remember that the webhook was applied."""
        name = self._keys.webhook(key)
        await self._client.call("webhook", name, "SET", name, _APPLIED, "PX", _REMEMBERED)

    async def begin_relay(self, key: bytes) -> Relaying:
        """Whether this caller may relay the webhook; its turn ends by itself where the process dies."""
        name = self._keys.relay(key)
        found = await self._client.call("webhook", name, "SET", name, self._sender, "NX", "GET", "PX", self._relaying)
        if found is None:
            return Relaying.MINE
        return Relaying.DONE if found == _RELAYED else Relaying.BUSY

    async def end_relay(self, key: bytes, *, is_done: bool) -> None:
        """Note that the studio's backend took the webhook, or give the turn back where it is still this process's."""
        name = self._keys.relay(key)
        if is_done:
            await self._client.call("webhook", name, "SET", name, _RELAYED, "PX", _REMEMBERED)
        else:
            await self._client.script(self._release, [name], self._sender)
