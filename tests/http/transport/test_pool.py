"""Slots, cancelled calls, and which connection serves which request."""

import asyncio
import random
from itertools import product

import httpx
import pytest

from tests.support.long_timeout_transport import create_transport
from tests.support.raw_server import Call, RawServer


class Gate:
    """A script that holds each call until it is opened, then answers with the request's path."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()

    async def __call__(self, call: Call) -> None:
        await self.opened.wait()
        await call.answer(call.path)


def get(url: str, **timeouts: float | None) -> httpx.Request:
    """Return a GET with these bounds."""
    return httpx.Request("GET", url, extensions={"timeout": timeouts})


async def test_calls_one_after_the_other_share_a_connection() -> None:
    async def script(call: Call) -> None:
        await (call.send(b"HTTP/1.1 204 No Content\r\n\r\n") if call.path == b"/204" else call.answer(call.path))

    async with RawServer(script) as server, create_transport() as transport:
        for path in ("/1", "/204", "/2"):
            await transport.handle_async_request(get(server.url + path))
    assert (len(server.requests), server.connections) == (3, 1)


async def test_there_are_never_more_connections_than_allowed() -> None:
    gate = Gate()
    async with RawServer(gate) as server, create_transport(max_connections=4, pool_timeout_seconds=5) as transport:
        calls = [asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/{n}"))) for n in range(40)]
        await server.arrived(4)
        gate.opened.set()
        answers = await asyncio.gather(*calls)
    assert [answer.text for answer in answers] == [f"/{n}" for n in range(40)]
    assert server.connections == 4


@pytest.mark.parametrize(
    "timeouts", [{"pool": 0.02}, {"pool": None, "total": 0.02}, {"pool": 5.0, "total": 0.02}], ids=str
)
async def test_a_call_that_finds_no_free_connection_in_time_is_not_sent(timeouts: dict[str, float | None]) -> None:
    gate = Gate()
    async with RawServer(gate) as server, create_transport(max_connections=1) as transport:
        first = asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/first")))
        await server.arrived(1)
        with pytest.raises(httpx.PoolTimeout):
            await transport.handle_async_request(get(f"{server.url}/second", **timeouts))
        gate.opened.set()
        assert (await first).text == "/first"
    assert len(server.requests) == 1


async def test_a_call_without_bounds_waits_for_a_connection() -> None:
    gate = Gate()
    async with RawServer(gate) as server, create_transport(max_connections=1) as transport:
        first = asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/first")))
        await server.arrived(1)
        unbounded = get(f"{server.url}/second", pool=None, total=None)
        second = asyncio.ensure_future(transport.handle_async_request(unbounded))
        gate.opened.set()
        assert [(await first).text, (await second).text] == ["/first", "/second"]


async def test_a_call_that_is_cancelled_as_it_gets_a_connection_leaves_it_to_the_next() -> None:
    gate = Gate()
    async with RawServer(gate) as server, create_transport(max_connections=1) as transport:
        calls = [asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/{n}"))) for n in range(4)]
        await server.arrived(1)
        calls[0].cancel()
        calls[1].cancel()
        await asyncio.sleep(0)
        calls[2].cancel()
        gate.opened.set()
        assert (await calls[3]).text == "/3"
        outcomes = await asyncio.gather(*calls[:3], return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 3
        assert (await transport.handle_async_request(get(f"{server.url}/next", pool=0.0))).text == "/next"


async def test_a_connection_is_free_where_all_who_waited_for_it_are_cancelled_with_its_call() -> None:
    gate = Gate()
    async with RawServer(gate) as server, create_transport(max_connections=1) as transport:
        calls = [asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/{n}"))) for n in range(3)]
        await server.arrived(1)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        gate.opened.set()
        assert (await transport.handle_async_request(get(f"{server.url}/next", pool=0.0))).text == "/next"


async def test_a_waiting_call_that_is_never_resumed_is_passed_over() -> None:
    gate = Gate()
    async with RawServer(gate) as server, create_transport(max_connections=1) as transport:
        first = asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/first")))
        await server.arrived(1)
        closed = transport.handle_async_request(get(f"{server.url}/closed", pool=None, total=None))
        closed.send(None)
        second = asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/second")))
        await asyncio.sleep(0)
        closed.close()
        gate.opened.set()
        assert [(await first).text, (await second).text] == ["/first", "/second"]


async def test_a_cancelled_call_frees_its_slot_at_once_and_closes_its_connection() -> None:
    closed = asyncio.Event()

    async def script(call: Call) -> None:
        if call.path == b"/slow":
            await call.until_closed()
            closed.set()
        else:
            await call.answer(call.path)

    async with RawServer(script) as server, create_transport(max_connections=1) as transport:
        call = asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/slow")))
        await server.arrived(1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        response = await transport.handle_async_request(get(f"{server.url}/next", pool=0.0))
        await asyncio.wait_for(closed.wait(), 5)
    assert response.text == "/next"


async def test_the_late_answer_to_a_cancelled_call_reaches_nobody() -> None:
    cancelled = asyncio.Event()

    async def script(call: Call) -> None:
        if call.path == b"/first":
            await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
            await cancelled.wait()
        await call.answer(call.path)

    async with RawServer(script) as server, create_transport(max_connections=1) as transport:
        call = asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/first")))
        await server.arrived(1)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        cancelled.set()
        answers = [await transport.handle_async_request(get(f"{server.url}/{n}")) for n in range(5)]
    assert [answer.text for answer in answers] == [f"/{n}" for n in range(5)]
    assert server.connections == 2


async def test_bytes_that_nobody_asked_for_never_become_an_answer() -> None:
    calls: list[Call] = []

    async def script(call: Call) -> None:
        calls.append(call)
        await call.answer(call.path)

    async with RawServer(script) as server, create_transport() as transport, create_transport() as other:
        await transport.handle_async_request(get(f"{server.url}/first"))
        await calls[0].answer(b"of another player")
        # A round trip on another connection: the bytes above have been read by now.
        await other.handle_async_request(get(f"{server.url}/between"))
        response = await transport.handle_async_request(get(f"{server.url}/second"))
    assert response.text == "/second"
    assert [call.connection for call in calls] == [1, 2, 3]


async def test_a_second_answer_behind_the_first_never_becomes_an_answer() -> None:
    async def script(call: Call) -> None:
        body = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"
        await call.send(body + call.path + body + b"/other")

    async with RawServer(script) as server, create_transport() as transport:
        texts = [(await transport.handle_async_request(get(server.url + path))).text for path in ("/first", "/secon")]
    assert texts == ["/first", "/secon"]
    assert server.connections == 2


async def test_a_second_answer_that_comes_late_meets_a_connection_at_rest() -> None:
    calls: list[Call] = []

    async def script(call: Call) -> None:
        await server.arrived(2)
        if call.path == b"/next":
            await calls[-1].answer(b"another player's")
        calls.append(call)
        await call.answer(call.path)

    async with RawServer(script) as server, create_transport() as transport:
        await asyncio.gather(*(transport.handle_async_request(get(server.url)) for _ in range(2)))
        texts = [(await transport.handle_async_request(get(server.url + path))).text for path in ("/first", "/next")]
        # The second answer came on the connection that is the next one's turn: it does not serve again.
        texts.append((await transport.handle_async_request(get(f"{server.url}/last"))).text)
    assert texts == ["/first", "/next", "/last"]
    first, *others = [call.connection for call in calls[2:]]
    assert first not in others
    assert server.connections == 2


@pytest.mark.slow
async def test_a_thousand_calls_cancelled_at_random_moments_lose_no_slot_and_mix_no_answers() -> None:
    chance = random.Random(20_260)
    gate = Gate()
    calls: dict[str, asyncio.Task[str]] = {}

    def ends_here(path: str) -> bool:
        return path.startswith("/doomed") and path.endswith(("0", "2", "4", "6", "8"))

    async def script(call: Call) -> None:
        if call.path.startswith(b"/held"):
            await gate(call)
            return
        body = call.path * 100
        parts = [b"HTTP/1.1 200 OK\r\n", b"Content-Length: %d\r\n\r\n" % len(body), body[:50], body[50:]]
        is_doomed = call.path.startswith(b"/doomed")
        for part in parts[: chance.randrange(4)] if is_doomed else parts:
            await call.send(part)
            await asyncio.sleep(0)
        if is_doomed:
            # Every other one is cancelled here, with what it was sent so far; the rest by the clock, at any moment.
            if ends_here(call.path.decode()):
                calls[call.path.decode()].cancel()
            await call.until_closed()

    async with RawServer(script) as server, create_transport(max_connections=10) as transport:

        async def ask(path: str) -> str:
            response = await transport.handle_async_request(get(server.url + path, pool=None, read=30.0))
            return "its own answer" if response.text == path * 100 else "another answer"

        async def outcome(path: str) -> str:
            call = calls[path] = asyncio.ensure_future(ask(path))
            if not path.startswith("/calm") and not ends_here(path):
                asyncio.get_running_loop().call_later(chance.uniform(0, 0.02), call.cancel)
            try:
                return await call
            except asyncio.CancelledError:
                return "cancelled"

        async def worker() -> None:
            while waiting:
                path = waiting.pop()
                outcomes[path.split("/")[1]].add(await outcome(path))

        outcomes: dict[str, set[str]] = {"doomed": set(), "racing": set(), "calm": set()}
        waiting = [
            f"/{kind}/{n}" for kind, n in (*product(["doomed"], range(1_000)), *product(["racing", "calm"], range(300)))
        ]
        chance.shuffle(waiting)
        await asyncio.gather(*[worker() for _ in range(20)])
        assert outcomes["doomed"] == {"cancelled"}
        assert outcomes["racing"] <= {"cancelled", "its own answer"}
        assert outcomes["calm"] == {"its own answer"}
        assert sum(raw.startswith(b"GET /doomed") for raw in server.requests) >= 500

        before = len(server.requests)
        held = [asyncio.ensure_future(transport.handle_async_request(get(f"{server.url}/held"))) for _ in range(10)]
        await asyncio.wait_for(server.arrived(before + 10), 5)
        with pytest.raises(httpx.PoolTimeout):
            await transport.handle_async_request(get(f"{server.url}/held", pool=0.0))
        gate.opened.set()
        assert [response.text for response in await asyncio.gather(*held)] == ["/held"] * 10


async def test_closing_ends_the_calls_under_way_and_refuses_new_ones() -> None:
    async with RawServer(Gate()) as server:
        transport = create_transport()
        call = asyncio.ensure_future(transport.handle_async_request(get(server.url)))
        await server.arrived(1)
        await transport.aclose()
        with pytest.raises(httpx.RemoteProtocolError):
            await call
        with pytest.raises(RuntimeError, match=r"^the transport is closed$"):
            await transport.handle_async_request(get(server.url))
        await transport.aclose()
    assert len(server.requests) == 1


async def test_an_unused_transport_closes_and_stays_closed() -> None:
    transport = create_transport()
    await transport.aclose()
    with pytest.raises(RuntimeError):
        await transport.handle_async_request(get("http://127.0.0.1:9"))


def test_a_transport_made_outside_a_loop_works_inside_one() -> None:
    transport = create_transport()

    async def script(call: Call) -> None:
        await call.answer(call.path)

    async def use() -> str:
        async with RawServer(script) as server, transport:
            return (await transport.handle_async_request(get(f"{server.url}/inside"))).text

    assert asyncio.run(use()) == "/inside"
