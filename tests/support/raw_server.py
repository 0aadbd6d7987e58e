"""A server on loopback that records the bytes of each request and answers with bytes that a test scripts."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self


class Call:
    """One request as it arrived, and the means to answer it in any way."""

    def __init__(self, raw: bytes, connection: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.raw = raw
        self.connection = connection
        self.is_last = False
        self._reader = reader
        self._writer = writer

    @property
    def path(self) -> bytes:
        """The request target."""
        return self.raw.split(b" ", 2)[1]

    async def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self, body: bytes) -> None:
        """Write a plain 200 with a body."""
        await self.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    async def hang_up(self) -> bytes:
        """Send an end of file and return what the other side still sends until it closes too."""
        self.is_last = True
        if self._writer.can_write_eof():
            self._writer.write_eof()
        else:
            self._writer.close()
        return await self._reader.read()

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        self.is_last = True
        raw: socket.socket = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.close()

    async def until_closed(self) -> None:
        """Wait until the other side closes the connection."""
        self.is_last = True
        await self._reader.read()


Script = Callable[[Call], Awaitable[None]]


class RawServer:
    """Listens on a free loopback port while the context is open; the script is run once per request."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._script = script
        self._tls = tls
        self._host = host
        self._arrival = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base address, by name for TLS and by number else."""
        return f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    async def arrived(self, count: int) -> None:
        """Wait until this many requests have been read."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.requests) >= count)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self._host, 0, ssl=self._tls)
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
        self.connections += 1
        number = self.connections
        try:
            while True:
                call = Call(await _read_request(reader), number, reader, writer)
                async with self._arrival:
                    self.requests.append(call.raw)
                    self._arrival.notify_all()
                await self._script(call)
                if call.is_last:
                    return
        except (asyncio.IncompleteReadError, OSError):
            return
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            self._tasks.discard(task)


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
    return head + await reader.readexactly(int(length.split(b":")[1]))
