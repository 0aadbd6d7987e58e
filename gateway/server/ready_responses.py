"""uvicorn's HTTP/1.1 protocol, which sends a response that is ready without running the application."""

import asyncio
import logging
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.server.config import ReadyResponses, ServerConfig
from gateway.telemetry import log

logger = logging.getLogger(__name__)

_METHODS = frozenset({b"GET", b"POST"})


class ReadyHttpProtocol(HttpToolsProtocol):
    """One connection. `ServerConfig.ready_responses` sees a whole request before there is a task for it, and a scope.

    Only where nothing about it is unusual: it arrived at once, and nothing is under way before it. All else is left to
    the application, and so is what has no response that is ready.
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

    def run_all(self) -> None:
        """From now on, leave each request to the application."""
        self._ready = None

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
        if self._unstarted is not None:
            if self._ready is not None and self._has_sent(self._ready, b"".join(self._unstarted)):
                self._unstarted = None
                self.on_response_complete()
                return
            self.start_request()
        super().on_message_complete()

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
            and (self.cycle is None or self.cycle.response_complete)
            and self.parser.get_method() in _METHODS
            and self.parser.should_keep_alive()
            and self.parser.get_http_version() == "1.1"
            and not self.parser.should_upgrade()
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _has_sent(self, responses: ReadyResponses, body: bytes) -> bool:
        try:
            ready = responses.find(self.parser.get_method(), self.url, self.headers, self.client, body)
        except Exception as error:
            # The application will fail in the same way, and says so to the client.
            log.event(logger, logging.ERROR, "unexpected_error", error=error)
            return False
        if ready is None:
            return False
        status, lines, content = ready
        defaults = b"".join([b"%b: %b\r\n" % field for field in self.server_state.default_headers])
        self.transport.writelines([b"%b%b%b\r\n" % (STATUS_LINE[status], defaults, lines), content])
        return True
