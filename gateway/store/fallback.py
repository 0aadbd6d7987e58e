"""Writes go on without the store, where operators chose that: each process goes by its own memory."""

from collections.abc import Collection

from cachetools import LRUCache

from gateway.store.errors import StoreUnavailable
from gateway.store.events import Event
from gateway.store.ports import Begun, Peers, RecordKey, RecordStore
from gateway.store.shared.metrics import StoreMetrics

MOST_ATTEMPTS = 20_000


class FallbackRecords:
    """A `RecordStore` that begins a write in `local` where `shared` does not answer: another process may send it too.

    A store that lost its records answers, and refuses writes for a while: that is not passed over.
    """

    def __init__(self, shared: RecordStore, local: RecordStore, peers: Peers, metrics: StoreMetrics) -> None:
        self._shared = shared
        self._local = local
        self._peers = peers
        self._metrics = metrics
        self._local_attempts: LRUCache[bytes, bool] = LRUCache(MOST_ATTEMPTS)

    async def begin(self, key: RecordKey, arguments: bytes, attempt: bytes, *, announce: Event | None = None) -> Begun:
        """Make a record before a write is sent, or answer what is there."""
        try:
            return await self._shared.begin(key, arguments, attempt, announce=announce)
        except StoreUnavailable as error:
            if error.reason == "lost_records":
                raise
        begun = await self._local.begin(key, arguments, attempt)
        self._local_attempts[begun.attempt] = True
        self._metrics.unshared()
        return begun

    async def renew(self, key: RecordKey, attempt: bytes) -> bool:
        """Let the write count as under way for another lease."""
        return await self._of(attempt).renew(key, attempt)

    async def checkpoint(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what is known before the write is sent."""
        return await self._of(attempt).checkpoint(key, attempt, answer)

    async def expect_order(self, key: RecordKey, attempt: bytes, skus: Collection[str]) -> bool:
        """Note that the player's order of these items was lost."""
        return await self._of(attempt).expect_order(key, attempt, skus)

    async def finish(self, key: RecordKey, attempt: bytes, answer: bytes, *, announce: Event | None = None) -> bool:
        """Keep what the write came to."""
        is_recorded = await self._of(attempt).finish(key, attempt, answer, announce=announce)
        return await self._announced(attempt, is_recorded, announce)

    async def recover(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what was found out by reading about a lost write."""
        return await self._of(attempt).recover(key, attempt, answer)

    async def take_over(self, key: RecordKey, attempt: bytes, successor: bytes) -> bool:
        """Continue a lost write that kept no checkpoint."""
        if attempt in self._local_attempts:
            self._local_attempts[successor] = True
        return await self._of(attempt).take_over(key, attempt, successor)

    async def drop(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:
        """Forget a write that certainly was not carried out."""
        is_dropped = await self._of(attempt).drop(key, attempt, announce=announce)
        return await self._announced(attempt, is_dropped, announce)

    async def release(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:
        """End the lease of a write whose outcome its maker does not know."""
        is_released = await self._of(attempt).release(key, attempt, announce=announce)
        return await self._announced(attempt, is_released, announce)

    async def give_order(self, player_id: str, order_id: int, skus: Collection[str]) -> bool:
        """Give an order that a signed webhook tells of to the player's oldest lost one with these items, if any."""
        if await self._local.give_order(player_id, order_id, skus):
            return True
        return await self._shared.give_order(player_id, order_id, skus)

    def _of(self, attempt: bytes) -> RecordStore:
        return self._local if attempt in self._local_attempts else self._shared

    async def _announced(self, attempt: bytes, is_changed: bool, announce: Event | None) -> bool:
        """Tell the others later what became of a write that only this process recorded."""
        if announce is not None and attempt in self._local_attempts:
            self._peers.tell(announce)
        return is_changed
