"""A few connections beyond the bound, on which a full server says that it lives, and all others that it is full."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from gateway.server.refusals import FULL, new_request_id

PROBES = frozenset({"/livez", "/readyz"})
"""What is answered beyond the bound on connections, too."""

App = Callable[[Any, Any, Any], Awaitable[None]]


class Abortable(Protocol):
    """A connection that can be ended at once."""

    def abort(self) -> None:
        """End it without another word."""
        ...


class Reserve:
    """Connections beyond the bound, in the order in which they came: they get one response and are closed.

    Without them a full server could not say that it is alive. A newcomer takes the place of the oldest, so that
    clients who open connections and say nothing cannot keep a probe out.
    """

    SIZE = 64

    def __init__(self) -> None:
        self._members: dict[Abortable, None] = {}

    def add(self, member: Abortable) -> None:
        """Let a connection in, at the cost of the oldest where all places are taken."""
        self._members[member] = None
        if len(self._members) > self.SIZE:
            oldest = next(iter(self._members))
            self.discard(oldest)
            oldest.abort()

    def discard(self, member: Abortable) -> None:
        """Forget a connection that is gone; one that is not known is no mistake."""
        self._members.pop(member, None)


def probes_only(app: App) -> App:
    """The app for those who ask whether it lives; all others are told that the server is full."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in PROBES:
            await app(scope, receive, send)
            return
        request_id = new_request_id()
        body = FULL.body(request_id)
        headers = FULL.headers(request_id, len(body))
        await send({"type": "http.response.start", "status": FULL.status.value, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return serve
