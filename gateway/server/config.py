"""uvicorn's configuration together with our limits, as its protocols get it."""

from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from gateway.server.limits import ServerLimits
from gateway.server.reserve import Reserve


def uncounted(_reason: str) -> None:
    """Count nothing."""


class ServerConfig(uvicorn.Config):
    """uvicorn's configuration of one server, with what its connections share: limits, and whether they are to end.

    `count_refusal` takes the reason of each connection that is refused.
    """

    def __init__(
        self, app: ASGIApp, limits: ServerLimits, count_refusal: Callable[[str], None] = uncounted, **options: Any
    ) -> None:
        super().__init__(app, **options)
        self.limits = limits
        self.count_refusal = count_refusal
        self.reserve = Reserve()
        self.is_draining = False
