"""Listening: sockets, uvicorn servers side by side in one process, and an orderly end."""

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from gateway.errors import ListenError

GRACE_SECONDS = 10
"""How long requests under way may take to finish once the process is told to end."""

MAX_MESSAGE_BYTES = 65_536
"""How large one message over a socket may be; compression is off, so that this is what a client has to send for it."""

PING_SECONDS = 20
"""How often a socket is asked whether its client lives, and how long the answer may take."""


@dataclass(frozen=True, slots=True)
class Site:
    """An application and the socket that it listens on; `drain` is awaited before its connections are let go."""

    app: ASGIApp
    listener: socket.socket
    drain: Callable[[], Awaitable[None]] | None = None


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 picks a free one. Raises ListenError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        raise ListenError(f"Cannot listen on {host} port {port}: {_reason(error)}. Choose another.") from None


def _reason(error: OSError | UnicodeError) -> str:
    """The system's words; look-ups of names fail with numbers that are none of the system's."""
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return "the host is not known"


def url(listener: socket.socket) -> str:
    """Where a browser on this machine finds a listener."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def run(sites: Sequence[Site], announce: Callable[[], None]) -> int:
    """Serve until SIGINT or SIGTERM, and answer the exit code; `announce` is called once all sites answer."""
    with asyncio.Runner(loop_factory=uvicorn_config(sites[0].app).get_loop_factory()) as runner:
        runner.run(_serve(sites, announce))
    return 0


def uvicorn_config(app: ASGIApp) -> uvicorn.Config:
    """Lean and discreet: no access log (query strings may hold secrets), and no header of a proxy is believed."""
    return uvicorn.Config(
        app,
        lifespan="on",
        ws=_Socket,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


async def _serve(sites: Sequence[Site], announce: Callable[[], None]) -> None:
    servers = [_Server(uvicorn_config(site.app), site.drain) for site in sites]

    def end() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    # Sites start in order, and end together: one that others call is there before they are.
    serving = []
    for server, site in zip(servers, sites, strict=True):
        serving.append(asyncio.ensure_future(server.serve(sockets=[site.listener])))
        await server.is_up.wait()
    _set_memory_aside()
    announce()
    await asyncio.gather(*serving)


def _set_memory_aside() -> None:
    """Have the garbage collector leave alone what was made at start-up, and look less often at what comes later.

    A full collection stops everything, for a tenth of a second and more with thousands of sockets open. What serving
    leaves in cycles is little: a few dozen small objects for each connection.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 5)


class _Server(uvicorn.Server):
    """A server that tells when it answers, drains before it closes connections, and leaves signals to the process."""

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]] | None) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()
        self._drain = drain

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._drain is not None:
            await self._drain()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Socket(WebSocketsSansIOProtocol):
    """uvicorn's sockets, which log only what goes wrong: the other lines show query strings, and frames with tokens."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = logging.getLogger("uvicorn.sockets")
        self.logger.setLevel(logging.WARNING)
        self.conn.logger, self.conn.debug = self.logger, False

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            # The handshake is over, and what was said in it weighs a fifth of an idle socket.
            self.request.headers.clear()
            self.response.headers.clear()
