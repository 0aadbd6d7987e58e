"""uvicorn's HTTP/1.1 protocol, which sends a response that is ready without running the application."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.server.config import Ready, ReadyResponses, ServerConfig
from gateway.server.response_writer import response_head
from gateway.telemetry import log

logger = logging.getLogger(__name__)

_METHODS = frozenset({b"GET", b"POST"})
_EMPTY_LINE = b"\r\n\r\n"


class ReadyHttpProtocol(HttpToolsProtocol):
    """One connection. `ServerConfig.ready_responses` sees a whole request before there is a task for it, and a scope.

    Only where nothing about it is unusual: it arrived at once, and nothing is under way before it. All else is left to
    the application, and so is what has no response that is ready. A request in the same bytes as one that had a
    response is not parsed again.
    """

    # uvicorn starts a request with its head. Here it starts once the body is there as well, and at the latest with the
    # end of the slice of data that the parser got: no request waits for data without having been started.

    config: ServerConfig

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._ready = None if config.is_draining else config.ready_responses
        self._unstarted: list[bytes] | None = None
        self._arrived = b""

    def run_all(self) -> None:
        """From now on, leave each request to the application."""
        self._ready = None

    def timeout_keep_alive_handler(self) -> None:
        if self.transport.get_write_buffer_size():
            self.abort()
        else:
            super().timeout_keep_alive_handler()

    def abort(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def on_headers_complete(self) -> None:
        self._unset_keepalive_if_required()
        if self._may_be_ready():
            self._unstarted = []
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._unstarted is None:
            super().on_body(body)
        else:
            self._unstarted.append(body)

    def on_message_complete(self) -> None:
        arrived, self._arrived = self._arrived, b""
        if self._unstarted is not None:
            body = b"".join(self._unstarted)
            # The first empty line ends the first head that arrived. If this body is the rest, nothing else arrived.
            alone = arrived if arrived.partition(_EMPTY_LINE)[1:] == (_EMPTY_LINE, body) else b""
            if self._has_sent(lambda ready: self._found(ready, body, alone)):
                self._unstarted = None
                self.on_response_complete()
                return
            self.start_request()
        super().on_message_complete()

    def has_repeated(self, data: bytes) -> bool:
        """Send the response to data that is a request and came before, if it is ready; otherwise it is to be parsed.

        `data` is what arrived at once, where a request is expected, and empty where anything else is.
        """
        self._arrived = data
        if not data or not self._is_free() or not self._has_sent(lambda ready: ready.repeat(data, self.client)):
            return False
        self._arrived = b""
        self.on_response_complete()
        return True

    def start_request(self) -> None:
        """Leave a request that has not started to the application, if there is one."""
        pieces, self._unstarted = self._unstarted, None
        if pieces is not None:
            super().on_headers_complete()
            for piece in pieces:
                super().on_body(piece)

    def _may_be_ready(self) -> bool:
        return (
            self._ready is not None
            and self._ready.covers(self.url)
            and self._is_free()
            and self.parser.get_method() in _METHODS
            and self.parser.should_keep_alive()
            and self.parser.get_http_version() == "1.1"
            and not self.parser.should_upgrade()
        )

    def _is_free(self) -> bool:
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _found(self, ready: ReadyResponses, body: bytes, alone: bytes) -> Ready | None:
        return ready.find(self.parser.get_method(), self.url, cast(Scope, self.scope), body, alone)

    def _has_sent(self, find: Callable[[ReadyResponses], Ready | None]) -> bool:
        try:
            ready = None if self._ready is None else find(self._ready)
        except Exception as error:
            # The application will fail in the same way, and says so to the client.
            log.event(logger, logging.ERROR, "unexpected_error", error=error)
            return False
        if ready is None:
            return False
        status, lines, content = ready
        self.transport.writelines([response_head(status, self.server_state.default_headers, lines), content])
        return True
