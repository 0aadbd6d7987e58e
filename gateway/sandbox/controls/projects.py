"""Two more calls of our own under `/_sandbox`: make a project, and order an item outside of any chain.

The upstream has both elsewhere, in its publisher's console and in its player-facing catalog; neither is part of the
contract, and neither of these calls is the vendor's.
"""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.orders import PREFIX
from gateway.sandbox.domain.fields import Quantity, Sku
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.request_body import read_json
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.sandbox import Sandbox


class ProjectBody(msgspec.Struct, frozen=True):
    """A new project's name."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]


class ProjectResponse(msgspec.Struct, frozen=True):
    """A new project with its secrets: the key for its publisher's calls, and what signs its players' tokens."""

    id: int
    name: str
    api_key: str
    login_secret: str


class ItemOrderBody(msgspec.Struct, frozen=True):
    """Who orders what; a player whom nobody has seen yet comes to be with his order."""

    player_id: Annotated[str, Meta(min_length=1, max_length=255)]
    sku: Sku
    quantity: Quantity = 1


class ItemOrderResponse(msgspec.Struct, frozen=True):
    """The order; the token opens the payment page, and is null when there is nothing to pay."""

    order_id: int
    status: str
    token: str | None


class ProjectControls:
    """Make projects and plain orders."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Take the sandbox that they are made in."""
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """Name the paths."""
        return [
            Route(PREFIX + "/projects", self.create_project, methods=["POST"]),
            Route(PREFIX + "/projects/{project_id}/orders", self.order_item, methods=["POST"]),
        ]

    async def create_project(self, request: Request) -> Response:
        """Make a project with nothing in it: `{"name": "…"}`."""
        body = await read_json(request, ProjectBody)
        project = self._sandbox.create_project(body.name)
        response = ProjectResponse(project.project_id, project.name, project.api_key, project.login_secret)
        return JsonResponse(response, 201)

    async def order_item(self, request: Request) -> Response:
        """Order an item for a player: `{"player_id": "…", "sku": "…", "quantity": 1}`."""
        body = await read_json(request, ItemOrderBody)
        project_id = path_id(request, "project_id")
        order = self._sandbox.order_item(body.player_id, body.sku, body.quantity, project_id=project_id)
        return JsonResponse(ItemOrderResponse(order.order_id, order.status, order.payment_token))
