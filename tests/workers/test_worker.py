"""A worker process, as it sees itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from gateway.errors import UsageError
from gateway.server.draining_server import DrainingServer
from gateway.server.listener import Listener, listen_for_each, url
from gateway.server.serve import uvicorn_config
from gateway.workers.worker import REPLACED, Seat, SlotFigures, Worker, work
from tests.support.raw_client import Echo, connected

BOTH_READY = [SlotFigures(True, 0), SlotFigures(True, 0)]
OTHER_GONE = [SlotFigures(True, 0), SlotFigures(False, 1)]


class Running:
    """Worker 0 of two in this process, its server, and the supervisor's end of its connection."""

    def __init__(self, worker: Worker, server: DrainingServer, supervisor: Connection, rows: list[Listener]) -> None:
        self.worker = worker
        self.server = server
        self.supervisor = supervisor
        self.rows = rows
        self.told_to_stop = asyncio.Event()
        self.is_replaced = False
        worker.control([server], self._stop)

    def _stop(self, *, is_replaced: bool = False) -> None:
        self.is_replaced = is_replaced
        self.told_to_stop.set()

    async def ask(self, figures: list[SlotFigures]) -> object:
        """Ask as the supervisor does; gives the answer."""
        self.supervisor.send(figures)
        answer = await asyncio.to_thread(self.supervisor.recv)
        if self.worker._standing_in is not None:
            await self.worker._standing_in
        return answer


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    ours, theirs = Pipe()
    config = uvicorn_config(Echo())
    config.load()
    server = DrainingServer(config, None, None)
    server.lifespan = config.lifespan_class(config)
    rows = listen_for_each(2, "127.0.0.1", 0)
    await server.startup(rows[0].sockets)
    yield Running(Worker(Seat(0, tmp_path, [rows]), theirs), server, ours, rows)
    loop = asyncio.get_running_loop()
    loop.remove_reader(theirs.fileno())
    loop.remove_signal_handler(signal.SIGTERM)
    for one in server.servers:
        one.close()
    for row in rows:
        row.__exit__(None, None, None)
    ours.close()
    theirs.close()


async def test_it_tells_whether_it_is_ready(running: Running) -> None:
    assert await running.ask(BOTH_READY) is False
    running.worker.announce()
    assert await running.ask(OTHER_GONE) is True
    assert running.worker.all == OTHER_GONE


async def test_sigterm_stops_it_however_often_it_comes(running: Running) -> None:
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
        await running.told_to_stop.wait()
    assert await running.ask(BOTH_READY) is False


async def test_it_stops_when_the_supervisor_is_gone(running: Running) -> None:
    running.supervisor.close()
    await running.told_to_stop.wait()
    assert not running.is_replaced


async def test_it_stops_when_it_is_replaced(running: Running) -> None:
    running.supervisor.send(REPLACED)
    await running.told_to_stop.wait()
    assert running.is_replaced


async def until_answered(running: Running, count: int) -> None:
    """Open connections, which go to either worker's sockets by chance, and wait until each is answered."""
    for _ in range(count):
        async with connected(url(running.rows[0])) as client:
            client.send(b"GET / HTTP/1.1", b"Connection: close")
            assert (await client.response())[0] == 200


async def test_connections_to_a_worker_that_is_gone_are_accepted(running: Running) -> None:
    running.worker.announce()
    await running.ask(OTHER_GONE)
    await until_answered(running, 20)
    assert len(running.server.servers) == 2
    await running.ask(OTHER_GONE)
    assert len(running.server.servers) == 2
    await running.ask(BOTH_READY)
    assert len(running.server.servers) == 1


async def test_a_server_that_ends_accepts_no_more_for_others(running: Running) -> None:
    running.worker.announce()
    running.server.should_exit = True
    await running.ask(OTHER_GONE)
    assert len(running.server.servers) == 1


async def test_one_that_still_stands_in_is_not_told_twice(running: Running) -> None:
    running.worker.announce()
    await running.ask(BOTH_READY)
    going_on = asyncio.get_running_loop().create_future()
    running.worker._standing_in = asyncio.ensure_future(_wait(going_on))
    task = running.worker._standing_in
    running.supervisor.send(OTHER_GONE)
    await asyncio.to_thread(running.supervisor.recv)
    assert running.worker._standing_in is task
    going_on.set_result(None)
    await task


async def _wait(future: asyncio.Future[None]) -> None:
    await future


@pytest.fixture
def pipe() -> Iterator[tuple[Connection, Connection]]:
    ours, theirs = Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_its_job_says_how_it_ends(pipe: tuple[Connection, Connection], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        work(lambda worker: worker.seat.number, Seat(7, tmp_path, []), pipe[1])
    assert ended.value.code == 7


def test_what_is_wrong_with_the_settings_is_told(pipe: tuple[Connection, Connection], tmp_path: Path) -> None:
    def refuse(_: Worker) -> int:
        raise UsageError("Set another port.")

    with pytest.raises(SystemExit) as ended:
        work(refuse, Seat(0, tmp_path, []), pipe[1])
    assert (ended.value.code, pipe[0].recv()) == (2, "Set another port.")
