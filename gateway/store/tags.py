"""Tags: names of players, credentials, keys and SKUs in the store, from which nothing can be read."""

import hashlib
import hmac
from collections.abc import Callable

import msgspec

from gateway.cache.keys import Owner

TAG_BYTES = 16


class Tags:
    """Makes tags with the fleet's secret; without one they are plain digests, which can be found out by guessing."""

    def __init__(self, secret: str | None = None) -> None:
        self._digest: Callable[[bytes], bytes] = _keyed(secret.encode()) if secret else _plain

    def full(self, purpose: str, *parts: str) -> bytes:
        """A tag of 32 bytes, another one for each purpose."""
        return self._digest(msgspec.json.encode([purpose, *parts]))

    def tag(self, purpose: str, *parts: str) -> bytes:
        """A tag of 16 bytes."""
        return self.full(purpose, *parts)[:TAG_BYTES]

    def blind(self, content: bytes) -> bytes:
        """A digest that others made, so that it cannot be found out by guessing either; 32 bytes."""
        return self._digest(content)

    def owner(self, owner: Owner) -> bytes:
        """The tag of an owner."""
        return self.tag("owner", owner)

    def player(self, player_id: str) -> bytes:
        """The tag of a player; also of the scope of the player's records."""
        return self.tag("player", player_id)

    def scope(self, kind: str, scope: str) -> bytes:
        """The tag of whose a record is."""
        return self.tag(kind, scope)

    def record(self, kind: str, scope: str, key: str) -> bytes:
        """The tag of a record."""
        return self.tag("record", kind, scope, key)


def _keyed(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda content: hmac.digest(secret, content, hashlib.sha256)


def _plain(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
