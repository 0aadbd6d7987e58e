"""Multipart subscriptions from outside: what Apollo's clients ask for, and what they get."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.web.graphql.streams import KEEP_ALIVE_SECONDS
from tests.support.claims import CLAIM, next_step
from tests.support.event_stream_client import EVENTS
from tests.support.stack import ANN, Stack, running_stack
from tests.support.websocket_client import CHANGES

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = "application/json"
MULTIPART = 'multipart/mixed;subscriptionSpec="1.0"'
APOLLO = f"multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,{JSON};q=0.9"
TIME = "{ __typename }"
NAMED = {"data": {"__typename": "Query"}}
END = b"--\r\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack() -> AsyncIterator[Stack]:
    """One stack for the tests that leave no state behind."""
    async with running_stack() as running:
        yield running


class Parts:
    """The parts of a response as they come, read like Apollo Client reads them: to the boundary behind each."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._chunks = response.aiter_bytes()
        self._buffer = b""

    async def next(self) -> dict[str, Any] | None:
        """The next part; None where the boundary says that there is none."""
        head, _, body = (await self._until_boundary()).partition(b"\r\n\r\n")
        if not body:
            assert head == b""
            return await self.next()
        assert head == b"\r\ncontent-type: application/json"
        part: dict[str, Any] = json.loads(body)
        return part

    async def rest(self) -> bytes:
        """What is left."""
        return self._buffer + b"".join([chunk async for chunk in self._chunks])

    async def _until_boundary(self) -> bytes:
        while b"\r\n--graphql" not in self._buffer:
            self._buffer += await anext(self._chunks)
        part, _, self._buffer = self._buffer.partition(b"\r\n--graphql")
        return part


@asynccontextmanager
async def asking(
    stack: Stack, query: str, *, token: str | None = None, accept: str = MULTIPART, method: str = "POST"
) -> AsyncIterator[Parts]:
    headers = {"accept": accept, **({"authorization": f"Bearer {token}"} if token else {})}
    how: dict[str, Any] = {"json": {"query": query}} if method == "POST" else {"params": {"query": query}}
    async with (
        httpx.AsyncClient(timeout=60, trust_env=False) as http,
        http.stream(method, f"{stack.gateway_url}/graphql", headers=headers, **how) as response,
    ):
        yield Parts(response)


@pytest.mark.parametrize(
    "accept",
    [MULTIPART, APOLLO, "Multipart/Mixed; boundary=graphql; subscriptionSpec=1.0", f"{MULTIPART}, {EVENTS};q=0.5"],
)
async def test_a_subscription_is_a_part_for_each_change(accept: str) -> None:
    async with running_stack() as stack, asking(stack, CHANGES, token=stack.token(ANN), accept=accept) as parts:
        assert parts.response.status_code == 200
        assert parts.response.headers["content-type"] == 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
        assert parts.response.headers["cache-control"] == "no-store"
        assert await parts.next() == {}
        await stack.until("gateway_subscriptions", 1)
        token = stack.token()
        await stack.data(CLAIM, {"step": await next_step(stack, token)}, token=token)
        assert await parts.next() == {"payload": {"data": {"chainsChanged": {"reasons": ["CLAIM"]}}}}


@pytest.mark.parametrize(
    ("query", "payload"), [(TIME, NAMED), ("{ nothing }", None), (CHANGES, None)], ids=["query", "invalid", "anonymous"]
)
async def test_a_single_result_is_a_part_and_the_end(stack: Stack, query: str, payload: object) -> None:
    async with asking(stack, query) as parts:
        part = await parts.next()
        while part == {}:
            part = await parts.next()
        assert part is not None
        assert payload is None or part == {"payload": payload}
        assert payload is not None or part["payload"].keys() == {"errors"}
        assert await parts.rest() == END


@pytest.mark.parametrize("accept", [APOLLO, f"{MULTIPART};q=0.5, {JSON}", "multipart/mixed;deferSpec=20220824, */*"])
async def test_a_query_comes_as_json_where_the_client_takes_that(stack: Stack, accept: str) -> None:
    response = await stack.http.post(f"{stack.gateway_url}/graphql", json={"query": TIME}, headers={"accept": accept})
    assert response.json() == NAMED


@pytest.mark.parametrize(
    "accept", ["multipart/mixed", 'multipart/mixed;subscriptionSpec="2.0"', f"{MULTIPART};q=0", "multipart/*"]
)
async def test_other_kinds_of_multipart_are_no_subscriptions(stack: Stack, accept: str) -> None:
    async with asking(stack, CHANGES, token=stack.token(), accept=f"{accept}, {JSON}") as parts:
        assert parts.response.status_code == 406
        (error,) = json.loads(await parts.rest())["errors"]
        assert "subscriptionSpec=1.0" in error["message"]


async def test_a_client_that_takes_both_kinds_of_streams_gets_events(stack: Stack) -> None:
    async with asking(stack, CHANGES, token=stack.token(), accept=f"{MULTIPART}, {EVENTS}") as parts:
        assert parts.response.headers["content-type"].startswith(EVENTS)


async def test_who_is_not_known_is_refused_by_http(stack: Stack) -> None:
    async with asking(stack, CHANGES, token="not one token", accept=APOLLO) as parts:
        assert (parts.response.status_code, parts.response.headers["content-type"]) == (
            401,
            "application/json; charset=utf-8",
        )


async def test_a_silent_stream_has_heartbeats(stack: Stack) -> None:
    async with asking(stack, CHANGES, token=stack.token()) as parts:
        assert await parts.next() == {}
        for _ in range(3):
            await stack.until("gateway_subscriptions", 1)
            stack.clock.advance(KEEP_ALIVE_SECONDS)
            assert await parts.next() == {}
    await stack.until("gateway_connections", 0)


async def test_an_ending_gateway_says_so_in_a_part_of_its_own() -> None:
    async with running_stack() as stack, asking(stack, CHANGES, token=stack.token()) as parts:
        assert await parts.next() == {}
        await stack.until("gateway_subscriptions", 1)
        await stack.gateway.drain()
        part = await parts.next()
        assert part is not None
        assert part["payload"] is None
        assert part["errors"][0]["extensions"]["code"] == "OVERLOADED"
        assert part["errors"][0]["extensions"]["retryable"] is True
        assert await parts.rest() == END
