"""Event streams from outside: what a client that takes server-sent events gets, and how a stream ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from gateway.web.graphql.streams import KEEP_ALIVE_SECONDS
from tests.support.claims import CLAIM, CLAIMED, TIME, Held, next_step
from tests.support.event_stream_client import EVENTS, streaming
from tests.support.stack import ANN, Stack, running_stack
from tests.support.websocket_client import CHANGES

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORDER = "mutation($step: ID!) { orderOfferChainStep(input: { stepId: $step }) { userErrors { code } } }"
JSON = "application/json"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_stack() -> AsyncIterator[Stack]:
    """One stack for the tests that leave no state behind."""
    async with running_stack() as running:
        yield running


@pytest.fixture
def stack(shared_stack: Stack) -> Stack:
    shared_stack.calls()
    return shared_stack


async def whole(stack: Stack, query: str, variables: object = None, **more: Any) -> list[tuple[str, Any]]:
    """All events of a stream that ends by itself."""
    events = []
    async with streaming(stack, query, variables, **more) as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.response.headers["cache-control"] == "no-store"
        assert stream.response.headers["x-accel-buffering"] == "no"
        while event := await stream.event():
            events.append(event)
    return events


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_query_is_one_event_and_the_end(stack: Stack, method: str) -> None:
    events = await whole(stack, "{ viewer { isSignedIn } }", method=method)
    assert events == [("next", {"data": {"viewer": {"isSignedIn": False}}}), ("complete", None)]


async def test_a_mutation_is_one_event_and_the_end() -> None:
    async with running_stack() as stack:
        token = stack.token()
        events = await whole(stack, CLAIM, {"step": await next_step(stack, token)}, token=token)
        assert events == [("next", CLAIMED), ("complete", None)]


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_subscription_is_an_event_for_each_change(method: str) -> None:
    async with running_stack() as stack:
        token = stack.token(ANN)
        async with streaming(stack, CHANGES, token=token, method=method) as stream:
            assert stream.response.headers["x-request-id"]
            await stack.until("gateway_subscriptions", 1)
            for write, reason in ((CLAIM, "CLAIM"), (ORDER, "ORDER_PLACED")):
                await stack.data(write, {"step": await next_step(stack, token)}, token=token)
                assert await stream.event() == ("next", {"data": {"chainsChanged": {"reasons": [reason]}}})
        await stack.until("gateway_subscriptions", 0)
        await stack.until("gateway_connections", 0)


@pytest.mark.parametrize(
    "accept", [f"{EVENTS}, {JSON}", f"{JSON}, {EVENTS}", f"application/graphql-response+json, {EVENTS};q=0.1"]
)
async def test_a_client_that_takes_both_gets_a_subscription_streamed_and_a_query_as_json(
    stack: Stack, accept: str
) -> None:
    async with streaming(stack, TIME, accept=accept) as stream:
        assert stream.response.headers["content-type"].partition(";")[0].endswith("json")
    async with streaming(stack, CHANGES, token=stack.token(), accept=accept) as stream:
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_a_client_that_likes_events_better_gets_them(stack: Stack) -> None:
    assert [name for name, _ in await whole(stack, TIME, accept=f"{JSON};q=0.9, {EVENTS}")] == ["next", "complete"]


@pytest.mark.parametrize("accept", ["", "*/*", JSON, "text/*", f"{EVENTS};q=0, */*"])
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_subscription_that_does_not_ask_for_events_is_told_how_to(
    stack: Stack, accept: str, method: str
) -> None:
    async with streaming(stack, CHANGES, token=stack.token(), accept=accept or "*/*", method=method) as stream:
        assert stream.response.status_code == 406
        (error,) = json.loads(await stream.response.aread())["errors"]
        assert error["extensions"]["code"] == "BAD_REQUEST"
        assert "text/event-stream" in error["message"]


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { order(id: $id) { status } }", {}, "BAD_USER_INPUT"),
        ("subscription($id: ID!) { orderUpdated(id: $id) { status } }", {}, "BAD_USER_INPUT"),
        (CHANGES, None, "UNAUTHENTICATED"),
    ],
)
async def test_what_cannot_run_is_said_in_the_stream(stack: Stack, query: str, variables: object, code: str) -> None:
    (kind, answer), end = await whole(stack, query, variables)
    assert (kind, end) == ("next", ("complete", None))
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == code


async def test_what_is_no_request_and_who_is_not_known_is_refused_by_http(stack: Stack) -> None:
    url, headers = f"{stack.gateway_url}/graphql", {"accept": EVENTS}
    assert (await stack.http.post(url, json=[], headers=headers)).status_code == 400
    assert (await stack.http.get(url, params={"query": CLAIM}, headers=headers)).status_code == 405
    response = await stack.http.post(url, json={"query": TIME}, headers={**headers, "authorization": "Basic x"})
    assert (response.status_code, response.headers["content-type"]) == (401, "application/json; charset=utf-8")
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_silent_stream_says_something_now_and_then(stack: Stack) -> None:
    async with streaming(stack, CHANGES, token=stack.token()) as stream:
        await stream.comment()
        for _ in range(3):
            await stack.until("gateway_subscriptions", 1)
            stack.clock.advance(KEEP_ALIVE_SECONDS)
            await stream.comment()
    await stack.until("gateway_connections", 0)


async def test_a_subscription_too_many_is_refused_as_overload() -> None:
    async with running_stack({"GATEWAY_SUBSCRIPTIONS": "1"}) as stack:
        token = stack.token()
        async with streaming(stack, CHANGES, token=token):
            await stack.until("gateway_subscriptions", 1)
            async with streaming(stack, CHANGES, token=token) as stream:
                assert (stream.response.status_code, stream.response.headers["retry-after"]) == (503, "1")
                (error,) = json.loads(await stream.response.aread())["errors"]
                assert error["extensions"]["code"] == "OVERLOADED"


async def test_a_token_that_expires_ends_the_stream_with_its_code() -> None:
    async with running_stack() as stack, streaming(stack, CHANGES, token=stack.token(lifetime_seconds=60)) as stream:
        await stack.until("gateway_subscriptions", 1)
        token = stack.token(lifetime_seconds=60)
        await stack.data(CLAIM, {"step": await next_step(stack, token)}, token=token)
        # It listens for sure: the token is looked at for the last time before it does.
        assert (await stream.event() or ())[:1] == ("next",)
        stack.clock.advance(60)
        event = await stream.event()
        assert event is not None
        assert (event[0], event[1]["data"]) == ("next", None)
        assert event[1]["errors"][0]["extensions"]["code"] == "TOKEN_EXPIRED"
        assert await stream.event() == ("complete", None)
        assert await stream.event() is None


async def test_the_gateways_shutdown_ends_a_stream_without_saying_that_it_is_complete() -> None:
    async with running_stack() as stack, streaming(stack, CHANGES, token=stack.token()) as stream:
        await stack.until("gateway_subscriptions", 1)
        await stack.gateway.drain()
        assert await stream.event() is None


async def test_a_client_that_hangs_up_lets_go_of_what_it_waited_for() -> None:
    async with running_stack() as stack:
        token, held = stack.token(), Held()
        stack.seam.on("GET /user/offer_chain", held)
        address = urlsplit(stack.gateway_url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        body = json.dumps({"query": "{ viewer { offerChains { name } } }"})
        writer.write(
            f"POST /graphql HTTP/1.1\r\nhost: x\r\naccept: {EVENTS}\r\ncontent-type: {JSON}\r\n"
            f"authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()
        )
        await held.has_come.wait()
        writer.transport.abort()
        await stack.until("gateway_connections", 0)
        await stack.until('gateway_upstream_calls_total{call="offer_chains",outcome="abandoned"}', 1)
