"""Confirmed credentials in the store."""

from gateway.cache.keys import Owner
from gateway.store.errors import StoreUnavailable
from gateway.store.local.confirmations import MOST_SECONDS
from gateway.store.shared.client import Client
from gateway.store.shared.keys import Keys


class SharedConfirmations:
    """`Confirmations` for a fleet. Where the store does not answer, nothing is known, and the upstream is asked."""

    def __init__(self, client: Client, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def is_confirmed(self, owner: Owner, player_id: str) -> bool:
        """Whether the credential was accepted for this player id."""
        key = self._keys.confirmation(owner)
        try:
            found = await self._client.call("confirmation", key, "GET", key)
        except StoreUnavailable:
            return False
        return bool(found == self._keys.tags.player(player_id))

    async def confirm(self, owner: Owner, player_id: str, seconds: float) -> None:
        """Remember that the credential was accepted for this player id."""
        key, milliseconds = self._keys.confirmation(owner), round(min(seconds, MOST_SECONDS) * 1000)
        if milliseconds > 0:
            await self._try(key, "SET", key, self._keys.tags.player(player_id), "PX", milliseconds)

    async def reject(self, owner: Owner) -> None:
        """Forget a credential that is accepted no more."""
        key = self._keys.confirmation(owner)
        await self._try(key, "DEL", key)

    async def _try(self, key: str, *command: str | bytes | int) -> None:
        try:
            await self._client.call("confirmation", key, *command)
        except StoreUnavailable:
            # Without it the upstream is asked once more; a rejected credential is refused by the upstream itself.
            return
