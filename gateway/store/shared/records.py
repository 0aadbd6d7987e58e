"""Records of writes in the store; what exactly-once writes of a fleet rest on."""

from collections.abc import Collection

from gateway.store.errors import StoreUnavailable
from gateway.store.events import Event
from gateway.store.ports import KEYED_SECONDS, LEASE_SECONDS, Begun, Found, RecordKey
from gateway.store.shared.background import Background
from gateway.store.shared.client import Client, load_script
from gateway.store.shared.epoch import Epoch
from gateway.store.shared.keys import Keys
from gateway.store.shared.publisher import SharedPublisher
from gateway.store.transitions import Step

_SKU_CHARACTERS = 16


class SharedRecords:
    """A `RecordStore` for a fleet.

    `sender` names this process in events, and `epoch` the data that records are made in. Where the store does not
    answer a `begin` in time, or too few replicas have the record, nothing may be sent; the record is dropped in the
    background, for it may have been made.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        epoch: Epoch,
        background: Background,
        *,
        sender: bytes,
        lease_seconds: float = LEASE_SECONDS,
        remembered_seconds: float = KEYED_SECONDS,
        table: str = "k",
    ) -> None:
        self._client = client
        self._keys = keys
        self._background = background
        self._epoch = epoch
        self._metrics = client.metrics
        self._publisher = SharedPublisher(client, keys, sender=sender)
        self._lease = round(lease_seconds * 1000)
        self._remembered = round(remembered_seconds * 1000)
        self._table = table
        self._begin_script = load_script("begin")
        self._change_script = load_script("change")
        self._give_script = load_script("give_order")

    async def begin(self, key: RecordKey, arguments: bytes, attempt: bytes, *, announce: Event | None = None) -> Begun:
        """Make a record before a write is sent, or answer what is there. Raises StoreUnavailable."""
        try:
            await self._epoch.check()
        except StoreUnavailable:
            self._metrics.refused()
            raise
        try:
            begun = await self._begin(key, arguments, attempt, announce)
        except BaseException:
            self._metrics.refused()
            self._background.repeat("drop", lambda: self._change(key, Step.DROP, attempt))
            raise
        self._metrics.found(begun.found)
        return begun

    async def renew(self, key: RecordKey, attempt: bytes) -> bool:
        """Let the write count as under way for another lease. Raises StoreUnavailable."""
        return await self._change(key, Step.RENEW, attempt)

    async def checkpoint(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what is known before the write is sent. Raises StoreUnavailable."""
        return await self._change(key, Step.CHECKPOINT, attempt, answer)

    async def expect_order(self, key: RecordKey, attempt: bytes, skus: Collection[str]) -> bool:
        """Note that the player's order of these items was lost. Raises StoreUnavailable."""
        name = self._keys.record(key, self._table)
        lost = " ".join([name.rpartition(":")[2], attempt.hex(), *sorted(map(self._sku, skus))])
        keys = [name, self._keys.lost_orders(key.scope)]
        return await self._run(keys, Step.EXPECT, attempt, b"", lost)

    async def finish(self, key: RecordKey, attempt: bytes, answer: bytes, *, announce: Event | None = None) -> bool:
        """Keep what the write came to; in the background where the store does not answer."""
        return await self._certainly(key, Step.FINISH, attempt, answer, announce)

    async def recover(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what was found out by reading about a lost write. Raises StoreUnavailable."""
        return await self._change(key, Step.RECOVER, attempt, answer)

    async def take_over(self, key: RecordKey, attempt: bytes, successor: bytes) -> bool:
        """Continue a lost write that kept no checkpoint. Raises StoreUnavailable."""
        return await self._change(key, Step.TAKE_OVER, attempt, successor)

    async def drop(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:
        """Forget a write that certainly was not carried out; in the background where the store does not answer."""
        return await self._certainly(key, Step.DROP, attempt, b"", announce)

    async def release(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:
        """End the lease of a write whose outcome its maker does not know; in the background as `drop`."""
        return await self._certainly(key, Step.RELEASE, attempt, b"", announce)

    async def give_order(self, player_id: str, order_id: int, skus: Collection[str]) -> bool:
        """Give an order to the player's oldest lost one whose items are all among `skus`. Raises StoreUnavailable."""
        lost_orders = self._keys.lost_orders(player_id)
        members = await self._client.call("lost_orders", lost_orders, "ZRANGE", lost_orders, 0, -1)
        brought = set(map(self._sku, skus))
        for member in members:
            record, attempt, *wanted = member.decode().split(" ")
            # A webhook also lists what is in a bundle: it may name more than the step (client contract, 8.4).
            if set(wanted) <= brought:
                key = self._keys.lost_record(player_id, record, self._table)
                [given, _], _ = await self._client.script(
                    self._give_script, [key], order_id, self._remembered, bytes.fromhex(attempt)
                )
                if given:
                    return bool(given == 1)
        return False

    async def _begin(self, key: RecordKey, arguments: bytes, attempt: bytes, announce: Event | None) -> Begun:
        event = b"" if announce is None else self._publisher.pack(announce)
        keys = [self._keys.record(key, self._table)]
        if not self._client.is_cluster:
            keys += [self._keys.bus, self._keys.epoch]
        (found, _, holder, order_id, answer), has_replicas = await self._client.script(
            self._begin_script,
            keys,
            self._keys.tags.blind(arguments),
            attempt,
            self._lease,
            self._remembered,
            self._client.clock.deadline(self._client.seconds),
            event,
            self._epoch.name,
            wait=True,
        )
        if found == b"late":
            raise self._refusal("late")
        if found == b"lost_records":
            self._epoch.doubt()
            raise self._refusal("lost_records")
        begun = Begun(Found(found.decode()), holder, answer or None, order_id or None)
        if begun.found is Found.MINE and not has_replicas:
            raise self._refusal("replicas")
        if begun.found is Found.MINE and event and self._client.is_cluster:
            await self._publisher.send(event)
        return begun

    async def _change(
        self, key: RecordKey, step: Step, attempt: bytes, value: bytes = b"", announce: Event | None = None
    ) -> bool:
        event = b"" if announce is None else self._publisher.pack(announce)
        keys = [self._keys.record(key, self._table)]
        if not self._client.is_cluster:
            keys.append(self._keys.bus)
        is_made = await self._run(keys, step, attempt, value, event)
        if event and self._client.is_cluster:
            await self._publisher.send(event)
        return is_made

    async def _run(self, keys: list[str], step: Step, attempt: bytes, value: bytes, last: bytes | str) -> bool:
        (is_made, _), _ = await self._client.script(
            self._change_script, keys, step.value, attempt, self._lease, self._remembered, value, last
        )
        return bool(is_made)

    async def _certainly(
        self, key: RecordKey, step: Step, attempt: bytes, value: bytes, announce: Event | None
    ) -> bool:
        try:
            return await self._change(key, step, attempt, value, announce)
        except StoreUnavailable:
            self._background.repeat(step.value, lambda: self._change(key, step, attempt, value, announce))
            return True

    def _refusal(self, reason: str) -> StoreUnavailable:
        self._metrics.failed("begin", reason)
        return StoreUnavailable(reason)

    def _sku(self, sku: str) -> str:
        return self._keys.tags.tag("sku", sku).hex()[:_SKU_CHARACTERS]
