"""Files, restarts, several processes, and what happens when something breaks."""

import asyncio
import gc
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from gateway.sandbox import DatabaseUnusableError, create_sandbox
from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from gateway.sandbox.storage.database import Database
from tests.sandbox.world import Clock, World, connect


def run(app: Starlette, act: Callable[[World], Awaitable[None]]) -> None:
    """Act on an application through a client of its own, in an event loop of its own."""

    async def main() -> None:
        async with connect(app) as client:
            await act(World(app, Clock(), client))

    asyncio.run(main())


class _BusyOnce(sqlite3.Connection):
    """A connection to a file that another process switches to the write-ahead log in the same moment."""

    is_busy = True

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if self.is_busy and "journal_mode" in sql:
            self.is_busy = False
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return super().execute(sql, *values)


def test_a_new_file_that_another_process_switches_at_once_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Real processes meet in this moment only by chance (tests/sandbox/proofs/test_opening.py).
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_BusyOnce))
    database = Database(str(tmp_path / "sandbox.sqlite3"), clock=lambda: 0.0)
    with database.read() as transaction:
        mode = transaction.one("PRAGMA journal_mode")
    database.close()
    assert mode is not None
    assert tuple(mode) == ("wal",)


def test_a_file_keeps_everything(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    tokens: list[str] = []

    async def play(world: World) -> None:
        game = world.game(FRESH_PLAYER)
        await game.claim_offer(1, 1)
        tokens.append((await game.order_offer(1, 2)).json()["token"])

    async def play_on(world: World) -> None:
        game = world.game(FRESH_PLAYER)
        assert (await game.offer_chains())["Wanderer's Path"]["next_step_number"] == 2
        assert "Payment received" in (await world.decide_payment(tokens[0], "pay")).text
        assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 100
        assert len(world.sandbox.projects()) == 2

    for act in (play, play_on):
        app = create_sandbox(path, clock=Clock())
        run(app, act)
        app.state.sandbox.close()


async def test_the_application_s_shutdown_closes_the_file(tmp_path: Path) -> None:
    app = create_sandbox(str(tmp_path / "sandbox.sqlite3"))
    async with app.router.lifespan_context(app):
        assert app.state.sandbox.projects()
    with pytest.raises(sqlite3.ProgrammingError):
        app.state.sandbox.projects()
    app.state.sandbox.close()


def test_a_sandbox_that_nobody_closes_is_closed_with_its_last_user(tmp_path: Path) -> None:
    app = create_sandbox(str(tmp_path / "sandbox.sqlite3"))
    assert sorted(path.name for path in tmp_path.iterdir())[1:] == ["sandbox.sqlite3-shm", "sandbox.sqlite3-wal"]
    del app
    gc.collect()
    assert [path.name for path in tmp_path.iterdir()] == ["sandbox.sqlite3"]


def test_an_empty_sandbox_has_no_projects() -> None:
    app = create_sandbox(seed_demo=False)
    assert app.state.sandbox.projects() == ()
    app.state.sandbox.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear sandbox, " * 100)
    with pytest.raises(DatabaseUnusableError, match=r"letter.txt: file is not a database"):
        create_sandbox(str(path))
    assert path.read_text().startswith("Dear sandbox")


def test_a_file_in_no_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusableError, match="unable to open database file"):
        create_sandbox(str(tmp_path / "nowhere" / "sandbox.sqlite3"))


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "old.sqlite3")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatabaseUnusableError, match="schema version 99, expected 3"):
        create_sandbox(path)


def test_an_exception_undoes_the_whole_transaction() -> None:
    database = Database(":memory:", Clock())
    insert = "INSERT INTO projects VALUES (1, 'one', 'key', 'secret')"
    with pytest.raises(sqlite3.IntegrityError), database.write() as tx:
        assert tx.run(insert) == tx.run(insert)
    with database.read() as tx:
        assert tx.one("SELECT * FROM projects") is None
    database.close()


def test_the_point_ledger_is_append_only() -> None:
    app = create_sandbox(clock=Clock())
    with (
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
        app.state.sandbox.database.write() as tx,
    ):
        tx.run("UPDATE point_ledger SET amount = 1000000")
    app.state.sandbox.close()


def test_fifty_claims_at_once_grant_once_on_one_application() -> None:
    app = create_sandbox(clock=Clock())

    async def claim(world: World) -> None:
        game = world.game(FRESH_PLAYER)
        answers = await asyncio.gather(*(game.claim_offer(1, 1) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] + [422] * 49

    run(app, claim)
    assert app.state.sandbox.inventory(FRESH_PLAYER.id) == {"healing_draught": 3}
    app.state.sandbox.close()


def test_fifty_claims_from_threads_of_two_applications_grant_once(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    apps = [create_sandbox(path, clock=Clock()) for _ in range(2)]
    statuses: list[list[int]] = []
    barrier = threading.Barrier(10)

    def work(app: Starlette) -> None:
        async def main() -> None:
            async with connect(app) as client:
                game = World(app, Clock(), client).game(VETERAN_PLAYER)
                barrier.wait()
                answers = [await act for _ in range(5) for act in (game.claim_offer(1, 3), game.claim_reward(6, 19))]
                statuses.append([answer.status_code for answer in answers])

        asyncio.run(main())

    threads = [threading.Thread(target=work, args=(apps[number % 2],)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = sorted(status for each in statuses for status in each)
    assert flat == [200, 204] + [422] * 98
    owned = apps[0].state.sandbox.inventory(VETERAN_PLAYER.id)
    assert (owned["ember_key"], owned["guild_horn"]) == (2, 1)
    for app in apps:
        app.state.sandbox.close()


def test_an_order_paid_from_many_threads_is_granted_once(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    apps = [create_sandbox(path, clock=Clock()) for _ in range(2)]
    orders: list[int] = []

    async def order(world: World) -> None:
        game = world.game(FRESH_PLAYER)
        await game.claim_offer(1, 1)
        orders.extend([(await game.order_offer(1, 2)).json()["order_id"] for _ in range(2)])

    run(apps[0], order)
    barrier = threading.Barrier(8)

    def pay(app: Starlette, order_id: int) -> None:
        barrier.wait()
        app.state.sandbox.pay(order_id)

    threads = [threading.Thread(target=pay, args=(apps[number % 2], orders[number // 2 % 2])) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    histories = [apps[0].state.sandbox.order_history(order_id) for order_id in orders]
    assert sum("done" in history for history in histories) == 1
    assert apps[0].state.sandbox.inventory(FRESH_PLAYER.id)["wanderer_bundle"] == 1
    for app in apps:
        app.state.sandbox.close()


async def test_a_reader_is_not_held_up_by_another_process_s_write(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    writer, reader = (create_sandbox(path, clock=Clock()) for _ in range(2))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(reader), base_url="http://sandbox.test") as client:
        with writer.state.sandbox.database.write() as tx:
            tx.run("UPDATE chains SET is_enabled = 0")
            page = (await client.get("/api/v2/project/44056/user/offer_chain")).json()
        assert page["total_items_count"] == 4
        assert (await client.get("/api/v2/project/44056/user/offer_chain")).json()["total_items_count"] == 0
    for app in (writer, reader):
        app.state.sandbox.close()
