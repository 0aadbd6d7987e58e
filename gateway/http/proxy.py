"""The outbound proxy: where it is, how requests are sent through it, and tunnels to an origin behind it (CONNECT)."""

import asyncio
import ssl
from base64 import b64encode
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import httpx

from gateway.http.messages import Origin

MAX_HEAD_BYTES = 16_384
"""Longest head of a proxy's answer to CONNECT."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Proxy(NamedTuple):
    """An HTTP proxy; `headers` (header lines) hold its credentials and are never logged."""

    origin: Origin
    headers: str = ""

    @classmethod
    def of(cls, url: str) -> "Proxy":
        """The proxy at `http://user:password@host:port` or `https://…`; user and password may be percent-encoded.

        Raises ValueError, without the URL in its text.
        """
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("not the address of a proxy")
        if parts.query or parts.fragment:
            raise ValueError("not the address of a proxy")
        origin = Origin(parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme])
        if parts.username is None:
            return cls(origin)
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return cls(origin, f"Proxy-Authorization: Basic {b64encode(credentials.encode()).decode()}\r\n")

    def __repr__(self) -> str:
        return f"Proxy({self.origin.scheme}://{self.origin.host}:{self.origin.port})"

    def connect_request(self, origin: Origin) -> bytes:
        """The request for a tunnel to an origin."""
        host = f"[{origin.host}]" if ":" in origin.host else origin.host
        authority = f"{host}:{origin.port}"
        return f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{self.headers}\r\n".encode()


class Tunnel(asyncio.Protocol):
    """Asks a proxy for a tunnel on a new connection, whose bytes are somebody else's from then on."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._head = b""
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def until_open(self) -> None:
        """Wait for the proxy's answer. Raises ConnectError with its status when it refuses."""
        status_line = await self._answer
        version, _, rest = status_line.partition(b" ")
        status = rest[:3]
        if not version.startswith(b"HTTP/1.") or not status.isdigit():
            raise httpx.ConnectError("no connection (what the proxy answered is not HTTP)")
        if not status.startswith(b"2"):
            raise httpx.ConnectError(f"no connection (the proxy answered {status.decode()})")

    # The transport that a loop gives for TCP and TLS; uvloop's has the same methods under another base class.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Send the request."""
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Read the head of the answer; nothing may come behind it before the client speaks."""
        self._head += data
        head, end, more = self._head.partition(b"\r\n\r\n")
        if self._answer.done():
            return
        if (end and more) or len(self._head) > MAX_HEAD_BYTES:
            self._answer.set_exception(httpx.ConnectError("no connection (the proxy answered too much)"))
        elif end:
            self._answer.set_result(head.partition(b"\r\n")[0])

    def connection_lost(self, exc: Exception | None) -> None:
        """End the wait of a proxy that hangs up."""
        if not self._answer.done():
            reason = f": {type(exc).__name__}" if exc else ""
            self._answer.set_exception(httpx.ConnectError(f"no connection (the proxy hung up{reason})"))


async def start_tls(
    transport: asyncio.Transport, protocol: asyncio.Protocol, context: ssl.SSLContext, host: str
) -> None:
    """Speak TLS through an open tunnel, and make `protocol` the reader of what comes."""
    secured = await asyncio.get_running_loop().start_tls(transport, protocol, context, server_hostname=host)
    if secured is None or secured.is_closing():
        raise httpx.ConnectError("no connection (closed at once)")
    # Loops leave this to the caller when a connection is upgraded.
    protocol.connection_made(secured)
