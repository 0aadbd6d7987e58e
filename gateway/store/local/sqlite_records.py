"""Records of writes in the records file, which one process holds at a time."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress

from gateway.errors.internal import RecordsFailed
from gateway.records.database import Database, prune
from gateway.records.sealing import digest
from gateway.store.events import Event
from gateway.store.local.records import LocalRecords, Record, Rows
from gateway.store.ports import KEYED_SECONDS, LEASE_SECONDS, Begun, RecordKey
from gateway.store.transitions import Row, State

Columns = tuple[bytes, bytes, str, bytes | None, bytes | None, str | None, int | None, float, bytes | None]

# The words in files, those of former releases among them.
_STATES = {"begun": State.BEGUN, "settled": State.RECOVERED, "done": State.DONE}
_WORDS = {state: word for word, state in _STATES.items()}

MOST_LEASES = 1000
"""Leases that are remembered before those that are over are looked for."""

_COLUMNS = "key, arguments, state, answer, player, skus, order_id, expires_at, attempt"


class SqliteRecords(LocalRecords):
    """Records in the database; `now` is in Unix seconds.

    Leases are kept in memory: a process that opens the file knows that nobody is at work, so that what was begun before
    is lost, however long ago that was.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], float] = time.time,
        lease_seconds: float = LEASE_SECONDS,
        remembered_seconds: float = KEYED_SECONDS,
    ) -> None:
        self._database = database
        self._clock = now
        self._remembered_seconds = remembered_seconds
        self._leases: dict[bytes, int] = {}
        super().__init__(self._transact, now=now, lease_seconds=lease_seconds, remembered_seconds=remembered_seconds)

    async def begin(self, key: RecordKey, arguments: bytes, attempt: bytes, *, announce: Event | None = None) -> Begun:
        """Make a record before a write is sent, or answer what is there.

        Where it raises, nothing is sent: a record that a slow disk makes all the same is dropped afterwards.
        """
        try:
            return await super().begin(key, arguments, attempt, announce=announce)
        except RecordsFailed:
            with suppress(RecordsFailed):
                self._database.post(lambda connection: _drop(connection, digest("key", *key), attempt))
            raise

    async def _transact(self, work: Callable[[Rows], object]) -> object:
        now = self._clock()

        def transaction(connection: sqlite3.Connection) -> object:
            prune(connection, "idempotency", now)
            self._forget_leases(round(now * 1000))
            return work(_SqliteRows(connection, self._leases, self._remembered_seconds))

        return await self._database.run(transaction)

    def _forget_leases(self, now: int) -> None:
        """Forget leases that are over, once there are many: those of writes whose outcome nobody learnt."""
        if len(self._leases) > MOST_LEASES:
            for key in [key for key, until in self._leases.items() if until <= now]:
                del self._leases[key]


def _drop(connection: sqlite3.Connection, name: bytes, attempt: bytes) -> None:
    connection.execute("DELETE FROM idempotency WHERE key = ? AND attempt = ? AND state = 'begun'", (name, attempt))


class _SqliteRows:
    """The rows within one transaction; used on the database's thread only, as `leases` are."""

    def __init__(self, connection: sqlite3.Connection, leases: dict[bytes, int], remembered_seconds: float) -> None:
        self._connection = connection
        self._leases = leases
        self._remembered = remembered_seconds

    def get(self, key: bytes) -> Record | None:
        found = self._connection.execute(f"SELECT {_COLUMNS} FROM idempotency WHERE key = ?", (key,))  # noqa: S608
        row = found.fetchone()
        return None if row is None else self._record(row)

    def put(self, key: bytes, record: Record) -> None:
        row = record.row
        if row.state is State.BEGUN:
            self._leases[key] = row.lease_until
        else:
            self._leases.pop(key, None)
        values = (
            key,
            row.arguments,
            _WORDS[row.state],
            row.answer or None,
            record.player,
            "\n".join(sorted(record.skus)),
            row.order_id or None,
            row.begun_at / 1000 + self._remembered,
            row.attempt,
        )
        self._connection.execute(
            f"INSERT OR REPLACE INTO idempotency ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            values,
        )

    def remove(self, key: bytes) -> None:
        self._leases.pop(key, None)
        self._connection.execute("DELETE FROM idempotency WHERE key = ?", (key,))

    def of_player(self, player: bytes) -> list[tuple[bytes, Record]]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM idempotency WHERE player = ? ORDER BY expires_at",  # noqa: S608
            (player,),
        )
        return [(row[0], self._record(row)) for row in rows.fetchall()]

    def _record(self, row: Columns) -> Record:
        key, arguments, state, answer, player, skus, order_id, expires_at, attempt = row
        begun_at = round((expires_at - self._remembered) * 1000)
        return Record(
            Row(
                _STATES[state],
                attempt or b"",
                begun_at,
                self._leases.get(key, 0),
                arguments,
                order_id or 0,
                answer or b"",
            ),
            player,
            frozenset(skus.split("\n")) if skus else frozenset(),
        )
