"""The transport under the upstream client: httpx requests in, whole httpx responses out, our own pool beneath.

CPU per call in µs (8.5 KB answer, uvloop, one process, httpx's objects included), at 1 and at 32 calls in flight, as
`bench/upstream_calls.py` measures it:

| pool                                  | plain     | TLS       |
|---------------------------------------|-----------|-----------|
| httpx 0.28's own                      | 516, 1070 | 590, 1342 |
| aiohttp 3.14                          | 127, 134  | 141, 148  |
| pyreqwest 0.15                        | 115, 98   | 127, 93   |
| this, requests as httpx makes them    | 49, 51    | 67, 61    |
| this, requests of a preset (`Client`) | 16, 17    | 21, 25    |

This is the one place where code of ours stands in for a library. A query makes up to five calls, so the cheapest
library would cost as much as the rest of the gateway, and each has habits that lose orders: httpx's pool loses
connections when calls are cancelled; aiohttp sends a PUT again when the connection breaks, and takes bytes that came on
an idle connection for the next answer; pyreqwest lets cancelled calls run on and reports a reset after sending as a
connect error. What keeps ours honest: it is only what this client needs (HTTP/1.1, whole bodies, no proxies, no
redirects, no cookies), the bytes are judged by Node.js's parser in its strict mode, TLS and connecting are the loop's
and aiohappyeyeballs', and every answer is tested cut at every byte.
"""

import asyncio
import math
import ssl
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import httpx
from msgspec import Struct

from gateway.http.connection import Connection
from gateway.http.messages import PresetRequest, WholeResponse, written
from gateway.http.pool import Pool
from gateway.http.response_parser import RawResponse

_OF_PACKED_BODY = frozenset({b"content-length", b"transfer-encoding", b"content-encoding"})
_PACKED = frozenset({b"gzip", b"x-gzip", b"deflate"})
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


def create_transport(
    *,
    max_connections: int = 100,
    connect_timeout_seconds: float = 0.5,
    pool_timeout_seconds: float = 0.5,
    read_timeout_seconds: float = 1.5,
    keep_alive_seconds: float = 15.0,
    ca_file: str | None = None,
    max_body_bytes: int = 5_000_000,
) -> httpx.AsyncBaseTransport:
    """Return the pool of production. It may be made outside a running loop, and belongs to the first loop that uses it.

    The timeouts serve where a request's `timeout` extension is silent; `read_timeout_seconds` bounds a write as well.
    `total` (seconds), in that extension or beside it, bounds all from the wait for a connection to the last byte.
    An unused connection closes after `keep_alive_seconds`, which is to be less than the upstream keeps one.
    `ca_file` (PEM) is trusted instead of the usual authorities; raises OSError when it cannot be read.
    `max_body_bytes` counts decoded bytes.
    """
    trusted = (
        httpx.create_ssl_context(trust_env=False) if ca_file is None else ssl.create_default_context(cafile=ca_file)
    )
    trusted.set_alpn_protocols(["http/1.1"])
    defaults = Timeouts(
        connect_timeout_seconds, read_timeout_seconds, read_timeout_seconds, pool_timeout_seconds, math.inf
    )
    return PooledTransport(
        partial(Pool, trusted, max_connections, keep_alive_seconds, max_body_bytes),
        slots=max_connections,
        defaults=defaults,
        max_body_bytes=max_body_bytes,
    )


class Timeouts(Struct, frozen=True, gc=False):
    """Bounds of one exchange, in seconds; infinity is no bound. `read` is the longest silence, as in httpx."""

    connect: float
    read: float
    write: float
    pool: float
    total: float

    def asked_by(self, extensions: Mapping[str, Any]) -> "Timeouts":
        """Return the bounds that a request asks for, with these where it is silent; None asks for none."""
        asked: Mapping[str, float | None] = extensions.get("timeout", {})
        return Timeouts(
            _seconds(asked.get("connect", self.connect)),
            _seconds(asked.get("read", self.read)),
            _seconds(asked.get("write", self.write)),
            _seconds(asked.get("pool", self.pool)),
            _seconds(asked.get("total", extensions.get("total", self.total))),
        )


class PooledTransport(httpx.AsyncBaseTransport):
    """Sends a request at most once, follows no redirect, keeps no cookie, and ignores proxies named by the environment.

    Raises httpx's exceptions, without URL or header in their texts:

    - `ConnectError`, `ConnectTimeout`, `PoolTimeout`: nothing of the request left;
    - `ReadTimeout`, `ReadError`, `WriteTimeout`, `WriteError`, `RemoteProtocolError`: it may have been sent;
    - `DecodingError`: an answer came, but it is too large or does not unpack;
    - `UnsupportedProtocol`, `LocalProtocolError`: the request cannot be written as HTTP.
    """

    def __init__(self, make_pool: Callable[[], Pool], *, slots: int, defaults: Timeouts, max_body_bytes: int) -> None:
        self._make_pool = make_pool
        self._slots = asyncio.Semaphore(slots)
        self._defaults = defaults
        self._max_body_bytes = max_body_bytes
        self._pool: Pool | None = None
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the whole decoded answer. Raises RuntimeError after `aclose`."""
        pool = self._open_pool()
        if isinstance(request, PresetRequest) and request.is_untouched:
            origin, data = request.written()
        else:
            origin, data = written(request, await request.aread())
        timeouts = self._defaults.asked_by(request.extensions)
        if timeouts.total <= 0:
            raise httpx.ConnectTimeout("no connection in time")
        last = pool.now() + timeouts.total
        if self._slots.locked():
            await self._wait_for_slot(timeouts)
        else:
            await self._slots.acquire()
        try:
            connection = pool.take(origin)
            if connection is None:
                connection = await pool.open(origin, min(timeouts.connect, last - pool.now()))
            answer = await _exchange(connection, data, request.method == "HEAD", timeouts, last)
        finally:
            self._slots.release()
        return self._response(answer)

    async def aclose(self) -> None:
        """Close every connection; exchanges under way end with an error."""
        self._is_closed = True
        if self._pool is not None:
            self._pool.close()
            # One turn of the loop: in it the sockets are closed.
            await asyncio.sleep(0)

    async def _wait_for_slot(self, timeouts: Timeouts) -> None:
        seconds = min(timeouts.pool, timeouts.total)
        try:
            async with asyncio.timeout(seconds if seconds < math.inf else None):
                await self._slots.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection became free in time") from None

    def _response(self, answer: RawResponse) -> httpx.Response:
        if not answer.encoding or answer.encoding == b"identity" or not answer.body:
            return WholeResponse(answer.status, answer.headers, answer.body)
        headers = [pair for pair in answer.headers if pair[0].lower() not in _OF_PACKED_BODY]
        return WholeResponse(answer.status, headers, _unpack(answer.body, answer.encoding, self._max_body_bytes))

    def _open_pool(self) -> Pool:
        if self._is_closed:
            raise RuntimeError("the transport is closed")
        if self._pool is None:
            self._pool = self._make_pool()
        return self._pool


async def _exchange(connection: Connection, data: bytes, to_head: bool, timeouts: Timeouts, last: float) -> RawResponse:
    waiter = connection.exchange(
        data, to_head=to_head, read_seconds=timeouts.read, write_seconds=timeouts.write, last=last
    )
    try:
        return await waiter
    finally:
        # Cancelled: the rest of the answer is still to come, and no other request may find it.
        connection.abandon(waiter)


def _unpack(content: bytes, encoding: bytes, max_bytes: int) -> bytes:
    if encoding not in _PACKED:
        raise httpx.DecodingError("the answer is compressed in a way that nobody asked for")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        unpacked = unpacker.decompress(content, max_bytes + 1)
    except zlib.error:
        raise httpx.DecodingError("the answer does not unpack") from None
    if len(unpacked) > max_bytes:
        raise httpx.DecodingError("the answer is too large")
    if not unpacker.eof:
        raise httpx.DecodingError("the compressed answer is cut")
    return unpacked


def _seconds(asked: float | None) -> float:
    return math.inf if asked is None else asked
