"""Writes under an idempotency key: executed once, recorded for a day, and answered again for the same key.

The record is made before anything is sent, and completed before the answer is told. A record without an answer
therefore means that the outcome is unknown, and such a write is recovered by reading. It is never sent again.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Collection
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from gateway.errors import (
    AccessError,
    BadUserInput,
    GatewayError,
    KeyConflict,
    KeyInUse,
    OutcomeUnknown,
    Overloaded,
    UpstreamInvalid,
)
from gateway.errors.internal import FlightEnded, RecordsFailed, SealBroken
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.player.reads import CHAINS
from gateway.records.idempotency import IdempotencyRecords, RecordedWrite
from gateway.records.sealing import digest, seal, unseal
from gateway.telemetry import log

logger = logging.getLogger(__name__)

A = TypeVar("A")

KEY = re.compile(r"[ -~]{1,128}")
"""An idempotency key: printable ASCII."""

_LONGEST_SECONDS = 60.0
"""How long a write may take once nobody waits for it; its calls have bounds of their own."""


async def run_idempotent(player: Player, key: str | None, write: IdempotentWrite[A]) -> A:
    """Execute a write or, with a key that is known, answer what became of it.

    Under one key of one player, on all of their devices and over restarts, a write is sent once. One that is in flight
    at the deadline raises OutcomeUnknown, goes on, and is answered to those who ask with the key later.

    Raises what `write` raises, BadUserInput for a malformed key, KeyConflict for one that stands for another write,
    KeyInUse where the first who asked has no answer yet, and Overloaded where nothing can be recorded.
    """
    player.request.require_sign_in()
    try:
        if key is None:
            return await write.execute(player, WriteJournal())
        if not KEY.fullmatch(key):
            raise BadUserInput("idempotencyKey must be 1 to 128 printable ASCII characters.")
        scope = await _key_scope(player)
        return await _run(player, IdempotencyRecord(player.request.services.idempotency, scope, key, write))
    except (OutcomeUnknown, KeyConflict, KeyInUse):
        # What is cached may be older than what the write did, or than what a lost one still does.
        player.request.forget(CHAINS)
        raise


@dataclass(frozen=True, slots=True)
class KeyScope:
    """Whose key it is: the player's, or where tokens do not name one the credential's."""

    kind: str
    name: str


class IdempotencyRecord(WriteJournal[A]):
    """What is recorded of a write under a key. The store sees digests of player and key, and sealed answers."""

    def __init__(self, records: IdempotencyRecords, scope: KeyScope, key: str, write: IdempotentWrite[A]) -> None:
        self.write = write
        self._records = records
        self._scope = scope
        self._secrets = (scope.kind, scope.name, key)
        self.key = digest("key", *self._secrets)
        self.arguments = digest("arguments", *self._secrets, write.name, *write.arguments)

    async def begin(self) -> RecordedWrite | None:
        """Make the record before anything is sent, or give what is there already: then nothing may be sent.

        Raises KeyConflict, and Overloaded where no record can be made.
        """
        try:
            recorded = await self._records.begin(self.key, self.arguments)
        except RecordsFailed as error:
            raise self._failed(error) from None
        if recorded is not None and recorded.arguments != self.arguments:
            raise KeyConflict
        return recorded

    async def checkpoint(self, answer: A) -> None:
        """Record what would be answered if nothing more became known. Raises Overloaded where it cannot be recorded."""
        try:
            await self._records.checkpoint(self.key, self._sealed(answer))
        except RecordsFailed as error:
            raise self._failed(error) from None

    async def expect_order(self, skus: Collection[str]) -> None:
        """Record that an order for these items was lost. Only a player whom webhooks name can be brought one."""
        if self._scope.kind == "player":
            await self._attempted(self._records.expect_order(self.key, self._scope.name, skus))

    async def complete(self, answer: A) -> A:
        """Record the answer, or forget the write where the same key may try again; gives the answer."""
        if self.write.is_final(answer):
            await self._attempted(self._records.finish(self.key, self._sealed(self.write.to_record(answer))))
        else:
            await self.drop()
        return answer

    async def drop(self) -> None:
        """Forget the write, so that the same key may try again."""
        await self._attempted(self._records.drop(self.key))

    async def _attempted(self, change: Awaitable[None]) -> None:
        """Await a change; where it fails, the record stays one of an unknown outcome, and nothing is sent again."""
        try:
            await change
        except RecordsFailed as error:
            self._failed(error)

    def _failed(self, error: RecordsFailed) -> Overloaded:
        log.event(logger, logging.ERROR, "records_failed", reason=str(error), mutation=self.write.name)
        return Overloaded()

    def _sealed(self, answer: A) -> bytes:
        return seal(msgspec.json.encode(answer), *self._secrets)

    def unsealed(self, sealed: bytes | None) -> A | None:
        """An answer or checkpoint as it was recorded; None where there is none, or none that can be read."""
        if sealed is None:
            return None
        try:
            return msgspec.json.decode(unseal(sealed, *self._secrets), type=self.write.answer_type)
        except (SealBroken, msgspec.MsgspecError):
            log.event(logger, logging.ERROR, "record_unreadable", mutation=self.write.name)
            return None


async def _key_scope(player: Player) -> KeyScope:
    """Whose the key is. Anybody can write another player's id into a token, so it has to be accepted first."""
    caller = player.caller
    if caller.player_id is None:
        return KeyScope("credential", caller.owner)
    await player.reads.confirm()
    if not player.request.is_confirmed:
        # Falling back to the credential would lose sight of what the player did before they refreshed their token.
        raise UpstreamInvalid
    return KeyScope("player", caller.player_id)


async def _run(player: Player, record: IdempotencyRecord[A]) -> A:
    while True:
        in_flight = player.request.services.idempotent_in_flight.in_flight(record.key)
        if in_flight and record.arguments not in in_flight:
            raise KeyConflict
        try:
            return await _join(player, record, is_first=not in_flight)
        except AccessError:
            # Another device's credential being refused says nothing of this one: it runs the write itself.
            if not in_flight:
                raise


async def _join(player: Player, record: IdempotencyRecord[A], *, is_first: bool) -> A:
    try:
        # The key is the group and the arguments are what is joined: so `_run` sees that a key in flight is used for
        # another write. A write keeps running without its client, to record how it ends.
        return await player.request.services.idempotent_in_flight.join(
            record.arguments,
            lambda: _answer(_without_client(player), record),
            group=record.key,
            keep_running=True,
            # Those who are told that another request is under way are shown the chain, newly read.
            deadline=player.request.deadline if is_first else player.request.deadline_before_read(),
        )
    except TimeoutError:
        raise (OutcomeUnknown if is_first else KeyInUse) from None
    except FlightEnded:
        raise OutcomeUnknown from None


def _without_client(player: Player) -> Player:
    """The same player with time to finish what began: no client may be waiting for the answer any more."""
    deadline = asyncio.get_running_loop().time() + _LONGEST_SECONDS
    return Player(
        player.caller, player.request.services, deadline=deadline, has_idempotency_key=True, takes_stale=False
    )


async def _answer(player: Player, record: IdempotencyRecord[A]) -> A:
    """Answer from the record; where there is none, execute the write, and where it has no answer, recover it."""
    write, recorded = record.write, await record.begin()
    if recorded is None or (write.checkpoints_first and recorded.answer is None):
        return await _execute(player, record)
    answer = record.unsealed(recorded.answer)
    # Nothing is sent, so nothing else forgets what is cached: it may be older than what the write did.
    player.request.forget(CHAINS)
    if answer is None or not recorded.is_done:
        prior = PriorState(answer, recorded.order_id)
        answer = await record.complete(await write.recover(player, record, prior))
    return write.as_replay(answer if recorded.order_id is None else write.with_order(answer, recorded.order_id))


async def _execute(player: Player, record: IdempotencyRecord[A]) -> A:
    try:
        answer = await record.write.execute(player, record)
    except OutcomeUnknown:
        raise
    except GatewayError:
        # Certainly nothing was done, so the same key may try again.
        await record.drop()
        raise
    return await record.complete(answer)
