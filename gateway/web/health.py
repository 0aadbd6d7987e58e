"""Health probes: whether the process is alive, and whether it takes requests."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


class Health:
    """`/livez` answers while the event loop runs; `/readyz` only between start-up and shutdown."""

    def __init__(self) -> None:
        self.is_ready = False

    def routes(self) -> list[BaseRoute]:
        """The two probes."""
        return [Route("/livez", self._live), Route("/readyz", self._ready)]

    async def _live(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _ready(self, _: Request) -> Response:
        if self.is_ready:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready"}, 503)
