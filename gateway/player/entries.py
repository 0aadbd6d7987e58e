"""What is kept under an idempotency key, in the deed's own types; kept by digests, and sealed."""

import logging
from collections.abc import Awaitable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from gateway.errors import KeyConflict, Overloaded
from gateway.player.deeds import Deed, Known, Notes
from gateway.records.database import RecordsFailed
from gateway.records.idempotency import IdempotencyRecords
from gateway.records.sealing import SealBroken, digest, seal, unseal
from gateway.telemetry import log

logger = logging.getLogger(__name__)

P = TypeVar("P")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose key it is: the player's, or where tokens do not name one the credential's."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Found(Generic[A]):
    """What was found under a key: the answer, or what is known of a deed that has none that can be read.

    `is_noted` tells whether anything was kept of it after it was begun.
    """

    answer: A | None
    known: Known[A]
    is_noted: bool


class Entry(Notes[A], Generic[P, A]):
    """The record of a deed under a key."""

    def __init__(self, records: IdempotencyRecords, scope: Scope, key: str, deed: Deed[P, A]) -> None:
        self._records = records
        self._scope = scope
        self._deed = deed
        self._secrets = (scope.kind, scope.name, key)
        self.key = digest("key", *self._secrets)
        self.arguments = digest("arguments", *self._secrets, deed.name, *deed.arguments)

    async def begin(self) -> Found[A] | None:
        """Make the record before anything is sent, or answer what is there already.

        Raises KeyConflict, and Overloaded where no record can be made.
        """
        try:
            record = await self._records.begin(self.key, self.arguments)
        except RecordsFailed as error:
            raise self._failed(error) from None
        if record is None:
            return None
        if record.arguments != self.arguments:
            raise KeyConflict
        answer = self._unsealed(record.answer)
        known = Known(None if record.is_done else answer, record.order_id)
        return Found(answer if record.is_done else None, known, is_noted=record.answer is not None)

    async def draft(self, answer: A) -> None:
        """Keep what would be answered if nothing more became known. Raises Overloaded where it cannot be kept."""
        try:
            await self._records.draft(self.key, self._sealed(answer))
        except RecordsFailed as error:
            raise self._failed(error) from None

    async def expect_order(self, skus: Collection[str]) -> None:
        """Note that an order for these items was lost. Only a player whom webhooks name can be brought one."""
        if self._scope.kind == "player":
            await self._noted(self._records.expect_order(self.key, self._scope.name, skus))

    async def finish(self, answer: A) -> None:
        """Keep what the deed came to."""
        await self._noted(self._records.finish(self.key, self._sealed(answer)))

    async def drop(self) -> None:
        """Forget the deed, so that the same key may try again."""
        await self._noted(self._records.drop(self.key))

    async def _noted(self, change: Awaitable[None]) -> None:
        """Wait for a change; where it fails the record stays one of an unknown outcome, and nothing is sent again."""
        try:
            await change
        except RecordsFailed as error:
            self._failed(error)

    def _failed(self, error: RecordsFailed) -> Overloaded:
        log.event(logger, logging.ERROR, "records_failed", reason=str(error), deed=self._deed.name)
        return Overloaded()

    def _sealed(self, answer: A) -> bytes:
        return seal(msgspec.json.encode(answer), *self._secrets)

    def _unsealed(self, sealed: bytes | None) -> A | None:
        """What was kept; None where it cannot be read, which makes it an unknown outcome."""
        if sealed is None:
            return None
        try:
            return msgspec.json.decode(unseal(sealed, *self._secrets), type=self._deed.answer)
        except (SealBroken, msgspec.MsgspecError):
            log.event(logger, logging.ERROR, "record_unreadable", deed=self._deed.name)
            return None
