"""Connections to the store's servers, and how the client library is held to what it must not do.

Only its connections are used. Its clients send commands again by themselves (a read on a server that hangs ends after a
minute, sent eleven times), and its cluster client does after every error. Here each command is sent once, and a
connection on which anything went wrong is closed: an answer that comes late can never be taken for another's.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol, cast

from redis.asyncio import Connection as TcpConnection
from redis.asyncio import SSLConnection, UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError
from redis.maint_notifications import MaintNotificationsConfig

from gateway.store.settings import Address, StoreSettings

Argument = bytes | str | int | float
Command = tuple[Argument, ...]

Reply = Any
"""What a server answered, as RESP3 has it; a `ResponseError` where it refused one command."""


class Connection(Protocol):
    """What is used of the library's connections."""

    @property
    def is_connected(self) -> bool: ...

    async def connect(self) -> None: ...

    async def disconnect(self, nowait: bool = False) -> None: ...

    async def can_read(self) -> bool: ...

    def pack_commands(self, commands: Iterable[Command]) -> list[bytes]: ...

    async def send_packed_command(self, command: Iterable[bytes], check_health: bool = True) -> None: ...

    async def read_response(self, disable_decoding: bool = False) -> Reply: ...


Greet = Callable[["Node", Connection], Awaitable[None]]
"""Finds out about a server on a connection that was just made."""


def maker(settings: StoreSettings, *, is_sentinel: bool = False) -> Callable[[Address], Connection]:
    """Makes connections as the settings say. A sentinel gets no password: it has none of the store's."""
    password = settings.password or settings.url.password
    options: dict[str, object] = {
        # With a timeout of the library's, cancelling a command may be swallowed on Python 3.11: deadlines are ours.
        "socket_timeout": None,
        "socket_connect_timeout": settings.seconds,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 3,
        "driver_info": None,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }
    if not is_sentinel:
        # A password alone is the default user's.
        options |= {"username": settings.url.user, "password": password, "db": settings.url.database}
    tls = {"ssl_ca_certs": settings.ca_file, "ssl_certfile": settings.cert_file, "ssl_keyfile": settings.key_file}

    def make(address: Address) -> Connection:
        connection: object
        if address.path:
            connection = _untyped(UnixDomainSocketConnection)(path=address.path, **options)
        elif settings.url.is_tls:
            connection = _untyped(SSLConnection)(host=address.host, port=address.port, **options, **tls)
        else:
            connection = _untyped(TcpConnection)(host=address.host, port=address.port, **options)
        return cast(Connection, connection)

    return make


def _untyped(kind: object) -> Callable[..., object]:
    return cast("Callable[..., object]", kind)


class Node:
    """One server, and the connections to it that nobody uses at the moment.

    `replicas` is how many replicas must have a record before its write is sent, as the topology found out.
    """

    def __init__(self, address: Address, make: Callable[[Address], Connection], greet: Greet) -> None:
        self.address = address
        self.replicas = 0
        self.replication_id = b""
        self._make = make
        self._greet = greet
        self._free: list[Connection] = []
        self._is_closed = False

    async def exchange(self, commands: Sequence[Command]) -> list[Reply]:
        """Send commands in one go, once, and read their replies; the connection is closed where that fails.

        Raises what the library and the operating system raise.
        """
        connection = self._free.pop() if self._free else self._make(self.address)
        try:
            await self._prepare(connection)
            replies = await talk(connection, commands)
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        if self._is_closed:
            await connection.disconnect(nowait=True)
        else:
            self._free.append(connection)
        return replies

    async def aclose(self) -> None:
        """Close all connections; those in use as soon as they are not."""
        self._is_closed = True
        while self._free:
            await self._free.pop().disconnect(nowait=True)

    async def _prepare(self, connection: Connection) -> None:
        if connection.is_connected and await connection.can_read():
            # The server closed it, or something came that nobody asked for.
            await connection.disconnect(nowait=True)
        if not connection.is_connected:
            await connection.connect()
            await self._greet(self, connection)


async def talk(connection: Connection, commands: Sequence[Command]) -> list[Reply]:
    """Send commands in one go and read their replies, of which some may be errors."""
    await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
    return [await _reply(connection) for _ in commands]


async def _reply(connection: Connection) -> Reply:
    try:
        return await connection.read_response(disable_decoding=True)
    except ResponseError as error:
        return error
