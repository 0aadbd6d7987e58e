"""Cheap clients for `bench.overload`: what they take of a core is not the gateway's, so it should be little, and told.

aiohttp takes about as much CPU for a request as the gateway for a refusal. Here a request is bytes that are written
to a connection, and a response is cut by its length.

Where hundreds of them ask, they are late themselves: each waits until the responses of the others are read. So those
whose times matter are in a process of their own (`Apart`), which this module is as well.
"""

import asyncio
import json
import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple
from urllib.parse import urlsplit

import uvloop

from gateway.sandbox import mint_token

_HEAD = (
    "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: application/json\r\n"
    "{authorization}content-length: {length}\r\n\r\n"
)
_RETRY_AFTER, _LENGTH, _CODE = b"\r\nretry-after: ", b"\r\ncontent-length: ", b'"code":"'
TOKENS = 20_000


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._received = b""
        self._answer: asyncio.Future[tuple[bytes, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # that of a connection

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if end and self._answer is not None and len(body) >= int(_field(head, _LENGTH)):
            self._received = b""
            self._answer.set_result((head, body))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError())

    @property
    def is_open(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        assert self.transport is not None  # noqa: S101 - it is connected
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer


def _field(head: bytes, name: bytes) -> bytes:
    return head.partition(name)[2].partition(b"\r\n")[0] or b"0"


class Clients:
    """Queries of many players, and how long they took by how they ended."""

    def __init__(self, url: str, *, prefix: str = "player", tokens: int = TOKENS) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 0, parts.path
        self.took: dict[str, list[float]] = {}
        self._free: deque[_Connection] = deque()
        self._tokens = (mint_token(f"{prefix}-{number}", now=time.time()) for number in range(10**9))
        self._minted = deque(next(self._tokens) for _ in range(tokens))

    def token(self) -> str:
        """That of a player who has not asked yet; made before anything is measured, as long as they last."""
        return self._minted.popleft() if self._minted else next(self._tokens)

    async def ask(self, query: str, group: str, token: str | None = None) -> int:
        """Ask, and note how long it took; gives the seconds of `Retry-After`, or 0."""
        body = json.dumps({"query": query})
        authorization = f"authorization: Bearer {token or self.token()}\r\n"
        head = _HEAD.format(method="POST", path=self._path, authorization=authorization, length=len(body))
        answered, content, seconds = await self._timed((head + body).encode())
        code = content.partition(_CODE)[2].partition(b'"')[0].decode() or "ok"
        self.took.setdefault(f"{group} {code}", []).append(seconds)
        return int(_field(answered, _RETRY_AFTER))

    async def live(self, group: str) -> None:
        """Ask whether it lives."""
        head = _HEAD.format(method="GET", path="/livez", authorization="", length=0)
        self.took.setdefault(group, []).append((await self._timed(head.encode()))[2])

    async def repeat(self, seconds: float, pause: float, act: Callable[[], Awaitable[object]]) -> None:
        """Act again and again, with a pause between."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await act()
            await asyncio.sleep(pause)

    async def obey(self, seconds: float, pause: float, act: Callable[[], Awaitable[int]]) -> None:
        """As `repeat`, but come again no sooner than `Retry-After` says, as the kits do."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            seconds_left = await act()
            await asyncio.sleep(max(pause, seconds_left))

    async def connect(self, count: int) -> None:
        """Have so many connections ready; the server has closed those that were idle for long."""
        self._free = deque(one for one in self._free if one.is_open)
        while len(self._free) < count:
            self._free.append(await self._new())

    def close(self) -> None:
        """Close all connections."""
        for connection in self._free:
            if connection.transport is not None:
                connection.transport.close()

    async def _timed(self, request: bytes) -> tuple[bytes, bytes, float]:
        connection = self._free.popleft() if self._free else await self._new()
        began_at = time.perf_counter()
        head, body = await connection.ask(request)
        seconds = time.perf_counter() - began_at
        self._free.append(connection)
        return head, body, seconds

    async def _new(self) -> _Connection:
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, self._host, self._port)
        return connection

    def report(self, say: Callable[[str], None]) -> None:
        """Say how long requests took, and forget it."""
        for name, took in sorted(self.took.items()):
            ordered = sorted(took)
            p50, p99 = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.99))
            most = ordered[-1] * 1000
            say(f"  {name:28} {len(took):6} times   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   most {most:7.1f} ms")
        self.took.clear()


class Asking(NamedTuple):
    """So many clients that ask again and again with a pause between, all with one token or each time with a new one."""

    group: str
    query: str
    clients: int
    pause: float
    token: str | None = None


class Apart:
    """Clients in a process of their own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, some: Clients, seconds: float, *asking: Asking) -> None:
        """Let them ask for so long, and note in the clients how long it took."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        self._process.stdin.write(json.dumps([seconds, asking]).encode() + b"\n")
        took: dict[str, list[float]] = json.loads(await self._process.stdout.readline())
        some.took |= took


@asynccontextmanager
async def apart(url: str) -> AsyncIterator[Apart]:
    """Start that process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.overload_clients", url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    await process.stdout.readline()
    try:
        yield Apart(process)
    finally:
        process.kill()
        await process.wait()


async def _serve(url: str) -> None:
    """Ask as each line of the standard input says, and print how long it took."""
    with suppress(PermissionError):
        os.nice(-10)  # It takes little of the core that it shares, and should not wait for it.
    some = Clients(url, prefix="apart", tokens=2_000)
    print("ready", flush=True)  # noqa: T201 - the protocol
    while line := await asyncio.to_thread(sys.stdin.readline):
        await some.connect(40)
        seconds, asking = json.loads(line)
        work = []
        for one in (Asking(*fields) for fields in asking):

            async def ask(one: Asking = one) -> int:
                return await some.ask(one.query, one.group, one.token)

            work += [some.repeat(seconds, one.pause, ask) for _ in range(one.clients)]
        await asyncio.gather(*work)
        print(json.dumps(some.took), flush=True)  # noqa: T201 - the figures
        some.took.clear()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1]))
