"""aiohttp's pool with its risky habits switched off, and its errors in httpx's words.

Left alone, aiohttp 3.14 sends a PUT or a DELETE again when the connection breaks under it, and hands bytes that came
on an idle connection to the next request as its answer.
"""

import asyncio
import io
import math
import ssl

import aiohttp
import httpx
from aiohttp.abc import AbstractStreamWriter
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

_KEEP_ALIVE_SECONDS = 15.0
_ADDED_BY_AIOHTTP = frozenset({"Accept", "Accept-Encoding", "Content-Type", "User-Agent"})


def open_pool(trusted: ssl.SSLContext) -> aiohttp.ClientSession:
    """Return a pool without a limit on connections, for the running loop. Nothing of the environment changes it."""
    return aiohttp.ClientSession(
        connector=_CleanConnector(
            limit=0, ssl=trusted, keepalive_timeout=_KEEP_ALIVE_SECONDS, timeout_ceil_threshold=math.inf
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=_ADDED_BY_AIOHTTP,
        auto_decompress=False,
        middlewares=(_send_once,),
    )


class _CleanConnector(aiohttp.TCPConnector):
    """Never reuses a connection on which bytes came that nobody had asked for."""

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the name is aiohttp's
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        while connection.protocol is not None and connection.protocol.should_close:
            connection.close()
            connection = await super().connect(req, traces, timeout)
        return connection


class TimedBody(aiohttp.BytesIOPayload):
    """A body whose writing is bounded: the read bound of aiohttp starts only after it."""

    def __init__(self, body: bytes, seconds: float | None) -> None:
        super().__init__(io.BytesIO(body))
        self._seconds = seconds

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await super().write_with_length(writer, content_length)
        except TimeoutError:
            raise _NotTaken from None


class _NotTaken(TimeoutError):
    """The upstream did not take the request's body in time."""


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Hide broken connections from aiohttp, which would send a PUT again; updating the clan is a PUT that grants."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise translated(error) from None


# The first that fits counts. Only what aiohttp raises while it connects may say that nothing was sent.
_TRANSLATIONS: tuple[tuple[type[Exception], type[httpx.TransportError], str], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout, "no connection in time"),
    (aiohttp.ClientConnectorError, httpx.ConnectError, "no connection"),
    (aiohttp.NonHttpUrlClientError, httpx.UnsupportedProtocol, "not an HTTP address"),
    (_NotTaken, httpx.WriteTimeout, "the request was not taken in time"),
    (TimeoutError, httpx.ReadTimeout, "no whole answer in time"),
    (aiohttp.ClientConnectionResetError, httpx.WriteError, "the connection closed under the request"),
    (OSError, httpx.ReadError, "the connection broke"),
    (aiohttp.ClientError, httpx.RemoteProtocolError, "the answer is cut or is not HTTP"),
    (ValueError, httpx.LocalProtocolError, "the request cannot be written as HTTP"),
)


def translated(error: Exception) -> httpx.TransportError:
    """Return the httpx error that says what became of the request; its text names neither URL nor header."""
    reason = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    own, text = next((own, text) for foreign, own, text in _TRANSLATIONS if isinstance(error, foreign))
    return own(f"{text} ({type(reason).__name__})")
