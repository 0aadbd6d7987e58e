"""The payment page, at the same path as the vendor's: an order's token opens it (client contract, 5.3)."""

from contextlib import suppress
from types import MappingProxyType
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.sandbox.domain.languages import choose_text, parse_accept_language
from gateway.sandbox.domain.rules import OrderStatus, Price
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.http.images import image_path
from gateway.sandbox.http.request_body import read_limited
from gateway.sandbox.pages.rendering import fill_template, html_page
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.storage.orders import Order

PATH = "/paystation4/"
_LARGEST_FORM = 4096
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

    def __init__(self, sandbox: Sandbox) -> None:
        """Take the sandbox that holds the orders."""
        self._sandbox = sandbox
        self._actions = {"pay": sandbox.pay, "cancel": sandbox.cancel}

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route(PATH, self.show, methods=["GET"]), Route(PATH, self.decide, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show the order of the token: with a button to pay it, or with its result."""
        token = request.query_params.get("token", "")
        order = self._sandbox.order_to_pay(token)
        if order is None:
            return _unknown()
        if order.status is OrderStatus.NEW and order.price:
            languages = parse_accept_language(request.headers.get("accept-language", ""))
            return _payment(order, order.price, token, languages)
        is_refunded = order.status is OrderStatus.CANCELED and self._sandbox.was_paid(order.order_id)
        return _result(order, *(_REFUNDED if is_refunded else _RESULTS[order.status]))

    async def decide(self, request: Request) -> Response:
        """Pay or cancel, then redirect to the page, so that a reload repeats nothing."""
        form = await _form(request)
        order = self._sandbox.order_to_pay(form.get("token", ""))
        if order is None:
            return _unknown()
        act = self._actions.get(form.get("action", ""))
        # Too late to cancel: the page shows the order's status.
        with suppress(RefusedError):
            if act:
                act(order.order_id)
        return RedirectResponse(f"{PATH}?{urlencode({'token': form['token']})}", status_code=303)


async def _form(request: Request) -> dict[str, str]:
    body = await read_limited(request, _LARGEST_FORM) or b""
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}


def _payment(order: Order, price: Price, token: str, languages: tuple[str, ...]) -> Response:
    line = order.lines[0]
    name = choose_text(line.name, languages) or line.sku
    texts = {
        "image": image_path(line.sku),
        "item": name if line.quantity == 1 else f"{line.quantity} \u00d7 {name}",
        "amount": f"{price.amount} {price.currency}",
        "order_id": str(order.order_id),
        "token": token,
    }
    return html_page("Pay", fill_template("payment.html", texts))


def _result(order: Order, headline: str, text: str) -> Response:
    texts = {
        "image": image_path(order.lines[0].sku),
        "headline": headline,
        "text": text,
        "order_id": str(order.order_id),
        "status": order.status,
    }
    return html_page(headline, fill_template("result.html", texts))


def _unknown() -> Response:
    texts = {"headline": "Nothing to pay here", "text": "This payment link is unknown or has expired."}
    return html_page(texts["headline"], fill_template("message.html", texts), status=404)
