"""A few connections beyond the limit, on which a full server answers health probes and refuses all else."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from gateway.server.error_responses import FULL, new_request_id

PROBES = frozenset({"/livez", "/readyz"})
"""Paths that are answered beyond the limit on connections."""

App = Callable[[Any, Any, Any], Awaitable[None]]


class Abortable(Protocol):
    """A connection that can be ended at once."""

    def abort(self) -> None:
        """Close it at once."""
        ...


class Reserve:
    """Connections beyond the limit, in the order in which they came: they get one response and are closed.

    Without them a full server could not answer health probes. A new connection replaces the oldest, so that clients
    that open connections and send nothing cannot keep a probe out.
    """

    SIZE = 64

    def __init__(self) -> None:
        self._members: dict[Abortable, None] = {}

    def add(self, member: Abortable) -> None:
        """Add a connection, and close the oldest if there are too many."""
        self._members[member] = None
        if len(self._members) > self.SIZE:
            oldest = next(iter(self._members))
            self.discard(oldest)
            oldest.abort()

    def discard(self, member: Abortable) -> None:
        """Remove a closed connection; harmless for an unknown one."""
        self._members.pop(member, None)


def probes_only(app: App) -> App:
    """The app for health probes; all other requests get 503."""

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
