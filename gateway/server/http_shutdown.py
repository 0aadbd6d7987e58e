"""How connections end with the server: every request that was sent is answered, and its client is told to reconnect."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from gateway.server.config import ServerConfig
from gateway.server.error_responses import TOO_SLOW
from gateway.server.flow import Timer
from gateway.server.http_protocol import HttpProtocol
from gateway.server.parsing import HEAD

QUIET_SECONDS = 1.0
"""How long a connection on which nothing happens is still served while the server ends.

Clients and proxies may send a request on it before they learn that it is closed, and not all requests may be repeated.
"""

LAST_REQUESTS_SECONDS = 2 * QUIET_SECONDS
"""How long that goes on at most."""


class DrainingHttpProtocol(HttpProtocol):
    """One connection, which says `Connection: close` with its last response once the server drains.

    While the server ends, a connection is closed after that response, or when nothing has come for `QUIET_SECONDS`.
    """

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._is_ending = False
        self._last: RequestResponseCycle | None = None
        self._quiet_timer = Timer(self.loop, self._has_been_quiet)

    def connection_lost(self, exc: Exception | None) -> None:
        self._quiet_timer.stop()
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way, or waits to be read."""
        return not self._is_running() and not self._held

    def begin_drain(self) -> None:
        """Tell the client to reconnect, with the last of the responses that it waits for."""
        self.run_all()
        cycle = self.cycle
        if cycle is None or cycle.response_started or not cycle.keep_alive:
            return
        if self._last is not None and not self._last.response_started:
            # There is a later request now, which would not be run after a response that closes.
            self._last.keep_alive = True
        cycle.keep_alive = False
        self._last = cycle

    def close_after_response(self) -> None:
        """Close with the end of a response, also where its head did not say so: what comes after it is not served."""
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Serve what is under way and what still comes, then close; uvicorn closes what has no request at once."""
        self._is_ending = True
        self.begin_drain()
        self._quiet_timer.start(QUIET_SECONDS)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self._is_ending or self.config.is_draining:
            self.begin_drain()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_ending:
            self._quiet_timer.start(QUIET_SECONDS)

    def _has_been_quiet(self) -> None:
        # The event loop reads what has arrived once in each turn: only after a whole turn has nothing arrived.
        self.loop.call_soon(self.loop.call_soon, self._close_if_quiet)

    def _close_if_quiet(self) -> None:
        if not self.is_idle or self._refusal is not None:
            return
        if self._stage is HEAD:
            self._refuse(TOO_SLOW)
        else:
            self.transport.close()
