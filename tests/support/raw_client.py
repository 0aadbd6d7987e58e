"""An application that shows what reached it, and a client that sends any bytes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send

from gateway.server.config import ReadyResponses
from gateway.server.limits import ServerLimits
from tests.support.stack import serving


class Echo:
    """Answers with what it received; `/held` and `/half` wait to answer, `/later` to read, `/early` never reads."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.has_come = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.has_answered_half = asyncio.Event()
        self.may_read = asyncio.Event()
        self.gone: list[str] = []
        self.large = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        self.paths.append(path)
        self.has_come.set()
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            return
        if path == "/later":
            await self.may_read.wait()
        body, more = b"", path != "/early"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.gone.append(path)
                return
            body, more = body + message["body"], message["more_body"]
        if path == "/held":
            await self.may_answer.wait()
        await self._answer(scope, body, send)

    async def _answer(self, scope: Scope, body: bytes, send: Send) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        text = self.large or json.dumps({"path": scope["path"], "body": body.decode(), "headers": headers}).encode()
        length = (b"content-length", str(len(text)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        if scope["path"] == "/half":
            half, text = text[:10], text[10:]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            self.has_answered_half.set()
            await self.may_answer.wait()
        await send({"type": "http.response.body", "body": text})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


class Raw:
    """One connection of a client that sends what it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, *lines: bytes, body: bytes = b"") -> None:
        """Send a head of these lines, and a body."""
        self.writer.write(b"\r\n".join([*lines, b"", body]))

    async def response(self) -> tuple[int, dict[str, str], Any]:
        """Read one response: its status, its headers, and its JSON."""
        first, headers, body = await self.exact()
        fields = {name.lower(): value for name, value in headers}
        return int(first.split()[1]), fields, json.loads(body)

    async def exact(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Read one response as it came: its first line, its header fields in order, and its body."""
        async with asyncio.timeout(30):
            first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines if line)]
            body = await self.reader.readexactly(int(dict(headers).get("content-length", 0)))
        return first, headers, body

    async def refusal(self) -> tuple[int, str]:
        """Read an error that ends the connection: its status and its code."""
        status, headers, body = await self.response()
        assert headers["connection"] == "close"
        (error,) = body["errors"]
        assert error["extensions"]["requestId"] == headers["x-request-id"]
        await self.until_closed()
        return status, error["extensions"]["code"]

    async def until_closed(self) -> None:
        """Wait for the server to end the connection without another byte."""
        async with asyncio.timeout(30):
            try:
                assert await self.reader.read() == b""
            except ConnectionError:
                return


@asynccontextmanager
async def connected(url: str, address: str | None = None) -> AsyncIterator[Raw]:
    """Open a connection, from an address if one is given, and end it."""
    parts = urlsplit(url)
    local = None if address is None else (address, 0)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, local_addr=local)
    try:
        yield Raw(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def echoing(
    limits: ServerLimits | None = None, *, send_buffer_bytes: int = 0, ready_responses: ReadyResponses | None = None
) -> AsyncIterator[tuple[Echo, str]]:
    """Serve an echo; gives it and its URL."""
    echo = Echo()
    async with serving(
        echo, limits=limits, send_buffer_bytes=send_buffer_bytes, ready_responses=ready_responses
    ) as url:
        yield echo, url
