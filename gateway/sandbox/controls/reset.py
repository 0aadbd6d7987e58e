"""Resets the sandbox under `/_sandbox/reset`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.sandbox import Sandbox


def reset_route(sandbox: Sandbox) -> Route:
    """Serve the reset: everything is as at the first start, except the clock and the addresses for webhooks."""

    async def reset(_: Request) -> Response:
        sandbox.reset()
        return Response(status_code=204)

    return Route(PREFIX + "/reset", reset, methods=["POST"])
