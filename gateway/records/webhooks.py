"""Webhooks that were applied or relayed, so that the next delivery of one changes nothing."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence

from gateway.errors.internal import RecordsFailed
from gateway.records.database import Database, prune

REMEMBERED_SECONDS = 72 * 3_600.0
"""Longer than the vendor repeats a webhook: 48 hours (client contract, 8.3)."""

MOST_REMEMBERED = 200_000
"""The oldest leave first; applying one of them again is harmless."""


class WebhookTable:
    """Keys of webhooks in the database, durable when a call returns; `now` is in Unix seconds.

    Calls raise RecordsFailed.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], float] = time.time, most_remembered: int = MOST_REMEMBERED
    ) -> None:
        self._database = database
        self._now = now
        self._most_remembered = most_remembered
        self._batch = _Batch()
        self._writing = asyncio.Lock()

    async def knows(self, key: bytes) -> bool:
        now = self._now()

        def work(connection: sqlite3.Connection) -> bool:
            rows = connection.execute("SELECT 1 FROM webhooks WHERE key = ? AND expires_at > ?", (key, now))
            return rows.fetchone() is not None

        return await self._database.run(work)

    async def remember(self, key: bytes) -> None:
        # Keys that come while others are written are written together: each commit waits for the disk.
        batch = self._batch
        batch.keys.append(key)
        async with self._writing:
            if batch is self._batch:
                self._batch = _Batch()
                try:
                    await self._write(batch.keys)
                except RecordsFailed as error:
                    batch.error = error
        if batch.error is not None:
            raise batch.error

    async def _write(self, keys: Sequence[bytes]) -> None:
        now = self._now()
        rows = [(key, now + REMEMBERED_SECONDS) for key in keys]

        def work(connection: sqlite3.Connection) -> None:
            prune(connection, "webhooks", now)
            connection.executemany("INSERT OR REPLACE INTO webhooks (key, expires_at) VALUES (?, ?)", rows)
            connection.execute(
                "DELETE FROM webhooks WHERE number <= (SELECT max(number) FROM webhooks) - ?", (self._most_remembered,)
            )

        await self._database.run(work)


class _Batch:
    """Keys that are written together, and why that failed, if it did."""

    def __init__(self) -> None:
        self.keys: list[bytes] = []
        self.error: RecordsFailed | None = None
