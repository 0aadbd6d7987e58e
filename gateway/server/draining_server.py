"""uvicorn's server, which tells when it answers, drains, and ends without losing a request."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import uvicorn

from gateway.server import http_shutdown
from gateway.server.config import ServerConfig
from gateway.server.http_shutdown import DrainingHttpProtocol

_LOOK_SECONDS = 0.02
"""How often it is looked whether connections are idle, while the server ends."""


class DrainingServer(uvicorn.Server):
    """A server that leaves signals to the process.

    `on_drain` is called when the process is told to end, and `drain` awaited before connections are let go.
    """

    config: ServerConfig

    def __init__(
        self, config: ServerConfig, on_drain: Callable[[], None] | None, drain: Callable[[], Awaitable[None]] | None
    ) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()
        self._on_drain = on_drain
        self._drain = drain
        self._borrowed: dict[int, list[asyncio.Server]] = {}

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    def begin_drain(self, *, is_replaced: bool = False) -> None:
        """Tell probes that this process ends, unless it is replaced, and clients to reconnect; go on to serve both."""
        if self._on_drain is not None and not is_replaced:
            self._on_drain()
        self.config.is_draining = True
        for connection in self._http_connections():
            connection.begin_drain()

    async def accept_from(self, lent: Mapping[int, Sequence[socket.socket]]) -> None:
        """Accept connections at these listening sockets of other processes too, and no longer at those lent before."""
        for key in self._borrowed.keys() - lent.keys():
            for server in self._borrowed.pop(key):
                self.servers.remove(server)
                server.close()
        if self.should_exit:
            return
        loop = asyncio.get_running_loop()
        for key in lent.keys() - self._borrowed.keys():
            opening = [
                loop.create_server(self._protocol, sock=one.dup(), backlog=self.config.backlog) for one in lent[key]
            ]
            self._borrowed[key] = await asyncio.gather(*opening)
            self.servers += self._borrowed[key]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._stop_listening(sockets or [])
        # No new requests come after that, so that `drain` may refuse them, and end what takes long.
        await self._serve_last_requests()
        if self._drain is not None:
            await self._drain()
        await super().shutdown(sockets)

    async def _stop_listening(self, sockets: Sequence[socket.socket]) -> None:
        """Take the connections that have come so far, and no more."""
        # While a duplicate is open, the system does not reset connections that nobody has accepted yet.
        duplicates = [one.dup() for one in sockets]
        for server in self.servers:
            server.close()
        for one in sockets:
            one.close()
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        for accepted in [one for listener in duplicates for one in _accepted(listener)]:
            await loop.connect_accepted_socket(self._protocol, accepted)

    async def _serve_last_requests(self) -> None:
        """Serve connections until each is closed, or busy for longer with its last request."""
        for connection in list(self._http_connections()):
            connection.shutdown()
        loop = asyncio.get_running_loop()
        begun_at = loop.time()
        while connections := list(self._http_connections()):
            quiet_periods = (loop.time() - begun_at) / http_shutdown.QUIET_SECONDS
            if quiet_periods > 2 or (quiet_periods > 1 and not any(one.is_idle for one in connections)):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        for connection in self._http_connections():
            connection.close_after_response()

    def _http_connections(self) -> Iterator[DrainingHttpProtocol]:
        return (one for one in self.server_state.connections if isinstance(one, DrainingHttpProtocol))

    def _protocol(self) -> DrainingHttpProtocol:
        return DrainingHttpProtocol(self.config, self.server_state, self.lifespan.state)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _accepted(listener: socket.socket) -> Iterable[socket.socket]:
    """All connections that wait at a listener, which is closed with the last."""
    with listener:
        listener.setblocking(False)
        try:
            while True:
                accepted, _ = listener.accept()
                accepted.setblocking(False)
                yield accepted
        except OSError:
            return  # None is left, or no more can be opened.
