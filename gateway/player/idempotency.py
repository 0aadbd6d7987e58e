"""Writes under an idempotency key: executed once, recorded for a day, and answered again for the same key.

The record is made before anything is sent, and completed before the answer is told. A record without an answer
therefore means that the outcome is unknown, and such a write is recovered by reading. It is never sent again.
"""

import re
from typing import TypeVar

from gateway.errors import (
    AccessError,
    BadUserInput,
    GatewayError,
    KeyConflict,
    KeyInUse,
    OutcomeUnknown,
    UpstreamInvalid,
)
from gateway.errors.internal import FlightEnded
from gateway.player import Player
from gateway.player.idempotency_record import IdempotencyRecord
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.player.reads import CHAINS
from gateway.store.ports import Found, RecordKey

A = TypeVar("A")

KEY = re.compile(r"[ -~]{1,128}")
"""An idempotency key: printable ASCII."""


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
        kind, scope = await _key_scope(player)
        return await _run(player, IdempotencyRecord(player, RecordKey(kind, scope, key), write))
    except (OutcomeUnknown, KeyConflict, KeyInUse):
        # What is cached may be older than what the write did, or than what a lost one still does.
        player.request.forget(CHAINS)
        raise


async def _key_scope(player: Player) -> tuple[str, str]:
    """Whose the key is: the player's, or where tokens do not name one the credential's.

    Anybody can write another player's id into a token, so it has to be accepted first.
    """
    caller = player.caller
    if caller.player_id is None:
        return "credential", caller.owner
    await player.reads.confirm()
    if not player.request.is_confirmed:
        # Falling back to the credential would lose sight of what the player did before they refreshed their token.
        raise UpstreamInvalid
    return "player", caller.player_id


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
            lambda: _answer(record),
            group=record.key,
            keep_running=True,
            # Those who are told that another request is under way are shown the chain, newly read.
            deadline=player.request.deadline if is_first else player.request.deadline_before_read(),
        )
    except TimeoutError:
        raise (OutcomeUnknown if is_first and not record.is_elsewhere else KeyInUse) from None
    except FlightEnded:
        raise OutcomeUnknown from None


async def _answer(record: IdempotencyRecord[A]) -> A:
    """Answer from the record; where there is none, execute the write, and where it has no answer, recover it."""
    player, write, begun = record.player, record.write, await record.begin()
    if begun.found is Found.MINE:
        return await _execute(record)
    is_lost = begun.found is Found.LOST
    if is_lost and write.checkpoints_first and begun.answer is None:
        await record.take_over()
        return await _execute(record)
    answer = record.unsealed(begun.answer)
    # Nothing is sent, so nothing else forgets what is cached: it may be older than what the write did.
    player.request.forget(CHAINS)
    if answer is None or is_lost:
        prior = PriorState(answer, begun.order_id)
        answer = await record.finish_recovered(await write.recover(player, record, prior))
    return write.as_replay(answer if begun.order_id is None else write.with_order(answer, begun.order_id))


async def _execute(record: IdempotencyRecord[A]) -> A:
    try:
        async with record.renewing():
            answer = await record.write.execute(record.player, record)
    except GatewayError as error:
        # Unless its outcome is unknown, certainly nothing was done, so the same key may try again.
        await (record.release() if isinstance(error, OutcomeUnknown) else record.drop())
        raise
    except BaseException:
        await record.release()
        raise
    return await record.complete(answer)
