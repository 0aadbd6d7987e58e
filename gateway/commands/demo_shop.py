"""The web shop that `gateway demo` serves at `/shop/`, for one of its players."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.app import Gateway, create_app
from gateway.settings import Settings

FOLDER = Path(__file__).parents[1] / "client_kits" / "shop"
"""Made of kits/typescript by scripts/web-shop."""

# Pictures come from the sandbox, which is another origin on the same machine, or from where a publisher has them.
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " img-src 'self' data: https: http://127.0.0.1:* http://localhost:*;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app_with_shop(settings: Settings, *, player: Mapping[str, str], **more: Any) -> Gateway:
    """The gateway with the shop of a player, given by `id` and `token`. Raises what `create_app` raises."""
    gateway = create_app(settings, **more)
    return replace(gateway, app=_before(gateway.app, player))


def _before(app: ASGIApp, player: Mapping[str, str]) -> ASGIApp:
    """What answers for the shop, and leaves everything else to the gateway."""

    async def signed_in(_: Request) -> Response:
        body = {"player": player["id"], "token": player["token"]}
        return JSONResponse(body, headers={**_HEADERS, "Cache-Control": "no-store"})

    shop = Starlette(
        routes=[Route("/shop/player.json", signed_in), Mount("/shop", _Files(directory=FOLDER, html=True))]
    )

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_shop = scope["type"] == "http" and (scope["path"] + "/").startswith("/shop/")
        await (shop if is_shop else app)(scope, receive, send)

    return serve


class _Files(StaticFiles):
    """Files with the shop's headers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The answer for a file. Raises HTTPException where there is none."""
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response
