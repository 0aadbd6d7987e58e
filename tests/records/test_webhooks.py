"""Which webhooks are known, and for how long."""

from pathlib import Path

from gateway.records.database import Database
from gateway.records.webhooks import REMEMBERED_SECONDS, WebhookTable
from tests.clock import Clock


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


def test_it_is_longer_than_the_vendor_repeats() -> None:
    assert REMEMBERED_SECONDS > 48 * 3_600
