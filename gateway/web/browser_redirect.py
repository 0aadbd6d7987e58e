"""Leads a person who opens the endpoint in a browser to GraphiQL."""

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class BrowserRedirect:
    """Answers a `GET` without a query that asks for HTML with the way to `page`; passes everything else on."""

    def __init__(self, app: ASGIApp, page: str) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "GET" or scope["query_string"]:
            await self._app(scope, receive, send)
            return
        accepted = Headers(scope=scope).get("accept", "")
        if "text/html" not in accepted:
            await self._app(scope, receive, send)
            return
        headers = {"Cache-Control": "no-store", "Vary": "Accept"}
        address = f"{scope.get('root_path', '')}{self._page}"
        await RedirectResponse(address, status_code=303, headers=headers)(scope, receive, send)
