"""The records file: one SQLite database behind a thread of its own, so that the event loop never waits for a disk.

What is asked for while the disk is busy is committed together, with one wait for the disk (group commit).
"""

import asyncio
import logging
import sqlite3
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Any, TypeVar, cast

from gateway.errors import RecordsUnusable
from gateway.errors.internal import RecordsFailed
from gateway.records.file import Migrations, RecordsFile, is_damaged
from gateway.records.migrations import MIGRATIONS
from gateway.telemetry import log
from gateway.telemetry.metrics import Sample

logger = logging.getLogger(__name__)

T = TypeVar("T")

MAX_BYTES = 2**30
BUSY_SECONDS = 5.0
"""How long opening waits for a former process to let go of the file."""

WAIT_SECONDS = 2.0
"""How long a caller waits for the disk."""

MOST_TOGETHER = 200
"""Pieces of work in one transaction."""

MOST_WAITING = 10_000
"""Pieces of work that wait for the disk."""

PRUNED_AT_ONCE = 100
"""Expired rows that one call removes at most: more than a call adds, so that they never pile up."""

Work = Callable[[sqlite3.Connection], Any]
Outcome = tuple[Any, Exception | None]


class RecordsState(Enum):
    """How the last transaction went; `slow` while one is under way that takes longer than callers wait."""

    OK = "ok"
    SLOW = "slow"
    FAILING = "failing"


class Database:
    """A file that one process holds at a time, or a database in memory where no path is given.

    What a piece of work wrote is on the disk when its call returns (write-ahead log, `synchronous = FULL`). The file is
    readable by its owner alone and never grows beyond `max_bytes`. One that turns out to be damaged is set aside and
    replaced by what can be read of it.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        max_bytes: int = MAX_BYTES,
        busy_seconds: float = BUSY_SECONDS,
        wait_seconds: float = WAIT_SECONDS,
        migrations: Migrations = MIGRATIONS,
    ) -> None:
        """Open the file, made where it is missing, and bring its tables up to date. Raises RecordsUnusable."""
        self._file = RecordsFile(path, max_bytes=max_bytes, busy_seconds=busy_seconds, migrations=migrations)
        # Applications that are built and never started do not come to `aclose`.
        self._finalizer = weakref.finalize(self, self._file.close)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="records")
        self._wait_seconds = wait_seconds
        self._waiting: deque[tuple[Work, asyncio.Future[Any]]] = deque()
        self._busy: asyncio.Future[list[Outcome]] | None = None
        self._busy_since = 0.0
        self._is_closed = False
        self._is_failing = False
        self._transactions = self._failures = self._given_up = 0

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` after what was asked for before it, alone or with other work in one transaction.

        It is carried to its end even when the caller is cancelled. What `work` raises undoes what it did and is
        raised here. Raises RecordsFailed for what SQLite raises, when the database was closed, and when the disk takes
        too long; then the work is carried out later all the same, unless the process ends before.
        """
        done = self.post(work)
        await asyncio.wait([done], timeout=self._wait_seconds)
        if not done.done():
            self._given_up += 1
            raise RecordsFailed("the disk takes too long")
        return cast(T, done.result())

    def post(self, work: Work) -> "asyncio.Future[Any]":
        """Ask for work without waiting for it. Raises RecordsFailed when closed, and when too much waits."""
        if self._is_closed:
            raise RecordsFailed("the records are closed")
        if len(self._waiting) >= MOST_WAITING:
            raise RecordsFailed("too much waits for the disk")
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_seen)
        self._waiting.append((work, done))
        self._start()
        return done

    @property
    def state(self) -> RecordsState:
        """How the records are."""
        if self._busy is not None and time.monotonic() - self._busy_since > self._wait_seconds:
            return RecordsState.SLOW
        return RecordsState.FAILING if self._is_failing else RecordsState.OK

    @property
    def trouble(self) -> str | None:
        """The state where it is not `ok`."""
        return None if self.state is RecordsState.OK else self.state.value

    def samples(self) -> Iterator[Sample]:
        """Transactions and failures so far, and how the records are now."""
        yield Sample("gateway_records_up", "1 while records can be written.", self.state is RecordsState.OK)
        yield Sample("gateway_records_waiting", "Pieces of work that wait for the disk.", len(self._waiting))
        yield Sample("gateway_records_transactions", "Transactions that were committed.", self._transactions, True)
        yield Sample("gateway_records_failures", "Transactions that failed.", self._failures, True)
        yield Sample("gateway_records_timeouts", "Callers who gave up waiting for the disk.", self._given_up, True)

    async def aclose(self) -> None:
        """Finish what was asked for, and let go of the file; calling it again is harmless."""
        self._is_closed = True
        while self._busy is not None:
            await asyncio.wait([self._busy])
        if self._finalizer.alive:
            closed = self._thread.submit(self._finalizer)
            self._thread.shutdown(wait=False)
            await asyncio.wrap_future(closed)

    def _start(self) -> None:
        """Begin the next transaction, unless one is under way."""
        if self._busy is not None or not self._waiting:
            return
        batch = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
        self._busy_since = time.monotonic()
        loop = asyncio.get_running_loop()
        self._busy = loop.run_in_executor(self._thread, _transact, self._file, [work for work, _ in batch])
        self._busy.add_done_callback(lambda busy: self._finish([done for _, done in batch], busy))

    def _finish(self, callers: "list[asyncio.Future[Any]]", busy: "asyncio.Future[list[Outcome]]") -> None:
        self._busy = None
        error = busy.exception()
        self._note(error)
        if error is None:
            self._transactions += 1
            outcomes = busy.result()
        else:
            self._failures += 1
            outcomes = [(None, RecordsFailed(str(error)))] * len(callers)
        for done, (result, failure) in zip(callers, outcomes, strict=True):
            if failure is None:
                done.set_result(result)
            else:
                done.set_exception(failure)
        self._start()

    def _note(self, error: BaseException | None) -> None:
        """Remember how a transaction went; log it where the last one went otherwise."""
        if error is not None and not self._is_failing:
            log.event(logger, logging.ERROR, "records_failing", reason=str(error))
        elif error is None and self._is_failing:
            log.event(logger, logging.INFO, "records_up")
        self._is_failing = error is not None


def prune(connection: sqlite3.Connection, table: str, now: float) -> None:
    """Remove the longest expired rows of a table that has a column `expires_at` (Unix seconds) and a primary `key`."""
    connection.execute(
        f"DELETE FROM {table} WHERE key IN"  # noqa: S608 - a name from our own code
        f" (SELECT key FROM {table} WHERE expires_at <= ? ORDER BY expires_at LIMIT {PRUNED_AT_ONCE})",
        (now,),
    )


def _transact(file: RecordsFile, together: list[Work]) -> list[Outcome]:
    """Carry out work in one transaction. Raises what concerns all of it."""
    connection = file.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [_attempt(connection, work) for work in together]
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
    except sqlite3.Error as error:
        if is_damaged(error):
            _replace(file, error)
        raise
    return outcomes


def _attempt(connection: sqlite3.Connection, work: Work) -> Outcome:
    """Carry out one piece of work; if it fails, what the others do stays."""
    connection.execute("SAVEPOINT work")
    try:
        outcome: Outcome = work(connection), None
    except Exception as error:
        if is_damaged(error) or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO work")
        outcome = None, RecordsFailed(str(error)) if isinstance(error, sqlite3.Error) else error
    connection.execute("RELEASE work")
    return outcome


def _replace(file: RecordsFile, error: sqlite3.Error) -> None:
    try:
        rows = file.replace_damaged()
    except (RecordsUnusable, OSError, sqlite3.Error) as failed:
        log.event(logger, logging.ERROR, "records_damaged", reason=str(error), not_replaced=str(failed))
    else:
        log.event(logger, logging.ERROR, "records_damaged", reason=str(error), rows_saved=rows)


def _seen(done: "asyncio.Future[Any]") -> None:
    """Read the error of work that nobody waits for any more, so that asyncio does not report it as never read."""
    done.exception()
