"""The page of faults: what goes wrong with the vendor's calls on purpose."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.errors import RefusedError
from gateway.sandbox.faults.active_faults import ActiveFaults
from gateway.sandbox.faults.fault import Fault, FaultError
from gateway.sandbox.http.operations import Operations
from gateway.sandbox.pages.forms import Acting, Form, read_fields
from gateway.sandbox.pages.rendering import PAGES, PageRenderer

PATH = PAGES + "/faults"

READY_MADE: Mapping[str, Fault] = MappingProxyType(
    {
        "The upstream is down": Fault(call="*", status=503),
        "Each call takes two seconds": Fault(call="*", delay_ms=2000),
        "Every second call fails": Fault(call="*", status=500, probability=0.5),
        "Connections break": Fault(call="*", reset=True),
        "Too many requests, for 30 seconds": Fault(call="*", status=429, retry_after=30, count=3),
        "The next claim is made, its answer lost": Fault(call="*/claim", reset=True, after=True, count=1),
        "The next order is made, its answer lost": Fault(call="*/order", reset=True, after=True, count=1),
        "Bodies end in the middle": Fault(call="*", truncated=True),
    }
)
"""Troubles to try a game with, by what they are called on the page."""


class FaultsPage:
    """Lists the faults that are on, and switches faults on and off."""

    def __init__(self, active_faults: ActiveFaults, operations: Operations, renderer: PageRenderer) -> None:
        """Take the active faults, the calls that they can name, and what renders the page."""
        self._active_faults = active_faults
        self._operations = operations
        self._renderer = renderer
        self._acting = Acting(renderer)

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route(PATH, self.show, methods=["GET"]), Route(PATH, self.act, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show the page."""
        faults = [(fault, msgspec.json.encode(fault).decode()) for fault in self._active_faults.all()]
        names = sorted(self._operations.names)
        return self._renderer.page(request, "faults.html", faults=faults, ready_made=list(READY_MADE), operations=names)

    async def act(self, request: Request) -> Response:
        """Switch one fault on, one off, or all off."""

        def act(form: Form) -> str:
            try:
                return self._act(form)
            except FaultError as error:
                raise RefusedError(str(error)) from error

        return await self._acting(request, act)

    def _act(self, form: Form) -> str:
        action = form.get("action")
        if action == "heal":
            self._active_faults.replace(())
            return "all healed"
        faults = list(self._active_faults.all())
        if action == "off":
            # By what it says, not by its place: others may have ended since the page was shown.
            off = form.get("fault", "")
            self._active_faults.replace(one for one in faults if msgspec.json.encode(one).decode() != off)
            return "healed"
        self._active_faults.replace([*faults, _wanted(form, action)])
        return "fault"


def _wanted(form: Form, action: str | None) -> Fault:
    ready_made = READY_MADE.get(action or "")
    if ready_made:
        return ready_made
    if action != "on":
        raise RefusedError("Choose a fault")
    return read_fields({name: value for name, value in form.items() if name not in ("action", "back")}, Fault)
