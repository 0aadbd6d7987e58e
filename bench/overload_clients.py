"""Cheap clients for `bench.overload`: what they take of a core is not the gateway's, so it should be little, and told.

aiohttp takes about as much CPU for a request as the gateway for a refusal. Here a request is bytes that are written
to a connection, and a response is cut by its length.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

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

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        assert self.transport is not None  # noqa: S101 - it is connected
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer


def _field(head: bytes, name: bytes) -> bytes:
    return head.partition(name)[2].partition(b"\r\n")[0] or b"0"


class Clients:
    """Queries of many players, and how long they took by how they ended."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 0, parts.path
        self.took: dict[str, list[float]] = {}
        self._free: deque[_Connection] = deque()
        self._tokens = (mint_token(f"player-{number}", now=time.time()) for number in range(10**9))
        self._minted = deque(next(self._tokens) for _ in range(TOKENS))

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
        """Have so many connections ready."""
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
