"""The transport under the upstream client: requests in, whole responses out, over a pool of our own.

CPU per call in µs (8.5 KB response, uvloop, one process), at 1 and at 32 calls in flight, as
`bench/upstream_calls.py` measures it; those of other libraries include the request and response of httpx:

| pool                 | plain     | TLS       |
|----------------------|-----------|-----------|
| httpx 0.28's own     | 516, 1070 | 590, 1342 |
| aiohttp 3.14         | 127, 134  | 141, 148  |
| pyreqwest 0.15       | 115, 98   | 127, 93   |
| this                 | 16, 17    | 21, 25    |

This is the one place where code of ours stands in for a library. A query makes up to five calls, so the cheapest
library would cost as much as the rest of the gateway, and each has habits that lose orders: httpx's pool loses
connections when calls are cancelled; aiohttp sends a PUT again when the connection breaks, and reads bytes that came on
an idle connection as the next response; pyreqwest lets cancelled calls run on and reports a reset after sending as a
connect error. What keeps ours honest: it is only what this client needs (HTTP/1.1, whole bodies, one proxy at most,
no redirects, no cookies), the bytes are judged by Node.js's parser in its strict mode, TLS and connecting are the
loop's and aiohappyeyeballs', and every response is tested cut at every byte.
"""

import asyncio
import math
import ssl
from collections.abc import Callable
from functools import cache, partial
from typing import Protocol

import httpx

from gateway.http.content_coding import decompress
from gateway.http.messages import Limits, Request, Response
from gateway.http.pool import Pool
from gateway.http.proxy import Proxy

MAX_BODY_BYTES = 2_000_000
"""Of a response, decompressed. A page of 50 chains with 31 steps of two items each has 1.4 million."""

_PROXY_AUTHENTICATION_REQUIRED = 407
_DESCRIBES_COMPRESSED_BODY = frozenset({b"content-length", b"transfer-encoding", b"content-encoding"})


class Transport(Protocol):
    """Sends a request at most once, follows no redirect and keeps no cookie.

    Errors are those of httpx:

    - `ConnectError`, `ConnectTimeout`, `PoolTimeout`: nothing of the request left;
    - `ReadTimeout`, `ReadError`, `WriteTimeout`, `WriteError`, `RemoteProtocolError`: it may have been sent;
    - `DecodingError`: a response came, but it is too large or does not decompress;
    - `UnsupportedProtocol`, `LocalProtocolError`: the request cannot be written as HTTP.
    """

    async def send(self, request: Request) -> Response:
        """Send the request and return the whole decoded response. Raises httpx.RequestError."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


def create_transport(
    *,
    max_connections: int = 100,
    connect_timeout_seconds: float = 0.5,
    pool_timeout_seconds: float = 0.5,
    read_timeout_seconds: float = 1.5,
    keep_alive_seconds: float = 15.0,
    ca_file: str | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
    proxy: Proxy | None = None,
) -> "PooledTransport":
    """Return the pool of production. It may be made outside a running loop, and belongs to the first loop that uses it.

    The timeouts and `max_body_bytes` hold where a request sets no bound of its own; `read_timeout_seconds` bounds
    writing as well. An unused connection closes after `keep_alive_seconds`, which must be less than the upstream keeps
    one. `ca_file` (PEM) is trusted instead of the usual authorities; raises OSError when it cannot be read.
    With `proxy` all connections lead through it, and its own certificate is checked the same way.
    """
    trusted = _usual_authorities() if ca_file is None else _with_protocol(ssl.create_default_context(cafile=ca_file))
    return PooledTransport(
        partial(Pool, trusted, max_connections, keep_alive_seconds, proxy),
        slots=max_connections,
        defaults=Limits(
            connect_seconds=connect_timeout_seconds,
            pool_seconds=pool_timeout_seconds,
            read_seconds=read_timeout_seconds,
            write_seconds=read_timeout_seconds,
            max_body_bytes=max_body_bytes,
        ),
        proxy=proxy,
    )


@cache
def _usual_authorities() -> ssl.SSLContext:
    """The authorities that browsers trust, for all transports: to read them takes longer than to make the rest."""
    return _with_protocol(httpx.create_ssl_context(trust_env=False))


def _with_protocol(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_alpn_protocols(["http/1.1"])
    return context


class PooledTransport:
    """The transport over our own pool. It ignores proxies named by the environment; `proxy` is that of the pool.

    The texts of its errors hold no URL, header or body.
    """

    def __init__(
        self, make_pool: Callable[[], Pool], *, slots: int, defaults: Limits, proxy: Proxy | None = None
    ) -> None:
        self._make_pool = make_pool
        self._free_slots = slots
        self._waiting: dict[asyncio.Future[None], None] = {}
        self._defaults = defaults
        self._proxy = proxy
        self._pool: Pool | None = None
        self._is_closed = False

    async def send(self, request: Request) -> Response:
        """Send the request and return the whole decoded response. Raises RuntimeError after `aclose`."""
        pool = self._pool or self._open_pool()
        template = request.template
        # Requests for https go through a tunnel, which the pool opens, so that the proxy reads nothing of them.
        proxy = self._proxy if template.origin.scheme == "http" else None
        data = request.encode(proxy.headers if proxy else None)
        limits = template.limits.completed(self._defaults)
        if limits.total_seconds <= 0:
            raise httpx.ConnectTimeout("no connection in time")
        deadline = pool.now() + limits.total_seconds
        if self._free_slots:
            self._free_slots -= 1
        else:
            await self._wait_for_slot(limits)
        try:
            connection = pool.acquire_idle(template.origin)
            if connection is None:
                connection = await pool.open(template.origin, min(limits.connect_seconds, deadline - pool.now()))
            to_head = request.method == "HEAD"
            waiter = connection.exchange(data, to_head=to_head, limits=limits, deadline=deadline)
            try:
                response = await waiter
            except BaseException:
                # Cancelled: the rest of the response is still to come, and no other request may read it.
                connection.abandon(waiter)
                raise
        finally:
            if self._waiting:
                self._free_slot()
            else:
                self._free_slots += 1
        if proxy and response.status == _PROXY_AUTHENTICATION_REQUIRED:
            raise httpx.ConnectError("no connection (the proxy answered 407)")
        encoding, headers, body = response.encoding, response.headers, response.body
        if encoding and encoding != b"identity" and body:
            headers = [pair for pair in headers if pair[0].lower() not in _DESCRIBES_COMPRESSED_BODY]
            body = decompress(body, encoding, limits.max_body_bytes)
        return Response(response.status, headers, body)

    async def aclose(self) -> None:
        """Close every connection; exchanges under way end with an error."""
        self._is_closed = True
        if self._pool is not None:
            self._pool.close()
            self._pool = None
            # One turn of the loop: in it the sockets are closed.
            await asyncio.sleep(0)

    async def _wait_for_slot(self, limits: Limits) -> None:
        """Wait until one is handed over; those who have waited longest go first."""
        seconds = min(limits.pool_seconds, limits.total_seconds)
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = None
        try:
            async with asyncio.timeout(seconds if seconds < math.inf else None):
                await waiter
        except BaseException as error:
            self._waiting.pop(waiter, None)
            if not waiter.cancel() and not waiter.cancelled():
                # It was handed over in the same turn of the loop.
                self._free_slot()
            if isinstance(error, TimeoutError):
                raise httpx.PoolTimeout("no connection became free in time") from None
            raise

    def _free_slot(self) -> None:
        while self._waiting:
            waiter = next(iter(self._waiting))
            del self._waiting[waiter]
            if not waiter.done():
                waiter.set_result(None)
                return
        self._free_slots += 1

    def _open_pool(self) -> Pool:
        if self._is_closed:
            raise RuntimeError("the transport is closed")
        self._pool = self._make_pool()
        return self._pool
