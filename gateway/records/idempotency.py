"""Idempotency records: which writes were begun under which keys, and what they came to."""

import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Protocol

from msgspec import Struct

from gateway.errors.internal import RecordsFailed
from gateway.records.database import Database, prune
from gateway.records.sealing import digest

REMEMBERED_SECONDS = 86_400.0
"""For how long a key stands for its answer, from when the write began."""


_DROP_BEGUN = "DELETE FROM idempotency WHERE key = ? AND arguments = ? AND state = 'begun' AND answer IS NULL"


class RecordedWrite(Struct, frozen=True):
    """A write that was begun. Without `is_done` its outcome is known to nobody but the process that executes it.

    `answer` is sealed: what was answered or, of a write that is not done, its checkpoint. `order_id` is the order that
    a webhook brought for it since.
    """

    arguments: bytes
    is_done: bool = False
    answer: bytes | None = None
    order_id: int | None = None


class IdempotencyRecords(Protocol):
    """Where records are kept, by the digests of player and key; each call is durable when it returns.

    All raise RecordsFailed.
    """

    async def begin(self, key: bytes, arguments: bytes) -> RecordedWrite | None:
        """Make a record, or give the one that is there already: then nothing was made, and nothing may be sent."""
        ...

    async def checkpoint(self, key: bytes, answer: bytes) -> None:
        """Keep what is known before the write is sent."""
        ...

    async def expect_order(self, key: bytes, player_id: str, skus: Collection[str]) -> None:
        """Note whose order was lost and what was ordered, so that a webhook can bring it."""
        ...

    async def finish(self, key: bytes, answer: bytes) -> None:
        """Keep what the write came to."""
        ...

    async def drop(self, key: bytes) -> None:
        """Forget a write that certainly was not carried out."""
        ...

    async def assign_order(self, player_id: str, order_id: int, skus: Collection[str]) -> bool:
        """Give an order from a signed webhook to the player's oldest write that lost one with all its items in `skus`.

        False where there is none; assigning the same order again changes nothing.
        """
        ...


class IdempotencyTable:
    """`IdempotencyRecords` in the database; `now` is in Unix seconds."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def begin(self, key: bytes, arguments: bytes) -> RecordedWrite | None:
        now = self._now()

        def work(connection: sqlite3.Connection) -> RecordedWrite | None:
            prune(connection, "idempotency", now)
            row = connection.execute(
                "SELECT arguments, state, answer, order_id FROM idempotency WHERE key = ? AND expires_at > ?",
                (key, now),
            ).fetchone()
            if row is not None:
                arguments_then, state, answer, order_id = row
                return RecordedWrite(arguments_then, state == "done", answer, order_id)
            connection.execute(
                "INSERT OR REPLACE INTO idempotency (key, arguments, state, expires_at) VALUES (?, ?, 'begun', ?)",
                (key, arguments, now + REMEMBERED_SECONDS),
            )
            return None

        try:
            return await self._database.run(work)
        except RecordsFailed:
            # Nothing is sent. A record that a slow disk makes all the same would stand for a write that was.
            with suppress(RecordsFailed):
                self._database.post(lambda connection: connection.execute(_DROP_BEGUN, (key, arguments)))
            raise

    async def checkpoint(self, key: bytes, answer: bytes) -> None:
        await self._change("UPDATE idempotency SET answer = ? WHERE key = ?", answer, key)

    async def expect_order(self, key: bytes, player_id: str, skus: Collection[str]) -> None:
        listed = "\n".join(sorted(skus))
        player = digest("player", player_id)
        await self._change("UPDATE idempotency SET player = ?, skus = ? WHERE key = ?", player, listed, key)

    async def finish(self, key: bytes, answer: bytes) -> None:
        await self._change("UPDATE idempotency SET state = 'done', answer = ? WHERE key = ?", answer, key)

    async def drop(self, key: bytes) -> None:
        await self._change("DELETE FROM idempotency WHERE key = ?", key)

    async def assign_order(self, player_id: str, order_id: int, skus: Collection[str]) -> bool:
        player, now = digest("player", player_id), self._now()

        def work(connection: sqlite3.Connection) -> bool:
            rows = connection.execute(
                "SELECT key, skus, order_id FROM idempotency WHERE player = ? AND expires_at > ? ORDER BY expires_at",
                (player, now),
            ).fetchall()
            if any(known == order_id for _, _, known in rows):
                return False
            for key, wanted, known in rows:
                # A webhook lists a bundle and its content, so it may name more than the step (client contract, 8.4).
                if known is None and set(wanted.split("\n")) <= set(skus):
                    connection.execute("UPDATE idempotency SET order_id = ? WHERE key = ?", (order_id, key))
                    return True
            return False

        return await self._database.run(work)

    async def _change(self, statement: str, *values: bytes | str) -> None:
        await self._database.run(lambda connection: connection.execute(statement, values) and None)
