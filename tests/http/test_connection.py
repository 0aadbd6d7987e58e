"""A connection between a loop and its owner, in the orders of events that sockets give only by chance."""

import asyncio
import math
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from gateway.http.connection import Connection
from gateway.http.messages import Limits
from gateway.http.response_parser import RawResponse

NO_BOUNDS = Limits(math.inf, math.inf, math.inf, math.inf, max_body_bytes=100_000)
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self, raw: socket.socket) -> None:
        super().__init__({"socket": raw})
        self.written: list[Any] = []
        self.is_aborted = False
        self.is_paused = False
        self.after_write: Callable[[], None] | None = None

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert (high, low) == (0, 0)

    def write(self, data: Any) -> None:
        self.written.append(data)
        if self.after_write is not None:
            self.after_write()

    def abort(self) -> None:
        self.is_aborted = True

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False


class Owner:
    """An owner that notes what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def release(self, connection: Connection) -> None:
        self.notes.append("release")

    def discard(self, connection: Connection) -> None:
        self.notes.append("discard")


class Bench:
    """A connection with both its sides."""

    def __init__(self, raw: socket.socket) -> None:
        self.owner = Owner()
        self.wire = Wire(raw)
        self.connection = Connection(asyncio.get_running_loop(), self.owner, 15.0)
        self.connection.connection_made(self.wire)

    def ask(self, data: bytes = b"GET") -> asyncio.Future[RawResponse]:
        return self.connection.exchange(data, to_head=False, limits=NO_BOUNDS, deadline=math.inf)


@pytest.fixture
def raw() -> Iterator[socket.socket]:
    """Two ends of a socket that nobody reads."""
    one, other = socket.socketpair()
    with one, other:
        yield one


async def test_an_answer_gives_the_connection_back_before_its_caller_runs(raw: socket.socket) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    bench.connection.data_received(WHOLE)
    assert (waiter.result().body, bench.owner.notes) == (b"a", ["release"])
    bench.connection.close()


async def test_an_answer_to_a_cancelled_call_leaves_a_clean_connection(raw: socket.socket) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    waiter.cancel()
    bench.connection.data_received(WHOLE)
    bench.connection.abandon(waiter)
    assert (bench.owner.notes, bench.connection.is_open) == (["release"], True)
    bench.connection.close()


@pytest.mark.parametrize("error", [None, ConnectionResetError()], ids=["end", "reset"])
async def test_a_break_under_a_cancelled_call_is_nobodys_error(raw: socket.socket, error: Exception | None) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    waiter.cancel()
    bench.connection.connection_lost(error)
    bench.connection.abandon(waiter)
    assert (waiter.cancelled(), bench.owner.notes, bench.wire.is_aborted) == (True, ["discard"], True)


async def test_abandoning_an_exchange_that_is_over_does_not_touch_the_next(raw: socket.socket) -> None:
    bench = Bench(raw)
    first = bench.ask()
    bench.connection.data_received(WHOLE)
    second = bench.ask()
    bench.connection.abandon(first)
    bench.connection.data_received(WHOLE)
    assert (first.result(), second.result().body) == (second.result(), b"a")
    assert bench.wire.written == [b"GET", b"GET"]
    bench.connection.close()


@pytest.mark.parametrize(
    ("is_sending", "kind"), [(False, httpx.ReadError), (True, httpx.WriteError)], ids=["reading", "sending"]
)
async def test_a_reset_says_what_was_under_way(
    raw: socket.socket, is_sending: bool, kind: type[httpx.RequestError]
) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    if is_sending:
        bench.connection.pause_writing()
    bench.connection.connection_lost(ConnectionResetError("secret"))
    error = waiter.exception()
    assert (type(error), str(error)) == (kind, "the connection broke (ConnectionResetError)")


async def test_a_connection_whose_request_is_not_out_is_not_kept(raw: socket.socket) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    bench.connection.pause_writing()
    bench.connection.data_received(WHOLE)
    assert (waiter.result().body, bench.owner.notes) == (b"a", ["discard"])


async def test_pauses_of_a_connection_without_a_call_are_nobodys_matter(raw: socket.socket) -> None:
    bench = Bench(raw)
    bench.connection.pause_writing()
    bench.connection.resume_writing()
    waiter = bench.ask()
    bench.connection.data_received(WHOLE)
    assert (waiter.result().body, bench.owner.notes) == (b"a", ["release"])
    bench.connection.close()


async def test_a_long_request_is_sent_in_pieces_as_they_are_taken(raw: socket.socket) -> None:
    bench = Bench(raw)
    data = bytes(range(256)) * 1_000
    bench.wire.after_write = bench.connection.pause_writing
    bench.ask(data)
    while len(b"".join(bench.wire.written)) < len(data):
        sent = len(bench.wire.written)
        bench.connection.resume_writing()
        assert len(bench.wire.written) == sent + 1
    assert b"".join(bench.wire.written) == data
    bench.connection.close()


async def test_closing_drops_what_is_not_sent(raw: socket.socket) -> None:
    bench = Bench(raw)
    bench.wire.after_write = bench.connection.pause_writing
    waiter = bench.ask(b"x" * 200_000)
    bench.connection.close()
    bench.connection.resume_writing()
    assert len(bench.wire.written) == 1
    assert isinstance(waiter.exception(), httpx.RemoteProtocolError)


@pytest.mark.parametrize("event", ["bytes", "end", "loss"])
async def test_whatever_happens_to_a_kept_connection_closes_it(raw: socket.socket, event: str) -> None:
    bench = Bench(raw)
    bench.ask()
    bench.connection.data_received(WHOLE)
    if event == "bytes":
        bench.connection.data_received(b"H")
    elif event == "end":
        bench.connection.eof_received()
    else:
        bench.connection.connection_lost(None)
    assert (bench.owner.notes, bench.connection.is_open, bench.wire.is_aborted) == (["release", "discard"], False, True)


# What comes at once and takes long to read

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = CHUNKED + b"1\r\nx\r\n" * 30_000 + b"0\r\n\r\n"


async def test_a_body_in_the_smallest_chunks_leaves_turns_of_the_loop_to_others(raw: socket.socket) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    bench.connection.data_received(LONG)
    pauses = []
    while not waiter.done():
        pauses.append(bench.wire.is_paused)
        await asyncio.sleep(0)
    assert len(waiter.result().body) == 30_000
    assert (pauses, bench.wire.is_paused) == ([True, True], False)
    assert (bench.owner.notes, bench.connection.is_open) == (["release"], True)
    bench.connection.close()


async def test_bytes_behind_a_response_close_the_connection_though_they_are_not_read_yet(raw: socket.socket) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    bench.connection.data_received(WHOLE + b"x" * 70_000)
    assert (waiter.result().body, bench.owner.notes) == (b"a", ["discard"])
    await asyncio.sleep(0)
    assert not bench.connection.is_open


@pytest.mark.parametrize("is_reset", [False, True], ids=["end", "reset"])
async def test_what_came_before_the_end_is_read(raw: socket.socket, *, is_reset: bool) -> None:
    bench = Bench(raw)
    waiter = bench.ask()
    bench.connection.data_received(LONG)
    if is_reset:
        bench.connection.connection_lost(ConnectionResetError())
    else:
        bench.connection.eof_received()
    assert len(waiter.result().body) == 30_000
    assert not bench.connection.is_open
