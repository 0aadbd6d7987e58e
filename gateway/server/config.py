"""uvicorn's configuration together with our limits, as its protocols get it."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import uvicorn
from starlette.types import ASGIApp

from gateway.server.limits import ServerLimits
from gateway.server.reserve import Reserve

Fields = Sequence[tuple[bytes, bytes]]
"""Header fields; names are in lower case."""


class ReadyResponses(Protocol):
    """Responses that need no run of the application."""

    def covers(self, target: bytes) -> bool:
        """Whether requests for this target may have one; a cheap question that is asked for every request."""
        ...

    def find(
        self, method: bytes, target: bytes, fields: Fields, client: tuple[str, int] | None, body: bytes
    ) -> tuple[int, bytes, bytes] | None:
        """The status, the lines of the header and the body of the response; None where the application has to run."""
        ...


def uncounted(_reason: str) -> None:
    """Count nothing."""


class ServerConfig(uvicorn.Config):
    """uvicorn's configuration of one server, with what its connections share: limits, and whether they are to end.

    `count_refusal` takes the reason of each connection that is refused; `ready_responses` need no app.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: ServerLimits,
        count_refusal: Callable[[str], None] = uncounted,
        ready_responses: ReadyResponses | None = None,
        **options: Any,
    ) -> None:
        super().__init__(app, **options)
        self.limits = limits
        self.count_refusal = count_refusal
        self.ready_responses = ready_responses
        self.reserve = Reserve()
        self.is_draining = False
