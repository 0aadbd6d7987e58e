"""A gateway that kills itself, for a process of its own.

A request with the header `kill-after: N` lets the event loop take N steps more, and then ends the process as the
machine's power would. Every await that really waits is followed by a step, so each N is another place in the code.
"""

import asyncio
import os
import signal
from asyncio.events import Handle
from collections.abc import Mapping
from multiprocessing.connection import Connection

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.app import create_app
from gateway.server.listener import listen, url
from gateway.server.serve import uvicorn_config
from gateway.settings import Settings, read_settings


class Fuse:
    """Counts the event loop's steps once it is lit."""

    def __init__(self) -> None:
        self._steps_left: int | None = None

    def light(self, steps: int) -> None:
        self._steps_left = steps

    def burn(self) -> None:
        if self._steps_left is None:
            return
        if self._steps_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._steps_left -= 1


class Lighter:
    """Lights the fuse for a request that asks for it."""

    def __init__(self, app: ASGIApp, fuse: Fuse) -> None:
        self._app = app
        self._fuse = fuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        steps = dict(scope.get("headers", ())).get(b"kill-after")
        if steps is not None:
            self._fuse.light(int(steps))
        await self._app(scope, receive, send)


def serve(environment: Mapping[str, str], told: Connection) -> None:
    """Serve until the end; tells the URL once it answers. The loop is Python's: uvloop's steps cannot be counted."""
    asyncio.run(_serve(read_settings(environment), told))


async def _serve(settings: Settings, told: Connection) -> None:
    fuse, run = Fuse(), Handle._run

    def step(handle: Handle) -> None:
        fuse.burn()
        run(handle)

    Handle._run = step  # type: ignore[method-assign, assignment]  # asyncio has no other place to count at
    listener = listen("127.0.0.1", 0)
    config = uvicorn_config(Lighter(create_app(settings), fuse))
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=listener.sockets)
    told.send(url(listener))
    await asyncio.Event().wait()
