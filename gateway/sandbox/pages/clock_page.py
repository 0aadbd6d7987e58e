"""What the forms at the top of each page do: move the clock, and reset the sandbox."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.errors import RefusedError
from gateway.sandbox.pages.forms import Acting, Form, read_fields
from gateway.sandbox.pages.rendering import PAGES, PageRenderer
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.storage.clock import ClockMove, move_clock


class ClockForm(msgspec.Struct, frozen=True):
    """Where to move the clock: some seconds ahead, or to an instant in seconds since 1970."""

    advance: Annotated[float, Meta(gt=0)] | None = None
    to: float | None = None


class ClockPage:
    """Moves the clock and resets the sandbox."""

    def __init__(self, sandbox: Sandbox, renderer: PageRenderer) -> None:
        """Take the sandbox, and what renders refusals."""
        self._sandbox = sandbox
        self._acting = Acting(renderer)

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            Route(PAGES + "/clock", self.move, methods=["POST"]),
            Route(PAGES + "/reset", self.reset, methods=["POST"]),
        ]

    async def move(self, request: Request) -> Response:
        """Move the clock."""

        def act(form: Form) -> str:
            fields = read_fields(form, ClockForm)
            with self._sandbox.database.write() as tx:
                move_clock(tx, ClockMove(fields.advance, fields.to))
            return "moved"

        return await self._acting(request, act)

    async def reset(self, request: Request) -> Response:
        """Begin as at the first start, where the box is ticked."""

        def act(form: Form) -> str:
            if "sure" not in form:
                raise RefusedError("Tick the box first: all progress, orders and webhooks will be deleted")
            self._sandbox.reset()
            return "reset"

        return await self._acting(request, act)
