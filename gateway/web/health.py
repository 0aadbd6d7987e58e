"""Health probes: whether the process is alive, whether it takes requests, and which version it is."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


class Health:
    """`/livez` answers while the event loop runs; `/readyz` only between start-up and the signal to end.

    `states` says how the store of a fleet is, and what is wrong with the records; None leaves one out. The process is
    ready whatever they are: reads, and mutations without a key, go on.
    """

    def __init__(self, name: str, version: str, states: Callable[[], Mapping[str, str | None]] = dict) -> None:
        self._states = states
        self.is_ready = False
        self._version = {"name": name, "version": version}

    def set_unready(self) -> None:
        """Have load balancers send requests elsewhere."""
        self.is_ready = False

    def routes(self) -> list[BaseRoute]:
        """The two probes, and the version."""
        return [Route("/livez", self._live), Route("/readyz", self._ready), Route("/version", self._show_version)]

    async def _live(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _ready(self, _: Request) -> Response:
        more = {name: state for name, state in self._states().items() if state is not None}
        if self.is_ready:
            return JSONResponse({"status": "ready", **more})
        return JSONResponse({"status": "not ready", **more}, 503)

    async def _show_version(self, _: Request) -> Response:
        return JSONResponse(self._version)
