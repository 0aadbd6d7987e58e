"""uvicorn's configuration together with our limits, as its protocols get it."""

from typing import Any

import uvicorn
from starlette.types import ASGIApp

from gateway.server.limits import ServerLimits
from gateway.server.reserve import Reserve


class ServerConfig(uvicorn.Config):
    """uvicorn's configuration of one server, with what its connections share: limits, and whether they are to end."""

    def __init__(self, app: ASGIApp, limits: ServerLimits, **options: Any) -> None:
        super().__init__(app, **options)
        self.limits = limits
        self.reserve = Reserve()
        self.is_draining = False
