"""Stands before the sandbox's own calls: pages of other sites may not change anything here through a browser."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.sandbox.controls.paths import PREFIX

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})


class ControlGuard:
    """Refuses changes that a page of another origin sends, and tells of each change that was made.

    The calls need no token, so that a person's browser, which reaches this machine, is all that another site would
    need. Browsers say where a request comes from in `Sec-Fetch-Site`, or in `Origin` where the address is not a
    trustworthy one; programs such as curl send neither, and are let through.
    """

    def __init__(self, app: ASGIApp, changed: Callable[[], None]) -> None:
        """Take the application, and what is called after each call that may have changed something."""
        self._app = app
        self._changed = changed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, unless it is refused."""
        if scope["type"] != "http" or scope["method"] in _SAFE or not scope["path"].startswith(PREFIX + "/"):
            await self._app(scope, receive, send)
            return
        if not _is_from_here(Headers(scope=scope), scope["scheme"]):
            refusal = PlainTextResponse("Pages of other sites may not change the sandbox.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
        self._changed()


def _is_from_here(headers: Headers, scheme: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITE
    origin = headers.get("origin")
    return origin is None or origin == f"{scheme}://{headers.get('host')}"
