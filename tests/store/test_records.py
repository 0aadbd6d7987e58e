"""Records of writes: one contract over every implementation."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from gateway.records.database import Database
from gateway.records.sealing import digest
from gateway.store.local import sqlite_records
from gateway.store.local.memory_records import MemoryRecords
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.ports import Begun, Found, RecordKey, RecordStore
from tests.support.clock import Clock
from tests.support.store_records import ARGUMENTS, DAY, KEY, ME, OTHER, YOU
from tests.support.store_servers import a_fleet

INSERT = "INSERT INTO idempotency (key, arguments, state, expires_at) VALUES (?, ?, 'begun', ?)"
LEASE = 10.0


@dataclass
class Case:
    """An implementation, and a way to let its time pass."""

    records: RecordStore
    pass_time: Callable[[float], Awaitable[None]]


@pytest.fixture(params=["sqlite", "memory", "redis"])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    clock = Clock()

    async def advance(seconds: float) -> None:
        clock.advance(seconds)

    if request.param == "memory":
        yield Case(MemoryRecords(now=clock, remembered_seconds=DAY), advance)
    elif request.param == "sqlite":
        database = Database()
        yield Case(SqliteRecords(database, now=clock), advance)
        await database.aclose()
    else:
        async with a_fleet(request.getfixturevalue("server")) as fleet:
            yield Case(await fleet.records(), fleet.pass_time)


async def test_the_first_may_send_and_others_wait_until_the_answer_is_there(case: Case) -> None:
    records = case.records
    assert await records.begin(KEY, ARGUMENTS, ME) == Begun(Found.MINE, ME)
    assert await records.begin(KEY, ARGUMENTS, YOU) == Begun(Found.BUSY, ME)
    assert await records.finish(KEY, ME, b"answer")
    assert await records.begin(KEY, ARGUMENTS, YOU) == Begun(Found.DONE, ME, b"answer")
    assert await records.begin(KEY, ARGUMENTS, ME) == Begun(Found.DONE, ME, b"answer")


async def test_who_does_not_know_that_it_was_answered_may_ask_again(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    await case.pass_time(LEASE - 1)
    assert (await case.records.begin(KEY, ARGUMENTS, ME)).found is Found.MINE
    await case.pass_time(LEASE - 1)
    assert (await case.records.begin(KEY, ARGUMENTS, YOU)).found is Found.BUSY


async def test_a_key_stands_for_one_write_with_its_arguments(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    assert (await case.records.begin(KEY, OTHER, YOU)).found is Found.CONFLICT
    await case.records.finish(KEY, ME, b"answer")
    found = await case.records.begin(KEY, OTHER, YOU)
    assert (found.found, found.answer) == (Found.CONFLICT, None)


@pytest.mark.parametrize("other", [KEY._replace(kind="credential"), KEY._replace(scope="p-2"), KEY._replace(key="k")])
async def test_other_players_and_keys_have_records_of_their_own(case: Case, other: RecordKey) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    assert (await case.records.begin(other, ARGUMENTS, YOU)).found is Found.MINE


async def test_a_lease_that_is_over_permits_finding_out_and_never_sending(case: Case) -> None:
    records = case.records
    await records.begin(KEY, ARGUMENTS, ME)
    assert await records.checkpoint(KEY, ME, b"checkpoint")
    await case.pass_time(LEASE)
    assert await records.begin(KEY, ARGUMENTS, YOU) == Begun(Found.LOST, ME, b"checkpoint")
    assert await records.recover(KEY, ME, b"found out")
    assert await records.begin(KEY, ARGUMENTS, YOU) == Begun(Found.RECOVERED, ME, b"found out")
    assert await records.recover(KEY, ME, b"found out again")


async def test_a_lease_is_renewed_by_its_holder(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    await case.pass_time(LEASE - 1)
    assert await case.records.renew(KEY, ME)
    await case.pass_time(LEASE - 1)
    assert (await case.records.begin(KEY, ARGUMENTS, YOU)).found is Found.BUSY
    assert not await case.records.recover(KEY, ME, b"too early")


async def test_the_maker_knows_more_than_who_found_out_but_never_changes_an_answer(case: Case) -> None:
    records = case.records
    await records.begin(KEY, ARGUMENTS, ME)
    await case.pass_time(LEASE)
    await records.recover(KEY, ME, b"found out")
    assert not await records.renew(KEY, ME)
    assert not await records.checkpoint(KEY, ME, b"late")
    assert not await records.drop(KEY, ME)
    assert await records.finish(KEY, ME, b"answer")
    assert not await records.finish(KEY, ME, b"another")
    assert not await records.recover(KEY, ME, b"another")
    assert (await records.begin(KEY, ARGUMENTS, YOU)).answer == b"answer"


async def test_no_other_attempt_changes_a_record(case: Case) -> None:
    records = case.records
    await records.begin(KEY, ARGUMENTS, ME)
    changes = [
        records.renew(KEY, YOU),
        records.checkpoint(KEY, YOU, b"x"),
        records.expect_order(KEY, YOU, ["sku"]),
        records.finish(KEY, YOU, b"x"),
        records.recover(KEY, YOU, b"x"),
        records.take_over(KEY, YOU, b"attempt3"),
        records.drop(KEY, YOU),
    ]
    assert [await change for change in changes] == [False] * 7
    assert await records.begin(KEY, ARGUMENTS, YOU) == Begun(Found.BUSY, ME)


async def test_who_takes_over_keeps_the_former_from_sending(case: Case) -> None:
    records = case.records
    await records.begin(KEY, ARGUMENTS, ME)
    assert not await records.take_over(KEY, ME, YOU)
    await case.pass_time(LEASE)
    assert await records.take_over(KEY, ME, YOU)
    assert not await records.take_over(KEY, ME, b"attempt3")
    assert not await records.checkpoint(KEY, ME, b"late")
    assert not await records.finish(KEY, ME, b"late")
    assert await records.checkpoint(KEY, YOU, b"checkpoint")
    await case.pass_time(LEASE)
    # It may have been sent since: from now on there is only finding out.
    assert not await records.take_over(KEY, YOU, b"attempt3")


async def test_a_write_that_was_not_carried_out_leaves_its_key_free(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    assert await case.records.drop(KEY, ME)
    assert not await case.records.drop(KEY, ME)
    assert not await case.records.finish(KEY, ME, b"x")
    assert (await case.records.begin(KEY, OTHER, YOU)).found is Found.MINE


async def test_a_record_is_forgotten_after_a_day_from_its_begin(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    await case.pass_time(DAY - 1)
    await case.records.finish(KEY, ME, b"answer")
    assert (await case.records.begin(KEY, ARGUMENTS, YOU)).found is Found.DONE
    await case.pass_time(1.01)  # its time is over at the end of a millisecond
    assert (await case.records.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE


async def test_a_webhook_brings_the_oldest_lost_order_with_its_items(case: Case) -> None:
    records = case.records
    second = KEY._replace(key="key-2")
    for number, key in enumerate((KEY, second)):
        await records.begin(key, ARGUMENTS, ME)
        assert await records.expect_order(key, ME, ["sword", "shield"]), number
        await case.pass_time(1)
    assert not await records.give_order("p-1", 7, ["sword"])
    assert not await records.give_order("p-2", 7, ["sword", "shield"])
    assert await records.give_order("p-1", 7, ["bundle", "sword", "shield"])
    assert not await records.give_order("p-1", 7, ["bundle", "sword", "shield"])
    await case.pass_time(LEASE)
    assert await records.begin(KEY, ARGUMENTS, YOU) == Begun(Found.LOST, ME, None, 7)
    assert (await records.begin(second, ARGUMENTS, YOU)).order_id is None
    assert await records.give_order("p-1", 8, ["sword", "shield"])
    assert not await records.give_order("p-1", 9, ["sword", "shield"])


async def test_a_lost_order_that_was_forgotten_is_brought_nothing(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    await case.records.expect_order(KEY, ME, ["sword"])
    await case.records.drop(KEY, ME)
    assert not await case.records.give_order("p-1", 7, ["sword"])


async def test_a_recent_write_is_remembered_for_seconds_and_not_while_it_is_under_way() -> None:
    clock = Clock()
    records = MemoryRecords(now=clock, most_records=2)
    await records.begin(KEY, ARGUMENTS, ME)
    clock.advance(6)
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.BUSY
    assert await records.finish(KEY, ME, b"answer")
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE


async def test_the_longest_unused_records_in_memory_leave_first() -> None:
    records = MemoryRecords(now=Clock(), most_records=2)
    for number in range(3):
        await records.begin(KEY._replace(key=str(number)), ARGUMENTS, ME)
    found = [(await records.begin(KEY._replace(key=str(number)), ARGUMENTS, YOU)).found for number in (2, 1, 0)]
    assert found == [Found.BUSY, Found.BUSY, Found.MINE]


async def test_what_a_former_process_began_is_lost_at_once(tmp_path: object) -> None:
    path, clock = f"{tmp_path}/records.sqlite3", Clock()
    first = Database(path)
    await SqliteRecords(first, now=clock).begin(KEY, ARGUMENTS, ME)
    await first.aclose()
    second = Database(path)
    assert await SqliteRecords(second, now=clock).begin(KEY, ARGUMENTS, YOU) == Begun(Found.LOST, ME)
    await second.aclose()


async def test_records_of_former_releases_are_lost_writes_and_can_be_recovered() -> None:
    database, clock = Database(), Clock()
    row = (digest("key", *KEY), ARGUMENTS, clock.now + 100)
    await database.run(lambda db: db.execute(INSERT, row))
    records = SqliteRecords(database, now=clock)
    found = await records.begin(KEY, ARGUMENTS, YOU)
    assert found == Begun(Found.LOST, b"")
    assert await records.recover(KEY, found.attempt, b"found out")
    await database.aclose()


async def test_leases_of_writes_that_nobody_ended_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_records, "MOST_LEASES", 2)
    database, clock = Database(), Clock()
    records = SqliteRecords(database, now=clock)
    for number in range(3):
        await records.begin(KEY._replace(key=str(number)), ARGUMENTS, os.urandom(8))
        clock.advance(4)
    await records.begin(KEY, ARGUMENTS, ME)
    assert len(records._leases) == 3
    await database.aclose()
