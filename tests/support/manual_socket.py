"""A socket without a network: a test hands over each frame, and decides when the gateway's are taken."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Message

from tests.support.websocket_client import PROTOCOL


class HandSocket:
    """The server's side of one socket."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.is_writable = asyncio.Event()
        self.is_writable.set()
        self.is_gone = False
        self.fault: Exception | None = None
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._outgoing = asyncio.Condition()
        self.waiting = 0
        self._incoming.put_nowait({"type": "websocket.connect"})

    async def receive(self) -> Message:
        return await self._incoming.get()

    async def send(self, message: Message) -> None:
        async with self._noted():
            await self.is_writable.wait()
        if self.is_gone:
            raise OSError
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        async with self._outgoing:
            self.sent.append(message)
            self._outgoing.notify_all()

    @asynccontextmanager
    async def _noted(self) -> AsyncIterator[None]:
        async with self._outgoing:
            self.waiting += 1
            self._outgoing.notify_all()
        try:
            yield
        finally:
            self.waiting -= 1

    async def until_waiting(self) -> None:
        """Wait until the gateway has something to write that is not taken."""
        async with self._outgoing:
            await self._outgoing.wait_for(lambda: self.waiting == 1)

    async def until_sent(self, count: int) -> None:
        """Wait until so many messages were taken."""
        async with self._outgoing:
            await self._outgoing.wait_for(lambda: len(self.sent) == count)

    def say(self, kind: str, **members: object) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": json.dumps({"type": kind, **members})})

    def hang_up(self) -> None:
        self.is_gone = True
        self.is_writable.set()
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1006})

    @property
    def answers(self) -> list[Any]:
        """The payloads of the answers that were taken."""
        heard = [json.loads(message["text"]) for message in self.sent if message["type"] == "websocket.send"]
        return [message["payload"] for message in heard if message["type"] == "next"]


@asynccontextmanager
async def by_hand(app: ASGIApp) -> AsyncIterator[HandSocket]:
    """Open a socket of the app; in the end, hang up and wait until the app is done with it."""
    socket = HandSocket()
    scope = {
        "type": "websocket",
        "path": "/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "subprotocols": [PROTOCOL],
        "client": None,
    }
    serving = asyncio.ensure_future(app(scope, socket.receive, socket.send))
    try:
        yield socket
    finally:
        socket.hang_up()
        await serving
