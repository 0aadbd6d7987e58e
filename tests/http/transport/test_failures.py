"""Every way an exchange can break, and what the error says about the request."""

import asyncio
import socket
import traceback

import httpx
import pytest

from tests.support.long_timeout_transport import create_transport
from tests.support.raw_server import Call, RawServer, Script

MAY_HAVE_BEEN_SENT = (
    httpx.ReadTimeout,
    httpx.ReadError,
    httpx.WriteTimeout,
    httpx.WriteError,
    httpx.RemoteProtocolError,
)
WHOLE_ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"items":[1,2]}\n'
WHOLE_CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"items"\r\n7\r\n:[1,2]}\r\n0\r\n\r\n'


async def reset(call: Call) -> None:
    """Break the connection once the request has been read."""
    call.reset()


async def hang_up(call: Call) -> None:
    """End the connection once the request has been read."""
    await call.hang_up()


async def say_nothing(call: Call) -> None:
    """Keep the connection and never answer."""
    await call.until_closed()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_refused_connection_says_that_nothing_was_sent() -> None:
    async with create_transport() as transport:
        with pytest.raises(httpx.ConnectError, match=r"^no connection \(ConnectionRefusedError\)$"):
            await transport.handle_async_request(httpx.Request("POST", f"http://127.0.0.1:{free_port()}/order"))


async def test_a_connection_that_takes_too_long_says_that_nothing_was_sent() -> None:
    async with RawServer(say_nothing) as server, create_transport(connect_timeout_seconds=0.05) as transport:
        # The server speaks no TLS and waits for a request: the handshake never ends.
        with pytest.raises(httpx.ConnectTimeout):
            await transport.handle_async_request(httpx.Request("POST", f"https://127.0.0.1:{server.port}"))
    assert server.requests == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("is_reused", [False, True], ids=["fresh", "kept alive"])
@pytest.mark.parametrize("breaking", [reset, hang_up], ids=["reset", "end of file"])
async def test_a_request_whose_connection_breaks_is_sent_once(breaking: Script, is_reused: bool, method: str) -> None:
    async def script(call: Call) -> None:
        await (call.answer(b"") if call.path == b"/first" else breaking(call))

    async with RawServer(script) as server, create_transport() as transport:
        if is_reused:
            await transport.handle_async_request(httpx.Request("GET", f"{server.url}/first"))
        with pytest.raises(MAY_HAVE_BEEN_SENT):
            await transport.handle_async_request(httpx.Request(method, f"{server.url}/second"))
    assert sum(b"/second" in raw for raw in server.requests) == 1
    assert server.connections == 1


async def test_a_kept_connection_that_the_server_ended_is_not_used_for_a_write() -> None:
    ended = asyncio.Event()

    async def script(call: Call) -> None:
        await call.answer(b"")
        if call.path == b"/first":
            assert await call.hang_up() == b""
            ended.set()

    async with RawServer(script) as server, create_transport() as transport:
        await transport.handle_async_request(httpx.Request("GET", f"{server.url}/first"))
        await ended.wait()
        await transport.handle_async_request(httpx.Request("POST", f"{server.url}/order"))
    assert [raw.split()[1] for raw in server.requests] == [b"/first", b"/order"]
    assert server.connections == 2


@pytest.mark.parametrize("whole", [WHOLE_ANSWER, WHOLE_CHUNKED], ids=["length", "chunked"])
async def test_an_answer_cut_at_any_byte_is_an_error_and_its_connection_is_not_reused(whole: bytes) -> None:
    async def script(call: Call) -> None:
        await call.send(whole[: int(call.path[1:])])
        await call.hang_up()

    async with RawServer(script) as server, create_transport(max_connections=1) as transport:
        for cut in range(len(whole)):
            with pytest.raises(MAY_HAVE_BEEN_SENT):
                await transport.handle_async_request(httpx.Request("POST", f"{server.url}/{cut}"))
        response = await transport.handle_async_request(httpx.Request("POST", f"{server.url}/{len(whole)}"))
    assert response.json() == {"items": [1, 2]}
    assert len(server.requests) == server.connections == len(whole) + 1


async def test_an_answer_that_is_reset_halfway_is_an_error() -> None:
    async def script(call: Call) -> None:
        await call.send(WHOLE_ANSWER[:-5])
        call.reset()

    async with RawServer(script) as server, create_transport() as transport:
        with pytest.raises(MAY_HAVE_BEEN_SENT):
            await transport.handle_async_request(httpx.Request("GET", server.url))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<html>\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 7_000 + b"Content-Length: 0\r\n\r\n",
    ],
    ids=["html", "status", "header", "length", "two lengths", "chunk", "long header", "many headers"],
)
async def test_an_answer_that_is_not_http_is_a_protocol_error(data: bytes) -> None:
    async def script(call: Call) -> None:
        await call.send(data)
        await call.until_closed()

    async with RawServer(script) as server, create_transport() as transport:
        with pytest.raises(httpx.RemoteProtocolError):
            await transport.handle_async_request(httpx.Request("GET", server.url))


async def send_half_then_nothing(call: Call) -> None:
    """Begin an answer and never end it."""
    await call.send(WHOLE_ANSWER[:-5])
    await call.until_closed()


@pytest.mark.parametrize("script", [say_nothing, send_half_then_nothing], ids=["headers", "body"])
async def test_a_silent_upstream_ends_with_the_read_bound(script: Script) -> None:
    async with RawServer(script) as server, create_transport() as transport:
        request = httpx.Request("POST", server.url, extensions={"timeout": {"read": 0.05}})
        with pytest.raises(httpx.ReadTimeout):
            await transport.handle_async_request(request)
        await server.arrived(1)
    assert len(server.requests) == 1


async def test_without_bounds_in_the_request_those_of_the_transport_hold() -> None:
    async with RawServer(say_nothing) as server, create_transport(read_timeout_seconds=0.05) as transport:
        with pytest.raises(httpx.ReadTimeout):
            await transport.handle_async_request(httpx.Request("GET", server.url))


async def test_a_bound_that_is_spent_is_not_taken_for_no_bound() -> None:
    async with RawServer(say_nothing) as server, create_transport() as transport:
        request = httpx.Request("POST", server.url, extensions={"timeout": {"read": None, "total": -1.0}})
        with pytest.raises(httpx.ConnectTimeout):
            await asyncio.wait_for(transport.handle_async_request(request), 5)
    assert server.requests == []


async def test_a_body_that_the_upstream_does_not_take_ends_with_the_write_bound() -> None:
    closed = asyncio.Event()

    async def reads_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await closed.wait()
        writer.transport.abort()

    server = await asyncio.start_server(reads_nothing, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, create_transport() as transport:
        # More than the kernel's buffers on both sides hold.
        request = httpx.Request("POST", url, content=b"x" * 20_000_000, extensions={"timeout": {"write": 0.1}})
        with pytest.raises(httpx.WriteTimeout):
            await transport.handle_async_request(request)
        closed.set()


async def test_a_header_that_would_split_the_request_is_refused_before_anything_is_sent() -> None:
    async with RawServer(say_nothing) as server, create_transport() as transport:
        request = httpx.Request("GET", server.url, headers={"X-One": "a\r\nX-Two: b"})
        with pytest.raises(httpx.LocalProtocolError):
            await transport.handle_async_request(request)
    assert server.requests == []


async def test_another_scheme_is_refused() -> None:
    async with create_transport() as transport:
        with pytest.raises(httpx.UnsupportedProtocol):
            await transport.handle_async_request(httpx.Request("GET", "ftp://127.0.0.1/"))


async def test_errors_name_neither_url_nor_credential() -> None:
    async def script(call: Call) -> None:
        if call.path.endswith(b"/slow"):
            await call.until_closed()
        elif call.path.endswith(b"/cut"):
            await call.send(WHOLE_ANSWER[:-5])
            await call.hang_up()
        elif call.path.endswith(b"/html"):
            await call.send(b"<html>secret-answer\r\n\r\n")
        else:
            call.reset()

    texts = []
    async with RawServer(script) as server, create_transport() as transport:
        roots = [f"{server.url}/secret-path/{kind}" for kind in ("slow", "cut", "html", "reset")]
        for url in (*roots, f"http://127.0.0.1:{free_port()}/secret-path", "ftp://127.0.0.1/secret-path"):
            request = httpx.Request(
                "GET", url, headers={"Authorization": "Bearer secret-token"}, extensions={"timeout": {"read": 0.05}}
            )
            with pytest.raises(httpx.TransportError) as caught:
                await transport.handle_async_request(request)
            texts.append("".join(traceback.format_exception(caught.value)) + repr(caught.value))
    assert len(texts) == 6
    assert not [
        text for text in texts if "secret-" in text.replace('"Bearer secret-token"', "") or "127.0.0.1:" in text
    ]
