"""How a server ends: what was sent is answered, clients are told to reconnect, and quiet connections are closed."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from gateway.server import http_shutdown
from gateway.server.draining_server import DrainingServer
from gateway.server.listener import listen, url
from gateway.server.parsing import HEAD
from gateway.server.serve import uvicorn_config
from tests.support.full_intake import FullIntake
from tests.support.raw_client import Echo, Raw, connected

GET = b"GET / HTTP/1.1"
HELD = b"GET /held HTTP/1.1"


async def turn() -> None:
    """Let the event loop do what is due."""
    await asyncio.sleep(0)


class Ending:
    """A server that can be told to end, and the way to it."""

    def __init__(self, server: DrainingServer, echo: Echo, sockets: list[socket.socket], address: str) -> None:
        self.server = server
        self.echo = echo
        self.url = address
        self._sockets = sockets
        self._shutdown: asyncio.Task[None] | None = None

    async def client(self, stack: AsyncExitStack) -> Raw:
        """A connection that has had one response already."""
        raw = await stack.enter_async_context(connected(self.url))
        raw.send(GET)
        _, headers, _ = await raw.response()
        assert "connection" not in headers
        return raw

    async def begin(self) -> None:
        """Begin to end, until connections have been told."""
        self._shutdown = asyncio.ensure_future(self.server.shutdown(self._sockets))
        while any(one.fileno() != -1 for one in self._sockets):
            await turn()

    async def end(self) -> None:
        """Wait for the end, which does not take the time that requests have at most."""
        assert self._shutdown is not None
        async with asyncio.timeout(9):
            await self._shutdown


@pytest.fixture
async def ending() -> AsyncIterator[Ending]:
    async with serving() as running:
        yield running


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as clients:
        yield clients


@asynccontextmanager
async def serving() -> AsyncIterator[Ending]:
    echo = Echo()
    config = uvicorn_config(echo)
    config.load()
    server = DrainingServer(config, None, None)
    server.lifespan = config.lifespan_class(config)
    with listen("127.0.0.1", 0) as listener:
        await server.startup(listener.sockets)
        yield Ending(server, echo, listener.sockets, url(listener))
        for one in server.servers:
            one.close()


@pytest.fixture
def long_quiet_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections may be quiet for as long as a test takes."""
    monkeypatch.setattr(http_shutdown, "QUIET_SECONDS", 60.0)


@pytest.fixture
def short_quiet_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are closed as soon as they are quiet."""
    monkeypatch.setattr(http_shutdown, "QUIET_SECONDS", 0.01)


async def test_a_draining_server_serves_and_has_clients_reconnect(ending: Ending, stack: AsyncExitStack) -> None:
    idle, fresh = await ending.client(stack), await stack.enter_async_context(connected(ending.url))
    running = await ending.client(stack)
    ending.echo.has_come.clear()
    running.send(HELD)
    await ending.echo.has_come.wait()
    ending.server.begin_drain()
    ending.echo.may_answer.set()
    idle.send(GET)
    fresh.send(GET)
    new = await stack.enter_async_context(connected(ending.url))
    new.send(GET)
    for client in (running, idle, fresh, new):
        status, headers, _ = await client.response()
        assert (status, headers["connection"]) == (200, "close")
        await client.until_closed()


@pytest.mark.parametrize("is_replaced", [True, False])
async def test_probes_are_told_of_an_end_unless_another_process_is_there(is_replaced: bool) -> None:
    told: list[bool] = []
    server = DrainingServer(uvicorn_config(Echo()), lambda: told.append(True), None)
    server.begin_drain(is_replaced=is_replaced)
    assert told == ([] if is_replaced else [True])


async def test_only_the_last_of_pipelined_responses_closes(ending: Ending, stack: AsyncExitStack) -> None:
    client = await ending.client(stack)
    ending.echo.has_come.clear()
    client.send(HELD, b"", GET)
    await ending.echo.has_come.wait()
    ending.server.begin_drain()
    client.send(GET, b"", GET)
    ending.echo.may_answer.set()
    closes = ["connection" in (await client.response())[1] for _ in range(4)]
    assert closes == [False, False, False, True]
    await client.until_closed()


async def test_a_client_that_closes_itself_is_not_kept(ending: Ending, stack: AsyncExitStack) -> None:
    client = await ending.client(stack)
    ending.server.begin_drain()
    client.send(GET, b"Connection: close")
    assert (await client.response())[1]["connection"] == "close"
    await client.until_closed()


@pytest.mark.usefixtures("long_quiet_time")
async def test_requests_that_come_while_the_server_ends_are_answered(ending: Ending, stack: AsyncExitStack) -> None:
    idle, fresh = await ending.client(stack), await stack.enter_async_context(connected(ending.url))
    running = await ending.client(stack)
    ending.echo.has_come.clear()
    running.send(HELD)
    await ending.echo.has_come.wait()
    await ending.begin()
    idle.send(GET)
    fresh.send(GET)
    ending.echo.may_answer.set()
    for client in (idle, fresh, running):
        status, headers, _ = await client.response()
        assert (status, headers["connection"]) == (200, "close")
        await client.until_closed()
    await ending.end()


@pytest.mark.usefixtures("long_quiet_time")
async def test_a_connection_that_nobody_has_accepted_yet_is_served(ending: Ending) -> None:
    _, _, port = ending.url.rpartition(":")
    # The system completes the connection; the event loop has no turn before the listener is closed.
    waiting = socket.create_connection(("127.0.0.1", int(port)))
    await ending.begin()
    reader, writer = await asyncio.open_connection(sock=waiting)
    client = Raw(reader, writer)
    client.send(GET)
    status, headers, _ = await client.response()
    assert (status, headers["connection"]) == (200, "close")
    await client.until_closed()
    writer.close()
    await ending.end()


@pytest.mark.usefixtures("short_quiet_time")
async def test_quiet_connections_are_closed(ending: Ending, stack: AsyncExitStack) -> None:
    idle, fresh = await ending.client(stack), await stack.enter_async_context(connected(ending.url))
    await ending.begin()
    await idle.until_closed()
    await fresh.until_closed()
    await ending.end()


@pytest.mark.usefixtures("short_quiet_time")
async def test_a_request_that_takes_longer_is_answered(ending: Ending, stack: AsyncExitStack) -> None:
    idle, client = await ending.client(stack), await ending.client(stack)
    ending.echo.has_come.clear()
    client.send(HELD)
    await ending.echo.has_come.wait()
    await ending.begin()
    await idle.until_closed()
    ending.echo.may_answer.set()
    assert (await client.response())[1]["connection"] == "close"
    await client.until_closed()
    await ending.end()


@pytest.mark.usefixtures("short_quiet_time")
async def test_a_response_that_has_begun_does_not_close_before_the_client_could_know(
    ending: Ending, stack: AsyncExitStack
) -> None:
    client = await ending.client(stack)
    client.send(b"GET /half HTTP/1.1")
    await ending.echo.has_answered_half.wait()
    await ending.begin()
    ending.echo.may_answer.set()
    assert "connection" not in (await client.response())[1]
    await client.until_closed()
    await ending.end()


@pytest.mark.usefixtures("short_quiet_time")
@pytest.mark.parametrize("is_fresh", [True, False])
async def test_half_a_head_is_told_to_be_sent_again(ending: Ending, stack: AsyncExitStack, is_fresh: bool) -> None:
    client = await (stack.enter_async_context(connected(ending.url)) if is_fresh else ending.client(stack))
    client.writer.write(GET)
    while not _reads_a_head(ending.server):
        await turn()
    await ending.begin()
    assert await client.refusal() == (408, "BAD_REQUEST")
    await ending.end()


def _reads_a_head(server: DrainingServer) -> bool:
    return any(getattr(one, "_stage", None) is HEAD for one in server.server_state.connections)


async def test_a_socket_is_left_to_the_application(ending: Ending, stack: AsyncExitStack) -> None:
    client = await ending.client(stack)
    upgrade = (b"Connection: Upgrade", b"Upgrade: websocket", b"Host: a")
    key = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
    client.send(b"GET / HTTP/1.1", *upgrade, b"Sec-WebSocket-Version: 13", key)
    assert b" 101 " in await client.reader.readuntil(b"\r\n\r\n")
    ending.server.begin_drain()
    client.writer.close()


@pytest.mark.usefixtures("short_quiet_time")
async def test_a_request_that_waits_to_be_read_is_answered_before_the_end(
    ending: Ending, stack: AsyncExitStack
) -> None:
    client, idle = await ending.client(stack), await ending.client(stack)
    intake = ending.server.config.intake = FullIntake()
    client.send(GET)
    await intake.until(1)
    await ending.begin()
    await idle.until_closed()
    intake.read()
    status, headers, _ = await client.response()
    assert (status, headers["connection"]) == (200, "close")
    await ending.end()
