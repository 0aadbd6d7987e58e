"""A studio's own backend for webhooks, on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.stack import serving


class Backend:
    """Gives the response that a test sets once its gate is open, and remembers what was delivered."""

    def __init__(self) -> None:
        self.answer = Response(status_code=204)
        self.deliveries: list[tuple[bytes, dict[str, str]]] = []
        self.reached = asyncio.Event()
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.url = ""

    async def receive(self, request: Request) -> Response:
        self.deliveries.append((await request.body(), dict(request.headers)))
        self.reached.set()
        await self.is_open.wait()
        return self.answer

    def says(self, status: int, content: bytes = b"", media_type: str | None = None, **headers: str) -> None:
        self.answer = Response(content, status, headers, media_type)


@asynccontextmanager
async def studio() -> AsyncIterator[Backend]:
    """Serve a backend on a free port."""
    backend = Backend()
    app = Starlette(routes=[Route("/hooks", backend.receive, methods=["POST"])])
    async with serving(app) as url:
        backend.url = f"{url}/hooks"
        yield backend
        backend.is_open.set()
