"""uvicorn's WebSocket protocol."""

import asyncio
import logging

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from gateway.server.config import ServerConfig


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's sockets, which log only what goes wrong: the other lines show query strings, and frames with tokens."""

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = logging.getLogger("uvicorn.sockets")
        self.logger.setLevel(logging.WARNING)
        self.conn.logger, self.conn.debug = self.logger, False

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            # The handshake is over, and what was said in it weighs a fifth of an idle socket.
            self.request.headers.clear()
            self.response.headers.clear()
