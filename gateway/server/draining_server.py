"""uvicorn's server, which tells when it answers, drains, and ends without losing a request."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from gateway.server.config import ServerConfig
from gateway.server.http_shutdown import DrainingHttpProtocol


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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    def begin_drain(self) -> None:
        """Tell probes that this process ends, and clients to reconnect; go on to serve both."""
        if self._on_drain is not None:
            self._on_drain()
        self.config.is_draining = True
        for connection in self.server_state.connections:
            if isinstance(connection, DrainingHttpProtocol):
                connection.begin_drain()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._drain is not None:
            await self._drain()
        # While a duplicate is open, the system does not reset connections that nobody has accepted yet.
        duplicates = [one.dup() for one in sockets or ()]
        waiting = asyncio.ensure_future(self._serve_waiting(duplicates))
        await super().shutdown(sockets)
        await waiting

    async def _serve_waiting(self, listeners: Sequence[socket.socket]) -> None:
        """Take the connections that came before the listeners were closed."""
        loop = asyncio.get_running_loop()
        for accepted in [one for listener in listeners for one in _accepted(listener)]:
            _, protocol = await loop.connect_accepted_socket(self._protocol, accepted)
            protocol.shutdown()

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
