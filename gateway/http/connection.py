"""One connection to an upstream: a request out, an answer in, one after the other."""

import asyncio
import math
import select
from typing import Protocol

import httpx

from gateway.http.response_parser import RawResponse, ResponseParser

_PIECE_BYTES = 65_536
_NOTHING = memoryview(b"")
_TOLERANCE_SECONDS = 0.001
"""Timers of uvloop count whole milliseconds and may come early by a part of one."""


class ConnectionOwner(Protocol):
    """Whoever keeps connections between calls."""

    def keep(self, connection: "Connection") -> None:
        """Take a connection that can serve the next call."""

    def drop(self, connection: "Connection") -> None:
        """Forget a connection that has closed."""


class Connection(asyncio.Protocol):
    """Serves one exchange at a time, and is given back to its keeper only clean.

    An exchange that breaks, is too slow or is abandoned closes the connection, as do bytes that came unasked, and
    `keep_alive_seconds` without a call. One timer serves it all its life: it is set again when it fires too early, not
    at each exchange.
    """

    __slots__ = (
        "_armed_at",
        "_deadline",
        "_is_open",
        "_is_paused",
        "_keep_alive_seconds",
        "_keeper",
        "_last",
        "_loop",
        "_poll",
        "_read_seconds",
        "_reader",
        "_timer",
        "_transport",
        "_unsent",
        "_waiter",
        "_write_seconds",
    )

    def __init__(
        self, loop: asyncio.AbstractEventLoop, keeper: ConnectionOwner, keep_alive_seconds: float, max_body_bytes: int
    ) -> None:
        self._loop = loop
        self._keeper = keeper
        self._keep_alive_seconds = keep_alive_seconds
        self._reader = ResponseParser(max_body_bytes)
        self._waiter: asyncio.Future[RawResponse] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unsent = _NOTHING
        self._armed_at = self._deadline = self._last = math.inf
        self._read_seconds = self._write_seconds = math.inf
        self._is_open = self._is_paused = False

    def exchange(
        self, data: bytes, *, to_head: bool, read_seconds: float, write_seconds: float, last: float
    ) -> asyncio.Future[RawResponse]:
        """Send a request and return its answer to come; `last` is the loop's time by which it must be whole.

        `read_seconds` is the longest silence, `write_seconds` the longest time in which the system takes nothing of a
        request that is not all out. The future ends with `httpx.ReadTimeout`, `ReadError`, `WriteTimeout`,
        `WriteError`, `RemoteProtocolError` or `DecodingError`. Who stops waiting calls `abandon`.
        """
        waiter = self._waiter = self._loop.create_future()
        self._reader.begin(to_head=to_head)
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds
        self._last = last
        self._wake_within(read_seconds)
        if len(data) <= _PIECE_BYTES:
            self._transport.write(data)
        else:
            self._unsent = memoryview(data)
            self._send_on()
        return waiter

    def abandon(self, waiter: asyncio.Future[RawResponse]) -> None:
        """Close the connection if the exchange is still under way: no other call may find its answer."""
        if self._waiter is waiter:
            self._waiter = None
            self.close()

    @property
    def is_open(self) -> bool:
        """Whether a request can be sent."""
        return self._is_open

    def is_quiet(self) -> bool:
        """Whether nothing has come since the last answer, not even what the loop has not read yet, like an end."""
        return self._poll is None or not self._poll.poll(0)

    def close(self) -> None:
        """Close at once; an exchange under way ends with an error."""
        if self._is_open:
            self._is_open = False
            self._unsent = _NOTHING
            self._transport.abort()
            self._keeper.drop(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._fail(httpx.RemoteProtocolError("the connection was closed before the answer"))

    # What a loop gives for TCP and TLS; that of uvloop is one in all but name.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; writing counts as going on while the system has not taken every byte."""
        self._transport = transport
        # TLS of asyncio compares with at least, TCP with more than.
        transport.set_write_buffer_limits(high=1 if transport.get_extra_info("ssl_object") else 0, low=0)
        # Where there is no poll, on Windows, what the loop has seen must do.
        self._poll = select.poll() if hasattr(select, "poll") else None
        if self._poll is not None:
            self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
        self._is_open = True

    def data_received(self, data: bytes) -> None:
        """Read on; bytes that came unasked close the connection."""
        if self._waiter is None:
            self.close()
            return
        try:
            answer = self._reader.feed(data)
        except httpx.RequestError as error:
            self._fail(error)
            return
        if answer is not None:
            self._finish(answer)
        elif not self._is_sending:
            self._wake_within(self._read_seconds)

    def eof_received(self) -> None:
        """End what the upstream has ended."""
        if self._waiter is None:
            self.close()
            return
        try:
            answer = self._reader.end()
        except httpx.RequestError as error:
            self._fail(error)
        else:
            self._finish(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the exchange under way with what became of the request."""
        if exc is not None:
            kind = httpx.WriteError if self._is_sending else httpx.ReadError
            self._fail(kind(f"the connection broke ({type(exc).__name__})"))
        self.close()

    def pause_writing(self) -> None:
        """Bound the time until the upstream has taken more of the request."""
        self._is_paused = True
        if self._waiter is not None:
            self._wake_within(self._write_seconds)

    def resume_writing(self) -> None:
        """Send on; once all is out, the upstream's silence counts."""
        self._is_paused = False
        self._send_on()
        if self._waiter is not None and not self._is_sending:
            self._wake_within(self._read_seconds)

    @property
    def _is_sending(self) -> bool:
        return self._is_paused or bool(self._unsent)

    def _send_on(self) -> None:
        # In pieces, because TLS takes any amount at once and tells only then that it was too much.
        while self._unsent and not self._is_paused:
            piece, self._unsent = self._unsent[:_PIECE_BYTES], self._unsent[_PIECE_BYTES:]
            self._transport.write(piece)

    def _finish(self, answer: RawResponse) -> None:
        waiter, self._waiter = self._waiter, None
        if answer.may_follow and not self._is_sending:
            self._last = math.inf
            self._wake_within(self._keep_alive_seconds)
            self._keeper.keep(self)
        else:
            self.close()
        if waiter is not None and not waiter.done():
            waiter.set_result(answer)

    def _fail(self, error: httpx.RequestError) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is None:
            return
        self.close()
        if not waiter.done():
            waiter.set_exception(error)

    def _wake_within(self, seconds: float) -> None:
        self._deadline = min(self._loop.time() + seconds, self._last)
        if self._deadline < self._armed_at:
            self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._armed_at = self._deadline
        self._timer = self._loop.call_at(self._deadline, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._armed_at = math.inf
        if self._loop.time() + _TOLERANCE_SECONDS < self._deadline:
            if self._deadline < math.inf:
                self._arm()
        elif self._is_sending:
            self._fail(httpx.WriteTimeout("the request was not taken in time"))
        elif self._waiter is not None:
            self._fail(httpx.ReadTimeout("no whole answer in time"))
        else:
            self.close()
