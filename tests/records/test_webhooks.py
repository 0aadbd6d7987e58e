"""Which webhooks are known, and for how long."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gateway.errors.internal import RecordsFailed
from gateway.records.database import Database
from gateway.records.webhooks import REMEMBERED_SECONDS, WebhookTable
from tests.support.clock import Clock

T = TypeVar("T")


async def test_a_key_is_known_once_it_was_remembered_and_until_its_time_is_over() -> None:
    clock, database = Clock(), Database()
    records = WebhookTable(database, now=clock)
    assert not await records.knows(b"a")
    await records.remember(b"a")
    await records.remember(b"a")
    clock.advance(REMEMBERED_SECONDS - 1)
    assert [await records.knows(key) for key in (b"a", b"b")] == [True, False]
    clock.advance(1)
    assert not await records.knows(b"a")
    await database.aclose()


async def test_what_was_remembered_survives_a_restart(tmp_path: Path) -> None:
    clock, path = Clock(), str(tmp_path / "records.sqlite3")
    database = Database(path)
    await WebhookTable(database, now=clock).remember(b"a")
    await database.aclose()
    database = Database(path)
    assert await WebhookTable(database, now=clock).knows(b"a")
    await database.aclose()


async def test_only_the_latest_are_remembered_and_none_that_are_over() -> None:
    clock, database = Clock(), Database()
    records = WebhookTable(database, now=clock, most_remembered=3)
    for key in (b"a", b"b", b"c", b"d"):
        await records.remember(key)
    assert [await records.knows(key) for key in (b"a", b"b", b"c", b"d")] == [False, True, True, True]
    clock.advance(REMEMBERED_SECONDS)
    await records.remember(b"e")
    assert await database.run(lambda connection: connection.execute("SELECT key FROM webhooks").fetchall()) == [(b"e",)]
    await database.aclose()


async def test_keys_that_come_together_are_written_in_two_goes_however_many() -> None:
    goes = 0

    class Counting(Database):
        async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
            nonlocal goes
            goes += 1
            return await super().run(work)

    database = Counting()
    records = WebhookTable(database, now=Clock())
    keys = [bytes([number]) for number in range(100)]
    await asyncio.gather(*map(records.remember, keys))
    assert goes == 2
    assert all([await records.knows(key) for key in keys])
    await database.aclose()


async def test_when_writing_fails_all_who_wait_for_it_know_and_the_next_may_succeed() -> None:
    class Failing(Database):
        is_broken = True

        async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
            if self.is_broken:
                raise RecordsFailed("the disk is full")
            return await super().run(work)

    database = Failing()
    records = WebhookTable(database, now=Clock())
    outcomes = await asyncio.gather(*(records.remember(key) for key in (b"a", b"b", b"c")), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [RecordsFailed] * 3
    database.is_broken = False
    await records.remember(b"d")
    assert [await records.knows(key) for key in (b"a", b"d")] == [False, True]
    await database.aclose()


def test_it_is_longer_than_the_vendor_repeats() -> None:
    assert REMEMBERED_SECONDS > 48 * 3_600
