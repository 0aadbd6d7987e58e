"""`gateway serve --workers 2`, as an operator runs it."""

import asyncio
import json
import signal
import tempfile
import time
from contextlib import AsyncExitStack, closing
from pathlib import Path

import httpx
import pytest

from gateway import sandbox
from gateway.commands.cli import main
from tests.support.commands import ask, first_line, running, start
from tests.support.store_servers import REDIS
from tests.support.websocket_client import CHANGES
from tests.support.worker_fleet import Buyers, NewConnections, Store, is_alive, kill, until, worker_fleet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(REDIS is None, reason="there is no redis-server"),
]

CLIENTS = 8
CONNECTIONS = 300


async def test_each_worker_tells_of_all_and_a_killed_one_is_replaced() -> None:
    async with worker_fleet() as fleet:

        async def both_are_ready() -> bool:
            return await fleet.figures("gateway_workers") == {"0": 1, "1": 1}

        await until(both_are_ready)
        before = fleet.workers
        assert len(before) == 2
        load = NewConnections(fleet.url)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.go_on())

            async def all_have_answered() -> bool:
                return all((await fleet.figures("gateway_operation_seconds_count")).values())

            await until(all_have_answered)
            load.is_over = True
        assert load.ended.keys() == {"answered"}
        await kill(before[1])

        async def it_is_replaced() -> bool:
            return await fleet.figures("gateway_worker_restarts_total") == {"0": 0, "1": 1} and await both_are_ready()

        await until(it_is_replaced)
        assert len(fleet.workers) == 2
        assert before[0] in fleet.workers
        orphans = fleet.workers
        await kill(fleet.process.pid)

        async def the_others_end_too() -> bool:
            return not any(is_alive(one) for one in orphans)

        _, errors = await fleet.process.communicate()
        await until(the_others_end_too)
        lines = [json.loads(line) for line in errors.splitlines()]
        assert {one.get("worker") for one in lines if one["event"] == "request"} == {0, 1}
        assert {one["level"] for one in lines if one["event"] == "worker_died"} == {"ERROR"}


async def test_settings_that_no_worker_can_start_with_end_all(tmp_path: Path) -> None:
    file = str(tmp_path / "missing" / "records.sqlite3")
    with closing(Store()) as store:
        settings = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0", "GATEWAY_LOG_LEVEL": "error"}
        process = await start(
            "serve", "--workers", "2", GATEWAY_RECORDS_FILE=file, GATEWAY_STORE_URL=store.url, **settings
        )
        printed, errors = await process.communicate()
    assert (process.returncode, printed) == (2, b"")
    assert f"gateway: The records file {file} cannot be used" in errors.decode()


def test_a_folder_for_temporary_files_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store()) as store:
        settings = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0", "GATEWAY_STORE_URL": store.url}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
        monkeypatch.setattr(tempfile, "tempdir", None)
        assert main(["serve", "--workers", "2"]) == 2
    assert "gateway: Workers need a folder for temporary files" in capsys.readouterr().err


async def test_the_demo_has_workers_and_a_store_of_its_own() -> None:
    arguments = ("demo", "--port", "0", "--sandbox-port", "0", "--json", "--workers", "2")
    async with running(*arguments) as process, httpx.AsyncClient(timeout=60) as http:
        facts = json.loads(await first_line(process))
        token = facts["players"][0]["token"]
        viewer = (await ask(facts["graphql_url"], "{ viewer { isSignedIn } }", token))["data"]["viewer"]
        assert viewer == {"isSignedIn": True}
        assert (await http.get(facts["sandbox_url"])).status_code == 200
        assert token in (await http.get(facts["graphiql_url"])).text


async def test_no_connection_and_no_order_is_lost_or_made_twice_while_workers_are_replaced() -> None:
    async with worker_fleet(GATEWAY_LOG_LEVEL="info") as fleet:
        before = fleet.workers
        load, buyers = NewConnections(fleet.url), Buyers(fleet.url)
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(load.go_on())
            group.create_task(buyers.go_on("buyer"))

            async def all_are_replaced() -> bool:
                workers = fleet.workers
                return len(workers) == 2 and not set(before) & set(workers) and load.ended.total() >= CONNECTIONS

            fleet.process.send_signal(signal.SIGHUP)
            await until(all_are_replaced)
            load.is_over = buyers.is_over = True
        assert load.ended.keys() == {"answered"}
        assert len(set(buyers.orders)) == len(buyers.orders) > 1
        begun_at = time.monotonic()
        fleet.process.send_signal(signal.SIGTERM)
        _, errors = await fleet.process.communicate()
        assert time.monotonic() - begun_at < 12
        assert fleet.process.returncode == 0, errors.decode()
        events = [json.loads(line) for line in errors.splitlines()]
        assert [one for one in events if one["level"] == "ERROR"] == []


async def test_every_worker_takes_the_stream_tokens_of_every_other() -> None:
    async with worker_fleet(GATEWAY_PLAYER_STREAMS="off") as fleet, AsyncExitStack() as streams:
        token = sandbox.mint_token("listener", now=time.time())
        answer = await fleet.http.post(f"{fleet.url}/stream-token", headers={"authorization": f"Bearer {token}"})
        address = httpx.URL(fleet.url, params={"query": CHANGES, "streamToken": answer.json()["streamToken"]})

        async def each_has_one() -> bool:
            # A new connection each time, which any worker may take.
            http = await streams.enter_async_context(httpx.AsyncClient(timeout=60))
            stream = http.stream("GET", address, headers={"accept": "text/event-stream"})
            assert (await streams.enter_async_context(stream)).status_code == 200
            return all((await fleet.figures("gateway_connections")).values())

        await until(each_has_one)
