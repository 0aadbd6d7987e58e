"""Serving: uvicorn servers side by side in one process, and graceful shutdown."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.types import ASGIApp

from gateway.server.allocator import keep_freed_memory
from gateway.server.config import ReadyResponses, ServerConfig, uncounted
from gateway.server.descriptors import fit_to_descriptors
from gateway.server.draining_server import DrainingServer
from gateway.server.http_shutdown import LAST_REQUESTS_SECONDS, DrainingHttpProtocol
from gateway.server.limits import ServerLimits
from gateway.server.listener import Listener
from gateway.server.loop_errors import LoopErrors
from gateway.server.signals import ReloadSignal, StopSignals
from gateway.server.websocket_protocol import WebSocketProtocol
from gateway.telemetry import log

GRACE_SECONDS = 10
"""How long requests in flight may take to finish once no more are taken."""

MAX_MESSAGE_BYTES = 65_536
"""The maximum size of one message over a socket; compression is off, so that a client has to send that much."""

PING_SECONDS = 20
"""How often a socket is pinged, and how long the pong may take."""


@dataclass(frozen=True, slots=True)
class Site:
    """An application and what it listens on.

    `begin_drain` is called when the process is told to end, and `drain` is awaited before its connections are closed.
    `count_refusal` takes the reason of each connection that is refused; `ready_responses` need no app.
    """

    app: ASGIApp
    listener: Listener
    drain: Callable[[], Awaitable[None]] | None = None
    limits: ServerLimits = ServerLimits()  # noqa: RUF009 - immutable
    begin_drain: Callable[[], None] | None = None
    count_refusal: Callable[[str], None] = uncounted
    ready_responses: ReadyResponses | None = None


class Stop(Protocol):
    """Has the process end. Where another one has taken its place already, load balancers need not hear of that."""

    def __call__(self, *, is_replaced: bool = False) -> None:
        """End; harmless where it does already."""
        ...


Control = Callable[[Sequence[DrainingServer], Stop], None]
"""Is told the servers of a process, and what to call once it is to end; runs in the event loop."""


def stop_at_signals(_: Sequence[DrainingServer], stop: Stop) -> None:
    """Stop at SIGINT or SIGTERM."""
    StopSignals(stop).listen(asyncio.get_running_loop())


def reload_at_hangup(reload: Callable[[], Coroutine[None, None, None]]) -> Control:
    """Stop at SIGINT or SIGTERM, and reload at SIGHUP."""

    def control(servers: Sequence[DrainingServer], stop: Stop) -> None:
        stop_at_signals(servers, stop)
        ReloadSignal(reload).listen(asyncio.get_running_loop())

    return control


def run(
    sites: Sequence[Site],
    announce: Callable[[], None],
    *,
    drain_seconds: float = 0.0,
    control: Control = stop_at_signals,
) -> int:
    """Serve until the process is told to end, and return the exit code; `announce` is called once all sites answer.

    For `drain_seconds` after that everything is still served, and clients are told to reconnect.
    """
    with log.written_aside(), asyncio.Runner(loop_factory=uvicorn_config(sites[0].app).get_loop_factory()) as runner:
        runner.run(_serve(sites, announce, drain_seconds, control))
    return 0


def uvicorn_config(
    app: ASGIApp,
    limits: ServerLimits | None = None,
    count_refusal: Callable[[str], None] = uncounted,
    ready_responses: ReadyResponses | None = None,
) -> ServerConfig:
    """uvicorn's configuration: no access log (query strings may hold secrets), and no trust in a proxy's headers."""
    limits = limits or ServerLimits()
    return ServerConfig(
        app,
        limits,
        count_refusal,
        ready_responses,
        lifespan="on",
        http=DrainingHttpProtocol,
        ws=WebSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=limits.keep_alive_seconds,
        # What comes after the time in which connections are still looked at.
        timeout_graceful_shutdown=int(GRACE_SECONDS - LAST_REQUESTS_SECONDS),
    )


def _config(site: Site) -> ServerConfig:
    return uvicorn_config(site.app, fit_to_descriptors(site.limits), site.count_refusal, site.ready_responses)


async def _serve(sites: Sequence[Site], announce: Callable[[], None], drain_seconds: float, control: Control) -> None:
    servers = [DrainingServer(_config(site), site.begin_drain, site.drain) for site in sites]
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(LoopErrors(loop.time))
    stopping: asyncio.Future[bool] = loop.create_future()

    def stop(*, is_replaced: bool = False) -> None:
        if not stopping.done():
            stopping.set_result(is_replaced)

    control(servers, stop)
    # Sites start in order, so that one that others call is up before them. They end together.
    serving = []
    for server, site in zip(servers, sites, strict=True):
        serving.append(asyncio.ensure_future(server.serve(sockets=site.listener.sockets)))
        await server.is_up.wait()
    keep_freed_memory()
    _set_memory_aside()
    announce()
    is_replaced = await stopping
    for server in servers:
        server.begin_drain(is_replaced=is_replaced)
    await asyncio.sleep(0 if is_replaced else drain_seconds)
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*serving)


def _set_memory_aside() -> None:
    """Make the garbage collector ignore objects from start-up, and look through few of the later ones at a time.

    A collection stops everything, for about half a microsecond an object: a tenth of a second and more for all of them
    with thousands of sockets open, milliseconds for the young ones. What serving leaves in cycles is little: a few
    dozen small objects for each connection.
    """
    # 32 queries that come together have about 5,000 objects before the first of them ends. With fewer to a collection,
    # each such wave is looked through several times and nothing is found, for 40 of 530 µs a query.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 0, 15)
