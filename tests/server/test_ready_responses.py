"""Responses that the server sends without running the application, and requests that it leaves to it all the same."""

import json
import logging

import pytest
import uvicorn.server
from starlette.types import Scope
from uvicorn.server import ServerState

from gateway.server.limits import ServerLimits
from tests.support.loop_time import LoopTime, turns
from tests.support.raw_client import Raw, connected, echoing

HOST = b"Host: a"
POST = (b"POST /ready HTTP/1.1", HOST, b"Content-Length: 2")
SECONDS = 1_000


class Ready:
    """Has a response ready for each request to `/ready`, which says what it was asked."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.content = b'"ready"'
        self.fault: Exception | None = None
        self.has_none = False
        self.alone: list[bytes] = []

    def covers(self, target: bytes) -> bool:
        return target.startswith(b"/ready")

    def find(
        self,
        method: bytes,
        target: bytes,
        scope: Scope,
        body: bytes,
        alone: bytes,
    ) -> tuple[int, bytes, bytes] | None:
        assert (method in {b"GET", b"POST"}, dict(scope["headers"])[b"host"]) == (True, b"a")
        assert scope["client"] is not None
        self.bodies.append(body)
        if self.fault is not None:
            raise self.fault
        if self.has_none:
            return None
        self.alone.append(alone)
        return self._response()

    def repeat(self, _alone: bytes, _client: tuple[str, int] | None) -> tuple[int, bytes, bytes] | None:
        return None

    def _response(self) -> tuple[int, bytes, bytes]:
        return 200, b"content-length: %d\r\n" % len(self.content), self.content


class Repeating(Ready):
    """The same, which knows requests by their bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.repeated: list[bytes] = []

    def repeat(self, alone: bytes, client: tuple[str, int] | None) -> tuple[int, bytes, bytes] | None:
        assert client is not None
        if self.fault is not None:
            raise self.fault
        if alone not in self.alone:
            return None
        self.repeated.append(alone)
        return self._response()


async def answered(raw: Raw, count: int = 1) -> list[str]:
    """What was answered: `ready`, or the body that reached the application."""
    said = [(await raw.response())[2] for _ in range(count)]
    return [one if isinstance(one, str) else f"run: {one['body']}" for one in said]


async def test_a_response_that_is_ready_is_sent_without_running_the_application() -> None:
    ready = Ready()
    async with echoing(ready_responses=ready) as (echo, url), connected(url) as raw:
        for _ in range(2):
            raw.send(*POST, body=b"hi")
            first, headers, body = await raw.exact()
            assert (first, body) == ("HTTP/1.1 200 OK", b'"ready"')
            assert headers == [("content-length", "7")]
        raw.send(b"GET /ready?x HTTP/1.1", HOST)
        assert await answered(raw) == ["ready"]
    assert (ready.bodies, echo.paths) == ([b"hi", b"hi", b""], [])


class DatedState(ServerState):
    """What a server that ticks has: fields of all responses."""

    def __init__(self) -> None:
        super().__init__()
        self.default_headers = [(b"date", b"Thu, 26 Nov 2026 10:00:00 GMT")]


async def test_it_has_the_fields_of_all_responses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.server, "ServerState", DatedState)
    async with echoing(ready_responses=Ready()) as (_, url), connected(url) as raw:
        for path in (b"/ready", b"/other"):
            raw.send(b"GET " + path + b" HTTP/1.1", HOST)
            _, headers, _ = await raw.exact()
            assert headers[0] == ("date", "Thu, 26 Nov 2026 10:00:00 GMT")
            assert [name for name, _ in headers] == ["date", "content-length"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((b"POST /other HTTP/1.1", HOST, b"Content-Length: 2"), id="another target"),
        pytest.param((b"PUT /ready HTTP/1.1", HOST, b"Content-Length: 2"), id="another method"),
        pytest.param((*POST, b"Connection: close"), id="a connection that ends"),
        pytest.param((b"POST /ready HTTP/1.0", HOST, b"Content-Length: 2"), id="HTTP/1.0"),
        pytest.param((*POST, b"Connection: upgrade", b"Upgrade: h2c"), id="an upgrade"),
    ],
)
async def test_what_is_unusual_is_left_to_the_application(lines: tuple[bytes, ...]) -> None:
    ready = Ready()
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        raw.send(*lines, body=b"hi")
        assert await answered(raw) == ["run: hi"]
    assert ready.bodies == []


async def test_a_request_without_a_response_is_run() -> None:
    ready = Ready()
    ready.has_none = True
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        for _ in range(2):
            raw.send(*POST, body=b"hi")
            assert await answered(raw) == ["run: hi"]


async def test_a_request_whose_body_comes_later_is_run() -> None:
    ready = Ready()
    async with echoing(ready_responses=ready) as (echo, url), connected(url) as raw:
        raw.send(*POST, body=b"h")
        await echo.has_come.wait()
        raw.writer.write(b"i")
        assert await answered(raw) == ["run: hi"]
        raw.send(*POST, body=b"hi")
        assert await answered(raw) == ["ready"]


async def test_a_body_in_pieces_that_came_together_is_one() -> None:
    ready = Ready()
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        raw.send(POST[0], HOST, b"Transfer-Encoding: chunked", body=b"1\r\nh\r\n1\r\ni\r\n0\r\nx: y\r\n\r\n")
        assert await answered(raw) == ["ready"]
    assert ready.bodies == [b"hi"]


async def test_pipelined_requests_are_answered_in_their_order() -> None:
    ready = Ready()
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        other = (b"POST /other HTTP/1.1", *POST[1:])
        requests = [b"\r\n".join([*lines, b"", body]) for lines, body in
                    ((POST, b"aa"), (POST, b"bb"), (other, b"cc"), (POST, b"dd"))]  # fmt: skip
        raw.writer.write(b"".join(requests))
        assert await answered(raw, 4) == ["ready", "ready", "run: cc", "run: dd"]
        raw.send(*POST, body=b"ee")
        assert await answered(raw) == ["ready"]
    assert ready.bodies == [b"aa", b"bb", b"ee"]


async def test_a_client_that_reads_nothing_does_not_have_responses_pile_up() -> None:
    ready = Ready()
    ready.content = json.dumps("x" * 1_000_000).encode()
    async with echoing(ready_responses=ready, send_buffer_bytes=4096) as (echo, url), connected(url) as raw:
        raw.writer.write(b"\r\n".join([*POST, b"", b"hi"]) * 200)
        await echo.has_come.wait()
        assert len(ready.bodies) == 1


async def test_what_fails_is_logged_and_left_to_the_application(caplog: pytest.LogCaptureFixture) -> None:
    ready = Ready()
    ready.fault = RuntimeError("a fault")
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        raw.send(*POST, body=b"hi")
        assert await answered(raw) == ["run: hi"]
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert record.exc_info[1] is ready.fault


async def test_a_request_that_breaks_after_its_head_is_refused_as_one_that_runs() -> None:
    ready = Ready()
    async with echoing(ready_responses=ready) as (echo, url), connected(url) as raw:
        raw.send(POST[0], HOST, b"Transfer-Encoding: chunked", body=b"1\r\nh\r\nbroken\r\n")
        assert await raw.refusal() == (400, "BAD_REQUEST")
        assert echo.gone == ["/ready"]
    assert ready.bodies == []


async def test_a_full_server_has_no_responses_ready() -> None:
    ready = Ready()
    async with echoing(ServerLimits(connections=1), ready_responses=ready) as (_, url), connected(url) as first:
        first.send(*POST, body=b"hi")
        assert await answered(first) == ["ready"]
        async with connected(url) as second:
            second.send(*POST, body=b"hi")
            assert await second.refusal() == (503, "OVERLOADED")


async def test_a_connection_is_kept_alive_after_a_response_that_was_ready() -> None:
    limits = ServerLimits(head_seconds=SECONDS, keep_alive_seconds=10 * SECONDS)
    async with echoing(limits, ready_responses=Ready()) as (_, url), connected(url) as raw:
        time = LoopTime()
        raw.send(*POST, body=b"hi")
        assert await answered(raw) == ["ready"]
        await time.until_timer(10 * SECONDS)
        await time.advance(5 * SECONDS)
        raw.send(*POST, body=b"hi")
        assert await answered(raw) == ["ready"]
        await time.advance(11 * SECONDS)
        await raw.until_closed()


async def test_a_request_that_follows_at_once_is_not_ended_as_idle() -> None:
    limits = ServerLimits(keep_alive_seconds=SECONDS)
    async with echoing(limits, ready_responses=Ready()) as (echo, url), connected(url) as raw:
        time = LoopTime()
        raw.writer.write(b"\r\n".join([*POST, b"", b"hi" + b"GET /held HTTP/1.1", HOST, b"", b""]))
        await echo.has_come.wait()
        await time.advance(2 * SECONDS)
        echo.may_answer.set()
        assert await answered(raw, 2) == ["ready", "run: "]


REQUEST = b"\r\n".join([*POST, b"", b"hi"])
OTHER = b"\r\n".join([b"GET /other HTTP/1.1", HOST, b"", b""])


async def test_a_request_in_the_same_bytes_is_not_looked_at_again() -> None:
    ready = Repeating()
    async with echoing(ready_responses=ready) as (echo, url):
        for _ in range(2):
            async with connected(url) as raw:
                for request in (REQUEST, REQUEST, OTHER, REQUEST):
                    raw.writer.write(request)
                    assert await answered(raw) == (["run: "] if request is OTHER else ["ready"])
    assert (ready.bodies, ready.repeated) == ([b"hi"], [REQUEST] * 5)
    assert echo.paths == ["/other"] * 2


@pytest.mark.parametrize(
    ("pieces", "count"),
    [
        pytest.param((REQUEST[:40], REQUEST[40:]), 1, id="a head in two pieces"),
        pytest.param((b"\r\n\r\n" + REQUEST,), 1, id="empty lines before it"),
        pytest.param((REQUEST + REQUEST,), 2, id="two of them"),
        pytest.param((OTHER + REQUEST,), 2, id="another one before it"),
        pytest.param((REQUEST + OTHER,), 2, id="another one after it"),
        pytest.param(
            (b"\r\n".join([POST[0], HOST, b"Transfer-Encoding: chunked", b"", b"2", b"hi", b"0", b"", b""]),),
            1,
            id="a body in chunks",
        ),
        pytest.param((OTHER[:30], OTHER[30:] + REQUEST), 2, id="after the end of another one"),
    ],
)
async def test_only_a_request_that_came_at_once_and_alone_is_known(pieces: tuple[bytes, ...], count: int) -> None:
    ready = Repeating()
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        for piece in pieces:
            raw.writer.write(piece)
            await turns(10)
        await answered(raw, count)
        raw.writer.write(REQUEST)
        assert await answered(raw) == ["ready"]
    assert {one for one in ready.alone if one} <= {REQUEST}
    assert ready.repeated == []


async def test_the_bytes_of_a_request_that_are_the_body_of_another_are_its_body() -> None:
    ready = Repeating()
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        raw.writer.write(REQUEST)
        assert await answered(raw) == ["ready"]
        raw.send(b"POST /other HTTP/1.1", HOST, b"Content-Length: %d" % len(REQUEST))
        await turns(10)
        raw.writer.write(REQUEST)
        assert await answered(raw) == [f"run: {REQUEST.decode()}"]
    assert ready.repeated == []


async def test_a_request_in_the_same_bytes_waits_for_the_one_before_it() -> None:
    ready = Repeating()
    async with echoing(ready_responses=ready) as (echo, url), connected(url) as raw:
        raw.writer.write(REQUEST)
        assert await answered(raw) == ["ready"]
        raw.send(b"GET /held HTTP/1.1", HOST)
        await echo.has_come.wait()
        raw.writer.write(REQUEST)
        await turns(10)
        echo.may_answer.set()
        assert await answered(raw, 2) == ["run: ", "run: hi"]
    assert ready.repeated == []


async def test_what_fails_for_the_same_bytes_is_left_to_the_application(caplog: pytest.LogCaptureFixture) -> None:
    ready = Repeating()
    async with echoing(ready_responses=ready) as (_, url), connected(url) as raw:
        raw.writer.write(REQUEST)
        assert await answered(raw) == ["ready"]
        ready.fault = RuntimeError("a fault")
        raw.writer.write(REQUEST)
        assert await answered(raw) == ["run: hi"]
    assert {one.exc_info[1] for one in caplog.records if one.exc_info} == {ready.fault}
