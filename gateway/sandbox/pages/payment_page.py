"""The payment page, at the same path as the vendor's: an order's token opens it (client contract, 5.3)."""

from contextlib import suppress
from types import MappingProxyType
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.sandbox.domain.languages import choose_text, parse_accept_language
from gateway.sandbox.domain.rules import OrderStatus
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.pages.forms import read_form
from gateway.sandbox.pages.rendering import PageRenderer
from gateway.sandbox.sandbox import Sandbox

PATH = "/paystation4/"
_RESULTS = MappingProxyType(
    {
        OrderStatus.PAID: ("Payment received", "You can close this page and go back to the game."),
        OrderStatus.DONE: ("Payment received", "You can close this page and go back to the game."),
        OrderStatus.CANCELED: ("Payment cancelled", "Nothing was charged."),
        # 2002 is the number that the vendor's page shows for such an order.
        OrderStatus.EXPIRED: ("Order replaced", "A newer order has replaced this one (error 2002)."),
    }
)
_REFUNDED = ("Payment refunded", "The money was returned.")


class PaymentPage:
    """Shows what an order costs, and pays or cancels it."""

    def __init__(self, sandbox: Sandbox, renderer: PageRenderer) -> None:
        """Take the sandbox that holds the orders, and what renders the page."""
        self._sandbox = sandbox
        self._renderer = renderer
        self._actions = {"pay": sandbox.pay, "cancel": sandbox.cancel, "decline": sandbox.decline}

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route(PATH, self.show, methods=["GET"]), Route(PATH, self.decide, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show the order of the token: with a button to pay it, or with its result."""
        token = request.query_params.get("token", "")
        order = self._sandbox.order_to_pay(token)
        if order is None:
            return self._unknown()
        if order.status is OrderStatus.NEW and order.price:
            languages = parse_accept_language(request.headers.get("accept-language", ""))
            name = choose_text(order.lines[0].name, languages) or order.lines[0].sku
            is_declined = "declined" in request.query_params
            return self._renderer.card("payment.html", order=order, name=name, token=token, is_declined=is_declined)
        is_refunded = order.status is OrderStatus.CANCELED and self._sandbox.was_paid(order.order_id)
        headline, text = _REFUNDED if is_refunded else _RESULTS[order.status]
        return self._renderer.card("payment_result.html", order=order, headline=headline, text=text)

    async def decide(self, request: Request) -> Response:
        """Pay, cancel or let the card fail, then redirect to the page, so that a reload repeats nothing."""
        form = await read_form(request)
        order = self._sandbox.order_to_pay(form.get("token", ""))
        if order is None:
            return self._unknown()
        act = self._actions.get(form.get("action", ""))
        query = {"token": form["token"]} | ({"declined": "1"} if form.get("action") == "decline" else {})
        # Too late to cancel: the page shows the order's status.
        with suppress(RefusedError):
            if act:
                act(order.order_id)
        return RedirectResponse(f"{PATH}?{urlencode(query)}", status_code=303)

    def _unknown(self) -> Response:
        text = "This payment link is unknown or has expired."
        return self._renderer.card("payment_unknown.html", status=404, headline="Nothing to pay here", text=text)
