"""Responses that are complete at once are written at once; all others are left to uvicorn."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any, cast

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.support.loop_time import turns, until
from tests.support.raw_client import connected
from tests.support.stack import serving

GET = (b"GET / HTTP/1.1", b"Host: a")
LENGTH = (b"content-length", b"2")
OK = b"HTTP/1.1 200 OK\r\n"


class RecordingTransport:
    """A transport, and what is written to it, each write by itself."""

    def __init__(self, transport: asyncio.Transport, writes: list[bytes]) -> None:
        self._transport = transport
        self._writes = writes

    def write(self, data: bytes) -> None:
        self._writes.append(data)
        self._transport.write(data)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        data = b"".join(pieces)
        self.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    made: list[bytes] = []
    connection_made = HttpToolsProtocol.connection_made

    def recorded(self: HttpToolsProtocol, transport: asyncio.Transport) -> None:
        connection_made(self, cast(asyncio.Transport, RecordingTransport(transport, made)))

    monkeypatch.setattr(HttpToolsProtocol, "connection_made", recorded)
    return made


def responding(*headers: tuple[bytes, bytes], body: bytes = b"{}", pieces: int = 1) -> ASGIApp:
    """An application that reads nothing, and answers with these headers and so many times this piece of a body."""

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
            for left in reversed(range(pieces)):
                await send({"type": "http.response.body", "body": body, "more_body": left > 0})

    return app


async def test_a_response_that_is_complete_is_written_at_once(writes: list[bytes]) -> None:
    async with serving(responding(LENGTH, (b"age", b"1"))) as url, connected(url) as raw:
        for _ in range(2):
            raw.send(*GET)
            assert await raw.exact() == ("HTTP/1.1 200 OK", [("content-length", "2"), ("age", "1")], b"{}")
    assert writes == [OK + b"content-length: 2\r\nage: 1\r\n\r\n{}"] * 2


async def test_a_response_in_pieces_is_written_in_pieces(writes: list[bytes]) -> None:
    async with serving(responding((b"content-length", b"4"), pieces=2)) as url, connected(url) as raw:
        for _ in range(2):
            raw.send(*GET)
            assert (await raw.exact())[2] == b"{}{}"
    assert writes == [OK + b"content-length: 4\r\n\r\n", b"{}", b"{}"] * 2


async def test_a_response_without_a_length_is_sent_in_chunks(writes: list[bytes]) -> None:
    async with serving(responding()) as url, connected(url) as raw:
        raw.send(*GET)
        await raw.reader.readuntil(b"0\r\n\r\n")
    assert writes == [OK + b"transfer-encoding: chunked\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n"]


async def test_the_response_to_head_has_no_body(writes: list[bytes]) -> None:
    async with serving(responding(LENGTH)) as url, connected(url) as raw:
        for _ in range(2):
            raw.send(b"HEAD / HTTP/1.1")
            assert await raw.reader.readuntil(b"\r\n\r\n") == OK + b"content-length: 2\r\n\r\n"
    assert len(writes) == 2


@pytest.mark.parametrize(
    ("asked", "headers"),
    [
        pytest.param((b"Connection: close",), (LENGTH,), id="by the client"),
        pytest.param((), (LENGTH, (b"connection", b"close")), id="by the application"),
    ],
)
async def test_a_connection_that_is_to_end_does(
    asked: tuple[bytes, ...], headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    async with serving(responding(*headers)) as url, connected(url) as raw:
        raw.send(*GET, *asked)
        assert (await raw.response())[1] == {"content-length": "2", "connection": "close"}
        await raw.until_closed()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((LENGTH, (b"age", b"1\r\nset-cookie: a=b")), id="another line"),
        pytest.param((LENGTH, (b"age", b"1\rset-cookie: a=b")), id="half a line end"),
        pytest.param((LENGTH, (b"age", b"1\0set-cookie: a=b")), id="a zero byte"),
        pytest.param((LENGTH, (b"age: 1\r\nset-cookie", b"a=b")), id="a name of two lines"),
        pytest.param((LENGTH, (b"set-cookie x", b"a=b")), id="a name with a space"),
        pytest.param(((b"content-length", b"1"),), id="a length that is too small"),
    ],
)
async def test_a_response_that_is_no_http_is_not_sent(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    async with serving(responding(*headers)) as url, connected(url) as raw:
        raw.send(*GET)
        answered = await raw.reader.read()
    assert b"set-cookie" not in answered
    assert not answered.endswith(b"{}")


async def test_a_client_that_waits_to_send_its_body_gets_the_response_and_nothing_else() -> None:
    responds = responding(LENGTH)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await responds(scope, receive, send)
        if scope["type"] == "http":
            await receive()

    async with serving(app) as url, connected(url) as raw:
        raw.send(b"POST / HTTP/1.1", b"Expect: 100-continue", b"Content-Length: 2")
        assert (await raw.exact())[2] == b"{}"
        raw.writer.write(b"hi")
        raw.send(*GET)
        assert (await raw.exact())[0] == "HTTP/1.1 200 OK"


async def test_a_response_waits_while_the_client_takes_nothing() -> None:
    text = json.dumps("x" * 4_000_000).encode()
    responds = responding((b"content-length", b"%d" % len(text)), body=text)
    sent = 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal sent
        await responds(scope, receive, send)
        sent += scope["type"] == "http"

    async with serving(app, send_buffer_bytes=200_000) as url, connected(url) as raw:
        raw.send(*GET)
        raw.send(*GET)
        await until(lambda: sent > 0)
        await turns()
        assert sent == 1
        for _ in range(2):
            assert await raw.response() == (200, {"content-length": str(len(text))}, "x" * 4_000_000)
    assert sent == 2


async def test_nothing_is_written_to_a_client_that_has_gone(writes: list[bytes]) -> None:
    responds, may_respond = responding(LENGTH), asyncio.Event()
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            while not seen or seen[-1] != "http.disconnect":
                seen.append((await receive())["type"])
            may_respond.set()
        await responds(scope, receive, send)

    async with serving(app) as url:
        async with connected(url) as raw:
            raw.send(*GET)
            await until(lambda: len(seen) > 0)
        await may_respond.wait()
        await turns()
    assert writes == []
