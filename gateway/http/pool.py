"""Connections between calls: which one serves next, how a new one is opened, and when one has to go."""

import asyncio
import math
import socket
import ssl
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

import aiohappyeyeballs
import httpx
from aiohappyeyeballs import AddrInfoType

from gateway.http.connection import Connection
from gateway.http.origin import Origin
from gateway.http.proxy import Proxy
from gateway.http.tunnel import Tunnel, start_tls

P = TypeVar("P", bound=asyncio.Protocol)

_NEXT_ADDRESS_SECONDS = 0.1
"""When a host has several addresses, the next is tried beside the first after this time: RFC 8305's least."""


class Pool:
    """Keeps at most `max_connections` open, whatever host they lead to, for the running loop.

    With a proxy all of them lead through it: to https origins by a tunnel, while http ones are named in each request.
    """

    # The connection that has been idle longest serves next. An upstream that sends an answer twice can then be noticed:
    # whatever comes on an idle connection closes it, and the longer it rests, the likelier the second answer comes
    # while nobody waits for one of their own. The last one used, with its warmer caches, would serve again at once, and
    # a late second answer would look like the next player's. The price is that more connections stay open: each is used
    # in its turn before it reaches its keep-alive limit.

    def __init__(
        self, trusted: ssl.SSLContext, max_connections: int, keep_alive_seconds: float, proxy: Proxy | None = None
    ) -> None:
        self._proxy = proxy
        self._loop = asyncio.get_running_loop()
        self._trusted = trusted
        self._max_connections = max_connections
        self._keep_alive_seconds = keep_alive_seconds
        self._idle: dict[Origin, OrderedDict[Connection, None]] = {}
        self._connections: dict[Connection, Origin] = {}
        self._opening = 0
        self._is_closed = False
        self.now = self._loop.time

    def release(self, connection: Connection) -> None:
        """Receive back a connection that can serve the next call."""
        self._idle[self._connections[connection]][connection] = None

    def discard(self, connection: Connection) -> None:
        """Forget a connection that has closed."""
        origin = self._connections.pop(connection, None)
        if origin is not None:
            self._idle[origin].pop(connection, None)

    def acquire_idle(self, origin: Origin) -> Connection | None:
        """The open connection that has been idle longest and on which nothing came meanwhile; None if there is none."""
        idle = self._idle.get(origin)
        while idle:
            connection, _ = idle.popitem(last=False)
            # The upstream may have closed it in the turn of the loop that is running: a request sent now would fail
            # with an outcome that nobody knows, and a write must not be sent twice.
            if not connection.has_unread_input():
                return connection
            connection.close()
        return None

    async def open(self, origin: Origin, seconds: float) -> Connection:
        """Open a connection. Raises ConnectTimeout after these seconds, ConnectError; their texts name no host."""
        self._make_room()
        self._opening += 1
        try:
            async with asyncio.timeout(seconds if seconds < math.inf else None):
                connection = await self._connect(origin)
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except (OSError, RuntimeError, UnicodeError) as error:
            # uvloop has RuntimeErrors for some addresses, Python a UnicodeError for names that cannot be.
            raise httpx.ConnectError(f"no connection ({type(error).__name__})") from None
        finally:
            self._opening -= 1
        if self._is_closed:
            connection.close()
        if not connection.is_open:
            raise httpx.ConnectError("no connection (closed at once)")
        self._connections[connection] = origin
        self._idle.setdefault(origin, OrderedDict())
        return connection

    def close(self) -> None:
        """Close every connection, and those that are being opened as soon as they are."""
        self._is_closed = True
        for connection in list(self._connections):
            connection.close()

    async def _connect(self, origin: Origin) -> Connection:
        if self._proxy is None:
            return await self._reach(origin, self._new_connection)
        if origin.scheme == "http":
            return await self._reach(self._proxy.origin, self._new_connection)
        return await self._connect_through(self._proxy, origin)

    async def _connect_through(self, proxy: Proxy, origin: Origin) -> Connection:
        connection = self._new_connection()
        tunnel = await self._reach(proxy.origin, lambda: Tunnel(proxy.connect_request(origin)))
        try:
            await tunnel.until_open()
            await start_tls(tunnel.transport, connection, self._trusted, origin.host)
        except BaseException:
            tunnel.transport.abort()
            raise
        return connection

    def _new_connection(self) -> Connection:
        return Connection(self._loop, self, self._keep_alive_seconds)

    async def _reach(self, origin: Origin, protocol: Callable[[], P]) -> P:
        """Connect to an origin, with TLS where its scheme says so."""
        raw = await aiohappyeyeballs.start_connection(
            await self._addresses(origin), happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS
        )
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        is_tls = origin.scheme == "https"
        _, connection = await self._loop.create_connection(
            protocol,
            sock=raw,
            ssl=self._trusted if is_tls else None,
            server_hostname=origin.host if is_tls else None,
        )
        return connection

    async def _addresses(self, origin: Origin) -> Sequence[AddrInfoType]:
        return await self._loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)

    def _make_room(self) -> None:
        """Close an unused connection where one more would be too many. Raises ConnectError."""
        if self._is_closed:
            raise httpx.ConnectError("no connection (the pool is closed)")
        if len(self._connections) + self._opening >= self._max_connections:
            # An idle one exists: connections in use or being opened, and this, are no more than the transport's slots,
            # and it has as many slots as there may be connections.
            next(connection for idle in self._idle.values() for connection in idle).close()
