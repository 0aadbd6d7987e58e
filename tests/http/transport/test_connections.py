"""When a connection serves once more, when it must not, and that none is left behind."""

import asyncio
import gc
import os
import socket
from collections.abc import Sequence
from contextlib import aclosing, suppress

import httpx
import pytest
from aiohappyeyeballs import AddrInfoType

from gateway.http import transport as transports
from gateway.http.connection import Connection
from gateway.http.messages import RequestLimits, RequestTemplate
from gateway.http.origin import Origin
from gateway.http.pool import Pool
from tests.support.long_timeout_transport import create_transport
from tests.support.raw_server import Call, RawServer


def get(url: str, **timeouts: float | None) -> httpx.Request:
    """Return a GET with these bounds."""
    return httpx.Request("GET", url, extensions={"timeout": timeouts})


def raw_socket(call: Call) -> socket.socket:
    """A second handle on the server's socket: what is done with it needs no turn of the loop."""
    return socket.socket(fileno=os.dup(call._writer.get_extra_info("socket").fileno()))


class Answering:
    """Answers each call with its path and keeps the calls."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def __call__(self, call: Call) -> None:
        self.calls.append(call)
        await call.answer(call.path)


def existing() -> list[Connection]:
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, Connection)]


def alive() -> list[Connection]:
    return [one for one in existing() if one.is_open]


async def test_a_connection_that_ended_a_moment_ago_is_not_used_even_before_the_loop_has_seen_it() -> None:
    script = Answering()
    async with RawServer(script) as server, create_transport() as transport:
        await transport.handle_async_request(get(server.url))
        with raw_socket(script.calls[0]) as ending:
            ending.shutdown(socket.SHUT_WR)
        # No turn of the loop in between: only the kernel knows.
        response = await transport.handle_async_request(httpx.Request("POST", f"{server.url}/order"))
    assert response.text == "/order"
    assert [call.connection for call in script.calls] == [1, 2]


async def test_bytes_that_the_loop_has_not_seen_close_a_kept_connection_too() -> None:
    script = Answering()
    async with RawServer(script) as server, create_transport() as transport:
        await transport.handle_async_request(get(server.url))
        with raw_socket(script.calls[0]) as talking:
            talking.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother")
        response = await transport.handle_async_request(get(f"{server.url}/own"))
    assert response.text == "/own"
    assert [call.connection for call in script.calls] == [1, 2]


async def test_where_the_kernel_cannot_be_asked_the_loop_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("select.poll")
    script = Answering()
    async with RawServer(script) as server, create_transport() as transport:
        for _ in range(2):
            await transport.handle_async_request(get(server.url))
    assert [call.connection for call in script.calls] == [1, 1]


@pytest.mark.slow
async def test_a_connection_without_calls_closes() -> None:
    closed = asyncio.Event()

    async def script(call: Call) -> None:
        await call.answer(b"")
        await call.until_closed()
        closed.set()

    async with RawServer(script) as server, create_transport(keep_alive_seconds=0.05) as transport:
        await transport.handle_async_request(get(server.url))
        await asyncio.wait_for(closed.wait(), 5)
        assert alive() == []


async def test_requests_of_a_template_arrive_and_their_connection_serves_on() -> None:
    async with RawServer(Answering()) as server, aclosing(transports.create_transport()) as transport:
        limits = RequestLimits(connect_seconds=30.0, read_seconds=30.0, total_seconds=30.0)
        template = RequestTemplate(f"{server.url}/api", [("accept", "*/*")], limits)
        for method in ("GET", "POST"):
            await transport.send(template.request(method, "/x", [("accept-language", "de")]))
    host = b"Host: 127.0.0.1:%d\r\n" % server.port
    assert server.requests == [
        b"GET /api/x HTTP/1.1\r\n" + host + b"accept: */*\r\naccept-language: de\r\n\r\n",
        b"POST /api/x HTTP/1.1\r\n" + host + b"Content-Length: 0\r\naccept: */*\r\naccept-language: de\r\n\r\n",
    ]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("head", "connections"),
    [(b"Connection: close\r\n", 2), (b"Connection: keep-alive\r\n", 1)],
    ids=["close", "keep-alive"],
)
async def test_an_upstream_that_closes_after_its_answer_gets_a_new_connection(head: bytes, connections: int) -> None:
    async def script(call: Call) -> None:
        await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n%s\r\na" % head)

    async with RawServer(script) as server, create_transport() as transport:
        for _ in range(2):
            assert (await transport.handle_async_request(get(server.url))).text == "a"
    assert server.connections == connections


async def test_a_head_request_is_answered_and_the_next_call_gets_its_own_answer() -> None:
    async def script(call: Call) -> None:
        if call.raw.startswith(b"HEAD"):
            await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        else:
            await call.answer(b"own")

    async with RawServer(script) as server, create_transport() as transport:
        assert (await transport.handle_async_request(httpx.Request("HEAD", server.url))).content == b""
        assert (await transport.handle_async_request(get(server.url))).text == "own"


async def test_a_body_that_is_taken_slowly_arrives_whole() -> None:
    async def script(call: Call) -> None:
        await call.answer(b"%d" % len(call.raw.partition(b"\r\n\r\n")[2]))

    async with RawServer(script) as server, create_transport() as transport:
        for _ in range(2):
            request = httpx.Request("POST", server.url, content=b"x" * 20_000_000)
            assert (await transport.handle_async_request(request)).text == "20000000"
    assert server.connections == 1


async def test_a_body_arrives_whole_though_the_upstream_speaks_meanwhile() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await reader.readexactly(20_000_000)
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    ended = asyncio.Event()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, create_transport() as transport:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        response = await transport.handle_async_request(httpx.Request("PUT", url, content=b"x" * 20_000_000))
        assert response.status_code == 204
        await ended.wait()


async def test_an_answer_before_the_request_is_out_counts_and_its_connection_does_not() -> None:
    answered, ended = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # No more is read than fits the reader's buffer: the body stays under way.
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
        await answered.wait()
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, create_transport() as transport:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        response = await transport.handle_async_request(httpx.Request("POST", url, content=b"x" * 20_000_000))
        assert response.status_code == 413
        assert alive() == []
        answered.set()
        await ended.wait()


@pytest.mark.slow
async def test_connections_to_all_hosts_together_are_never_more_than_allowed() -> None:
    first_script, second_script = Answering(), Answering()
    async with (
        RawServer(first_script) as first,
        RawServer(second_script) as second,
        create_transport(max_connections=2) as transport,
    ):
        for _ in range(2):
            await asyncio.gather(*(transport.handle_async_request(get(one.url)) for one in (first, second)))
            await asyncio.gather(*(transport.handle_async_request(get(first.url)) for _ in range(2)))
            assert len(alive()) == 2


@pytest.mark.slow
async def test_a_thousand_cancelled_calls_leave_no_connection_timer_or_slot() -> None:
    async def script(call: Call) -> None:
        await call.until_closed()

    loop = asyncio.get_running_loop()
    async with RawServer(script) as server, create_transport(max_connections=50) as transport:
        for _ in range(20):
            calls = [
                asyncio.ensure_future(transport.handle_async_request(get(server.url, total=100.0))) for _ in range(50)
            ]
            for turns in range(50):
                await asyncio.sleep(0)
                calls[turns].cancel()
            assert [type(one) for one in await asyncio.gather(*calls, return_exceptions=True)] == [
                asyncio.CancelledError
            ] * 50
            del calls
        assert alive() == []
        for _ in range(100):
            await asyncio.sleep(0)
        assert existing() == []
        # Where the loop can be asked, as that of asyncio can.
        timers = [one for one in getattr(loop, "_scheduled", []) if not one.cancelled()]
        assert timers == []
        await asyncio.gather(
            *(transport.handle_async_request(get(server.url, pool=0.0, total=0.05)) for _ in range(50)),
            return_exceptions=True,
        )
        assert len(server.requests) >= 50


async def test_a_call_that_is_cancelled_with_its_answer_in_hand_keeps_the_connection() -> None:
    async def script(call: Call) -> None:
        if call.path == b"/cancelled":
            raw_socket_of_call = raw_socket(call)
            with raw_socket_of_call:
                raw_socket_of_call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")
            # Both are there for the client's next turn: the answer in the kernel, the cancellation in the loop.
            asking.cancel()
        else:
            await call.answer(call.path)

    async with RawServer(script) as server, create_transport(max_connections=1) as transport:
        asking = asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/cancelled")))
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await transport.handle_async_request(get(f"{server.url}/next", pool=0.0))).text == "/next"


@pytest.mark.parametrize("bound", [0.05, None], ids=["too slow", "cancelled"])
async def test_a_connection_that_is_given_up_while_it_opens_is_closed(bound: float | None) -> None:
    accepted = asyncio.Event()
    ended = asyncio.Event()

    async def never_shakes_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set()
        with suppress(OSError):
            await reader.read()
        ended.set()
        writer.close()

    server = await asyncio.start_server(never_shakes_hands, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, create_transport() as transport:
        call = asyncio.ensure_future(transport.handle_async_request(get(url, connect=bound)))
        await accepted.wait()
        if bound is None:
            call.cancel()
        with pytest.raises((asyncio.CancelledError, httpx.ConnectTimeout)):
            await call
        await asyncio.wait_for(ended.wait(), 5)


async def test_closing_refuses_calls_that_wait_and_connections_that_open() -> None:
    accepted, ended = asyncio.Event(), asyncio.Event()

    async def script(call: Call) -> None:
        accepted.set()
        await call.until_closed()
        ended.set()

    async with RawServer(script) as server:
        transport = create_transport(max_connections=1, pool_timeout_seconds=30)
        calls = [asyncio.ensure_future(transport.handle_async_request(get(server.url))) for _ in range(2)]
        await accepted.wait()
        await transport.aclose()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(one) for one in outcomes] == [httpx.RemoteProtocolError, httpx.ConnectError]
        await asyncio.wait_for(ended.wait(), 5)
    assert len(server.requests) == 1


async def test_a_connection_that_opens_while_the_pool_closes_is_closed() -> None:
    async with RawServer(Answering()) as server:
        transport = create_transport()
        call = asyncio.ensure_future(transport.handle_async_request(get(server.url)))
        await asyncio.sleep(0)
        await transport.aclose()
        with pytest.raises(httpx.ConnectError):
            await call
        assert alive() == []
    assert server.requests == []


async def test_a_host_by_its_ipv6_address_is_reached() -> None:
    script = Answering()
    async with RawServer(script, host="::1") as server, create_transport() as transport:
        response = await transport.handle_async_request(get(f"http://[::1]:{server.port}/six"))
    assert response.text == "/six"
    assert script.calls[0].raw.startswith(b"GET /six HTTP/1.1\r\nHost: [::1]:%d\r\n" % server.port)


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "nobody.invalid"])
async def test_a_host_that_has_no_address_says_that_nothing_was_sent(name: str) -> None:
    async with create_transport() as transport:
        with pytest.raises(httpx.ConnectError, match=r"^no connection \(\w+\)$"):
            await transport.handle_async_request(get(f"http://{name}/"))


@pytest.mark.parametrize("first", ["silent", "refusing"])
async def test_the_next_address_of_a_host_is_tried_beside_one_that_fails(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Answering()
    async with RawServer(script) as server, create_transport() as transport:
        with socket.socket() as full, socket.socket() as filler, socket.socket() as another:
            full.bind(("127.0.0.2", server.port))
            if first == "silent":
                # A full queue: the kernel leaves further connections without an answer.
                full.listen(0)
                for one in (filler, another):
                    one.setblocking(False)
                    one.connect_ex(("127.0.0.2", server.port))

            async def addresses(_: Pool, origin: Origin) -> Sequence[AddrInfoType]:
                kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
                return [(*kind, (host, origin.port)) for host in ("127.0.0.2", "127.0.0.1")]

            monkeypatch.setattr(Pool, "_addresses", addresses)
            response = await transport.handle_async_request(get(f"{server.url}/second", connect=5.0))
    assert response.text == "/second"
    assert len(server.requests) == 1
