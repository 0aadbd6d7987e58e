"""The order call (client contract, 5.1)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.client import responses as responses
from gateway.sandbox.client.player_calls import PlayerCalls
from gateway.sandbox.domain.rules import Price
from gateway.sandbox.errors import OrderNotFoundError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.orders import Order, find_order


class OrderCalls:
    """Read an order."""

    def __init__(self, player_calls: PlayerCalls) -> None:
        """Take what authenticates the calls."""
        self._player_calls = player_calls

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's path."""
        return [Route("/order/{order_id}", self.get_order, methods=["GET"], name="get-order")]

    async def get_order(self, request: Request) -> Response:
        """Return one of the player's own orders; other players' orders are not found."""
        with self._player_calls.read(request) as call:
            player = call.require_player()
            order = find_order(call.tx, path_id(request, "order_id"))
            if order is None or order.player_number != player.player_number:
                raise OrderNotFoundError
        return JsonResponse(order_response(order))


def order_response(order: Order) -> responses.Order:
    """Describe an order: what was bought, without the content of bundles."""
    price = order_price(order.price) if order.price else None
    return responses.Order(
        order_id=order.order_id,
        status=order.status,
        content=responses.OrderContent(
            price=price,
            virtual_price=None,
            is_free=price is None,
            items=[
                responses.OrderItem(sku=line.sku, quantity=line.quantity, is_free=price is None, price=price)
                for line in order.lines
                if not line.is_bundle_content
            ],
        ),
    )


def order_price(price: Price) -> responses.OrderPrice:
    """Describe money of an order or of the catalog."""
    return responses.OrderPrice(
        amount=str(price.amount),
        amount_without_discount=str(price.amount if price.full_amount is None else price.full_amount),
        currency=price.currency,
    )
