"""Sockets from outside: who may open one, what is said over it, and how it is closed."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from gateway.server.serve import MAX_MESSAGE_BYTES
from gateway.web.graphql.graphql_transport_ws import MAX_OPERATIONS
from gateway.web.graphql.requests import MAX_BODY_BYTES
from tests.support.claims import CHAINS, CLAIM, CLAIMED, TIME, Held, next_step
from tests.support.stack import ANN, BEN, Stack, answers, running_stack
from tests.support.websocket_client import CHANGES, PROTOCOL, talking

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_stack() -> AsyncIterator[Stack]:
    """One stack for the tests that leave no state behind."""
    async with running_stack() as running:
        yield running


@pytest.fixture
def stack(shared_stack: Stack) -> Stack:
    shared_stack.calls()
    return shared_stack


async def test_queries_mutations_and_subscriptions_work_over_one_socket() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        await talk.begin(stack.token(ANN))
        await talk.ask("changes", CHANGES)
        chains = await talk.answer(CHAINS)
        step = chains["data"]["viewer"]["offerChains"][0]["nextStep"]["id"]
        await talk.ask("claim", CLAIM, {"step": step})
        heard = {message["id"]: message for message in [await talk.hear() for _ in range(3)]}
        assert heard["changes"]["payload"] == {"data": {"chainsChanged": {"reasons": ["CLAIM"]}}}
        assert heard["claim"] == {"type": "complete", "id": "claim"}


async def test_a_subscription_hears_what_another_device_does_until_it_is_completed() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        await talk.begin(stack.token(ANN))
        await talk.ask("changes", CHANGES)
        await talk.still_works()
        other = stack.token(ANN, lifetime_seconds=60)
        await stack.until("gateway_subscriptions", 1)
        assert await stack.ask(CLAIM, {"step": await next_step(stack, other)}, token=other) == CLAIMED
        assert await talk.hear() == {
            "type": "next",
            "id": "changes",
            "payload": {"data": {"chainsChanged": {"reasons": ["CLAIM"]}}},
        }
        await talk.say("complete", id="changes")
        await stack.until("gateway_subscriptions", 0)
        await talk.still_works()


async def test_an_anonymous_visitor_may_ask(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin()
        assert await talk.answer("{ viewer { isSignedIn } }") == {"data": {"viewer": {"isSignedIn": False}}}


@pytest.mark.parametrize("protocols", [(), ("soap",), ("GRAPHQL-TRANSPORT-WS",)], ids=str)
async def test_a_socket_that_does_not_speak_the_protocol_is_closed(stack: Stack, protocols: tuple[str, ...]) -> None:
    async with talking(stack, protocols=protocols) as talk:
        assert await talk.closing() == (4406, f"Only the sub-protocol {PROTOCOL} is supported.")


async def test_a_client_of_the_older_protocol_is_told_how_to_switch(stack: Stack) -> None:
    async with talking(stack, protocols=["graphql-ws"]) as talk:
        code, reason = await talk.closing()
    assert code == 4406
    assert all(switch in reason for switch in (PROTOCOL, ".graphql_transport_ws", "GraphQLWsProtocol", "package"))


async def test_the_protocol_is_chosen_among_several(stack: Stack) -> None:
    async with talking(stack, protocols=["graphql-ws", PROTOCOL]) as talk:
        assert talk.connection.subprotocol == PROTOCOL


async def test_a_page_of_the_gateways_own_origin_may_connect(stack: Stack) -> None:
    async with talking(stack, origin=stack.gateway_url) as talk:
        await talk.begin()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "file://", "http://[", "http://[::1", "//[x]"]
)
async def test_a_page_of_another_origin_is_refused_before_the_socket_is_open(
    stack: Stack, origin: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await talking(stack, origin=origin).__aenter__()
    response = refused.value.response
    assert response.status_code == 403
    (error,) = json.loads(response.body)["errors"]
    assert error["extensions"] == {
        "code": "FORBIDDEN",
        "retryable": False,
        "requestId": response.headers["x-request-id"],
    }
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    ("allowed", "origin"), [("https://game.example", "https://game.example"), ("*", "https://any.example")]
)
async def test_pages_of_the_origins_that_the_settings_name_may_connect(allowed: str, origin: str) -> None:
    async with running_stack({"GATEWAY_CORS_ORIGINS": allowed}) as stack, talking(stack, origin=origin) as talk:
        await talk.begin()


@pytest.mark.parametrize(
    "place", ["Authorization", "authorization", "headers.Authorization", "headers.authorization", "request"]
)
async def test_the_credential_is_taken_wherever_clients_put_it(stack: Stack, place: str) -> None:
    credential = f"Bearer {stack.token(ANN)}"
    payload: dict[str, Any] = {"headers": "none"}
    for name in reversed(place.split(".")):
        payload = {name: payload if payload != {"headers": "none"} else credential}
    headers = {"authorization": credential} if place == "request" else None
    async with talking(stack, headers=headers) as talk:
        await talk.say("connection_init", payload=None if headers else payload)
        assert await talk.hear() == {"type": "connection_ack"}
        assert await talk.answer("{ viewer { isSignedIn } }") == {"data": {"viewer": {"isSignedIn": True}}}


async def test_what_the_first_message_carries_stands_in_the_place_of_the_requests_headers() -> None:
    async with (
        running_stack() as stack,
        talking(stack, headers={"authorization": "x", "accept-language": "en"}) as talk,
    ):
        token = stack.token(BEN)
        await talk.say("connection_init", payload={"Authorization": f"Bearer {token}", "Accept-Language": "de"})
        assert await talk.hear() == {"type": "connection_ack"}
        await talk.answer(CHAINS)
        (request,) = stack.seam.requests
        assert (request.headers["authorization"], request.headers["accept-language"]) == (f"Bearer {token}", "de")


@pytest.mark.parametrize("authorization", ["Basic x", "Bearer a b", 7, ["Bearer x"]], ids=str)
async def test_a_malformed_credential_closes_the_socket(stack: Stack, authorization: object) -> None:
    async with talking(stack) as talk:
        await talk.say("connection_init", payload={"Authorization": authorization})
        code, reason = await talk.closing()
        assert (code, reason.partition(":")[0]) == (4403, "UNAUTHENTICATED")


@pytest.mark.parametrize("authorization", ["", "Bearer", " Bearer "])
async def test_an_empty_credential_means_that_nobody_is_signed_in(stack: Stack, authorization: str) -> None:
    async with talking(stack) as talk:
        await talk.say("connection_init", payload={"Authorization": authorization})
        assert await talk.hear() == {"type": "connection_ack"}
        answer = await talk.answer("{ viewer { isSignedIn } }")
        assert answer["data"]["viewer"]["isSignedIn"] is False


async def test_an_expired_token_closes_the_socket_at_once(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.say("connection_init", payload={"Authorization": f"Bearer {stack.token(lifetime_seconds=0)}"})
        code, reason = await talk.closing()
        assert (code, reason.partition(":")[0]) == (4403, "TOKEN_EXPIRED")


async def test_a_client_is_told_to_come_back_when_its_token_cannot_be_checked() -> None:
    async with running_stack({"GATEWAY_TOKEN_KEYS_URL": "http://keys.example/jwks"}) as stack, talking(stack) as talk:
        stack.seam.on(".*", answers(500))
        token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJhbm4iLCJleHAiOjQwMDAwMDAwMDB9.c2ln"
        await talk.say("connection_init", payload={"Authorization": f"Bearer {token}"})
        code, reason = await talk.closing()
        assert (code, reason.partition(":")[0]) == (1013, "UPSTREAM_UNAVAILABLE")


async def test_a_socket_is_closed_when_its_token_expires() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        await talk.begin(stack.token(lifetime_seconds=60))
        await talk.ask("changes", CHANGES)
        await stack.until("gateway_subscriptions", 1)
        stack.clock.advance(59)
        await talk.still_works()
        stack.clock.advance(1)
        code, reason = await talk.closing()
        assert (code, reason.partition(":")[0]) == (4403, "TOKEN_EXPIRED")
        await stack.until("gateway_connections", 0)
        await stack.until("gateway_subscriptions", 0)


async def test_a_token_may_claim_to_last_for_ages(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin(stack.token(lifetime_seconds=10**12))
        await talk.still_works()


async def test_a_client_that_does_not_say_who_asks_is_closed_after_ten_seconds(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.still_works()
        stack.clock.advance(9.9)
        await talk.still_works()
        stack.clock.advance(0.1)
        assert await talk.closing() == (4408, "Connection initialisation timeout")


async def test_a_client_that_has_said_who_asks_is_given_time(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin()
        stack.clock.advance(3600)
        await talk.still_works()


async def test_a_second_first_message_closes_the_socket(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin()
        await talk.say("connection_init")
        assert await talk.closing() == (4429, "Too many initialisation requests")


async def test_an_operation_before_the_acknowledgement_closes_the_socket(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.ask("early", TIME)
        assert await talk.closing() == (4401, "Unauthorized")


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "7",
        "null",
        "[]",
        "{}",
        '{"type": 7}',
        '{"type": "start"}',
        '{"type": "connection_init", "payload": []}',
        '{"type": "ping", "payload": "x"}',
        '{"type": "complete"}',
        '{"type": "subscribe", "payload": {"query": "{ serverTime }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ serverTime }"}}',
        '{"type": "subscribe", "id": 7, "payload": {"query": "{ serverTime }"}}',
        '{"type": "subscribe", "id": "' + "x" * 129 + '", "payload": {"query": "{ serverTime }"}}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 7}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ serverTime }", "variables": []}}',
        '{"type": "ping", "payload": {"deep": ' + "[" * 30_000 + "]" * 30_000 + "}}",
        b'{"type": "ping"}',
    ],
    ids=lambda frame: repr(frame)[:60],
)
async def test_what_is_no_message_closes_the_socket(stack: Stack, frame: str | bytes) -> None:
    async with talking(stack) as talk:
        await talk.begin()
        await talk.send(frame)
        code, reason = await talk.closing()
        assert code == 4400
        assert reason


async def test_a_message_is_bounded_as_a_body_is(stack: Stack) -> None:
    assert MAX_MESSAGE_BYTES == MAX_BODY_BYTES
    async with talking(stack) as talk:
        await talk.begin()
        ping = '{"type": "ping"}'
        await talk.send(ping.ljust(MAX_MESSAGE_BYTES))
        assert await talk.hear() == {"type": "pong"}
        await talk.send(ping.ljust(MAX_MESSAGE_BYTES + 1))
        code, _ = await talk.closing()
        assert code == 1009


async def test_a_ping_is_answered_with_its_own_payload_and_a_pong_is_taken(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.say("pong", payload={"any": 1})
        await talk.say("ping", payload={"sent": [1]})
        assert await talk.hear() == {"type": "pong", "payload": {"sent": [1]}}


async def test_an_id_in_use_closes_the_socket(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin(stack.token())
        await talk.ask("same", CHANGES)
        await talk.ask("same", TIME)
        assert await talk.closing() == (4409, "Subscriber for same already exists")


async def test_an_id_may_be_used_again_once_its_operation_is_over_or_given_up(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin(stack.token())
        for _ in range(3):
            assert "data" in await talk.answer(TIME)
        await talk.ask("one", CHANGES)
        await talk.say("complete", id="one")
        assert "data" in await talk.answer(TIME)


async def test_completing_what_is_not_known_is_no_mistake(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin()
        await talk.say("complete", id="never")
        assert "data" in await talk.answer(TIME)


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { serverTime }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{" + " a" * 1000 + "}", None, "LIMIT_EXCEEDED"),
        (TIME, {"deep": json.loads("[" * 32 + "]" * 32)}, "LIMIT_EXCEEDED"),
        ("query($id: ID!) { order(id: $id) { status } }", {}, "BAD_USER_INPUT"),
        ("subscription($id: ID!) { orderUpdated(id: $id) { status } }", {}, "BAD_USER_INPUT"),
        ('subscription { orderUpdated(id: "nonsense") { status } }', None, "BAD_USER_INPUT"),
        (CHANGES, None, "UNAUTHENTICATED"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_an_operation_that_cannot_start_is_refused_and_the_socket_goes_on(
    stack: Stack, query: str, variables: object, code: str
) -> None:
    async with talking(stack) as talk:
        await talk.begin()
        for _ in range(2):
            assert await talk.refusal(query, variables) == code
        assert "data" in await talk.answer(TIME)


async def test_a_field_that_fails_is_answered_with_its_code(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin()
        answer = await talk.answer('{ serverTime order(id: "b3JkZXI6MQ") { status } }')
        assert answer["data"]["order"] is None
        (error,) = answer["errors"]
        assert error["extensions"] == {"code": "UNAUTHENTICATED", "retryable": False, "requestId": talk.request_id}


async def test_one_socket_runs_a_hundred_operations_at_a_time(stack: Stack) -> None:
    async with talking(stack) as talk:
        await talk.begin(stack.token())
        for number in range(MAX_OPERATIONS):
            await talk.ask(str(number), CHANGES)
        assert await talk.refusal(TIME) == "LIMIT_EXCEEDED"
        await talk.say("complete", id="0")
        await stack.until("gateway_subscriptions", MAX_OPERATIONS - 1)
        assert "data" in await talk.answer(TIME)


async def test_a_subscription_too_many_is_refused_as_overload() -> None:
    async with running_stack({"GATEWAY_SUBSCRIPTIONS": "2"}) as stack, talking(stack) as talk:
        await talk.begin(stack.token())
        await talk.ask("first", CHANGES)
        await talk.ask("second", CHANGES)
        assert await talk.refusal(CHANGES) == "OVERLOADED"
        await talk.say("complete", id="first")
        await stack.until("gateway_subscriptions", 1)
        await talk.ask("third", CHANGES)
        await stack.until("gateway_subscriptions", 2)


async def test_a_socket_too_many_is_refused_as_overload() -> None:
    async with running_stack({"GATEWAY_SUBSCRIPTIONS": "1"}) as stack, talking(stack):
        with pytest.raises(InvalidStatus) as refused:
            await talking(stack).__aenter__()
        response = refused.value.response
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert json.loads(response.body)["errors"][0]["extensions"]["code"] == "OVERLOADED"


async def test_a_query_that_is_given_up_is_not_answered_and_lets_go() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        held = Held()
        stack.seam.on("GET /user/offer_chain", held)
        await talk.begin(stack.token())
        await talk.ask("chains", CHAINS)
        await held.has_come.wait()
        await talk.say("complete", id="chains")
        await stack.until('gateway_upstream_calls_total{call="offer_chains",outcome="abandoned"}', 1)
        await talk.still_works()


async def test_a_subscription_that_is_given_up_while_it_starts_lets_go() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        held = Held()
        stack.seam.on("GET /order/1", held)
        await talk.begin(stack.token())
        await talk.ask("order", 'subscription { orderUpdated(id: "b3JkZXI6MQ") { status } }')
        await held.has_come.wait()
        await talk.say("complete", id="order")
        await stack.until("gateway_subscriptions", 0)
        await talk.still_works()


async def test_a_subscription_that_is_given_up_while_an_event_is_answered_lets_go() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        token = stack.token()
        step = await next_step(stack, token)
        await talk.begin(token)
        await talk.ask("changes", "subscription { chainsChanged { viewer { offerChains { name } } } }")
        await stack.until("gateway_subscriptions", 1)
        held = Held()
        stack.seam.on("GET /user/offer_chain", held)
        await stack.ask(CLAIM, {"step": step}, token=token)
        await held.has_come.wait()
        await talk.say("complete", id="changes")
        await stack.until("gateway_subscriptions", 0)
        await talk.still_works()


@pytest.mark.parametrize("way", ["abrupt", "given up"])
async def test_a_write_is_carried_to_its_end_though_nobody_waits_for_it(way: str) -> None:
    async with running_stack() as stack, talking(stack) as talk:
        token, held = stack.token(), Held()
        step = await next_step(stack, token)
        stack.seam.on("PUT /user/offer_chain/.*", held)
        stack.seam.on("POST /user/offer_chain/.*", held)
        await talk.begin(token)
        await talk.ask("claim", CLAIM, {"step": step})
        await held.has_come.wait()
        if way == "abrupt":
            talk.connection.transport.abort()
            await stack.until("gateway_connections", 0)
        else:
            await talk.say("complete", id="claim")
            await talk.still_works()
        held.may_pass.set()
        await stack.until('gateway_upstream_calls_total{call="claim_offer_step",outcome="ok"}', 1)
        assert await next_step(stack, token) != step


async def test_the_gateways_shutdown_closes_sockets_and_lets_none_in() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        await talk.begin(stack.token())
        await talk.ask("changes", CHANGES)
        await stack.until("gateway_subscriptions", 1)
        await stack.gateway.drain()
        assert await talk.closing() == (1001, "The gateway is shutting down. Connect again.")
        assert await stack.figure("gateway_connections") == 0
        with pytest.raises(InvalidStatus) as refused:
            await talking(stack).__aenter__()
        assert refused.value.response.status_code == 503
