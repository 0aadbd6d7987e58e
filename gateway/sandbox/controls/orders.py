"""Orders items, and pays, cancels and refunds orders without a browser; for scripts and tests, without a token.

The upstream has orders outside of chains in its player-facing catalog, which is not part of the contract.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.domain.fields import Quantity, Sku
from gateway.sandbox.domain.rules import OrderStatus
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.request_body import read_json
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.sandbox import Sandbox


class ItemOrderBody(msgspec.Struct, frozen=True):
    """Which player orders what; an unknown player is created with the order."""

    player_id: Annotated[str, Meta(min_length=1, max_length=255)]
    sku: Sku
    quantity: Quantity = 1


class ItemOrderResponse(msgspec.Struct, frozen=True):
    """The order; the token opens the payment page, and is null when there is nothing to pay."""

    order_id: int
    status: str
    token: str | None


class OrderControls:
    """Orders items, and pays, cancels and refunds orders."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Take the sandbox that holds the orders."""
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """List the routes."""
        order = PREFIX + "/orders/{order_id}"
        return [
            Route(PREFIX + "/projects/{project_id}/orders", self.order_item, methods=["POST"]),
            Route(order + "/pay", self.pay, methods=["POST"]),
            Route(order + "/cancel", self.cancel, methods=["POST"]),
            Route(order + "/refund", self.refund, methods=["POST"]),
        ]

    async def order_item(self, request: Request) -> Response:
        """Order an item for a player, outside of any chain: `{"player_id": "…", "sku": "…", "quantity": 1}`."""
        body = await read_json(request, ItemOrderBody)
        project_id = path_id(request, "project_id")
        order = self._sandbox.order_item(body.player_id, body.sku, body.quantity, project_id=project_id)
        return JsonResponse(ItemOrderResponse(order.order_id, order.status, order.payment_token))

    async def pay(self, request: Request) -> Response:
        """Pay an order; the new status is `canceled` when the player had claimed the step before."""
        return _apply(self._sandbox.pay, request)

    async def cancel(self, request: Request) -> Response:
        """Cancel an unpaid order; any other is refused with 422/1102."""
        return _apply(self._sandbox.cancel, request)

    async def refund(self, request: Request) -> Response:
        """Refund a paid order; any other is refused with 422/1102."""
        return _apply(self._sandbox.refund, request)


def _apply(change: Callable[[int], OrderStatus], request: Request) -> Response:
    order_id = path_id(request, "order_id")
    return JSONResponse({"order_id": order_id, "status": change(order_id)})
