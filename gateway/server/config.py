"""uvicorn's configuration together with our limits, as its protocols get it."""

from collections.abc import Callable
from typing import Any, Protocol

import uvicorn
from starlette.types import ASGIApp, Scope

from gateway.server.intake import Intake
from gateway.server.limits import ServerLimits
from gateway.server.reserve import Reserve

Client = tuple[str, int] | None
"""Address and port of a connection's other end, where it has one."""

Ready = tuple[int, bytes, bytes]
"""A response: its status, the lines of its header, and its body."""


class ReadyResponses(Protocol):
    """Responses that need no run of the application."""

    def covers(self, target: bytes) -> bool:
        """Whether requests for this target may have one; a cheap question that is asked for every request."""
        ...

    def find(self, method: bytes, target: bytes, scope: Scope, body: bytes, alone: bytes) -> Ready | None:
        """The response to a request; None where the application has to run.

        `scope` is what the application gets then, so far with the fields and the client: what was read may be added.
        `alone` are the bytes of this request, if they came at once and nothing else with them; otherwise it is empty.
        """
        ...

    def repeat(self, alone: bytes, client: Client) -> Ready | None:
        """The response to a request in the same bytes as one that `find` answered; None where `find` has to look."""
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
        self.intake = Intake()
        self.is_draining = False
