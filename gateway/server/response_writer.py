"""Responses that are complete are written at once."""

from collections.abc import Awaitable, Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

from gateway.http.messages import field_lines
from gateway.server.reserve import App

_START = "http.response.start"
_LENGTH = b"content-length"
_FRAMING = frozenset({b"connection", b"transfer-encoding"})


class ResponseWriter:
    """Writes the head of a response together with the first piece of its body; both at once where that is all of it.

    uvicorn writes head and body apart, and each write is a system call and a packet. All that is unusual is left to it.
    """

    __slots__ = ("_app", "_cycle", "_start")

    def __init__(self, app: App, cycle: RequestResponseCycle) -> None:
        self._app = app
        self._cycle = cycle
        self._start: Any = None

    def run(self, scope: Any, receive: Any, _send: Any) -> Awaitable[None]:
        """Run the application for the one request."""
        return self._app(scope, receive, self._send)

    async def _send(self, message: Any) -> None:
        start, self._start = self._start, None
        if start is not None:
            if not message.get("more_body", False) and self._has_sent(start, message.get("body", b"")):
                return
            await self._cycle.send(start)
        elif message["type"] == _START and not self._cycle.response_started:
            self._start = message
            return
        await self._cycle.send(message)

    def _has_sent(self, start: Any, body: bytes) -> bool:
        """Send a response that is complete, unless anything about it is unusual."""
        cycle, headers = self._cycle, start["headers"]
        fields = dict(headers)
        if (
            not cycle.keep_alive
            or cycle.disconnected
            or cycle.waiting_for_100_continue
            or cycle.flow.write_paused
            or cycle.scope["method"] == "HEAD"
            or fields.get(_LENGTH) != b"%d" % len(body)
            or not _FRAMING.isdisjoint(fields)
            or HEADER_RE.search(b"".join(fields))
            or HEADER_VALUE_RE.search(b"".join([value for _, value in headers]))
        ):
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.transport.writelines([response_head(start["status"], cycle.default_headers, field_lines(headers)), body])
        cycle.message_event.set()
        cycle.on_response()
        return True


def response_head(status: int, defaults: Iterable[tuple[bytes, bytes]], lines: bytes) -> bytes:
    """The head of a response: its status, the fields of all responses, and the lines of its own fields."""
    return b"%b%b%b\r\n" % (STATUS_LINE[status], field_lines(defaults), lines)
