"""Tunnels through an outbound proxy to an origin behind it (CONNECT)."""

import asyncio
import ssl

import httpx

MAX_HEAD_BYTES = 16_384
"""Longest head of a proxy's answer to CONNECT."""


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
