"""One connection to an upstream: a request out, a response in, one after the other."""

import asyncio
import math
import select
from typing import Protocol

import httpx

from gateway.http.messages import Limits
from gateway.http.response_parser import RawResponse, ResponseParser

_PIECE_BYTES = 65_536
_NOTHING = memoryview(b"")
_TOLERANCE_SECONDS = 0.001
"""Timers of uvloop count whole milliseconds and may come early by a part of one."""


class ConnectionOwner(Protocol):
    """Holds connections between calls."""

    def release(self, connection: "Connection") -> None:
        """Receive back a connection that can serve the next call."""

    def discard(self, connection: "Connection") -> None:
        """Forget a connection that has closed."""


class Connection(asyncio.Protocol):
    """Serves one exchange at a time, and is released to its owner only when it can serve another.

    An exchange that breaks, is too slow or is abandoned closes the connection, as do bytes that nothing asked for,
    and `keep_alive_seconds` without a call.
    """

    # The states, by what is set:
    #
    #   idle       no _waiter          any byte, or the end of the stream, closes the connection
    #   sending    _waiter, _is_sending   part of the request is still here; the write bound counts
    #   receiving  _waiter             all of the request is out; the read bound counts, anew with each byte
    #   closed     not _is_open        final
    #
    # exchange: idle -> sending or receiving; a whole response: receiving -> idle. A response that is whole while the
    # request is still being sent counts, but the rest of the request would be read as the next one: -> closed.
    # Everything else that can happen leads to closed. A waiter that was cancelled stays set until its caller's
    # `abandon`: a response that arrives in between is whole, so the connection is clean and stays open.
    #
    # One timer serves the connection all its life. A bound that moves further away, as it does with every byte, only
    # changes `_wake_at`; the timer notices when it fires, and starts again. Two timers for each exchange would cost
    # more than the exchange.

    __slots__ = (
        "_deadline",
        "_is_open",
        "_is_paused",
        "_keep_alive_seconds",
        "_loop",
        "_owner",
        "_parser",
        "_poll",
        "_read_seconds",
        "_timer",
        "_timer_at",
        "_transport",
        "_unread",
        "_unsent",
        "_waiter",
        "_wake_at",
        "_write_seconds",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, owner: ConnectionOwner, keep_alive_seconds: float) -> None:
        self._loop = loop
        self._owner = owner
        self._keep_alive_seconds = keep_alive_seconds
        self._parser = ResponseParser()
        self._waiter: asyncio.Future[RawResponse] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unsent = _NOTHING
        self._unread = b""
        self._timer_at = self._wake_at = self._deadline = math.inf
        self._read_seconds = self._write_seconds = math.inf
        self._is_open = self._is_paused = False

    def exchange(self, data: bytes, *, to_head: bool, limits: Limits, deadline: float) -> asyncio.Future[RawResponse]:
        """Send a request and return its response to come, which must be whole by `deadline`, a time of the loop.

        The future ends with `httpx.ReadTimeout`, `ReadError`, `WriteTimeout`, `WriteError`, `RemoteProtocolError` or
        `DecodingError`. A caller that stops waiting calls `abandon`.
        """
        waiter = self._waiter = self._loop.create_future()
        self._parser.expect(to_head=to_head, max_body_bytes=limits.max_body_bytes)
        self._read_seconds = limits.read_seconds
        self._write_seconds = limits.write_seconds
        self._deadline = deadline
        self._wake_within(limits.read_seconds)
        if len(data) <= _PIECE_BYTES:
            self._transport.write(data)
        else:
            self._unsent = memoryview(data)
            self._write_unsent()
        return waiter

    def abandon(self, waiter: asyncio.Future[RawResponse]) -> None:
        """Close the connection if the exchange is still under way: no other call may read its response."""
        if self._waiter is waiter:
            self._waiter = None
            self.close()

    @property
    def is_open(self) -> bool:
        """Whether a request can be sent."""
        return self._is_open

    def has_unread_input(self) -> bool:
        """Whether something came since the last response that the loop has not read yet, like the stream's end."""
        return self._poll is not None and bool(self._poll.poll(0))

    def close(self) -> None:
        """Close at once; an exchange under way ends with an error."""
        if self._is_open:
            self._is_open = False
            self._unsent = _NOTHING
            self._unread = b""
            self._parser.drop()
            self._transport.abort()
            self._owner.discard(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._fail(httpx.RemoteProtocolError("the connection was closed before the response"))

    # The transport that a loop gives for TCP and TLS; uvloop's has the same methods under another base class.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; writing counts as going on until the system has accepted every byte."""
        self._transport = transport
        # TLS of asyncio compares with at least, TCP with more than.
        transport.set_write_buffer_limits(high=1 if transport.get_extra_info("ssl_object") else 0, low=0)
        # Windows has no poll; there, only what the loop has read already is noticed.
        self._poll = select.poll() if hasattr(select, "poll") else None
        if self._poll is not None:
            self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
        self._is_open = True

    def data_received(self, data: bytes) -> None:
        """Read on; bytes that nothing asked for close the connection.

        Much that comes at once is read in several turns of the loop: in the smallest chunks it takes long.
        """
        if len(data) > _PIECE_BYTES:
            self._transport.pause_reading()
            data, self._unread = data[:_PIECE_BYTES], data[_PIECE_BYTES:]
            self._loop.call_soon(self._read_on)
        self._read(data)

    def _read_on(self) -> None:
        data, self._unread = self._unread, b""
        if data:
            self._transport.resume_reading()
            self.data_received(data)

    def _read(self, data: bytes) -> None:
        if self._waiter is None:
            self.close()
            return
        try:
            response = self._parser.feed(data)
        except httpx.RequestError as error:
            # Without the parser's frames, which hold what was read until the garbage collector comes by.
            self._fail(error.with_traceback(None))
            return
        if response is not None:
            self._complete(response)
        elif not self._is_sending:
            self._wake_within(self._read_seconds)

    def eof_received(self) -> None:
        """Close a connection that the upstream has ended; for some responses that is their end."""
        self._read_rest()
        if self._waiter is None:
            self.close()
            return
        try:
            response = self._parser.feed_eof()
        except httpx.RequestError as error:
            self._fail(error)
        else:
            self._complete(response)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the exchange under way with an error that says whether the request was being sent."""
        self._read_rest()
        if exc is not None:
            kind = httpx.WriteError if self._is_sending else httpx.ReadError
            self._fail(kind(f"the connection broke ({type(exc).__name__})"))
        self.close()

    def pause_writing(self) -> None:
        """Bound the time until the upstream accepts more of the request."""
        self._is_paused = True
        if self._waiter is not None:
            self._wake_within(self._write_seconds)

    def resume_writing(self) -> None:
        """Send on; once all is out, the upstream's silence counts."""
        self._is_paused = False
        self._write_unsent()
        if self._waiter is not None and not self._is_sending:
            self._wake_within(self._read_seconds)

    @property
    def _is_sending(self) -> bool:
        return self._is_paused or bool(self._unsent)

    def _write_unsent(self) -> None:
        # In pieces, because TLS accepts any amount at once and says only then that it was too much.
        while self._unsent and not self._is_paused:
            piece, self._unsent = self._unsent[:_PIECE_BYTES], self._unsent[_PIECE_BYTES:]
            self._transport.write(piece)

    def _read_rest(self) -> None:
        """Read what came before the connection ended."""
        data, self._unread = self._unread, b""
        if data:
            self._read(data)

    def _complete(self, response: RawResponse) -> None:
        waiter, self._waiter = self._waiter, None
        if response.keep_alive and not (self._is_paused or self._unsent or self._unread):
            self._deadline = math.inf
            self._wake_within(self._keep_alive_seconds)
            self._owner.release(self)
        else:
            self.close()
        if waiter is not None and not waiter.done():
            waiter.set_result(response)

    def _fail(self, error: httpx.RequestError) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is None:
            return
        self.close()
        if not waiter.done():
            waiter.set_exception(error)

    def _wake_within(self, seconds: float) -> None:
        self._wake_at = min(self._loop.time() + seconds, self._deadline)
        if self._wake_at < self._timer_at:
            self._start_timer()

    def _start_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = self._wake_at
        self._timer = self._loop.call_at(self._wake_at, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._timer_at = math.inf
        if self._loop.time() + _TOLERANCE_SECONDS < self._wake_at:
            if self._wake_at < math.inf:
                self._start_timer()
        elif self._is_sending:
            self._fail(httpx.WriteTimeout("the request was not accepted in time"))
        elif self._waiter is not None:
            self._fail(httpx.ReadTimeout("no whole response in time"))
        else:
            self.close()
