"""What a client can make a connection hold, and how it is told that this is too much."""

import asyncio
import logging
import socket
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from gateway.server.limits import ServerLimits
from gateway.server.parsing import TURN_BYTES
from gateway.server.reserve import Reserve
from tests.support.loop_time import LoopTime, turns, until_unchanged
from tests.support.raw_client import Raw, connected, echoing
from tests.support.stack import serving

GET = b"GET /a HTTP/1.1"
HOST = b"Host: a"
CHUNKED = (b"POST /a HTTP/1.1", HOST, b"Transfer-Encoding: chunked")
SECONDS = 1_000
"""A bound that a test reaches by moving the loop's time, and a busy machine never; others are a thousand times that."""
BOUNDED = ServerLimits(head_seconds=SECONDS, body_seconds=SECONDS, keep_alive_seconds=1_000_000)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(GET + b"\r\nx: " + b"y" * 70_000 + b"\r\n\r\n", id="one long field"),
        pytest.param(GET + b"\r\nx: " + b"y" * 200_000, id="a field without an end"),
        pytest.param(GET + b"\r\n" + b"y" * 200_000, id="a name without an end"),
        pytest.param(GET + b"\r\n" + (b"x: " + b"y" * 1_000 + b"\r\n") * 70, id="many fields"),
        pytest.param(b"GET /" + b"y" * 70_000 + b" HTTP/1.1\r\n\r\n", id="a long URL"),
        pytest.param(b"GET /" + b"y" * 200_000, id="a URL without an end"),
        pytest.param(GET + b"\r\n" + b"x:\r\n" * 101 + b"\r\n", id="too many fields"),
    ],
)
async def test_a_head_that_is_too_large_is_refused(sent: bytes) -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.writer.write(sent)
        assert await raw.refusal() == (431, "LIMIT_EXCEEDED")
        assert echo.paths == []


@pytest.mark.parametrize(
    "trailers",
    [
        pytest.param(b"x: " + b"y" * 9_000 + b"\r\n\r\n", id="one long trailer"),
        pytest.param(b"x: " + b"y" * 100_000, id="a trailer without an end"),
        pytest.param(b"x:\r\n" * 3_000 + b"\r\n", id="many trailers"),
    ],
)
async def test_trailers_that_are_too_large_are_refused(trailers: bytes) -> None:
    async with echoing() as (_, url), connected(url) as raw:
        raw.send(*CHUNKED, body=b"1\r\nx\r\n0\r\n" + trailers)
        assert await raw.refusal() == (431, "LIMIT_EXCEEDED")


async def test_a_chunk_extension_without_an_end_is_refused() -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.send(*CHUNKED, body=b"1;x=" + b"y" * 100_000)
        assert await raw.refusal() == (431, "LIMIT_EXCEEDED")
        assert echo.gone == ["/a"]


async def test_heads_bodies_and_trailers_within_the_bounds_are_read() -> None:
    fields = [b"x%d: " % number + b"y" * 600 for number in range(99)]
    async with echoing() as (_, url), connected(url) as raw:
        raw.send(b"POST /a HTTP/1.1", b"Transfer-Encoding: chunked", *fields[:98], body=b"")
        for size in (1, 100_000):
            raw.writer.write(b"%x\r\n" % size + b"z" * size + b"\r\n")
        raw.writer.write(b"0\r\nx: " + b"y" * 8_000 + b"\r\n\r\n")
        status, _, said = await raw.response()
        assert (status, len(said["body"]), len(said["headers"])) == (200, 100_001, 99)
        raw.send(GET, *fields)
        assert (await raw.response())[0] == 200


async def test_a_trailer_does_not_pass_for_a_header() -> None:
    async with echoing() as (_, url), connected(url) as raw:
        raw.send(*CHUNKED, body=b"0\r\nAuthorization: Bearer x\r\n\r\n")
        _, _, said = await raw.response()
        assert said["headers"] == {"host": "a", "transfer-encoding": "chunked"}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"GET /\r\n\r\n", 400, id="HTTP/0.9"),
        pytest.param(b"GARBAGE\r\n\r\n", 400, id="no request"),
        pytest.param(b"GET /\xff HTTP/1.1\r\n\r\n", 400, id="a path that is not ASCII"),
        pytest.param(b"CONNECT a:443 HTTP/1.1\r\n\r\n", 405, id="CONNECT"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, id="no length"),
    ],
)
async def test_what_is_not_a_request_is_refused(sent: bytes, status: int) -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.writer.write(sent)
        assert await raw.refusal() == (status, "BAD_REQUEST")
        assert echo.paths == []


async def test_pipelined_requests_are_run_one_by_one_and_no_more_than_the_bound_wait() -> None:
    async with echoing(ServerLimits(pipelined_requests=3)) as (echo, url), connected(url) as raw:
        raw.send(b"GET /held HTTP/1.1")
        await echo.has_come.wait()
        for number in range(1_000):
            raw.send(b"POST /%d HTTP/1.1" % number, b"Content-Length: 9", body=b"a HTTP/1.")
        echo.may_answer.set()
        for path in ("/held", *(f"/{number}" for number in range(1_000))):
            status, _, said = await raw.response()
            assert (status, said["path"]) == (200, path)


async def test_a_connection_with_a_full_pipeline_is_not_read() -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.send(b"GET /held HTTP/1.1")
        await echo.has_come.wait()
        many = b"GET /a HTTP/1.1\r\n\r\n" * 600_000
        raw.writer.write(many)
        await until_unchanged(raw.writer.transport.get_write_buffer_size)
        assert raw.writer.transport.get_write_buffer_size() > len(many) // 3


async def test_a_refusal_comes_after_the_responses_before_it() -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.send(b"GET /held HTTP/1.1")
        raw.send(b"GET /b HTTP/1.1")
        raw.send(b"GARBAGE")
        await echo.has_come.wait()
        echo.may_answer.set()
        assert [(await raw.response())[2]["path"] for _ in range(2)] == ["/held", "/b"]
        assert await raw.refusal() == (400, "BAD_REQUEST")


async def test_a_pipelined_request_with_a_broken_body_is_not_run() -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.send(b"GET /held HTTP/1.1")
        raw.send(*CHUNKED, body=b"nonsense\r\n")
        await echo.has_come.wait()
        echo.may_answer.set()
        assert (await raw.response())[2]["path"] == "/held"
        assert await raw.refusal() == (400, "BAD_REQUEST")
        assert echo.paths == ["/held"]


async def test_what_follows_a_refused_request_is_dropped() -> None:
    async with echoing() as (_, url), connected(url) as raw:
        raw.send(b"GARBAGE")
        status, _, _ = await raw.response()
        raw.send(GET)
        await raw.until_closed()
        assert status == 400


async def test_a_broken_body_after_the_response_ends_the_connection() -> None:
    async with echoing() as (_, url), connected(url) as raw:
        raw.send(b"POST /early HTTP/1.1", b"Transfer-Encoding: chunked")
        assert (await raw.response())[0] == 200
        raw.writer.write(b"nonsense\r\n")
        await raw.until_closed()


@pytest.mark.parametrize("framing", [b"Content-Length: 5", b"Transfer-Encoding: chunked", b"X: y"])
@pytest.mark.parametrize("pause", [True, False], ids=["apart", "at once"])
async def test_an_upgrade_that_is_not_offered_is_ignored(framing: bytes, pause: bool) -> None:
    sent = {b"X": b"", b"C": b"hello", b"T": b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"}[framing[:1]]
    async with echoing() as (_, url), connected(url) as raw:
        for _ in range(2):
            raw.send(
                b"POST /a HTTP/1.1", b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AA",
                framing,
            )  # fmt: skip
            if pause:
                await turns()
            raw.writer.write(sent)
            raw.send(GET)
            assert (await raw.response())[2]["body"] == ("hello" if sent else "")
            assert (await raw.response())[2]["path"] == "/a"


@pytest.mark.parametrize("framing", [b"Transfer-Encoding: gzip", b"Content-Length: 5\r\nTransfer-Encoding: chunked"])
async def test_an_ignored_upgrade_with_a_body_of_unclear_length_is_refused(framing: bytes) -> None:
    async with echoing() as (_, url), connected(url) as raw:
        raw.send(b"POST /a HTTP/1.1", b"Connection: Upgrade", b"Upgrade: h2c", framing)
        assert await raw.refusal() == (400, "BAD_REQUEST")


async def test_a_websocket_behind_a_pipelined_request_is_refused() -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.send(b"GET /held HTTP/1.1")
        raw.send(GET, b"Connection: Upgrade", b"Upgrade: websocket")
        await echo.has_come.wait()
        echo.may_answer.set()
        assert (await raw.response())[0] == 200
        assert await raw.refusal() == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"GET /a HT", id="half a head"),
        pytest.param(b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", id="half a body"),
        pytest.param(b"GET /a HTTP/1.1\r\n\r\nGET /b", id="half a second head"),
    ],
)
async def test_a_request_that_is_not_complete_in_time_is_refused(sent: bytes) -> None:
    loop_time = LoopTime()
    async with echoing(BOUNDED) as (_, url), connected(url) as raw:
        raw.writer.write(sent)
        if b"/b" in sent:
            assert (await raw.response())[0] == 200
        await turns()
        await loop_time.advance(SECONDS)
        assert await raw.refusal() == (408, "BAD_REQUEST")


@pytest.mark.parametrize("sent", [b"", b"\r\n"], ids=["silence", "an empty line"])
async def test_a_connection_without_a_request_is_closed_in_time(sent: bytes) -> None:
    loop_time = LoopTime()
    async with echoing(BOUNDED) as (_, url), connected(url) as raw:
        raw.writer.write(sent)
        await turns()
        await loop_time.advance(SECONDS)
        await raw.until_closed()


async def test_bytes_that_trickle_do_not_buy_time() -> None:
    loop_time = LoopTime()
    async with echoing(BOUNDED) as (_, url), connected(url) as raw:
        raw.writer.write(b"GET /")
        await loop_time.until_timer(SECONDS)
        for _ in range(10):
            raw.writer.write(b"a")
            await turns()
            await loop_time.advance(SECONDS / 10)
        assert await raw.refusal() == (408, "BAD_REQUEST")


async def test_an_application_that_takes_its_time_costs_the_client_nothing() -> None:
    loop_time = LoopTime()
    async with echoing(BOUNDED) as (echo, url), connected(url) as raw:
        raw.send(b"POST /held HTTP/1.1", b"Content-Length: 2", body=b"ab")
        await echo.has_come.wait()
        await loop_time.advance(2 * SECONDS)
        echo.may_answer.set()
        assert (await raw.response())[0] == 200


async def test_a_body_that_the_application_does_not_take_yet_costs_the_client_nothing() -> None:
    loop_time = LoopTime()
    async with echoing(BOUNDED) as (echo, url), connected(url) as raw:
        raw.send(b"POST /later HTTP/1.1", b"Content-Length: 300000", body=b"x" * 300_000)
        await echo.has_come.wait()
        await turns()
        for _ in range(2):
            await loop_time.advance(SECONDS)
        echo.may_read.set()
        assert len((await raw.response())[2]["body"]) == 300_000


async def test_an_idle_connection_whose_client_took_no_response_is_cut() -> None:
    loop_time = LoopTime()
    limits = ServerLimits(keep_alive_seconds=SECONDS, head_seconds=1e6, write_seconds=1e6)
    async with echoing(limits, send_buffer_bytes=1) as (echo, url):
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            parts = urlsplit(url)
            await loop.sock_connect(client, (parts.hostname, parts.port))
            echo.large = b"x" * 60_000
            await loop.sock_sendall(client, b"GET /a HTTP/1.1\r\n\r\n")
            await echo.has_come.wait()
            await turns()
            await loop_time.advance(SECONDS)
            assert len(await everything(client)) < len(echo.large)


async def everything(client: socket.socket) -> bytes:
    """All that comes until the connection is ended, in whatever way."""
    loop, got = asyncio.get_running_loop(), b""
    try:
        while piece := await loop.sock_recv(client, 65_536):
            got += piece
    except ConnectionError:
        pass
    return got


async def test_a_client_that_takes_nothing_of_a_response_is_cut_and_one_that_takes_it_slowly_is_not() -> None:
    loop_time = LoopTime()
    limits = ServerLimits(write_seconds=SECONDS, head_seconds=1e6, keep_alive_seconds=1_000_000)
    async with echoing(limits, send_buffer_bytes=4_096) as (echo, url):
        echo.large = b"x" * 3_000_000
        async with connected(url) as quick, connected(url) as slow:
            for raw in (quick, slow):
                # Else the system takes more and more ahead of a client, who then seems to stand still for a while.
                raw.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            slow.send(GET)
            quick.send(GET)
            head = await slow.reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head
            for _ in range(8):
                await slow.reader.readexactly(375_000)
                await loop_time.advance(SECONDS / 3)
            got = await until_cut(quick)
            assert 0 < got < len(echo.large)


async def until_cut(raw: Raw) -> int:
    """How many bytes come until the connection is ended, in whatever way."""
    got = 0
    try:
        while piece := await raw.reader.read(65_536):
            got += len(piece)
    except ConnectionError:
        pass
    return got


async def test_an_idle_connection_is_closed_after_its_time() -> None:
    loop_time = LoopTime()
    async with echoing(ServerLimits(keep_alive_seconds=SECONDS, head_seconds=1e6)) as (_, url), connected(url) as raw:
        raw.send(GET)
        assert (await raw.response())[0] == 200
        await loop_time.until_timer(SECONDS)
        await loop_time.advance(SECONDS)
        await raw.until_closed()


async def test_beyond_the_bound_on_connections_only_probes_are_answered() -> None:
    async with echoing(ServerLimits(connections=1)) as (_, url), connected(url) as first:
        first.send(GET)
        assert (await first.response())[0] == 200
        async with connected(url) as second, connected(url) as third, connected(url) as fourth:
            second.send(b"GET /livez HTTP/1.1")
            status, headers, _ = await second.response()
            assert (status, headers["connection"]) == (200, "close")
            await second.until_closed()
            third.send(GET)
            assert await third.refusal() == (503, "OVERLOADED")
            fourth.send(GET, b"Connection: Upgrade", b"Upgrade: websocket")
            assert await fourth.refusal() == (503, "OVERLOADED")
        first.send(GET)
        assert (await first.response())[0] == 200


async def test_silent_clients_cannot_keep_a_probe_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reserve, "SIZE", 2)
    async with (
        echoing(ServerLimits(connections=1)) as (_, url),
        connected(url),
        connected(url) as oldest,
        connected(url),
        connected(url),
    ):
        await oldest.until_closed()
        async with connected(url) as probe:
            probe.send(b"GET /livez HTTP/1.1")
            assert (await probe.response())[0] == 200


async def test_nothing_that_a_client_sends_is_logged_as_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with echoing() as (_, url), connected(url) as raw:
        raw.send(b"GARBAGE")
        await raw.refusal()
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


async def test_a_body_in_the_smallest_chunks_leaves_turns_of_the_loop_to_others() -> None:
    pieces: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            more = True
            while more:
                message = await receive()
                pieces.append(len(message["body"]))
                more = message["more_body"]
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"{}"})

    async with serving(app) as url, connected(url) as raw:
        raw.send(*CHUNKED, body=b"1\r\nx\r\n" * 60_000 + b"0\r\n\r\n")
        assert (await raw.response())[0] == 200
    assert sum(pieces) == 60_000
    assert max(pieces) <= 1 + TURN_BYTES // len(b"1\r\nx\r\n")


async def test_a_client_is_not_read_on_while_its_body_waits_for_the_application() -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.send(b"POST /later HTTP/1.1", b"Content-Length: 40000000", body=b"x" * 40_000_000)
        await echo.has_come.wait()
        await until_unchanged(raw.writer.transport.get_write_buffer_size)
        assert raw.writer.transport.get_write_buffer_size() > 20_000_000
        echo.may_read.set()
