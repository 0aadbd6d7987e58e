"""uvicorn's HTTP/1.1 protocol, with limits on everything that a client can make it hold."""

import asyncio
import logging
from typing import Any

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from gateway.server import parsing
from gateway.server.config import ServerConfig
from gateway.server.error_responses import FULL, HEAD_TOO_LARGE, MALFORMED, TOO_SLOW, ErrorResponse
from gateway.server.flow import Flow, Timer, WriteWatch
from gateway.server.parsing import BETWEEN, BODY, HEAD, REPEATED_HEAD, Refused
from gateway.server.ready_responses import ReadyHttpProtocol
from gateway.server.reserve import probes_only
from gateway.server.response_writer import ResponseWriter
from gateway.telemetry import log

logger = logging.getLogger(__name__)

_LINGER_SECONDS = 1.0
"""How long the rest of a refused request is read and dropped: closing at once could destroy the response."""


class HttpProtocol(ReadyHttpProtocol):
    """One connection. uvicorn reads, runs and answers requests; this class limits what they may cost.

    Heads, trailers and pipelined requests are limited in size and number, heads and bodies in time. A request beyond a
    limit is refused after the responses to those before it, and the connection is closed.
    """

    # httptools reports a field once it is complete, and not how much it holds of an incomplete one, so its slices are
    # counted: the first may begin with the request before, `_later_slices` belong to what is incomplete. `_running` is
    # the request that is answered; uvicorn's `cycle` is the last one that was read. After `_refusal` nothing is read.

    config: ServerConfig
    flow: Flow

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = config.limits
        self._stage: parsing.Stage = BETWEEN
        self._first_slice = self._later_slices = self._trailer_bytes = 0
        self._has_body_data = self._is_reserve = False
        self._held = b""
        self._running: RequestResponseCycle | None = None
        self._refusal: ErrorResponse | None = None
        self._read_timer = Timer(self.loop, self._has_read_too_slowly)
        self._linger_timer = Timer(self.loop, self.abort)

    # What the event loop calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.flow = Flow(transport)
        self._write_watch = WriteWatch(self.loop, transport, self._limits.write_seconds)
        if len(self.connections) > self._limits.connections:
            self._is_reserve = True
            self.run_all()
            self.config.count_refusal(FULL.reason)
            self.app = probes_only(self.app)
            self.config.reserve.add(self)
        self._time_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.config.reserve.discard(self)
        self.config.intake.forget(self)
        self._held = b""
        self.pipeline.clear()
        for timer in (self._read_timer, self._linger_timer, self._write_watch):
            timer.stop()
        if self._running is not None:
            self._end(self._running)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def data_received(self, data: bytes) -> None:
        if self._refusal is not None or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        is_repeated = self.has_repeated(data if self._stage is BETWEEN and not self._held else b"")
        if is_repeated or self._is_running() or self.config.intake.admits(self, data):
            self.read_on(b"" if is_repeated else data)
            return
        if self._held:
            self.flow.hold()
        self._held += data

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_watch.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._write_watch.stop()

    # Reading

    def read_on(self, more: bytes = b"") -> None:
        """Give the parser data in slices, and hold back what would start more requests or take longer than it may."""
        data, self._held = self._held + more, b""
        start = 0
        while start < len(data) and self.parser is not None:
            end = parsing.slice_end(data, start, self._limits.pipelined_requests - len(self.pipeline))
            if end == start:
                self._held = data[start:]
                break
            parsed = self._parse(data[start:end])
            if parsed is None:
                return
            start += parsed
        if self._held:
            self.flow.hold()
            if start >= parsing.TURN_BYTES:
                self.loop.call_soon(self.data_received, b"")
                return
        elif self.flow.is_held:
            self.flow.release()
        self._time_reading()

    def _parse(self, data: bytes) -> int | None:
        """Parse a slice; returns how much was used, or None if this connection reads no more HTTP."""
        try:
            self.parser.feed_data(data)
            self.start_request()
        except httptools.HttpParserUpgrade as upgrade:
            return self._upgrade(upgrade.args[0])
        except httptools.HttpParserError as error:
            self.start_request()
            cause = error.__context__
            self._refuse(cause.refusal if isinstance(cause, Refused) else MALFORMED)
            return None
        if self._stage is not BETWEEN and not self._is_within_bounds(len(data)):
            self._refuse(HEAD_TOO_LARGE)
            return None
        return len(data)

    def _is_within_bounds(self, parsed: int) -> bool:
        """Whether the parser may keep what it has not reported: an incomplete head, trailer or extension of a chunk."""
        if self._first_slice == 0 or self._has_body_data:
            self._first_slice, self._later_slices, self._has_body_data = parsed, 0, False
        else:
            self._later_slices += parsed
        if self._stage is BODY:
            return self._later_slices <= self._limits.trailer_bytes
        if self._later_slices > self._limits.head_bytes or len(self.headers) > self._limits.head_fields:
            return False
        return parsing.head_bytes(self.url, self.headers) <= self._limits.head_bytes

    def _upgrade(self, offset: int) -> int | None:
        """Hand the connection over to WebSocket, or ignore an upgrade that is not offered (RFC 9110, section 7.8).

        The parser takes such a head for the whole request. So a new one gets the fields that frame the body.
        """
        if self._should_upgrade():
            if self._is_reserve or self._is_running() or self.pipeline:
                self._stage = BETWEEN
                self._refuse(FULL if self._is_reserve else MALFORMED)
            else:
                self._read_timer.stop()
                self.handle_websocket_upgrade()
            return None
        self._stage = REPEATED_HEAD
        self.parser = parsing.new_parser(self)
        try:
            self.parser.feed_data(parsing.framing_head(self.headers))
        except httptools.HttpParserError:
            self._stage = BODY
            self._refuse(MALFORMED)
            return None
        return offset

    # What the parser calls, and uvicorn

    def on_message_begin(self) -> None:
        if self._stage is not REPEATED_HEAD:
            super().on_message_begin()
            self._stage = HEAD
            self._first_slice = self._later_slices = 0

    def on_url(self, url: bytes) -> None:
        if self._stage is HEAD:
            self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._stage is HEAD:
            # As uvicorn does it, for each field of each request.
            name = name.lower()
            if name == b"expect" and value.lower() == b"100-continue":
                self.expect_100_continue = True
            self.headers.append((name, value))
        elif self._stage is BODY:
            # Trailers are dropped: they must not pass for fields of the head (RFC 9110, section 6.5.1).
            self._trailer_bytes += len(name) + len(value) + parsing.FIELD_OVERHEAD
            if self._trailer_bytes > self._limits.trailer_bytes:
                raise Refused(HEAD_TOO_LARGE)

    def on_headers_complete(self) -> None:
        if self._stage is HEAD:
            is_uncertain = self._first_slice > 0 or self._limits.head_bytes < parsing.SLICE_BYTES
            parsing.check_head(self.parser, self.url, self.headers, self._limits, is_uncertain)
            before = self.cycle
            super().on_headers_complete()
            if self._is_reserve and self.cycle is not before:
                self.cycle.keep_alive = False
        self._stage = BODY
        self._read_timer.stop()
        self._first_slice = self._later_slices = self._trailer_bytes = 0

    def on_body(self, body: bytes) -> None:
        self._has_body_data = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            self._stage = BETWEEN
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, ResponseWriter(app, cycle).run)

    def _is_running(self) -> bool:
        return self._running is not None and not self._running.response_complete

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if self._refusal is not None:
            if not self._is_running():
                self._answer_refusal(self._refusal)
        elif self._held:
            self.data_received(b"")

    # Refusing

    def _refuse(self, refusal: ErrorResponse) -> None:
        """Read no more, and send the refusal once the earlier requests have their responses."""
        self._refusal = refusal
        if not self._is_reserve:  # counted when it came
            self.config.count_refusal(refusal.reason)
        log.event(logger, logging.INFO, "request_refused", status=refusal.status.value, reason=refusal.message)
        self._read_timer.stop()
        self.flow.hold()
        if self._stage is BODY and self._running is not None:
            if not self.pipeline:
                self._end_with(self._running, refusal)
                return
            self.pipeline.popleft()
        if not self._is_running():
            self._answer_refusal(refusal)

    def _end_with(self, cycle: RequestResponseCycle, refusal: ErrorResponse) -> None:
        """End a request that runs already although its body is incomplete."""
        self._end(cycle)
        self.flow.resume_reading()
        if cycle.response_started:
            self.transport.close()
        else:
            self._answer_refusal(refusal)

    def _end(self, cycle: RequestResponseCycle) -> None:
        cycle.disconnected = True
        cycle.message_event.set()

    def _answer_refusal(self, refusal: ErrorResponse) -> None:
        self._unset_keepalive_if_required()
        self.transport.write(refusal.response())
        self.transport.write_eof()
        self.flow.release()
        self._linger_timer.start(_LINGER_SECONDS)

    # Timing

    def _time_reading(self) -> None:
        """Let the client finish what it began within its time; it does not pay for data that we hold back."""
        if self._held or (self._stage is BETWEEN and (self.timeout_keep_alive_task or self._is_running())):
            self._read_timer.stop()
        elif self._stage is BODY:
            self._read_timer.start(self._limits.body_seconds, BODY)
        else:
            self._read_timer.start(self._limits.head_seconds, HEAD)

    def _has_read_too_slowly(self) -> None:
        if self._held or self.flow.read_paused:  # the gateway takes the time, and not the client
            self._time_reading()
        elif self._stage is BETWEEN:
            self.transport.close()
        else:
            self._refuse(TOO_SLOW)
