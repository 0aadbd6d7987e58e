"""The records file: one SQLite database behind a thread of its own, so that the event loop never waits for a disk."""

import asyncio
import os
import sqlite3
import stat
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from gateway.errors import RecordsUnusable
from gateway.errors.internal import RecordsFailed
from gateway.records.migrations import MIGRATIONS

T = TypeVar("T")

IN_MEMORY = ":memory:"
MAX_BYTES = 2**30
BUSY_SECONDS = 5.0
"""How long opening waits for a former process to let go of the file."""

PRUNED_AT_ONCE = 100
"""Expired rows that one call removes at most: more than a call adds, so that they never pile up."""

_PAGE_BYTES = 4096
_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR


class Database:
    """A file that one process holds at a time, or a database in memory where no path is given.

    What a transaction wrote is on the disk when its call returns (write-ahead log, `synchronous = FULL`). The file is
    readable by its owner alone and never grows beyond `max_bytes`.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        max_bytes: int = MAX_BYTES,
        busy_seconds: float = BUSY_SECONDS,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
    ) -> None:
        """Open the file, made where it is missing, and bring its tables up to date. Raises RecordsUnusable."""
        self._connection = _open(path or IN_MEMORY, max_bytes, busy_seconds, migrations)
        # Applications that are built and never started do not come to `aclose`.
        self._finalizer = weakref.finalize(self, self._connection.close)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="records")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction of its own, after those that were asked for before it.

        It is carried to its end even when the caller is cancelled. What `work` raises undoes the transaction and is
        raised here. Raises RecordsFailed for what SQLite raises, and when the database was closed.
        """
        try:
            future = self._thread.submit(_transact, self._connection, work)
        except RuntimeError:
            raise RecordsFailed("the records are closed") from None
        return await asyncio.shield(asyncio.wrap_future(future))

    async def aclose(self) -> None:
        """Finish the transactions that were asked for, and let go of the file; calling it again is harmless."""
        if self._finalizer.alive:
            closed = self._thread.submit(self._finalizer)
            self._thread.shutdown(wait=False)
            await asyncio.wrap_future(closed)


def prune(connection: sqlite3.Connection, table: str, now: float) -> None:
    """Remove the longest expired rows of a table that has a column `expires_at` (Unix seconds) and a primary `key`."""
    connection.execute(
        f"DELETE FROM {table} WHERE key IN"  # noqa: S608 - a name from our own code
        f" (SELECT key FROM {table} WHERE expires_at <= ? ORDER BY expires_at LIMIT {PRUNED_AT_ONCE})",
        (now,),
    )


def _transact(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
    except sqlite3.Error as error:
        raise RecordsFailed(str(error)) from error
    return result


def _open(path: str, max_bytes: int, busy_seconds: float, migrations: Sequence[Sequence[str]]) -> sqlite3.Connection:
    try:
        _make(path)
        # Made here, used on the thread of its own, and closed wherever the last reference goes.
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from None
    try:
        _prepare(connection, path, max_bytes)
        _migrate(connection, migrations)
    except (RecordsUnusable, OSError, sqlite3.Error) as error:
        connection.close()
        raise _unusable(path, error) from None
    return connection


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


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
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
