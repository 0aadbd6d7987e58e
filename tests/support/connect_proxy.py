"""A proxy on loopback that opens tunnels (CONNECT), or answers what a test tells it to."""

import asyncio
import ssl
from types import TracebackType
from typing import Self

OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


class ConnectProxy:
    """Listens on a free loopback port while the context is open; every tunnel leads to `port` on loopback."""

    def __init__(self, port: int = 0, *, answer: bytes = OPEN, tls: ssl.SSLContext | None = None) -> None:
        self.heads: list[bytes] = []
        self.has_come = asyncio.Event()
        self._to = port
        self._answer = answer
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            self.heads.append(await reader.readuntil(b"\r\n\r\n"))
            self.has_come.set()
            writer.write(self._answer)
            if self._answer == OPEN:
                await self._tunnel(reader, writer)
            elif self._answer:
                writer.close()
            await reader.read()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            await asyncio.gather(_pipe(reader, to_writer), _pipe(to_reader, writer))
        finally:
            to_writer.transport.abort()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
