"""uvicorn's WebSocket protocol, with limits on the frames that a client can make it read and answer."""

import asyncio
import logging
from asyncio.transports import BaseTransport
from typing import cast

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame

from gateway.server.config import ServerConfig
from gateway.server.flow import WriteWatch

_SLICE_BYTES = 2_048
"""How much is parsed at once: a few hundred of the smallest frames between two checks of the limits."""

_TURN_BYTES = 4 * _SLICE_BYTES
"""How much of one socket is parsed in a turn of the event loop."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One socket. It is read only while the application takes its messages and the client reads what is sent to it.

    Fragments of a message and control frames in a second are limited; beyond that the socket is closed with 1008. Only
    what goes wrong is logged: the other lines show query strings, and frames with tokens.
    """

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
        self._limits = config.limits
        self._held = b""
        self._control_frames = 0
        self._counted_since = 0.0

    # What the event loop calls

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._write_watch = WriteWatch(self.loop, cast(asyncio.Transport, transport), self._limits.write_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._held = b""
        self._write_watch.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._feed(self._held + data)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.transport.pause_reading()
        self._write_watch.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._write_watch.stop()
        self._read_on()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_later()

    # What the application calls

    async def send(self, message: ASGISendEvent) -> None:
        await self.writable.wait()
        if self.close_sent and self.initial_response is None:
            # The client broke the protocol, and the application does not know it yet.
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.accept":
            # The handshake is over, and its data takes a fifth of an idle socket's memory.
            self.request.headers.clear()
            self.response.headers.clear()
        elif self.initial_response is not None and self.close_sent:
            # uvicorn does not see that a refusal completes the handshake, and would log an error.
            self.handshake_complete = True
        if self._held:
            self._read_on()

    async def receive(self) -> ASGIReceiveEvent:
        if not self.queue.empty():
            # A client that sends much at once must not take the turn of the others.
            await asyncio.sleep(0)
        message = await super().receive()
        if not self.writable.is_set():
            self.transport.pause_reading()
        elif self._held:
            self._read_on()
        return message

    # Reading

    def _feed(self, data: bytes) -> None:
        """Parse data in slices, and hold back what is beyond a turn, and all while nobody reads messages or pongs."""
        self._held = b""
        start = 0
        while start < len(data) and not self.transport.is_closing():
            if start >= _TURN_BYTES or not self._may_read():
                self._held = data[start:]
                self.transport.pause_reading()
                if start >= _TURN_BYTES:
                    self.loop.call_soon(self._read_on)
                return
            self._parse(data[start : start + _SLICE_BYTES])
            start += _SLICE_BYTES

    def _may_read(self) -> bool:
        if not self.handshake_complete:
            return not self.handshake_initiated
        return self.writable.is_set() and not self.read_paused

    def _read_on(self) -> None:
        """Parse what was held back, then read what the client sent since."""
        if self._may_read():
            self._feed(self._held)
        if self._may_read() and not self._held and not self.transport.is_closing():
            self.transport.resume_reading()

    def _parse(self, data: bytes) -> None:
        self.conn.receive_data(data)
        if self.conn.handshake_exc is not None:
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()
        elif self.conn.parser_exc is not None:
            self.handle_parser_exception()
            self._abort_later()
        else:
            self.handle_events()

    # What uvicorn calls for each frame

    def handle_cont(self, event: Frame) -> None:
        if self.close_sent:
            return
        if len(self.frames) >= self._limits.message_frames:
            self._fail(CloseCode.POLICY_VIOLATION, "Too many fragments of one message.")
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self._count_control_frame():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._count_control_frame():
            super().handle_pong(event)

    def _count_control_frame(self) -> bool:
        """Whether one more is within the limit of this second."""
        if self.close_sent:
            return False
        now = self.loop.time()
        if now - self._counted_since >= 1:
            self._counted_since, self._control_frames = now, 0
        self._control_frames += 1
        if self._control_frames <= self._limits.control_frames:
            return True
        self._fail(CloseCode.POLICY_VIOLATION, "Too many pings and pongs a second.")
        return False

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not self.close_sent:
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self._fail(CloseCode.INVALID_DATA, "The message is not UTF-8.")
        super().send_receive_event_to_app()

    # The end

    def _fail(self, code: CloseCode, reason: str) -> None:
        """Close because of what the client sent."""
        self.conn.fail(code, reason)
        self.handle_parser_exception()
        self._abort_later()

    def _abort_later(self) -> None:
        """Close the connection even if the client does not read the last message."""
        self.loop.call_later(self.close_timeout, self.transport.abort)
