"""What a request looks like on the wire, and what becomes of an answer."""

import asyncio
import gc
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.long_timeout_transport import create_transport
from tests.support.raw_server import Call, RawServer, Script


def answering(data: bytes) -> Script:
    """Script the same bytes for each request."""

    async def script(call: Call) -> None:
        await call.send(data)

    return script


def ending(data: bytes) -> Script:
    """Script bytes and the end of the connection."""

    async def script(call: Call) -> None:
        await call.send(data)
        await call.hang_up()

    return script


def compressed(body: bytes, encoding: bytes = b"gzip") -> bytes:
    """Return a whole 200 with a compressed body."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
    return head % (encoding, len(body)) + body


async def fetch(data: bytes, script: Script | None = None, *, max_body_bytes: int = 5_000_000) -> httpx.Response:
    """Answer one GET with these bytes and return what the transport makes of them."""
    async with (
        RawServer(script or answering(data)) as server,
        create_transport(max_body_bytes=max_body_bytes) as transport,
    ):
        return await transport.handle_async_request(httpx.Request("GET", server.url))


async def test_a_request_arrives_exactly_as_it_was_built() -> None:
    headers = [("Authorization", "Bearer t"), ("X-Case", "1"), ("X-Case", "2"), ("accept", "text/plain")]
    async with RawServer(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as server, create_transport() as transport:
        url = f"{server.url}/v2/project/44056/user/offer_chain?limit=30&q=a%2Fb%20c"
        await transport.handle_async_request(httpx.Request("GET", url, headers=headers))
    assert server.requests == [
        b"GET /v2/project/44056/user/offer_chain?limit=30&q=a%%2Fb%%20c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
        b"Authorization: Bearer t\r\nX-Case: 1\r\nX-Case: 2\r\naccept: text/plain\r\n\r\n" % server.port
    ]


async def test_a_write_without_a_body_says_so() -> None:
    async with RawServer(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as server, create_transport() as transport:
        await transport.handle_async_request(httpx.Request("POST", f"{server.url}/claim"))
    assert server.requests == [b"POST /claim HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 0\r\n\r\n" % server.port]


async def _in_two_parts() -> AsyncIterator[bytes]:
    yield b'{"a"'
    yield b":1}"


@pytest.mark.parametrize("is_streamed", [False, True], ids=["bytes", "stream"])
async def test_a_body_arrives_whole_with_its_length(is_streamed: bool) -> None:
    content = _in_two_parts() if is_streamed else b'{"a":1}'
    async with RawServer(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as server, create_transport() as transport:
        await transport.handle_async_request(httpx.Request("PUT", server.url, content=content))
    assert server.requests == [
        b'PUT / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 7\r\n\r\n{"a":1}' % server.port
    ]


async def test_response_headers_keep_case_order_and_doubles() -> None:
    response = await fetch(
        b"HTTP/1.1 418 Teapot\r\nX-Twice: 1\r\nContent-Length: 2\r\nx-twice: 2\r\nServer: raw\r\n\r\nhi"
    )
    assert response.status_code == 418
    assert response.headers.raw == [
        (b"X-Twice", b"1"),
        (b"Content-Length", b"2"),
        (b"x-twice", b"2"),
        (b"Server", b"raw"),
    ]
    assert response.content == b"hi"


@pytest.mark.parametrize(
    ("data", "status", "content"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, b""),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n",
            200,
            b"abcde",
        ),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", 200, b"a"),
        (b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops", 500, b"oops"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", 200, b"a"),
    ],
    ids=["no content", "empty", "chunked", "early hints", "server error", "HTTP/1.0"],
)
async def test_an_answer_is_read_whole(data: bytes, status: int, content: bytes) -> None:
    response = await fetch(data)
    assert (response.status_code, response.content) == (status, content)


async def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    response = await fetch(b"", ending(b"HTTP/1.1 200 OK\r\n\r\nall of it"))
    assert response.content == b"all of it"


async def test_the_answer_to_head_has_no_body() -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Encoding: gzip\r\n\r\n"
    async with RawServer(answering(data)) as server, create_transport() as transport:
        response = await transport.handle_async_request(httpx.Request("HEAD", server.url))
    assert response.content == b""


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    data = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    async with RawServer(answering(data)) as server, create_transport() as transport:
        response = await transport.handle_async_request(httpx.Request("GET", server.url))
    assert response.status_code == 302
    assert len(server.requests) == 1


async def test_cookies_are_not_kept() -> None:
    data = b"HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    async with RawServer(answering(data)) as server, create_transport() as transport:
        for _ in range(2):
            await transport.handle_async_request(httpx.Request("GET", f"http://localhost:{server.port}/"))
    assert len(server.requests) == 2
    assert not any(b"cookie" in raw.lower() for raw in server.requests)


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await fetch(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")).content == b"hi"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (gzip.compress(b'{"a":1}'), b"gzip"),
        (gzip.compress(b'{"a":1}'), b"X-GZIP"),
        (zlib.compress(b'{"a":1}'), b"deflate"),
        (b'{"a":1}', b"identity"),
    ],
    ids=["gzip", "x-gzip", "deflate", "identity"],
)
async def test_a_compressed_response_is_decompressed(data: bytes, encoding: bytes) -> None:
    response = await fetch(compressed(data, encoding))
    assert response.content == b'{"a":1}'
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"a": 1}


async def test_headers_about_the_compressed_body_are_dropped() -> None:
    response = await fetch(compressed(gzip.compress(b"x" * 1000)))
    assert response.headers.raw == [(b"Content-Type", b"application/json")]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"not gzip at all", b"gzip"),
        (gzip.compress(b"x" * 1000)[:-9], b"gzip"),
        (b"anything", b"br"),
        (gzip.compress(b"x"), b"gzip, gzip"),
    ],
    ids=["not gzip", "cut gzip", "never asked for", "twice"],
)
async def test_a_response_that_does_not_decompress_is_a_decoding_error(data: bytes, encoding: bytes) -> None:
    with pytest.raises(httpx.DecodingError):
        await fetch(compressed(data, encoding))


async def test_a_body_of_exactly_the_limit_is_taken() -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000
    assert len((await fetch(data, max_body_bytes=1000)).content) == 1000
    assert len((await fetch(compressed(gzip.compress(b"x" * 1000)), max_body_bytes=1000)).content) == 1000


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + b"x" * 1001,
        compressed(gzip.compress(b"x" * 1001)),
    ],
    ids=["plain", "compressed"],
)
async def test_a_body_of_one_byte_more_is_refused(data: bytes) -> None:
    with pytest.raises(httpx.DecodingError):
        await fetch(data, max_body_bytes=1000)


async def test_an_endless_body_is_refused_and_its_connection_closed() -> None:
    closed = asyncio.Event()

    async def endless(call: Call) -> None:
        await call.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                await call.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        except OSError:
            closed.set()
            raise

    async with RawServer(endless) as server, create_transport(max_body_bytes=1_000_000) as transport:
        with pytest.raises(httpx.DecodingError):
            await transport.handle_async_request(httpx.Request("GET", server.url))
        await asyncio.wait_for(closed.wait(), 5)


async def test_a_gzip_bomb_is_refused_before_it_unfolds() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    tracemalloc.start()
    try:
        with pytest.raises(httpx.DecodingError):
            await fetch(compressed(bomb), max_body_bytes=1_000_000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8_000_000


async def test_a_response_that_is_refused_is_freed_without_the_garbage_collector() -> None:
    body = bytes(2_000_000)
    response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    async with RawServer(answering(response)) as server, create_transport(max_body_bytes=1_000_000) as transport:
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            for _ in range(3):
                with pytest.raises(httpx.DecodingError, match="too large"):
                    await transport.handle_async_request(httpx.Request("GET", server.url))
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            gc.enable()
    assert after < len(body)
