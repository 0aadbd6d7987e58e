"""The record of one write under an idempotency key, as the process sees it that answers for the key."""

import asyncio
import logging
from collections.abc import Awaitable, Collection
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import msgspec

from gateway.errors import KeyConflict, KeyInUse, Overloaded
from gateway.errors.internal import RecordsFailed, SealBroken
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, WriteJournal
from gateway.records.sealing import digest, seal, unseal
from gateway.store.events import Event, Kind
from gateway.store.lease import renewing
from gateway.store.ports import Begun, Found, RecordKey, new_attempt
from gateway.telemetry import log

logger = logging.getLogger(__name__)

A = TypeVar("A")

_LONGEST_SECONDS = 60.0
"""How long a write may take once nobody waits for it; its calls have bounds of their own."""


class IdempotencyRecord(WriteJournal[A]):
    """What is recorded of a write under a key. The store sees digests of player and key, and sealed answers.

    `player` is who asks; the write is executed as the record's `player`, whose deadline is no client's.
    """

    def __init__(self, player: Player, name: RecordKey, write: IdempotentWrite[A]) -> None:
        services = player.request.services
        self.write = write
        self.player = _without_client(player)
        self.player.request.collect_changes()
        self.is_elsewhere = False
        """Whether another process sends the write."""
        self._records = services.idempotency
        self._request = self.player.request
        self._answered_until = services.monotonic() + player.request.seconds_before_read
        self._name = name
        self._attempt = new_attempt()
        self.key = digest("key", *name)
        self.arguments = digest("arguments", *name, write.name, *write.arguments)

    async def begin(self) -> Begun:
        """Make the record before anything is sent, or give what is there already: then nothing may be sent.

        A write that another process sends is waited for. Raises KeyConflict, KeyInUse where there is no answer in time,
        and Overloaded where no record can be made.
        """
        try:
            begun = await self._request.services.answers.wait(self._name, self._begin, self._answered_until)
        except RecordsFailed as error:
            raise self._failed(error) from None
        self.is_elsewhere = False
        if begun.found is Found.CONFLICT:
            raise KeyConflict
        if begun.found in {Found.BUSY, Found.NEWER}:
            raise KeyInUse
        self._attempt = begun.attempt
        return begun

    async def take_over(self) -> None:
        """Continue a write whose process died before it could send anything. Raises KeyInUse where another does."""
        successor = new_attempt()
        if not await self._attempted(self._records.take_over(self._name, self._attempt, successor)):
            raise KeyInUse
        self._attempt = successor
        await self._request.services.peers.publish(self._event(Kind.BEGIN))

    def renewing(self) -> AbstractAsyncContextManager[None]:
        """Keep the write under way while it is being sent."""
        call_later = self._request.services.tracker.call_later
        return renewing(self._records, self._name, self._attempt, call_later=call_later)

    async def checkpoint(self, answer: A) -> None:
        """Record what would be answered if nothing more became known.

        Raises Overloaded where it cannot be recorded, and KeyInUse where another process continues the write.
        """
        try:
            is_recorded = await self._records.checkpoint(self._name, self._attempt, self._sealed(answer))
        except RecordsFailed as error:
            raise self._failed(error) from None
        if not is_recorded:
            raise KeyInUse

    async def expect_order(self, skus: Collection[str]) -> None:
        """Record that an order for these items was lost. Only a player whom webhooks name can be brought one."""
        if self._name.kind == "player":
            await self._attempted(self._records.expect_order(self._name, self._attempt, skus))

    async def complete(self, answer: A) -> A:
        """Record the answer, or forget the write where the same key may try again; gives the answer."""
        if not self.write.is_final(answer):
            await self.drop()
            return answer
        sealed = self._sealed(self.write.to_record(answer))
        finish = self._records.finish(self._name, self._attempt, sealed, announce=self._event(Kind.END))
        if not await self._attempted(finish):
            await self.release()
        return answer

    async def finish_recovered(self, answer: A) -> A:
        """Record an answer that was found out by reading; gives the answer."""
        if self.write.is_final(answer):
            sealed = self._sealed(self.write.to_record(answer))
            await self._attempted(self._records.recover(self._name, self._attempt, sealed))
        else:
            await self.drop()
        return answer

    async def drop(self) -> None:
        """Forget the write, so that the same key may try again."""
        drop = self._records.drop(self._name, self._attempt, announce=self._event(Kind.END))
        if not await self._attempted(drop):
            await self.release()

    async def release(self) -> None:
        """Let the outcome be found out by reading: nobody is at work any more."""
        await self._attempted(self._records.release(self._name, self._attempt, announce=self._event(Kind.END)))

    def unsealed(self, sealed: bytes | None) -> A | None:
        """An answer or checkpoint as it was recorded; None where there is none, or none that can be read."""
        if sealed is None:
            return None
        try:
            return msgspec.json.decode(unseal(sealed, *self._name), type=self.write.answer_type)
        except (SealBroken, msgspec.MsgspecError):
            log.event(logger, logging.ERROR, "record_unreadable", mutation=self.write.name)
            return None

    async def _begin(self) -> Begun:
        event = self._event(Kind.BEGIN)
        begun = await self._records.begin(self._name, self.arguments, self._attempt, announce=event)
        self.is_elsewhere = begun.found is Found.BUSY
        return begun

    async def _attempted(self, change: Awaitable[bool]) -> bool:
        """Await a change; where it fails, the record stays one of an unknown outcome, and nothing is sent again."""
        try:
            return await change
        except RecordsFailed as error:
            self._failed(error)
            return False

    def _event(self, kind: Kind) -> Event:
        return self._request.event(kind, record=self._name, change=self._request.collected_change)

    def _failed(self, error: RecordsFailed) -> Overloaded:
        log.event(logger, logging.ERROR, "records_failed", reason=str(error), mutation=self.write.name)
        return Overloaded()

    def _sealed(self, answer: A) -> bytes:
        return seal(msgspec.json.encode(answer), *self._name)


def _without_client(player: Player) -> Player:
    """The same player with time to finish what began: no client may be waiting for the answer any more."""
    deadline = asyncio.get_running_loop().time() + _LONGEST_SECONDS
    return Player(
        player.caller, player.request.services, deadline=deadline, has_idempotency_key=True, takes_stale=False
    )
