"""The records file: durable, private, bounded, and held by one process."""

import asyncio
import os
import signal
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.errors import RecordsUnusable
from gateway.errors.internal import RecordsFailed
from gateway.records.database import MOST_TOGETHER, MOST_WAITING, PRUNED_AT_ONCE, Database, RecordsState, prune

CREATE = "CREATE TABLE notes (key TEXT PRIMARY KEY, expires_at REAL NOT NULL) STRICT, WITHOUT ROWID"
NOTES = ((CREATE,),)
Work = Callable[[sqlite3.Connection], None]


def add(*keys: str, expires_at: float = 0) -> Work:
    def work(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT INTO notes VALUES (?, ?)", [(key, expires_at) for key in keys])

    return work


def keys(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT key FROM notes ORDER BY key")]


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "records.sqlite3")


async def test_what_was_written_is_there_when_the_file_is_opened_again(file: str) -> None:
    first = Database(file, migrations=NOTES)
    await first.run(add("a"))
    await first.aclose()
    second = Database(file, migrations=NOTES)
    assert await second.run(keys) == ["a"]
    await second.aclose()


async def test_without_a_path_everything_is_in_memory() -> None:
    records = Database(migrations=NOTES)
    await records.run(add("a"))
    assert await records.run(keys) == ["a"]
    await records.aclose()


async def test_what_was_written_survives_a_kill(file: str) -> None:
    script = f"""
import asyncio, os, signal
from gateway.errors import RecordsUnusable
from gateway.records.database import Database
async def main():
    records = Database({file!r}, migrations={NOTES!r})
    await records.run(lambda connection: connection.execute("INSERT INTO notes VALUES ('a', 0)"))
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    assert await process.wait() == -signal.SIGKILL
    records = Database(file, migrations=NOTES)
    assert await records.run(keys) == ["a"]
    await records.aclose()


async def test_all_work_runs_on_one_thread_that_is_not_the_loops() -> None:
    records = Database(migrations=NOTES)
    threads = await asyncio.gather(*(records.run(lambda _: threading.get_ident()) for _ in range(5)))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()
    await records.aclose()


async def test_the_file_can_be_read_by_its_owner_alone_even_where_others_could_before(file: str) -> None:
    os.close(os.open(file, os.O_CREAT, 0o644))
    records = Database(file, migrations=NOTES)
    await records.run(add("a"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path(file).parent.iterdir()}
    assert modes == {"records.sqlite3": 0o600, "records.sqlite3-wal": 0o600}
    await records.aclose()
    os.unlink(file)
    await Database(file, migrations=NOTES).aclose()
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600


async def test_commits_wait_for_the_disk(file: str) -> None:
    records = Database(file, migrations=NOTES)
    pragmas = ("journal_mode", "synchronous", "locking_mode")
    found = await records.run(lambda db: [db.execute(f"PRAGMA {one}").fetchone()[0] for one in pragmas])
    assert found == ["wal", 2, "exclusive"]
    await records.aclose()


async def test_work_that_fails_is_undone(file: str) -> None:
    records = Database(file, migrations=NOTES)

    def fail(connection: sqlite3.Connection) -> None:
        add("a")(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await records.run(fail)
    assert await records.run(keys) == []
    await records.aclose()


async def test_an_error_of_the_database_has_our_name() -> None:
    records = Database(migrations=NOTES)
    await records.run(add("a"))
    with pytest.raises(RecordsFailed, match="UNIQUE"):
        await records.run(add("b", "a"))
    assert await records.run(keys) == ["a"]
    await records.aclose()


async def test_work_goes_on_when_its_caller_is_cancelled() -> None:
    records = Database(migrations=NOTES)
    started, release = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        started.set()
        release.wait()
        add("a")(connection)

    caller = asyncio.ensure_future(records.run(slow))
    await asyncio.to_thread(started.wait)
    caller.cancel()
    release.set()
    assert await records.run(keys) == ["a"]
    assert caller.cancelled()
    await records.aclose()


async def test_closing_finishes_what_was_asked_for_and_refuses_what_comes_later(file: str) -> None:
    records = Database(file, migrations=NOTES)
    last = asyncio.ensure_future(records.run(add("a")))
    await asyncio.sleep(0)
    await records.aclose()
    await records.aclose()
    await last
    with pytest.raises(RecordsFailed, match="closed"):
        await records.run(keys)
    again = Database(file, migrations=NOTES)
    assert await again.run(keys) == ["a"]
    await again.aclose()


async def test_a_file_never_grows_beyond_its_bound(file: str) -> None:
    records = Database(file, max_bytes=64 * 1024, migrations=NOTES)
    with pytest.raises(RecordsFailed, match="full"):
        await records.run(add(*(f"{number:0100}" for number in range(1000))))
    await records.run(add("a"))
    assert await records.run(keys) == ["a"]
    await records.aclose()
    assert os.stat(file).st_size <= 64 * 1024


async def test_a_call_removes_a_bounded_number_of_expired_rows_the_oldest_first() -> None:
    records = Database(migrations=NOTES)
    await records.run(add(*(f"old-{number:03}" for number in range(PRUNED_AT_ONCE)), expires_at=9))
    await records.run(add("older", expires_at=8))
    await records.run(add("valid", expires_at=10.5))
    await records.run(lambda connection: prune(connection, "notes", 10))
    assert await records.run(keys) == [f"old-{PRUNED_AT_ONCE - 1:03}", "valid"]
    await records.aclose()


async def test_tables_move_up_to_the_present_version_and_keep_their_rows(file: str) -> None:
    first = Database(file, migrations=NOTES)
    await first.run(add("a"))
    await first.aclose()
    later = (*NOTES, ("ALTER TABLE notes ADD COLUMN text TEXT", "UPDATE notes SET text = 'new'"))
    for _ in range(2):
        records = Database(file, migrations=later)
        assert await records.run(lambda db: db.execute("SELECT key, text FROM notes").fetchall()) == [("a", "new")]
        await records.aclose()


async def test_a_file_of_a_later_version_is_refused(file: str) -> None:
    await Database(file, migrations=(*NOTES, ())).aclose()
    with pytest.raises(RecordsUnusable, match="its version is 2, and this gateway knows 1"):
        Database(file, migrations=NOTES)


async def test_a_migration_that_fails_leaves_the_file_as_it_was(file: str) -> None:
    await Database(file, migrations=NOTES).aclose()
    with pytest.raises(RecordsUnusable, match="syntax error"):
        Database(file, migrations=(*NOTES, ("ALTER TABLE notes ADD COLUMN text TEXT", "NONSENSE")))
    records = Database(file, migrations=NOTES)
    await records.run(add("a"))
    await records.aclose()


async def test_a_file_that_another_gateway_holds_is_refused(file: str) -> None:
    first = Database(file, migrations=NOTES)
    with pytest.raises(RecordsUnusable, match=r"database is locked \(another gateway holds it\)"):
        Database(file, busy_seconds=0, migrations=NOTES)
    await first.run(add("a"))
    await first.aclose()
    await Database(file, busy_seconds=0, migrations=NOTES).aclose()


def test_a_path_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(RecordsUnusable, match=r"missing/records cannot be used: No such file or directory\."):
        Database(str(tmp_path / "missing" / "records"))
    with pytest.raises(RecordsUnusable, match="unable to open database file"):
        Database(str(tmp_path))
    text = tmp_path / "notes.txt"
    text.write_text("not a database " * 100)
    text.chmod(0o644)
    with pytest.raises(RecordsUnusable, match="file is not a database"):
        Database(str(text))
    assert stat.S_IMODE(text.stat().st_mode) == 0o644


class Disk:
    """Work that holds the disk until it is released."""

    def __init__(self) -> None:
        self.started, self.release = threading.Event(), threading.Event()

    def __call__(self, _: sqlite3.Connection) -> None:
        self.started.set()
        self.release.wait()


def figures(records: Database) -> dict[str, float]:
    return {one.name.removeprefix("gateway_records_"): one.value for one in records.samples()}


async def test_what_is_asked_for_while_the_disk_is_busy_is_committed_together() -> None:
    records, disk = Database(migrations=NOTES), Disk()
    first = asyncio.ensure_future(records.run(disk))
    await asyncio.to_thread(disk.started.wait)
    others = [asyncio.ensure_future(records.run(add(f"{number:03}"))) for number in range(MOST_TOGETHER + 1)]
    await asyncio.sleep(0)
    assert figures(records)["waiting"] == MOST_TOGETHER + 1
    disk.release.set()
    await asyncio.gather(first, *others)
    assert figures(records) == {"up": 1, "waiting": 0, "transactions": 3, "failures": 0, "timeouts": 0}
    await records.aclose()


async def test_work_that_fails_costs_nothing_of_what_is_committed_with_it() -> None:
    records, disk = Database(migrations=NOTES), Disk()
    first = asyncio.ensure_future(records.run(disk))
    await asyncio.to_thread(disk.started.wait)
    asked = [asyncio.ensure_future(records.run(add(*given))) for given in (("a",), ("b", "a"), ("c",))]
    disk.release.set()
    outcomes = await asyncio.gather(first, *asked, return_exceptions=True)
    assert [type(one) for one in outcomes] == [type(None), type(None), RecordsFailed, type(None)]
    assert await records.run(keys) == ["a", "c"]
    assert records.state is RecordsState.OK
    await records.aclose()


async def test_a_slow_disk_is_not_waited_for_and_what_was_asked_for_is_done_in_the_end(file: str) -> None:
    records, disk = Database(file, wait_seconds=0.01, migrations=NOTES), Disk()
    for work in (disk, add("a")):
        with pytest.raises(RecordsFailed, match="takes too long"):
            await records.run(work)
    assert records.state is RecordsState.SLOW
    assert figures(records) == {"up": 0, "waiting": 1, "transactions": 0, "failures": 0, "timeouts": 2}
    later = records.post(keys)
    disk.release.set()
    assert await later == ["a"]
    assert figures(records)["up"] == 1
    await records.aclose()


async def test_so_much_waits_for_the_disk_at_most() -> None:
    records, disk = Database(migrations=NOTES), Disk()
    first = records.post(disk)
    waiting = [records.post(add(str(number))) for number in range(MOST_WAITING)]
    with pytest.raises(RecordsFailed, match="too much waits"):
        await records.run(keys)
    disk.release.set()
    await asyncio.gather(first, *waiting)
    await records.aclose()


async def test_a_transaction_that_fails_as_a_whole_shows_in_the_state_until_one_succeeds() -> None:
    records = Database(migrations=NOTES)
    with pytest.raises(RecordsFailed, match="savepoint"):
        await records.run(lambda connection: connection.execute("ROLLBACK"))
    assert records.state is RecordsState.FAILING
    assert figures(records)["failures"] == 1
    await records.run(add("a"))
    assert figures(records)["up"] == 1
    await records.aclose()


ROWS = 1_000


@pytest.fixture
def damaged(file: str) -> str:
    """A file with rows, a page in its middle overwritten."""
    asyncio.run(_filled(file))
    with open(file, "r+b") as opened:
        opened.seek(os.path.getsize(file) // 2 // 4096 * 4096)
        opened.write(b"\xff" * 4096)
    return file


async def _filled(file: str) -> None:
    records = Database(file, migrations=NOTES)
    await records.run(add(*(f"{number:0100}" for number in range(ROWS))))
    await records.aclose()


def patient(file: str) -> Database:
    return Database(file, wait_seconds=60, migrations=NOTES)


async def test_a_damaged_file_is_set_aside_and_replaced_by_what_can_be_read_of_it(
    damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    records = patient(damaged)
    with pytest.raises(RecordsFailed, match="malformed"):
        await records.run(keys)
    found = await records.run(keys)
    assert ROWS * 0.9 < len(found) < ROWS
    assert (found[0], found[-1]) == (f"{0:0100}", f"{ROWS - 1:0100}")
    await records.run(add("a"))
    await records.aclose()
    assert os.access(f"{damaged}.damaged", os.R_OK)
    assert stat.S_IMODE(os.stat(damaged).st_mode) == 0o600
    assert [record.message for record in caplog.records] == ["records_damaged", "records_failing"]


async def test_a_damaged_file_that_cannot_be_set_aside_is_tried_again(
    damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    os.mkdir(f"{damaged}.damaged")
    records = patient(damaged)
    for _ in range(2):
        with pytest.raises(RecordsFailed, match="malformed"):
            await records.run(keys)
    assert records.state is RecordsState.FAILING
    os.rmdir(f"{damaged}.damaged")
    with pytest.raises(RecordsFailed, match="malformed"):
        await records.run(keys)
    assert len(await records.run(keys)) > ROWS * 0.9
    await records.aclose()
    assert [record.message for record in caplog.records] == [
        "records_damaged",
        "records_failing",
        "records_damaged",
        "records_damaged",
    ]


async def test_a_file_that_cannot_be_made_again_at_once_is_made_later(
    damaged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = patient(damaged)
    with monkeypatch.context() as patched:
        patched.setattr("gateway.records.file.sqlite3.connect", _no_connection)
        for reason in ("malformed", "cannot be used"):
            with pytest.raises(RecordsFailed, match=reason):
                await records.run(keys)
    await records.run(add("a"))
    await records.aclose()


async def test_a_file_that_cannot_be_made_again_is_closed_without_it(
    damaged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = patient(damaged)
    monkeypatch.setattr("gateway.records.file.sqlite3.connect", _no_connection)
    with pytest.raises(RecordsFailed, match="malformed"):
        await records.run(keys)
    await records.aclose()


def _no_connection(*_: object, **__: object) -> sqlite3.Connection:
    raise sqlite3.OperationalError("unable to open database file")
