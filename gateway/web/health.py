"""Health probes: whether the process is alive, whether it takes requests, and which version it is."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


class Health:
    """`/livez` answers while the event loop runs; `/readyz` only between start-up and the signal to end.

    `store_state` says how the store of a fleet is. While it is down, the process is ready all the same: reads go on,
    and the others have no other store.
    """

    def __init__(self, name: str, version: str, store_state: Callable[[], str | None] = lambda: None) -> None:
        self._store_state = store_state
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
        store = self._store_state()
        more = {} if store is None else {"store": store}
        if self.is_ready:
            return JSONResponse({"status": "ready", **more})
        return JSONResponse({"status": "not ready", **more}, 503)

    async def _show_version(self, _: Request) -> Response:
        return JSONResponse(self._version)
