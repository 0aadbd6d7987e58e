"""A TCP proxy that does to a connection what networks do: delay, hang, half-open, drop, cut an answer short."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Cut:
    """A proxy on 127.0.0.1; what is done to it holds for all its connections, until `go_on`."""

    to_port: int
    port: int = 0
    requests: bytes = b""
    _delay_seconds: float = 0.0
    _is_half_open: bool = False
    _answer_bytes: int | None = None
    _is_refusing: bool = False
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _connections: set[asyncio.Task[None]] = field(default_factory=set)

    def hang(self) -> None:
        """Let nothing pass either way; both ends stay connected."""
        self._open.clear()

    def half_open(self) -> None:
        """Let requests pass, and lose answers."""
        self._is_half_open = True

    def delay(self, seconds: float) -> None:
        """Hold answers back."""
        self._delay_seconds = seconds

    def cut_after(self, answer_bytes: int) -> None:
        """Close the connection that gets so many more bytes of answers."""
        self._answer_bytes = answer_bytes

    def cut_off(self) -> None:
        """Close all connections, and new ones at once."""
        self._is_refusing = True
        self.drop()

    async def listen(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self.accept, "127.0.0.1", self.port, reuse_port=True)

    def refuse(self) -> None:
        """Close all connections and take none, until `listen`: the system refuses them."""
        if self._server is not None:
            self._server.close()
        self.drop()

    def go_on(self) -> None:
        """Let everything pass."""
        self._open.set()
        self._is_half_open, self._answer_bytes, self._is_refusing, self._delay_seconds = False, None, False, 0.0

    def drop(self) -> None:
        """Close all connections, without a word."""
        for writer in self._writers:
            writer.transport.abort()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection in a task of ours: asyncio logs an error for a task of its own that is cancelled."""
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def end(self) -> None:
        """Close all connections and take no more, and wait until nothing of them is left."""
        self.go_on()
        self.refuse()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on."""
        if self._is_refusing:
            writer.transport.abort()
            return
        there_reader, there = await asyncio.open_connection("127.0.0.1", self.to_port)
        self._writers |= {writer, there}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_requests(reader, there))
                group.create_task(self._pass_answers(there_reader, writer))
        except* OSError:
            pass
        finally:
            for one in (writer, there):
                one.transport.abort()
                self._writers.discard(one)

    async def _pass_requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while content := await reader.read(65_536):
            await self._open.wait()
            self.requests += content
            writer.write(content)
            await writer.drain()
        writer.transport.abort()

    async def _pass_answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while content := await reader.read(65_536):
            await self._open.wait()
            await asyncio.sleep(self._delay_seconds)
            if self._is_half_open:
                continue
            if self._answer_bytes is not None:
                content, self._answer_bytes = content[: self._answer_bytes], self._answer_bytes - len(content)
            writer.write(content)
            await writer.drain()
            if self._answer_bytes is not None and self._answer_bytes <= 0:
                break
        writer.transport.abort() if self._answer_bytes is None else writer.close()


@asynccontextmanager
async def cut(to_port: int) -> AsyncIterator[Cut]:
    """A proxy to a port, with nothing wrong yet."""
    # Bound and never listening: nobody else gets the port while the proxy refuses connections.
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        proxy = Cut(to_port, reserved.getsockname()[1])
        proxy.go_on()
        await proxy.listen()
        try:
            yield proxy
        finally:
            await proxy.end()
