"""The records file itself: how it is opened, brought up to date, and replaced once it is damaged."""

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from typing import Any

from gateway.errors import RecordsUnusable

IN_MEMORY = ":memory:"
DAMAGED = ".damaged"
"""What is put behind the name of a damaged file, which is kept so that operators can look at it."""

_PAGE_BYTES = 4096
_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR
_PARTS = ("", "-wal", "-shm")

Migrations = Sequence[Sequence[str]]


class RecordsFile:
    """An open file, or a database in memory; used on one thread at a time."""

    def __init__(self, path: str | None, *, max_bytes: int, busy_seconds: float, migrations: Migrations) -> None:
        """Open the file, made where it is missing, and bring its tables up to date. Raises RecordsUnusable."""
        self._path = path or IN_MEMORY
        self._max_bytes = max_bytes
        self._busy_seconds = busy_seconds
        self._migrations = migrations
        self._opened: sqlite3.Connection | None = self._open()

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file; opened again if replacing it failed halfway. Raises RecordsUnusable."""
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def close(self) -> None:
        """Let go of the file."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def replace_damaged(self) -> int:
        """Set the damaged file aside, and go on with a new one that has what can still be read; gives how many rows.

        Raises RecordsUnusable, OSError and sqlite3.Error; what is left then is opened again next time.
        """
        self.close()
        aside = self._path + DAMAGED
        for part in _PARTS:
            with suppress(FileNotFoundError):
                os.replace(self._path + part, aside + part)
        with closing(sqlite3.connect(aside)) as damaged:
            self.connection.execute("BEGIN IMMEDIATE")
            rows = sum(self._copy(damaged, table) for table in _tables(self.connection))
            self.connection.execute("COMMIT")
        return rows

    def _copy(self, damaged: sqlite3.Connection, table: str) -> int:
        width = len(self.connection.execute(f"PRAGMA table_info({table})").fetchall())
        statement = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * width)})"  # noqa: S608 - our own names
        for order in ("ASC", "DESC"):
            # Up to the damaged page from both ends: the first column is the primary key.
            for row in _readable(damaged, f"SELECT * FROM {table} ORDER BY 1 {order}"):  # noqa: S608
                self.connection.execute(statement, row)
        count: int = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        return count

    def _open(self) -> sqlite3.Connection:
        path = self._path
        try:
            _make(path)
            # Made here, used on the thread of its own, and closed wherever the last reference goes.
            connection = sqlite3.connect(
                path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, error) from None
        try:
            _prepare(connection, path, self._max_bytes)
            _migrate(connection, self._migrations)
        except (RecordsUnusable, OSError, sqlite3.Error) as error:
            connection.close()
            raise _unusable(path, error) from None
        return connection


def is_damaged(error: Exception) -> bool:
    """Whether an error says that the file itself is damaged, so that trying again is of no use."""
    codes = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in codes


def _tables(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]


def _readable(connection: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    with suppress(sqlite3.Error):
        yield from connection.execute(query)


def _make(path: str) -> None:
    """Make a missing file before SQLite does: with its own rights, which the log beside it inherits."""
    if path != IN_MEMORY and not os.path.exists(path):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))


def _prepare(connection: sqlite3.Connection, path: str, max_bytes: int) -> None:
    # Rights are taken from others once it is certain that this is a database.
    connection.execute("PRAGMA schema_version")
    if path != IN_MEMORY:
        os.chmod(path, _OWNER_ONLY)
    # A record that says "under way" means another process died only if no other process can be at work.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA max_page_count = {max_bytes // _PAGE_BYTES}")


def _migrate(connection: sqlite3.Connection, migrations: Migrations) -> None:
    connection.execute("BEGIN EXCLUSIVE")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(migrations):
        raise RecordsUnusable(f"its version is {version}, and this gateway knows {len(migrations)}")
    for statements in migrations[version:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(migrations)}")
    connection.execute("COMMIT")


def _unusable(path: str, error: Exception) -> RecordsUnusable:
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    hint = " (another gateway holds it)" if "locked" in reason else ""
    return RecordsUnusable(f"The records file {path} cannot be used: {reason}{hint}.")
