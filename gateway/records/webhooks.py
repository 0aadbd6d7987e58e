"""Webhooks that were taken, so that the next delivery of one changes nothing."""

import sqlite3
import time
from collections.abc import Callable
from typing import Protocol

from gateway.records.database import Database, prune

REMEMBERED_SECONDS = 72 * 3_600.0
"""Longer than the vendor repeats a webhook: 48 hours (contract section 8.3)."""

MOST_REMEMBERED = 200_000
"""The oldest leave first; applying one of them again is harmless."""


class WebhookRecords(Protocol):
    """Where keys of webhooks are kept; each call is durable when it returns. All raise RecordsFailed."""

    async def knows(self, key: bytes) -> bool:
        """Whether the key was remembered and its time is not over."""
        ...

    async def remember(self, key: bytes) -> None:
        """Remember the key from now on."""
        ...


class WebhookTable:
    """The keys in the database; `now` is in Unix seconds."""

    def __init__(
        self, database: Database, *, now: Callable[[], float] = time.time, most_remembered: int = MOST_REMEMBERED
    ) -> None:
        self._database = database
        self._now = now
        self._most_remembered = most_remembered

    async def knows(self, key: bytes) -> bool:
        """Whether the key was remembered and its time is not over."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> bool:
            rows = connection.execute("SELECT 1 FROM webhooks WHERE key = ? AND expires_at > ?", (key, now))
            return rows.fetchone() is not None

        return await self._database.run(work)

    async def remember(self, key: bytes) -> None:
        """Remember the key from now on."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> None:
            prune(connection, "webhooks", now)
            connection.execute(
                "INSERT OR REPLACE INTO webhooks (key, expires_at) VALUES (?, ?)", (key, now + REMEMBERED_SECONDS)
            )
            connection.execute(
                "DELETE FROM webhooks WHERE number <= (SELECT max(number) FROM webhooks) - ?", (self._most_remembered,)
            )

        await self._database.run(work)
