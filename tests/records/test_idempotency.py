"""The idempotency records, on a real database."""

from collections.abc import AsyncIterator

import pytest

from gateway.records.database import PRUNED_AT_ONCE, Database
from gateway.records.idempotency import REMEMBERED_SECONDS, IdempotencyTable, RecordedWrite
from tests.support.clock import Clock

ARGUMENTS = b"arguments"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    database = Database()
    yield database
    await database.aclose()


@pytest.fixture
def records(database: Database, clock: Clock) -> IdempotencyTable:
    return IdempotencyTable(database, now=clock)


async def count(database: Database) -> int:
    found: int = await database.run(lambda db: db.execute("SELECT count(*) FROM idempotency").fetchone()[0])
    return found


async def test_the_first_who_begins_makes_the_record_and_the_next_one_finds_it(records: IdempotencyTable) -> None:
    assert await records.begin(b"k", ARGUMENTS) is None
    assert await records.begin(b"k", b"others") == RecordedWrite(ARGUMENTS)
    assert await records.begin(b"other", b"others") is None


async def test_a_record_keeps_its_draft_and_then_its_answer(records: IdempotencyTable) -> None:
    await records.begin(b"k", ARGUMENTS)
    await records.checkpoint(b"k", b"checkpoint")
    assert await records.begin(b"k", ARGUMENTS) == RecordedWrite(ARGUMENTS, answer=b"checkpoint")
    await records.finish(b"k", b"answer")
    assert await records.begin(b"k", ARGUMENTS) == RecordedWrite(ARGUMENTS, is_done=True, answer=b"answer")


async def test_a_dropped_record_lets_the_key_begin_anew(records: IdempotencyTable) -> None:
    await records.begin(b"k", ARGUMENTS)
    await records.drop(b"k")
    assert await records.begin(b"k", ARGUMENTS) is None


async def test_a_record_is_remembered_for_a_day_from_its_beginning(records: IdempotencyTable, clock: Clock) -> None:
    await records.begin(b"k", ARGUMENTS)
    clock.advance(60)
    await records.finish(b"k", b"answer")
    clock.advance(REMEMBERED_SECONDS - 61)
    assert await records.begin(b"k", ARGUMENTS) is not None
    clock.advance(1)
    assert await records.begin(b"k", b"others") is None
    assert await records.begin(b"k", b"others") == RecordedWrite(b"others")


async def test_expired_records_leave_as_new_ones_come(
    records: IdempotencyTable, clock: Clock, database: Database
) -> None:
    for number in range(PRUNED_AT_ONCE + 5):
        await records.begin(f"k{number}".encode(), ARGUMENTS)
    clock.advance(REMEMBERED_SECONDS)
    await records.begin(b"new", ARGUMENTS)
    assert await count(database) == 6
    await records.begin(b"newer", ARGUMENTS)
    assert await count(database) == 2


# Lost orders, brought by webhooks


async def lost(records: IdempotencyTable, key: bytes, player: str, *skus: str) -> None:
    await records.begin(key, ARGUMENTS)
    await records.expect_order(key, player, skus)


async def orders(records: IdempotencyTable, *keys: bytes) -> list[int | None]:
    found = [await records.begin(key, ARGUMENTS) for key in keys]
    return [one.order_id if one else None for one in found]


async def test_an_order_goes_to_its_players_oldest_lost_one_with_these_items(
    records: IdempotencyTable, clock: Clock
) -> None:
    await lost(records, b"ben", "ben", "box")
    await lost(records, b"other", "ann", "hat")
    await lost(records, b"second", "ann", "box")
    clock.advance(-1)
    await lost(records, b"first", "ann", "box")
    assert await records.assign_order("ann", 641, ["gem", "box"]) is True
    assert await orders(records, b"ben", b"other", b"first", b"second") == [None, None, 641, None]
    assert await records.assign_order("ann", 642, ["box"]) is True
    assert await orders(records, b"first", b"second") == [641, 642]
    assert await records.assign_order("ann", 643, ["box"]) is False


async def test_telling_of_an_order_again_changes_nothing(records: IdempotencyTable) -> None:
    await lost(records, b"first", "ann", "box")
    await lost(records, b"second", "ann", "box")
    assert [await records.assign_order("ann", 641, ["box"]) for _ in range(2)] == [True, False]
    assert sorted(await orders(records, b"first", b"second"), key=str) == [641, None]


async def test_an_order_of_a_part_of_the_items_or_of_nobody_is_nobodys(records: IdempotencyTable) -> None:
    await lost(records, b"k", "ann", "box", "hat")
    assert await records.assign_order("ann", 641, ["box"]) is False
    assert await records.assign_order("cleo", 641, ["box", "hat"]) is False
    assert await orders(records, b"k") == [None]


async def test_a_lost_order_that_is_forgotten_gets_none(records: IdempotencyTable, clock: Clock) -> None:
    await lost(records, b"k", "ann", "box")
    clock.advance(REMEMBERED_SECONDS)
    assert await records.assign_order("ann", 641, ["box"]) is False
