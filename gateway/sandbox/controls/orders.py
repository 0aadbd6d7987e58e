"""Our own calls for scripts and tests, under a prefix that is clearly not the vendor's; they need no token."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.sandbox.domain.rules import OrderStatus
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.request_body import read_json
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.storage.clock import ClockMove, move_clock, read_clock

PREFIX = "/_sandbox"


class OrderControls:
    """Pay, cancel and refund without a browser, read and move the clock, ask for health."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Take the sandbox that is controlled."""
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """Name the paths."""
        order = PREFIX + "/orders/{order_id}"
        return [
            Route(PREFIX + "/health", self.health, methods=["GET"]),
            Route(PREFIX + "/clock", self.read_clock, methods=["GET"]),
            Route(PREFIX + "/clock", self.move_clock, methods=["POST"]),
            Route(order + "/pay", self.pay, methods=["POST"]),
            Route(order + "/cancel", self.cancel, methods=["POST"]),
            Route(order + "/refund", self.refund, methods=["POST"]),
        ]

    async def health(self, _: Request) -> Response:
        """Answer when the database does."""
        return JSONResponse({"status": "ok", "projects": len(self._sandbox.projects())})

    async def read_clock(self, _: Request) -> Response:
        """Tell the sandbox's time."""
        with self._sandbox.database.read() as tx:
            return JsonResponse(read_clock(tx))

    async def move_clock(self, request: Request) -> Response:
        """Move the clock ahead: `{"advance_seconds": 60}`, or `{"now": …}` in seconds since 1970 or as a date.

        Tokens live and chains renew by this clock, and what a webhook waits for comes at once.
        """
        move = await read_json(request, ClockMove)
        with self._sandbox.database.write() as tx:
            return JsonResponse(move_clock(tx, move))

    async def pay(self, request: Request) -> Response:
        """Pay an order; the answer tells its status afterwards, which is `canceled` when the step was taken before."""
        return _apply(self._sandbox.pay, request)

    async def cancel(self, request: Request) -> Response:
        """Cancel an unpaid order; any other is refused with 422/1102."""
        return _apply(self._sandbox.cancel, request)

    async def refund(self, request: Request) -> Response:
        """Refund a paid order; any other is refused with 422/1102."""
        return _apply(self._sandbox.refund, request)


def _apply(act: Callable[[int], OrderStatus], request: Request) -> Response:
    order_id = path_id(request, "order_id")
    return JSONResponse({"order_id": order_id, "status": act(order_id)})
