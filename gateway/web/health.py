"""Health probes: whether the process is alive, whether it takes requests, and which version it is."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


class Health:
    """`/livez` answers while the event loop runs; `/readyz` only between start-up and the signal to end.

    `records_state` says what is wrong with the records, if anything is. The process is ready all the same: reads, and
    mutations without a key, go on.
    """

    def __init__(self, name: str, version: str, records_state: Callable[[], str | None] = lambda: None) -> None:
        self._records_state = records_state
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
        records = self._records_state()
        more = {} if records is None else {"records": records}
        if self.is_ready:
            return JSONResponse({"status": "ready", **more})
        return JSONResponse({"status": "not ready", **more}, 503)

    async def _show_version(self, _: Request) -> Response:
        return JSONResponse(self._version)
