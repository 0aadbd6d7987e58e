"""Lists faults and switches them on and off, under `/_sandbox/faults`."""

from collections.abc import Iterable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.faults.active_faults import ActiveFaults
from gateway.sandbox.faults.fault import Fault, FaultError
from gateway.sandbox.http.request_body import read_json
from gateway.sandbox.http.responses import JsonResponse

PATH = PREFIX + "/faults"


class FaultList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All faults that are on, oldest first."""

    faults: tuple[Fault, ...]


class FaultControls:
    """Lists faults, adds one, sets all, clears them; each call returns the resulting list."""

    def __init__(self, active_faults: ActiveFaults) -> None:
        """Take the active faults."""
        self._active_faults = active_faults

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            Route(PATH, self.list, methods=["GET"]),
            Route(PATH, self.add, methods=["POST"]),
            Route(PATH, self.replace, methods=["PUT"]),
            Route(PATH, self.clear, methods=["DELETE"]),
        ]

    async def list(self, _: Request) -> Response:
        """Return `{"faults": […]}`; `count` is the number of hits that remain."""
        return self._response()

    async def add(self, request: Request) -> Response:
        """Switch one fault on: `{"call": "get-order", "status": 503, "count": 2}`."""
        fault = await read_json(request, Fault)
        return self._set([*self._active_faults.all(), fault])

    async def replace(self, request: Request) -> Response:
        """Switch these faults on and all others off: `{"faults": […]}`."""
        return self._set((await read_json(request, FaultList)).faults)

    async def clear(self, _: Request) -> Response:
        """Switch all faults off."""
        return self._set(())

    def _set(self, faults: Iterable[Fault]) -> Response:
        try:
            self._active_faults.replace(faults)
        except FaultError as error:
            raise RefusedError(str(error)) from error
        return self._response()

    def _response(self) -> Response:
        return JsonResponse(FaultList(self._active_faults.all()))
