"""A new file that another process is using at that very moment."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.sandbox import DatabaseUnusableError
from gateway.sandbox.storage.database import Database
from tests.sandbox.world import Clock


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.sqlite3"


@pytest.fixture
def writer(file: Path) -> Iterator[sqlite3.Connection]:
    """Another writer, before the file has a write-ahead log: no process can switch it meanwhile."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("CREATE TABLE other (number)")
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_a_file_in_use_is_waited_for(file: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            writer.rollback()

    monkeypatch.setattr("gateway.sandbox.storage.database.sleep", pause)
    Database(str(file), Clock()).close()
    assert pauses == [0.01] * 3


@pytest.mark.usefixtures("writer")
def test_a_file_in_use_for_too_long_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.sandbox.storage.database._BUSY_SECONDS", 0.03)
    with pytest.raises(DatabaseUnusableError, match="database is locked"):
        Database(str(file), Clock())
