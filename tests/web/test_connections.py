"""Connections that stay open, where clients read slowly, vanish, or meet a fault of the gateway."""

import asyncio
import json
import logging
import socket
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from graphql import GraphQLError
from starlette.types import Message, Receive, Scope, Send

from gateway.errors import TokenExpired
from gateway.execution.engine import Result
from gateway.web.graphql.calls import ClientGone
from gateway.web.graphql.connections import (
    CLIENT_WRITE_SECONDS,
    CLOSE_SECONDS,
    LAST_ANSWERS_SECONDS,
    Connection,
    GoingAway,
)
from gateway.web.graphql.streams import KEEP_ALIVE_SECONDS
from gateway.web.middleware import RequestEnvelope
from tests.support import operations
from tests.support.claims import CLAIM, CLAIMED, next_step
from tests.support.clock import Clock
from tests.support.commands import first_line, running
from tests.support.event_stream_client import EVENTS, streaming
from tests.support.held_calls import HeldCall
from tests.support.manual_socket import HandSocket, by_hand
from tests.support.scripted_endpoint import Site, running_script
from tests.support.stack import ANN, Stack, running_stack
from tests.support.websocket_client import CHANGES, talking

MASK = "Something went wrong in the gateway."
CLAN = "mutation { updateClan { userErrors { code } } }"


async def listening(stack: Stack, hand: HandSocket, token: str, query: str = CHANGES) -> None:
    """Sign in and subscribe."""
    hand.say("connection_init", payload={"Authorization": f"Bearer {token}"})
    await hand.until_sent(2)
    hand.say("subscribe", id="changes", payload={"query": query})
    await stack.until("gateway_subscriptions", 1)


async def test_a_slow_reader_gets_the_latest_state_and_not_what_came_before(stack: Stack) -> None:
    token = stack.token(ANN)
    async with by_hand(stack.gateway) as hand:
        await listening(stack, hand, token)
        hand.is_writable.clear()
        await stack.data(CLAN, token=token)
        await hand.until_waiting()
        for _ in range(5):
            await stack.data(CLAN, token=token)
        assert await stack.ask(CLAIM, {"step": await next_step(stack, token)}, token=token) == CLAIMED
        hand.is_writable.set()
        await hand.until_sent(4)
        assert [answer["data"]["chainsChanged"]["reasons"] for answer in hand.answers] == [["CLAN"], ["CLAIM", "CLAN"]]
        assert await stack.figure("gateway_subscription_events_total") == 2


async def test_a_reader_that_takes_nothing_counts_as_gone(stack: Stack) -> None:
    token = stack.token(ANN)
    async with by_hand(stack.gateway) as hand:
        await listening(stack, hand, token)
        hand.is_writable.clear()
        await stack.data(CLAN, token=token)
        await hand.until_waiting()
        stack.clock.advance(CLIENT_WRITE_SECONDS)
        await stack.until("gateway_subscriptions", 0)
        await stack.until("gateway_connections", 0)


async def test_a_reader_that_takes_nothing_does_not_hold_up_the_shutdown(stack: Stack) -> None:
    token = stack.token(ANN)
    async with by_hand(stack.gateway) as hand:
        await listening(stack, hand, token)
        hand.is_writable.clear()
        await stack.data(CLAN, token=token)
        await hand.until_waiting()
        leaving = asyncio.ensure_future(stack.gateway.drain())
        await stack.until("gateway_subscriptions", 0)
        assert not leaving.done()
        stack.clock.advance(CLOSE_SECONDS)
        await leaving
        assert await stack.figure("gateway_connections") == 0
    assert [message["type"] for message in hand.sent] == ["websocket.accept", "websocket.send"]


async def test_the_shutdown_does_not_wait_for_ever(stack: Stack) -> None:
    token = stack.token(ANN)
    async with by_hand(stack.gateway) as hand:
        await listening(stack, hand, token)
        hand.is_writable.clear()
        leaving = asyncio.ensure_future(stack.gateway.drain())
        await hand.until_waiting()
        stack.clock.advance(2 * CLOSE_SECONDS)
        await leaving


async def test_what_is_asked_over_a_socket_when_the_shutdown_begins_is_answered_before_it_closes(stack: Stack) -> None:
    held = HeldCall()
    stack.seam.on("GET /user/offer_chain", held)
    async with talking(stack) as talk:
        await talk.begin(stack.token(ANN))
        await talk.ask("changes", CHANGES)
        await talk.ask("query", "{ viewer { offerChains { id } } }")
        await held.opened.wait()
        leaving = asyncio.ensure_future(stack.gateway.drain())
        await talk.still_works()
        held.release.set()
        assert (await talk.hear())["payload"] == {"data": {"viewer": {"offerChains": []}}}
        assert await talk.hear() == {"type": "complete", "id": "query"}
        assert (await talk.closing())[0] == 1001
        await leaving


async def test_what_is_not_answered_in_time_does_not_hold_up_the_shutdown(stack: Stack) -> None:
    held = HeldCall()
    stack.seam.on("GET /user/offer_chain", held)
    async with talking(stack) as talk:
        await talk.begin(stack.token(ANN))
        await talk.ask("query", "{ viewer { offerChains { id } } }")
        await held.opened.wait()
        leaving = asyncio.ensure_future(stack.gateway.drain())
        await talk.still_works()
        stack.clock.advance(LAST_ANSWERS_SECONDS)
        assert (await talk.closing())[0] == 1001
        await leaving


async def plugged(stack: Stack, query: str, token: str) -> socket.socket:
    """A client that subscribes, and then reads nothing."""
    address = urlsplit(stack.gateway_url)
    plug = socket.socket()
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plug.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plug, (address.hostname, address.port))
    body = json.dumps({"query": query})
    head = f"POST /graphql HTTP/1.1\r\nhost: x\r\naccept: {EVENTS}\r\ncontent-type: application/json\r\n"
    head += f"authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n"
    await asyncio.get_running_loop().sock_sendall(plug, (head + body).encode())
    return plug


async def heard_until_claim(plug: socket.socket) -> int:
    """Read now, up to the event that tells of the claim; answers how many events there were."""
    reader, writer = await asyncio.open_connection(sock=plug, limit=2**20)
    count = 0
    reasons: list[str] = []
    while "CLAIM" not in reasons:
        line = await reader.readline()
        if line.startswith(b"data: "):
            count += 1
            reasons = json.loads(line.removeprefix(b"data: "))["data"]["chainsChanged"]["reasons"]
    writer.close()
    return count


@pytest.mark.slow
async def test_readers_that_read_nothing_get_few_of_many_events_and_the_last_state() -> None:
    """Over real sockets, whose buffers take some events before a reader counts as slow."""
    screen = operations.HOME.replace("query Home {\n  serverTime", "subscription { chainsChanged { reasons") + "}"
    changes, readers = 60, 20
    async with running_stack(send_buffer_bytes=4096) as stack:
        token = stack.token(ANN)
        step = await next_step(stack, token)
        plugs = [await plugged(stack, screen, token) for _ in range(readers)]
        await stack.until("gateway_subscriptions", readers)
        for _ in range(changes):
            await stack.data(CLAN, token=token)
        answered = await stack.figure("gateway_subscription_events_total")
        assert answered < readers * changes / 2
        assert await stack.ask(CLAIM, {"step": step}, token=token) == CLAIMED
        counts = [await heard_until_claim(plug) for plug in plugs]
        # For each, nothing more was kept than one answer and the change that all the others had been merged into.
        assert sum(counts) <= answered + 2 * readers
        await stack.until("gateway_subscriptions", 0)


@pytest.mark.parametrize("kind", ["query", "mutation", "subscription"])
async def test_a_fault_closes_the_socket_and_is_logged(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    async with running_script(RuntimeError("a secret detail")) as site, talking(site) as talk:
        await talk.begin()
        await talk.ask("1", kind)
        assert await talk.closing() == (1011, f"INTERNAL: {MASK}")
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.getMessage() == "unexpected_error"


async def test_a_fault_while_listening_to_the_client_is_logged(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    async with by_hand(stack.gateway) as hand:
        await hand.until_sent(1)
        fault = hand.fault = RuntimeError("of the server")
        hand.say("ping")
        await stack.until("gateway_connections", 0)
    assert hand.sent[-1] == {"type": "websocket.close", "code": 1011, "reason": f"INTERNAL: {MASK}"}
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert record.exc_info[1] is fault


def stream_scope(stack: Stack) -> Scope:
    """A request for a stream of changes."""
    return {
        "type": "http",
        "method": "GET",
        "path": "/graphql",
        "root_path": "",
        "client": None,
        "query_string": urlencode({"query": CHANGES}).encode(),
        "headers": [(b"accept", EVENTS.encode()), (b"authorization", f"Bearer {stack.token(ANN)}".encode())],
    }


async def test_a_stream_of_which_nothing_is_taken_is_cut(stack: Stack) -> None:
    hand, is_blocked, never = HandSocket(), asyncio.Event(), asyncio.Event()

    async def send(message: Message) -> None:
        if b"next" in message.get("body", b""):
            is_blocked.set()
            await never.wait()

    await hand.receive()
    serving = asyncio.ensure_future(stack.gateway(stream_scope(stack), hand.receive, send))
    await stack.until("gateway_subscriptions", 1)
    await stack.data(CLAN, token=stack.token(ANN))
    await is_blocked.wait()
    stack.clock.advance(CLIENT_WRITE_SECONDS)
    await serving
    assert await stack.figure("gateway_connections") == 0
    assert await stack.figure("gateway_subscriptions") == 0


async def test_a_fault_while_a_stream_is_kept_alive_breaks_it_off(stack: Stack) -> None:
    hand = HandSocket()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise RuntimeError("of the server")

    await hand.receive()
    with pytest.raises(RuntimeError, match="of the server"):
        await stack.gateway(stream_scope(stack), hand.receive, send)
    assert await stack.figure("gateway_connections") == 0


async def test_a_fault_of_the_server_in_a_heartbeat_is_raised(stack: Stack) -> None:
    hand, bodies = HandSocket(), 0

    async def send(message: Message) -> None:
        nonlocal bodies
        bodies += message["type"] == "http.response.body"
        if bodies == 2:
            raise RuntimeError("of the server")

    await hand.receive()
    answering = asyncio.ensure_future(stack.gateway(stream_scope(stack), hand.receive, send))
    await stack.until("gateway_subscriptions", 1)
    stack.clock.advance(KEEP_ALIVE_SECONDS)
    with pytest.raises(RuntimeError, match="of the server"):
        await answering
    assert await stack.figure("gateway_connections") == 0


async def test_what_is_over_is_not_written_to() -> None:
    hand, clock = HandSocket(), Clock()
    connection = Connection(hand.send, clock.call_later)
    connection.end(GoingAway())
    with pytest.raises(ClientGone):
        await connection.send({"type": "websocket.send"})
    assert hand.sent == []


async def test_a_reader_that_counts_as_gone_in_the_moment_of_the_shutdown_is_dropped() -> None:
    hand, clock = HandSocket(), Clock()
    hand.is_writable.clear()
    connection = Connection(hand.send, clock.call_later)
    ending = asyncio.ensure_future(connection.until_end())
    sending = asyncio.ensure_future(connection.send({"type": "websocket.send"}))
    await hand.until_waiting()
    clock.advance(CLIENT_WRITE_SECONDS)
    connection.end(GoingAway())
    assert isinstance(await ending, GoingAway)
    with pytest.raises(ClientGone):
        await sending


async def test_a_fault_breaks_a_stream_off(caplog: pytest.LogCaptureFixture) -> None:
    async with running_script(RuntimeError("a secret detail")) as site, httpx.AsyncClient() as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.post(f"{site.gateway_url}/graphql", json={"query": "query"}, headers={"accept": EVENTS})
    assert "unexpected_error" in [one.getMessage() for one in caplog.records]


async def test_a_subscription_that_ends_with_its_token_closes_the_socket() -> None:
    expired = Result(None, (GraphQLError("", original_error=TokenExpired()),))
    event = Result({"n": 1}, ())
    async with running_script(event, expired) as site, talking(site) as talk:
        await talk.begin()
        await talk.ask("1", "subscription")
        assert await talk.hear() == {"type": "next", "id": "1", "payload": {"data": {"n": 1}}}
        code, reason = await talk.closing()
        assert (code, reason.partition(":")[0]) == (4403, "TOKEN_EXPIRED")


@pytest.mark.slow
async def test_vanishing_clients_leave_nothing_behind(stack: Stack) -> None:
    token = stack.token(ANN)
    assert await stack.ask(CLAIM, {"step": await next_step(stack, token)}, token=token) == CLAIMED
    order = "mutation($step: ID!) { orderOfferChainStep(input: { stepId: $step }) { order { id } } }"
    placed = await stack.data(order, {"step": await next_step(stack, token)}, token=token)
    watched = {"id": placed["orderOfferChainStep"]["order"]["id"]}
    watch = "subscription($id: ID!) { orderUpdated(id: $id) { status } }"
    tasks, alarms = len(asyncio.all_tasks()), stack.clock.alarms
    for _ in range(3):
        async with AsyncExitStack() as opened:
            talks = [await opened.enter_async_context(talking(stack)) for _ in range(20)]
            for talk in talks:
                await talk.begin(token)
                await talk.ask("changes", CHANGES)
                await talk.ask("order", watch, watched)
            await stack.until("gateway_subscriptions", 40)
            for talk in talks:
                talk.connection.transport.abort()
            await stack.until("gateway_connections", 0)
        async with AsyncExitStack() as opened:
            for _ in range(5):
                await opened.enter_async_context(streaming(stack, watch, watched, token=token))
            await stack.until("gateway_subscriptions", 5)
        await stack.until("gateway_subscriptions", 0)
        await stack.until("gateway_connections", 0)
    assert stack.clock.alarms == alarms
    async with asyncio.timeout(60):
        while len(asyncio.all_tasks()) > tasks:
            await stack.figure("gateway_connections")


async def test_a_socket_is_logged_without_what_may_be_secret(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = stack.token(ANN)
    async with talking(stack, query=f"?token={token}", headers={"x-request-id": "look-here"}) as talk:
        await talk.begin(token)
        assert talk.request_id == "look-here"
        await talk.end()
    await stack.until("gateway_connections", 0)
    logged = [one for one in caplog.records if not one.name.startswith(("websockets.client", "asyncio", "http"))]
    (record,) = [one for one in logged if one.getMessage() == "socket"]
    fields: dict[str, Any] = dict(record.__dict__["event_fields"])
    assert fields.pop("milliseconds") >= 0
    assert fields == {"path": "/graphql", "code": 1000}
    assert not [one for one in logged if token in one.getMessage() + str(one.__dict__)]


async def test_a_refused_socket_is_logged_with_its_status(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    address = urlsplit(stack.gateway_url)
    headers = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13", "origin": "https://x"}
    headers["sec-websocket-key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
    response = await stack.http.get(f"http://{address.netloc}/graphql", headers=headers)
    assert response.status_code == 403
    (record,) = [one for one in caplog.records if one.getMessage() == "socket"]
    assert record.__dict__["event_fields"]["code"] == 403


async def test_what_escapes_from_a_socket_is_masked_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a secret detail")

    async with by_hand(RequestEnvelope(broken)) as hand:
        pass
    assert hand.sent == []
    assert [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR] == ["unexpected_error"]


@pytest.mark.slow
async def test_a_gateway_that_is_told_to_end_says_that_it_is_going_away_to_sockets_and_streams() -> None:
    async with AsyncExitStack() as opened:
        async with running("demo", "--port", "0", "--sandbox-port", "0", "--json") as process:
            facts = json.loads(await first_line(process))
            site, token = Site(facts["graphql_url"].removesuffix("/graphql")), facts["players"][0]["token"]
            talk = await opened.enter_async_context(talking(site))
            await talk.begin(token)
            await talk.ask("changes", CHANGES)
            stream = await opened.enter_async_context(streaming(site, CHANGES, token=token))
            await stream.comment()
        assert await talk.closing() == (1001, "The gateway is shutting down. Connect again.")
        assert await stream.event() is None
