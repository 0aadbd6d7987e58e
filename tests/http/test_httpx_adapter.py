"""Our requests as a transport of httpx gets them, and its responses as ours."""

import gzip
import math
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from gateway.http.httpx_adapter import HTTPXAdapter
from gateway.http.messages import RequestLimits, RequestTemplate

URL = "https://up.example/api"


class Answering(httpx.AsyncBaseTransport):
    """Answers as told and keeps the requests."""

    def __init__(self, answer: Callable[[], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self.is_closed = False
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer()

    async def aclose(self) -> None:
        self.is_closed = True


class Chunks(httpx.AsyncByteStream):
    """A body in chunks of ten bytes."""

    def __init__(self) -> None:
        self.sent = 0
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(1_000):
            self.sent += 1
            yield b"x" * 10

    async def aclose(self) -> None:
        self.is_closed = True


async def test_a_request_becomes_the_same_request_of_httpx() -> None:
    transport = Answering(lambda: httpx.Response(204))
    limits = RequestLimits(connect_seconds=1.0, read_seconds=math.inf, total_seconds=2.0)
    template = RequestTemplate(URL, [("accept", "text/plain")], limits)
    await HTTPXAdapter(transport).send(template.request("POST", "/x?y=1", [("x-one", "1")], b"body"))
    (request,) = transport.requests
    assert (request.method, str(request.url), request.content) == ("POST", f"{URL}/x?y=1", b"body")
    assert dict(request.headers) == {
        "host": "up.example", "accept": "text/plain", "x-one": "1", "content-length": "4",
    }  # fmt: skip
    assert request.extensions == {"timeout": {"connect": 1.0, "read": None, "total": 2.0}}


async def test_a_response_is_whole_and_decoded() -> None:
    headers = [(b"Content-Encoding", b"gzip"), (b"X", b"1")]
    stream = httpx.ByteStream(gzip.compress(b"body"))
    transport = Answering(lambda: httpx.Response(418, headers=headers, stream=stream))
    response = await HTTPXAdapter(transport).send(RequestTemplate(URL).request("GET"))
    assert (response.status, response.header(b"x"), response.body) == (418, "1", b"body")


@pytest.mark.parametrize("limit", [99, 100])
async def test_a_body_above_its_bound_is_refused_unread(limit: int) -> None:
    body = Chunks()
    transport = Answering(lambda: httpx.Response(200, stream=body))
    template = RequestTemplate(URL, limits=RequestLimits(max_body_bytes=limit))
    with pytest.raises(httpx.DecodingError):
        await HTTPXAdapter(transport).send(template.request("GET"))
    assert (body.sent, body.is_closed) == (limit // 10 + 1, True)


async def test_closing_closes_the_transport() -> None:
    transport = Answering(lambda: httpx.Response(200))
    await HTTPXAdapter(transport).aclose()
    assert transport.is_closed
