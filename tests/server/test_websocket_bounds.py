"""What a client can make a socket read and answer, and with which code it is closed when that is too much."""

import asyncio
import logging
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Receive, Scope, Send
from websockets.frames import Frame

from gateway.server.limits import ServerLimits
from gateway.server.websocket_protocol import WebSocketProtocol
from tests.support.loop_time import LoopTime, turns, until_unchanged
from tests.support.raw_client import Raw, connected
from tests.support.stack import serving

HANDSHAKE = (
    b"GET /graphql HTTP/1.1", b"Host: a", b"Connection: Upgrade", b"Upgrade: websocket",
    b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)  # fmt: skip
CONT, TEXT, CLOSE, PING, PONG = 0x0, 0x1, 0x8, 0x9, 0xA
FIN = 0x80


class Listener:
    """Notes the messages that it takes, and sends `large` once for each while it is set."""

    def __init__(self) -> None:
        self.may_accept, self.may_listen = asyncio.Event(), asyncio.Event()
        self.may_accept.set()
        self.may_listen.set()
        self.has_come, self.is_over = asyncio.Event(), asyncio.Event()
        self.heard: list[str] = []
        self.large = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await receive()
        self.has_come.set()
        await self.may_accept.wait()
        await send({"type": "websocket.accept"})
        await self.may_listen.wait()
        try:
            while (message := await receive())["type"] == "websocket.receive":
                self.heard.append(message["text"])
                if self.large:
                    await send({"type": "websocket.send", "text": self.large})
        finally:
            self.is_over.set()


def frame(opcode: int, data: bytes = b"", *, fin: bool = True) -> bytes:
    """A frame as clients send it, masked with zeros."""
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
    return bytes([opcode | (FIN if fin else 0)]) + size + bytes(4) + data


@asynccontextmanager
async def opened(
    listener: Listener, limits: ServerLimits | None = None, *, send_buffer_bytes: int = 0
) -> AsyncIterator[Raw]:
    """Open a socket, and end it."""
    async with serving(listener, limits=limits, send_buffer_bytes=send_buffer_bytes) as url, connected(url) as raw:
        raw.send(*HANDSHAKE)
        if listener.may_accept.is_set():
            await accepted(raw)
        yield raw


async def accepted(raw: Raw) -> None:
    assert (await raw.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")


async def received(raw: Raw) -> tuple[int, bytes]:
    """Read one frame of the server: its opcode and its data."""
    async with asyncio.timeout(30):
        first, size = await raw.reader.readexactly(2)
        if size == 126:
            (size,) = struct.unpack("!H", await raw.reader.readexactly(2))
        return first & 0x0F, await raw.reader.readexactly(size)


async def closing(raw: Raw) -> int:
    """The code that the server closes with; pongs before it are dropped."""
    while (got := await received(raw))[0] != CLOSE:
        assert got[0] == PONG
    return int.from_bytes(got[1][:2])


@pytest.mark.parametrize("opcode", [PING, PONG])
async def test_control_frames_beyond_the_bound_close_the_socket(opcode: int) -> None:
    listener = Listener()
    async with opened(listener) as raw:
        raw.writer.write(frame(opcode) * 1_000)
        assert await closing(raw) == 1008
        await listener.is_over.wait()


async def test_control_frames_within_the_bound_are_answered_each_second_anew() -> None:
    loop_time = LoopTime()
    async with opened(Listener(), ServerLimits(control_frames=3)) as raw:
        for _ in range(2):
            raw.writer.write(frame(PING, b"abc") * 2 + frame(PONG))
            assert [await received(raw) for _ in range(2)] == [(PONG, b"abc")] * 2
            await loop_time.advance(1.01)


@pytest.mark.parametrize("data", [b"", b"x"], ids=["empty", "not empty"])
async def test_fragments_beyond_the_bound_close_the_socket(data: bytes) -> None:
    listener = Listener()
    async with opened(listener) as raw:
        raw.writer.write(frame(TEXT, b"x", fin=False) + frame(CONT, data, fin=False) * 200_000)
        assert await closing(raw) == 1008
        await listener.is_over.wait()
        assert listener.heard == []


async def test_a_message_in_fragments_within_the_bound_is_taken() -> None:
    listener = Listener()
    async with opened(listener) as raw:
        raw.writer.write(frame(TEXT, b"x", fin=False) + frame(CONT, b"y", fin=False) * 98 + frame(CONT, b"z"))
        raw.writer.write(frame(CLOSE, struct.pack("!H", 1000)))
        assert await closing(raw) == 1000
        await listener.is_over.wait()
        assert listener.heard == ["x" + "y" * 98 + "z"]


async def test_a_message_that_is_not_utf_8_closes_the_socket_without_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    listener = Listener()
    async with opened(listener) as raw:
        raw.writer.write(frame(TEXT, b"\xff") + frame(TEXT, b"more"))
        assert await closing(raw) == 1007
        await listener.is_over.wait()
    assert (listener.heard, caplog.records) == ([], [])


async def test_a_frame_that_is_none_closes_the_socket() -> None:
    async with opened(Listener()) as raw:
        raw.writer.write(b"\xff\xff\xff")
        assert await closing(raw) == 1002


async def test_frames_before_the_socket_is_accepted_are_read_after() -> None:
    listener = Listener()
    listener.may_accept.clear()
    async with opened(listener) as raw:
        await listener.has_come.wait()
        raw.writer.write(frame(TEXT, b"early") + frame(CLOSE, struct.pack("!H", 1000)))
        await turns()
        listener.may_accept.set()
        await accepted(raw)
        assert await closing(raw) == 1000
        await listener.is_over.wait()
        assert listener.heard == ["early"]


@pytest.mark.parametrize(
    ("line", "status"),
    [(b"Cookie: " + b"x" * 9_000, b"431"), (b"GET /" + b"x" * 9_000 + b" HTTP/1.1", b"414")],
    ids=["a long field", "a long URL"],
)
async def test_a_handshake_that_is_too_large_is_refused(line: bytes, status: bytes) -> None:
    lines = (line, *HANDSHAKE[1:]) if line.startswith(b"GET") else (*HANDSHAKE, line)
    async with serving(Listener()) as url, connected(url) as raw:
        raw.send(*lines)
        assert (await raw.reader.readline()).split()[1] == status
        await raw.reader.read()


async def test_a_handshake_for_a_path_that_is_not_ascii_is_refused() -> None:
    async with serving(Listener()) as url, connected(url) as raw:
        raw.send(b"GET /\xff HTTP/1.1", *HANDSHAKE[1:])
        assert await raw.refusal() == (400, "BAD_REQUEST")


async def test_messages_that_the_application_does_not_take_are_not_read() -> None:
    listener = Listener()
    listener.may_listen.clear()
    async with opened(listener) as raw:
        raw.writer.write(frame(TEXT, b"x" * 1_000) * 10_000)
        await until_unchanged(raw.writer.transport.get_write_buffer_size)
        assert raw.writer.transport.get_write_buffer_size() > 0
        listener.may_listen.set()
        raw.writer.write(frame(CLOSE))
        await listener.is_over.wait()
        assert len(listener.heard) == 10_000


async def test_a_client_that_does_not_read_is_not_read_either_and_ended_after_a_while() -> None:
    listener = Listener()
    listener.large = "x" * 60_000
    loop_time = LoopTime()
    async with opened(listener, ServerLimits(write_seconds=1_000), send_buffer_bytes=4_096) as raw:
        raw.reader._transport.pause_reading()  # type: ignore[attr-defined]
        raw.writer.write(frame(TEXT, b"x") * 100_000)
        await loop_time.until_timer(1_000)
        # The client's system takes some of what is sent at first, which counts as reading.
        for _ in range(2):
            await loop_time.advance(1_000)
        await listener.is_over.wait()
        assert len(listener.heard) < 1_000


async def test_a_client_that_reads_late_gets_every_answer() -> None:
    listener = Listener()
    listener.large = "x" * 20_000
    async with opened(listener, send_buffer_bytes=4_096) as raw:
        raw.reader._transport.pause_reading()  # type: ignore[attr-defined]
        raw.writer.write((frame(TEXT, b"x") + frame(PING)) * 90)
        await until_unchanged(lambda: len(listener.heard))
        raw.reader._transport.resume_reading()  # type: ignore[attr-defined]
        got = [(await received(raw))[0] for _ in range(180)]
        assert (got.count(TEXT), got.count(PONG)) == (90, 90)


async def test_a_client_that_answers_no_ping_is_ended_though_it_takes_no_last_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[WebSocketProtocol] = []
    connection_made = WebSocketProtocol.connection_made

    def note(self: WebSocketProtocol, transport: asyncio.BaseTransport) -> None:
        made.append(self)
        self.close_timeout = 0.1
        connection_made(self, transport)

    monkeypatch.setattr(WebSocketProtocol, "connection_made", note)
    listener = Listener()
    listener.large = "x" * 40_000
    async with opened(listener, send_buffer_bytes=4_096) as raw:
        raw.reader._transport.pause_reading()  # type: ignore[attr-defined]
        raw.writer.write(frame(TEXT, b"x") * 100_000)
        await until_unchanged(lambda: len(listener.heard))
        made[0].keepalive_timeout()
        await listener.is_over.wait()


async def test_sockets_beside_one_that_floods_are_answered() -> None:
    listener = Listener()
    listener.large = "pong"
    async with serving(listener) as url, connected(url) as one, connected(url) as other:
        for raw in (one, other):
            raw.send(*HANDSHAKE)
            await accepted(raw)
        one.writer.write(frame(PING, os.urandom(100)) * 100_000)
        other.writer.write(frame(TEXT, b"x"))
        assert await received(other) == (TEXT, b"pong")


async def test_a_client_that_has_read_everything_is_heard_again() -> None:
    listener = Listener()
    listener.large = "x" * 60_000
    async with opened(listener, send_buffer_bytes=4_096) as raw:
        for _ in range(2):
            raw.reader._transport.pause_reading()  # type: ignore[attr-defined]
            raw.writer.write(frame(TEXT, b"x") * 40)
            await until_unchanged(lambda: len(listener.heard))
            raw.writer.write(frame(PING) * 2)
            raw.reader._transport.resume_reading()  # type: ignore[attr-defined]
            got = [(await received(raw))[0] for _ in range(42)]
            assert (got.count(TEXT), got.count(PONG)) == (40, 2)


async def test_a_client_that_sends_much_at_once_leaves_turns_of_the_loop_to_others() -> None:
    listener = Listener()
    async with opened(listener) as raw:
        raw.writer.write(frame(TEXT, b"x") * 5_000)
        most = 0
        while (before := len(listener.heard)) < 5_000:
            await asyncio.sleep(0)
            most = max(most, len(listener.heard) - before)
    assert most == 1


async def test_what_comes_after_the_close_is_read_a_little_in_each_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = 0
    handle_text = WebSocketProtocol.handle_text

    def note(self: WebSocketProtocol, event: Frame) -> None:
        nonlocal dropped
        dropped += 1
        handle_text(self, event)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            await send({"type": "websocket.close", "code": 4400})

    monkeypatch.setattr(WebSocketProtocol, "handle_text", note)
    async with serving(app) as url, connected(url) as raw:
        raw.send(*HANDSHAKE)
        await accepted(raw)
        raw.writer.write(frame(TEXT, b"x") * 50_000)
        most = 0
        while (before := dropped) < 50_000:
            await asyncio.sleep(0)
            most = max(most, dropped - before)
    assert most < 2_500


async def test_an_answer_to_a_client_that_broke_the_protocol_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    listener = Listener()
    listener.large = "answer"
    async with opened(listener) as raw:
        raw.writer.write(frame(TEXT, b"x") + frame(PING) * 1_000)
        assert await closing(raw) == 1008
        await listener.is_over.wait()
    assert listener.heard == ["x"]
    assert not caplog.records
