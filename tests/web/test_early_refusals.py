"""Requests that are refused before they are read: only those that would be refused, and the response is the same."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from gateway.admission.player_turns import AT_ONCE, MOST_WAITING
from gateway.sandbox import DemoPlayer
from gateway.web.graphql.early_refusals import MAX_BYTES, REMEMBERED_SECONDS
from tests.support.held_calls import HeldCall
from tests.support.stack import ANN, BEN, CLEO, Stack, answers, running_stack

OFFERS = "{ viewer { offerChains { id } } }"
OTHER = f"query Other {OFFERS}"
REWARDS = "{ viewer { rewardChains { id } } }"
BOTH = "{ viewer { offerChains { id } rewardChains { id } } }"
GRAPHQL = {"accept": "application/graphql-response+json"}
FEW = {
    "GATEWAY_UPSTREAM_CONNECTIONS": "4",
    "GATEWAY_NEW_TOKEN_CALLS_PER_SECOND": "off",
}
"""Three calls of a kind may be under way then, and three wait."""

EARLY, EARLY_LIMITED = (f'gateway_refused_early_total{{code="{code}"}}' for code in ("OVERLOADED", "RATE_LIMITED"))
REFUSALS, WAITING = "gateway_upstream_refusals_total", 'gateway_upstream_waiting{call="offer_chains"}'
GREEDY = 'gateway_limited_total{limit="player_requests"}'
LIMITED = 'gateway_limited_total{limit="player_calls"}'


@asynccontextmanager
async def full_stack(**settings: str) -> AsyncIterator[tuple[Stack, HeldCall]]:
    """A gateway with no room for calls of offer chains, which has refused one request for them."""
    async with running_stack({**FEW, **settings}) as stack, filled(stack) as held:
        yield stack, held


@asynccontextmanager
async def filled(stack: Stack) -> AsyncIterator[HeldCall]:
    held = HeldCall()
    stack.seam.on("GET /user/offer_chain", held)
    asked = [asyncio.ensure_future(stack.send(OFFERS, token=new_token(stack, number))) for number in range(6)]
    await stack.until(WAITING, 3)
    assert codes(await stack.send(OFFERS, token=new_token(stack, 6))) == ["OVERLOADED"]
    try:
        yield held
    finally:
        held.release.set()
        await asyncio.gather(*asked)


def new_token(stack: Stack, number: int) -> str:
    """A credential that nothing is known of."""
    return stack.token(ANN, lifetime_seconds=10_000 + number)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


async def test_the_response_is_that_of_a_request_that_was_run_with_an_id_of_its_own() -> None:
    async with full_stack() as (stack, _):
        ran = await stack.send(OFFERS, token=new_token(stack, 7), headers=GRAPHQL)
        early = await stack.send(OFFERS, token=new_token(stack, 8), headers={**GRAPHQL, "x-request-id": "my-own"})
        assert (await stack.figure(EARLY), await stack.figure(REFUSALS)) == (1, 3)
        assert (early.status_code, early.headers["x-request-id"]) == (ran.status_code, "my-own")
        assert set(early.headers) == set(ran.headers)
        apart = {"x-request-id", "date", "content-length"}
        assert {name: value for name, value in early.headers.items() if name not in apart} == {
            name: value for name, value in ran.headers.items() if name not in apart
        }
        expected = ran.json()
        expected["errors"][0]["extensions"]["requestId"] = "my-own"
        assert early.json() == expected


async def test_a_web_page_gets_it_with_what_its_browser_needs() -> None:
    async with full_stack(GATEWAY_CORS_ORIGINS="https://game.example") as (stack, _):
        early = await stack.send(OFFERS, token=new_token(stack, 7), headers={"origin": "https://game.example"})
        assert codes(early) == ["OVERLOADED"]
        assert early.headers["access-control-allow-origin"] == "https://game.example"
        assert early.json()["errors"][0]["extensions"]["requestId"] == early.headers["x-request-id"]
        assert early.headers["retry-after"] == "1"
        assert await stack.figure(EARLY) == 1


async def test_what_is_cached_is_answered_and_a_copy_is_shown() -> None:
    async with running_stack(FEW) as stack:
        fresh, old = stack.token(BEN), stack.token(CLEO)
        await stack.data(OFFERS, token=old)
        stack.clock.advance(60)
        await stack.data(OFFERS, token=fresh)
        async with filled(stack):
            for text in (OFFERS, OTHER):
                assert codes(await stack.send(text, token=new_token(stack, 7))) == ["OVERLOADED"]
                assert await stack.data(text, token=fresh) != {"viewer": {"offerChains": []}}
                copy = await stack.ask(text, token=old)
                assert ("errors" in copy, copy["extensions"]) == (False, {"stale": {"ageSeconds": 60}})
            assert codes(await stack.send(OTHER, token=new_token(stack, 8))) == ["OVERLOADED"]
            assert await stack.figure(EARLY) == 2


async def test_a_credential_that_is_malformed_is_told_so() -> None:
    async with full_stack() as (stack, _):
        refused = await stack.send(OFFERS, headers={"authorization": "Basic abc"})
        assert (refused.status_code, codes(refused)) == (401, ["UNAUTHENTICATED"])
        assert await stack.figure(EARLY) == 0


async def test_it_is_run_where_there_is_room_again() -> None:
    async with full_stack() as (stack, held):
        held.release.set()
        await stack.until('gateway_upstream_under_way{call="offer_chains"}', 0)
        assert codes(await stack.send(OFFERS, token=new_token(stack, 7))) == []
        assert await stack.figure(EARLY) == 0


async def test_a_read_that_fails_otherwise_is_no_refusal() -> None:
    async with running_stack(FEW) as stack:
        stack.seam.on("GET /user/offer_chain", answers(503))
        for number in range(2):
            assert codes(await stack.send(OFFERS, token=new_token(stack, number))) == ["UPSTREAM_UNAVAILABLE"]
        assert await stack.figure(EARLY) == 0


async def test_what_has_a_value_in_it_is_of_one_player_and_not_remembered() -> None:
    async with full_stack() as (stack, _):
        for number in (7, 8):
            refused = await stack.send(BOTH, token=new_token(stack, number))
            assert codes(refused) == ["OVERLOADED"]
            assert refused.json()["data"]["viewer"]["rewardChains"] is not None
        assert await stack.figure(EARLY) == 0


async def test_one_that_nobody_asks_for_is_forgotten() -> None:
    async with full_stack() as (stack, _):
        # Those that wait are refused as well, and their refusals are the last.
        stack.clock.advance(1)
        await stack.until(WAITING, 0)
        stack.clock.advance(REMEMBERED_SECONDS)
        asked = [asyncio.ensure_future(stack.send(OFFERS, token=new_token(stack, number))) for number in range(20, 23)]
        await stack.until(WAITING, 3)
        assert codes(await stack.send(OFFERS, token=new_token(stack, 24))) == ["OVERLOADED"]
        assert await stack.figure(EARLY) == 0
        stack.clock.advance(1)
        await asyncio.gather(*asked)


@pytest.mark.parametrize(("headers", "status"), [({}, 200), (GRAPHQL, 200)], ids=["json", "graphql-response"])
async def test_a_player_beyond_a_limit_is_refused_early_and_gets_what_is_cached(
    headers: dict[str, str], status: int
) -> None:
    async with running_stack({"GATEWAY_PLAYER_CALLS_PER_SECOND": "0.1"}) as stack:
        token = stack.token(BEN)
        await stack.data(REWARDS, token=token)
        refused = [await stack.send(OFFERS, token=token, headers=headers) for _ in range(3)]
        assert [(one.status_code, codes(one)) for one in refused] == [(status, ["RATE_LIMITED"])] * 3
        assert {one.headers["retry-after"] for one in refused} == {"10"}
        assert {one.json()["errors"][0]["extensions"]["retryAfterSeconds"] for one in refused} == {10}
        assert {one.headers["ratelimit"] for one in refused} == {'"player-calls";r=0;t=10'}
        assert (await stack.figure(EARLY_LIMITED), await stack.figure(LIMITED)) == (2, 3)
        await stack.data(REWARDS, token=token)
        stack.clock.advance(5)
        later = await stack.send(OFFERS, token=token, headers=headers)
        assert later.headers["retry-after"] == "5"
        # What another player may ask for is theirs.
        await stack.data(OFFERS, token=stack.token(ANN))
        stack.clock.advance(5)
        await stack.data(OFFERS, token=token)


async def test_a_limit_comes_before_the_room_for_calls() -> None:
    async with full_stack(GATEWAY_PLAYER_CALLS_PER_SECOND="0.1") as (stack, _):
        greedy = new_token(stack, 7)
        await stack.data(REWARDS, token=greedy)
        assert codes(await stack.send(OFFERS, token=greedy)) == ["RATE_LIMITED"]
        assert codes(await stack.send(OFFERS, token=greedy)) == ["RATE_LIMITED"]
        assert codes(await stack.send(OFFERS, token=new_token(stack, 8))) == ["OVERLOADED"]
        assert (await stack.figure(EARLY), await stack.figure(EARLY_LIMITED)) == (1, 1)


async def test_what_takes_too_much_memory_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_BYTES == 2**20
    monkeypatch.setattr("gateway.web.graphql.early_refusals.MAX_BYTES", 2_000)
    async with full_stack() as (stack, _):
        assert codes(await stack.send(OFFERS, token=new_token(stack, 7))) == ["OVERLOADED"]
        assert await stack.figure(EARLY) == 0


async def test_a_player_who_asks_for_much_at_once_waits_in_line_and_beyond_it_is_refused() -> None:
    beyond = 20
    async with running_stack({"GATEWAY_PLAYER_CALLS_PER_SECOND": "off"}) as stack:
        transport = httpx.ASGITransport(stack.gateway)
        async with httpx.AsyncClient(transport=transport, base_url=stack.gateway_url) as http:

            def ask(number: int, player: DemoPlayer) -> Coroutine[Any, Any, httpx.Response]:
                headers = {"authorization": f"Bearer {stack.token(player)}"}
                return http.post("/graphql", json={"query": f"query Q{number} {OFFERS}"}, headers=headers)

            requests = [ask(number, BEN) for number in range(AT_ONCE + MOST_WAITING + beyond)]
            responses = await asyncio.gather(*requests, ask(0, CLEO))
        assert [codes(one) for one in responses].count(["RATE_LIMITED"]) == beyond
        assert [codes(one) for one in responses].count([]) == AT_ONCE + MOST_WAITING + 1
        assert codes(responses[-1]) == []
        assert await stack.figure(GREEDY) == beyond


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), (GRAPHQL, 429), ({"origin": "https://game.example"}, 200), ({"accept": "text/event-stream"}, 200)],
    ids=["json", "graphql-response", "web page", "stream"],
)
async def test_the_refusal_of_what_is_beyond_the_line_is_a_whole_response(
    headers: dict[str, str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_stack({"GATEWAY_CORS_ORIGINS": "https://game.example"}) as stack:
        token = stack.token(BEN)
        await stack.data(OFFERS, token=token)
        monkeypatch.setattr("gateway.admission.player_turns.AT_ONCE", 0)
        monkeypatch.setattr("gateway.admission.player_turns.MOST_WAITING", 0)
        refused = await stack.send(REWARDS, token=token, headers=headers)
        (error,) = refused.json()["errors"]
        assert (refused.status_code, "data" in refused.json()) == (status, False)
        assert (error["extensions"]["code"], error["extensions"]["retryAfterSeconds"]) == ("RATE_LIMITED", 1)
        assert error["extensions"]["requestId"] == refused.headers["x-request-id"]
        assert (refused.headers["retry-after"], refused.headers["cache-control"]) == ("1", "no-store")
        assert ("access-control-allow-origin" in refused.headers) == ("origin" in headers)
        # What is cached is answered, and callers without a token have limits of their address.
        await stack.data(OFFERS, token=token)
        await stack.data(REWARDS)
        assert await stack.figure(GREEDY) == 1
