"""Says whether the sandbox works, under `/_sandbox/health`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.sandbox import Sandbox


def health_route(sandbox: Sandbox) -> Route:
    """Serve the health check: it succeeds as long as the database answers."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "projects": len(sandbox.projects())})

    return Route(PREFIX + "/health", health, methods=["GET"])
