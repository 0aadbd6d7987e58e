"""The transport under the upstream client: httpx requests in, whole httpx responses out, aiohttp's pool beneath.

CPU per call in µs (8.5 KB answer, uvloop, one core, httpx's objects included), at 1 and at 32 calls in flight:

| pool                     | plain     | TLS      |
|--------------------------|-----------|----------|
| httpx's own              | 451, 1029 | 451, 894 |
| aiohttp 3.14.5 (this)    | 123, 107  | 172, 120 |
| pyreqwest 0.15.1         | 104, 66   | 105, 58  |

httpx's pool also loses connections when calls are cancelled. pyreqwest is cheapest, but a cancelled call goes on in its
own thread and keeps the connection until the upstream answers, its timeouts belong to the client instead of the
request, and it reports a reset after sending as a connect error, which would call an order safe to repeat.
"""

import asyncio
import math
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
import httpx
import yarl

from gateway.upstream.pool import TimedBody, open_pool, translated

_SHORTEST_SECONDS = 0.001
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_OF_PACKED_BODY = _FRAMING | {b"content-encoding"}
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


def create_transport(
    *,
    max_connections: int = 100,
    connect_timeout_seconds: float = 0.5,
    pool_timeout_seconds: float = 0.5,
    read_timeout_seconds: float = 1.5,
    ca_file: str | None = None,
    max_body_bytes: int = 5_000_000,
) -> httpx.AsyncBaseTransport:
    """Return the pool of production. It may be made outside a running loop, and belongs to the first loop that uses it.

    The timeouts serve where a request's `timeout` extension is silent; `read_timeout_seconds` bounds a write as well.
    `total` (seconds), in that extension or beside it, bounds all from the wait for a connection to the last byte.
    `ca_file` (PEM) is trusted instead of the usual authorities; raises OSError when it cannot be read.
    `max_body_bytes` counts decoded bytes.
    """
    trusted = (
        httpx.create_ssl_context(trust_env=False) if ca_file is None else ssl.create_default_context(cafile=ca_file)
    )
    trusted.set_alpn_protocols(["http/1.1"])
    defaults = Timeouts(connect_timeout_seconds, read_timeout_seconds, read_timeout_seconds, pool_timeout_seconds, None)
    return PooledTransport(max_connections, defaults, trusted, max_body_bytes)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Bounds of one exchange, in seconds; None is no bound. `read` is the longest silence, as in httpx."""

    connect: float | None
    read: float | None
    write: float | None
    pool: float | None
    total: float | None

    def asked_by(self, extensions: Mapping[str, Any]) -> Self:
        """Return the bounds that a request asks for, with these where it is silent."""
        asked: Mapping[str, float | None] = extensions.get("timeout", {})
        return type(self)(
            asked.get("connect", self.connect),
            asked.get("read", self.read),
            asked.get("write", self.write),
            asked.get("pool", self.pool),
            asked.get("total", extensions.get("total", self.total)),
        )


class PooledTransport(httpx.AsyncBaseTransport):
    """Sends a request at most once, follows no redirect, keeps no cookie, and ignores proxies named by the environment.

    Raises httpx's exceptions, without URL or header in their texts:

    - `ConnectError`, `ConnectTimeout`, `PoolTimeout`: nothing of the request left;
    - `ReadTimeout`, `ReadError`, `WriteTimeout`, `WriteError`, `RemoteProtocolError`: it may have been sent;
    - `DecodingError`: an answer came, but it is too large or does not unpack;
    - `UnsupportedProtocol`, `LocalProtocolError`: the request cannot be written as HTTP.
    """

    def __init__(self, max_connections: int, defaults: Timeouts, trusted: ssl.SSLContext, max_body_bytes: int) -> None:
        self._slots = asyncio.Semaphore(max_connections)
        self._defaults = defaults
        self._trusted = trusted
        self._max_body_bytes = max_body_bytes
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the whole decoded answer. Raises RuntimeError after `aclose`."""
        body = await request.aread()
        timeouts = self._defaults.asked_by(request.extensions)
        left_seconds = await self._take_slot(timeouts)
        try:
            return await self._exchange(request, body, timeouts, left_seconds)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Texts of aiohttp name the URL: the chain ends here.
            raise translated(error) from None
        finally:
            self._slots.release()

    async def aclose(self) -> None:
        """Close every connection; exchanges under way end with an error."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    async def _take_slot(self, timeouts: Timeouts) -> float | None:
        """Wait for a free slot; return the seconds that are left of the total bound."""
        if not self._slots.locked():
            await self._slots.acquire()
            return timeouts.total
        loop = asyncio.get_running_loop()
        started = loop.time()
        bounds = [bound for bound in (timeouts.pool, timeouts.total) if bound is not None]
        try:
            async with asyncio.timeout(min(bounds, default=None)):
                await self._slots.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection became free in time") from None
        return None if timeouts.total is None else timeouts.total - (loop.time() - started)

    async def _exchange(
        self, request: httpx.Request, body: bytes, timeouts: Timeouts, left_seconds: float | None
    ) -> httpx.Response:
        response = await self._open_session().request(
            request.method,
            yarl.URL(str(request.url), encoded=True),
            headers=[
                (name.decode(), value.decode()) for name, value in request.headers.raw if name.lower() not in _FRAMING
            ],
            data=TimedBody(body, timeouts.write) if body else None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                total=_positive(left_seconds),
                connect=_positive(timeouts.connect),
                sock_read=_positive(timeouts.read),
                ceil_threshold=math.inf,
            ),
        )
        try:
            content = await self._read(response)
        except BaseException:
            # The rest of this answer is still to come: no other request may find it.
            response.close()
            raise
        return self._unpacked(response, content)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := await response.content.readany():
            size += len(chunk)
            if size > self._max_body_bytes:
                raise _too_large()
            chunks.append(chunk)
        return b"".join(chunks)

    def _unpacked(self, response: aiohttp.ClientResponse, content: bytes) -> httpx.Response:
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding == "identity" or not content:
            return _WholeResponse(response.status, response.raw_headers, content)
        headers = tuple(pair for pair in response.raw_headers if pair[0].lower() not in _OF_PACKED_BODY)
        return _WholeResponse(response.status, headers, _unpack(content, encoding, self._max_body_bytes))

    def _open_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise RuntimeError("the transport is closed")
        if self._session is None:
            self._session = open_pool(self._trusted)
        return self._session


class _WholeResponse(httpx.Response):
    """A response that was read before it was made; httpx would spend as long on reading it again as on all the rest."""

    def __init__(self, status: int, headers: tuple[tuple[bytes, bytes], ...], content: bytes) -> None:
        super().__init__(status, headers=headers, stream=httpx.ByteStream(content))
        self._content = content
        self.is_stream_consumed = True
        self.is_closed = True


def _unpack(content: bytes, encoding: str, max_bytes: int) -> bytes:
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise httpx.DecodingError("the answer is packed in a way that nobody asked for")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        unpacked = unpacker.decompress(content, max_bytes + 1)
    except zlib.error:
        raise httpx.DecodingError("the answer does not unpack") from None
    if len(unpacked) > max_bytes:
        raise _too_large()
    if not unpacker.eof:
        raise httpx.DecodingError("the packed answer is cut")
    return unpacked


def _too_large() -> httpx.DecodingError:
    return httpx.DecodingError("the answer is too large")


def _positive(seconds: float | None) -> float | None:
    """Keep a spent bound a bound: to aiohttp zero means none."""
    return None if seconds is None else max(seconds, _SHORTEST_SECONDS)
