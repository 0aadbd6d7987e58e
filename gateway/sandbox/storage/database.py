"""The sandbox's one SQLite connection and the transactions made on it.

Every call is a handful of indexed queries of some microseconds each, so they run on the event loop's thread: handing
them to a thread pool would cost more than it saves. One connection serialises the callers of a process, and SQLite
itself those of several processes on one file.
"""

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from time import monotonic, sleep

SCHEMA_VERSION = 3
_BUSY_SECONDS = 5.0
_SWITCH_PAUSE_SECONDS = 0.01
_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


class DatabaseUnusableError(Exception):
    """The given file cannot be opened, is not a database, or was written by another version of the sandbox."""


class Transaction:
    """One unit of work; its time is fixed, so every row and rule of one call sees the same instant."""

    __slots__ = ("_connection", "now")

    def __init__(self, connection: sqlite3.Connection, now: float) -> None:
        """Wrap a connection on which a transaction was begun; `now` is in seconds since 1970."""
        self._connection = connection
        self.now = now

    def all(self, sql: str, **values: object) -> list[sqlite3.Row]:
        """Run a query with `:name` parameters and return its rows."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, **values: object) -> sqlite3.Row | None:
        """Run a query with `:name` parameters and return its first row, or None when it has none."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, **values: object) -> int:
        """Run a statement with `:name` parameters and return the id of the row that it inserted."""
        return self._connection.execute(sql, values).lastrowid or 0


class Database:
    """A file (write-ahead log, so that readers never wait for a writer) or, as ":memory:", a temporary database."""

    def __init__(self, path: str, clock: Callable[[], float]) -> None:
        """Open the database and create what it lacks; raises DatabaseUnusableError."""
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        # Re-entrant, so that a transaction within a transaction is an error of SQLite's and not a deadlock.
        self._lock = threading.RLock()
        try:
            # The thread that builds the application is often not the one that serves it.
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise DatabaseUnusableError(f"{path}: {error}") from error
        # In-process transports never run an application's shutdown; this closes the file with the last reference.
        self._finalizer = weakref.finalize(self, connection.close)
        self._connection = connection
        try:
            self._prepare(path)
        except sqlite3.Error as error:
            self.close()
            raise DatabaseUnusableError(f"{path}: {error}") from error

    def _prepare(self, path: str) -> None:
        self._connection.row_factory = sqlite3.Row
        self._switch_to_write_ahead_log()
        for pragma in _PRAGMAS:
            self._connection.execute(pragma)
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            self.close()
            raise DatabaseUnusableError(f"{path}: schema version {version}, expected {SCHEMA_VERSION}")
        self._connection.executescript(files(__package__).joinpath("schema.sql").read_text("utf-8"))

    def _switch_to_write_ahead_log(self) -> None:
        # Two processes that open one new file switch at once, and SQLite's busy timeout does not cover the switch.
        deadline = monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                    raise
                sleep(_SWITCH_PAUSE_SECONDS)
            else:
                return

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction for queries: all of them see one state of the database."""
        with self._transaction("BEGIN") as transaction:
            yield transaction

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a transaction that no other writer can come between; an exception undoes all of it."""
        # Taking the write lock at once: a lock taken at the first write could find its reads outdated.
        with self._transaction("BEGIN IMMEDIATE") as transaction:
            yield transaction
        for listener in tuple(self._listeners):
            listener()

    @contextmanager
    def watched(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call `listener` after each write of this process, in the thread that wrote, until the context ends."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        with self._lock:
            self._connection.execute(begin)
            try:
                yield Transaction(self._connection, self._now())
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def _now(self) -> float:
        # Read each time: another process on the same file may have moved the clock.
        offset: float = self._connection.execute("SELECT offset_seconds FROM clock").fetchone()[0]
        return self._clock() + offset

    def close(self) -> None:
        """Close the file; harmless when it is closed already."""
        self._finalizer()
