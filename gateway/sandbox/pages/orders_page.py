"""The page of orders: pays, declines, cancels and refunds them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.errors import RefusedError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.pages.forms import Acting, Form
from gateway.sandbox.pages.order_rows import load_order_rows
from gateway.sandbox.pages.paging import paging
from gateway.sandbox.pages.rendering import PAGES, PageRenderer
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.storage.orders import count_orders

PATH = PAGES + "/orders"
_PAGE_SIZE = 20


class OrdersPage:
    """Lists all orders, the newest first, each with what can be done with it."""

    def __init__(self, sandbox: Sandbox, renderer: PageRenderer) -> None:
        """Take the sandbox that holds the orders, and what renders the page."""
        self._sandbox = sandbox
        self._renderer = renderer
        self._acting = Acting(renderer)
        self._actions = {
            "pay": sandbox.pay,
            "decline": sandbox.decline,
            "cancel": sandbox.cancel,
            "refund": sandbox.refund,
        }

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            Route(PATH, self.show, methods=["GET"]),
            Route(PATH + "/{order_id}", self.act, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show a page of the list."""
        with self._sandbox.database.read() as tx:
            shown = paging(request, _PAGE_SIZE, count_orders(tx))
            orders = load_order_rows(tx, shown.size, shown.first)
        return self._renderer.page(request, "orders.html", orders=orders, paging=shown)

    async def act(self, request: Request) -> Response:
        """Do with an order what the form's button says."""

        def act(form: Form) -> str:
            action = form.get("action", "")
            if action not in self._actions:
                raise RefusedError("Choose what to do with the order")
            self._actions[action](path_id(request, "order_id"))
            return action

        return await self._acting(request, act)
