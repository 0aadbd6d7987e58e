"""Webhooks within one process: what was applied is in the records file, what is relayed now in memory."""

import hashlib

from gateway.records.webhooks import WebhookTable
from gateway.store.ports import Relaying


class LocalWebhooks:
    """A `WebhookStore` over the table of webhooks.

    One delivery of a webhook is relayed at a time, and none once the backend took one.
    """

    def __init__(self, table: WebhookTable) -> None:
        self._table = table
        self._relaying: set[bytes] = set()

    async def knows(self, key: bytes) -> bool:
        """Whether the webhook was applied."""
        return await self._table.knows(key)

    async def remember(self, key: bytes) -> None:
        """Remember that the webhook was applied."""
        await self._table.remember(key)

    async def begin_relay(self, key: bytes) -> Relaying:
        """Whether this caller may relay the webhook."""
        if await self._table.knows(_relayed(key)):
            return Relaying.DONE
        # Another delivery may have come here while this one waited for the table.
        if key in self._relaying:
            return Relaying.BUSY
        self._relaying.add(key)
        return Relaying.MINE

    async def end_relay(self, key: bytes, *, is_done: bool) -> None:
        """Note how the relaying ended."""
        try:
            if is_done:
                await self._table.remember(_relayed(key))
        finally:
            self._relaying.discard(key)


def _relayed(key: bytes) -> bytes:
    # As releases before this one named it in the file.
    return hashlib.sha256(b"relayed" + key).digest()
