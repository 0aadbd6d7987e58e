"""Whether the store's data is still the data that this process knew."""

import logging
import os
from collections.abc import Callable

from gateway.store.errors import StoreUnavailable
from gateway.store.shared.client import Client, load_script
from gateway.store.shared.keys import Keys
from gateway.telemetry import log

logger = logging.getLogger(__name__)

REFUSED_SECONDS = 60.0
"""For how long no write is sent once records were lost: clients have tried again by then what they had begun."""


class Epoch:
    """Guards writes against a store that lost its records (`FLUSHALL`, a restart without persistence).

    A random name in the store says which data this is. It is read on each new connection and with every read of events,
    and `begin` compares it in the store. Where it is gone or another, keys that were answered before would be taken for
    new ones: everybody refuses writes for a minute, and goes on with the new name.
    """

    def __init__(self, client: Client, keys: Keys, *, refused_seconds: float = REFUSED_SECONDS) -> None:
        self.name = ""
        self._value = b""
        self._refused_until = 0
        self._is_doubtful = True
        self._client = client
        self._key = keys.epoch
        self._refused = round(refused_seconds * 1000)
        self._script = load_script("epoch")
        self._listeners: list[Callable[[], None]] = []
        client.watch(self._key, self.saw)

    def on_lost(self, listener: Callable[[], None]) -> None:
        """Call this each time that data was lost."""
        self._listeners.append(listener)

    def saw(self, value: bytes | None) -> None:
        """Take in what the store has for a name."""
        if value != self._value:
            self.doubt()

    def doubt(self) -> None:
        """Have the store say which data it has before the next write."""
        self._is_doubtful = True

    async def check(self) -> None:
        """Raise StoreUnavailable where nothing may be written now, or the store does not say which data it has."""
        await self.refresh()
        if self._refused_until > self._client.clock.now():
            self._client.metrics.failed("begin", "lost_records")
            raise StoreUnavailable("lost_records")

    async def refresh(self) -> None:
        """Find out which data the store has, where that is in doubt. Raises StoreUnavailable."""
        if not self._is_doubtful:
            return
        reply, _ = await self._client.script(self._script, [self._key], self.name, os.urandom(8).hex(), self._refused)
        name, former = reply[0].decode(), self.name
        self.name, self._refused_until, self._is_doubtful = name, int(reply[2]), False
        self._value = f"{name}:{self._refused_until}".encode()
        if former and name != former:
            self._client.metrics.lost_records()
            log.event(logger, logging.CRITICAL, "store_lost_records", refused_seconds=self._refused / 1000)
            for listener in self._listeners:
                listener()
