"""When the bounds of a call and of idle connections are reached: on asyncio's loop, whose time can be moved."""

import asyncio

import httpx
import pytest

from tests.support.long_timeout_transport import create_transport
from tests.support.loop_time import LoopTime, turns
from tests.support.raw_server import Call, RawServer

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nall of it"


def get(url: str, **timeouts: float | None) -> httpx.Request:
    """Return a GET with these bounds."""
    return httpx.Request("GET", url, extensions={"timeout": timeouts})


async def test_a_dripping_answer_ends_with_the_total_bound() -> None:
    loop_time, dripped = LoopTime(), 0

    async def drip(call: Call) -> None:
        nonlocal dripped
        for byte in ANSWER:
            await call.send(bytes([byte]))
            dripped += 1
            await turns()
            await loop_time.advance(400)

    async with RawServer(drip) as server, create_transport() as transport:
        with pytest.raises(httpx.ReadTimeout):
            await transport.handle_async_request(get(server.url, read=1_000.0, total=2_000.0))
        assert dripped == 5


async def test_the_wait_for_a_connection_counts_towards_the_total() -> None:
    async def script(call: Call) -> None:
        if call.path == b"/first":
            await call.until_closed()
        await asyncio.Event().wait()

    async with RawServer(script) as server, create_transport(max_connections=1) as transport:
        loop_time = LoopTime()
        first = transport.handle_async_request(get(f"{server.url}/first", read=None, total=1_000.0))
        second = transport.handle_async_request(get(f"{server.url}/second", pool=None, read=None, total=1_500.0))
        calls = asyncio.gather(first, second, return_exceptions=True)
        await server.arrived(1)
        await loop_time.until_timer(1_000)
        await loop_time.advance(1_000)
        await server.arrived(2)
        await loop_time.until_timer(500)
        await loop_time.advance(500)
        errors = await calls
    assert [type(error) for error in errors] == [httpx.ReadTimeout, httpx.ReadTimeout]
    assert len(server.requests) == 2


async def test_an_answer_that_drips_within_the_read_bound_is_read() -> None:
    async def drip(call: Call) -> None:
        for byte in ANSWER:
            await call.send(bytes([byte]))
            await turns()
            await loop_time.advance(900)

    loop_time = LoopTime()
    async with RawServer(drip) as server, create_transport() as transport:
        response = await transport.handle_async_request(get(server.url, read=1_000.0))
    assert response.text == "all of it"


@pytest.mark.parametrize("bound", [None, 3_000.0], ids=["unbounded", "bounded"])
async def test_a_call_that_waits_longer_than_connections_are_kept_is_answered(bound: float | None) -> None:
    async def script(call: Call) -> None:
        if call.path == b"/slow":
            await loop_time.advance(2_000)
        await call.answer(call.path)

    loop_time = LoopTime()
    async with RawServer(script) as server, create_transport(keep_alive_seconds=1_000) as transport:
        await transport.handle_async_request(get(server.url))
        response = await transport.handle_async_request(get(f"{server.url}/slow", read=bound))
    assert response.text == "/slow"
    assert server.connections == 1
