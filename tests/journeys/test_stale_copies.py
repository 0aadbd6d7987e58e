"""Copies in place of what cannot be read: who sees one, how it is marked, and what ends it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import httpx
import pytest

from gateway import sandbox
from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.errors import RateLimited, UpstreamUnavailable
from gateway.identity.caller import Caller
from gateway.player import Player
from gateway.player.services import Lifetimes, Services
from gateway.schema import ids
from gateway.upstream.client import Client
from tests.support.clock import Clock
from tests.support.event_stream_client import EVENTS, streaming
from tests.support.scripted_upstream import ScriptedTransport
from tests.support.stack import ANN, BEN, WEBHOOK_SECRET, Stack, answers, raises, running_stack
from tests.support.upstream_json import OFFER
from tests.support.webhook_payloads import order_webhook, signed
from tests.support.websocket_client import talking

MULTIPART = 'multipart/mixed;subscriptionSpec="1.0"'
MARKS = "isStale ageSeconds"
OFFERS = f"{{ viewer {{ offerChains {{ name {MARKS} steps {{ state }} }} }} }}"
REWARDS = f"{{ viewer {{ rewardChains {{ name {MARKS} balance {{ amount }} }} }} }}"
UPDATE_CLAN = "mutation { updateClan { userErrors { code } } }"
BALANCE = "GET /user/reward_chain/\\d+/balance"
CLAN = ids.encode(ids.IdKind.REWARD_CHAIN, 6)


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running_stack() as started:
        yield started


def codes(body: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in body["errors"]]


@pytest.mark.parametrize("fault", [answers(503), answers(200, []), raises(httpx.ReadTimeout("x")), answers(429)])
async def test_a_player_with_a_copy_keeps_seeing_it_marked_with_its_age(stack: Stack, fault: Any) -> None:
    token = stack.token(BEN)
    before = await stack.ask(OFFERS, token=token)
    assert "extensions" not in before
    assert {(chain["isStale"], chain["ageSeconds"]) for chain in before["data"]["viewer"]["offerChains"]} == {
        (False, None)
    }
    stack.clock.advance(100)
    stack.seam.on("GET .*", fault)
    body = await stack.ask(OFFERS, token=token)
    assert body["extensions"] == {"stale": {"ageSeconds": 100}}
    for chain in before["data"]["viewer"]["offerChains"]:
        chain.update(isStale=True, ageSeconds=100)
    assert body["data"] == before["data"]
    assert codes(await stack.ask(OFFERS, token=stack.token(ANN))) != []
    assert await stack.figure("gateway_cache_stale_total") == 1


async def test_calls_that_an_outage_keeps_from_being_sent_do_not_use_up_the_limit_of_a_player_with_a_copy() -> None:
    async with running_stack({"GATEWAY_PLAYER_CALLS_PER_SECOND": "0.5"}) as stack:
        token = stack.token(BEN)
        await stack.ask(OFFERS, token=token)
        stack.clock.advance(100)
        stack.seam.on("GET .*", answers(429, **{"retry-after": "600"}))
        for number in range(30):
            body = await stack.ask(OFFERS, token=token)
            assert "errors" not in body, number
            stack.clock.advance(1.1)
        left = (await stack.send(OFFERS, token=token)).headers["ratelimit"]
        assert left == '"player-calls";r=5;t=0'


async def test_one_chain_and_points_alone_are_marked_too(stack: Stack) -> None:
    token = stack.token(BEN)
    chain_id = ids.encode(ids.IdKind.OFFER_CHAIN, 1)
    one = f'{{ viewer {{ offerChain(id: "{chain_id}") {{ {MARKS} }} }} }}'
    assert await stack.data(one, token=token) == {"viewer": {"offerChain": {"isStale": False, "ageSeconds": None}}}
    before = await stack.data(REWARDS, token=token)
    stack.clock.advance(6)
    stack.seam.on(f"GET /user/reward_chain|{BALANCE}", answers(503))
    stack.seam.on("GET /user/offer_chain/1", answers(503))
    after = (await stack.data(REWARDS, token=token))["viewer"]["rewardChains"]
    assert [one["balance"] for one in after] == [one["balance"] for one in before["viewer"]["rewardChains"]]
    assert {(chain["isStale"], chain["ageSeconds"]) for chain in after} == {(True, 6)}
    stack.clock.advance(10)
    assert await stack.data(one, token=token) == {"viewer": {"offerChain": {"isStale": True, "ageSeconds": 16}}}


BADGE = f"{{ viewer {{ badge {{ claimableCount {MARKS} }} }} }}"


@pytest.mark.parametrize(
    ("call", "seconds", "age"),
    [("GET .*", 16, 16), ("GET /user/offer_chain", 16, 16), ("GET /user/reward_chain.*", 6, 6)],
    ids=["everything", "offers", "points"],
)
async def test_the_badge_tells_the_age_of_what_it_counts(stack: Stack, call: str, seconds: int, age: int) -> None:
    token = stack.token(BEN)
    before = (await stack.data(BADGE, token=token))["viewer"]["badge"]
    assert (before["isStale"], before["ageSeconds"]) == (False, None)
    stack.clock.advance(seconds)
    stack.seam.on(call, answers(503))
    after = (await stack.data(BADGE, token=token))["viewer"]["badge"]
    assert after == {"claimableCount": before["claimableCount"], "isStale": True, "ageSeconds": age}


async def shown_over_a_socket(stack: Stack, token: str) -> Any:
    async with talking(stack) as talk:
        await talk.begin(token)
        await talk.ask("1", OFFERS)
        return (await talk.hear())["payload"]


async def shown_in_a_stream(stack: Stack, token: str, accept: str = EVENTS) -> Any:
    async with streaming(stack, OFFERS, token=token, accept=accept) as stream:
        if accept == EVENTS:
            event = await stream.event()
            return event and event[1]
        async for line in stream.lines:
            if '"payload"' in line:
                return json.loads(line)["payload"]
        raise AssertionError("no payload")


@pytest.mark.parametrize(
    "shown",
    [shown_over_a_socket, shown_in_a_stream, partial(shown_in_a_stream, accept=MULTIPART)],
    ids=["socket", "event stream", "multipart"],
)
async def test_copies_are_marked_in_every_transport(
    stack: Stack, shown: Callable[[Stack, str], Awaitable[Any]]
) -> None:
    token = stack.token(BEN)
    await stack.data(OFFERS, token=token)
    stack.clock.advance(100)
    stack.seam.on("GET .*", answers(503))
    payload = await shown(stack, token)
    assert payload["extensions"] == {"stale": {"ageSeconds": 100}}
    assert {chain["ageSeconds"] for chain in payload["data"]["viewer"]["offerChains"]} == {100}


async def test_a_response_with_copies_is_kept_for_a_second(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(OFFERS, token=token)
    stack.clock.advance(100)
    stack.seam.on("GET .*", answers(503, **{"retry-after": "2"}))
    stack.calls()
    bodies = [await stack.ask(OFFERS, token=token) for _ in range(3)]
    assert bodies[0] == bodies[2]
    assert stack.calls().total() == 1
    stack.clock.advance(2)
    assert (await stack.ask(OFFERS, token=token))["extensions"] == {"stale": {"ageSeconds": 102}}
    assert stack.calls().total() == 1


async def is_asked_after(stack: Stack, seconds: float, query: str, token: str) -> bool:
    """Whether the upstream is asked when the player looks after so many seconds."""
    stack.clock.advance(seconds)
    stack.calls()
    await stack.data(query, token=token)
    return stack.calls().total() > 0


@pytest.mark.parametrize(("query", "lifetime"), [(OFFERS, 16), (REWARDS, 6)], ids=["a list", "points"])
async def test_a_read_that_failed_is_not_sent_again_for_four_seconds_where_a_copy_is_shown(
    stack: Stack, query: str, lifetime: float
) -> None:
    token = stack.token(BEN)
    await stack.data(query, token=token)
    stack.seam.on("GET .*", answers(503))
    assert await is_asked_after(stack, lifetime, query, token)
    stack.seam.faults.clear()
    assert not await is_asked_after(stack, 3.9, query, token)
    assert "stale" in (await stack.ask(query, token=token))["extensions"]
    stack.clock.advance(1.1)
    assert "extensions" not in await stack.ask(query, token=token)


async def test_a_read_that_could_not_be_sent_is_sent_as_soon_as_it_can_be(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(OFFERS, token=token)
    stack.seam.on("GET .*", raises(httpx.ConnectError("x")))
    assert await is_asked_after(stack, 16, OFFERS, token)
    assert await is_asked_after(stack, 1.1, OFFERS, token)


async def test_a_read_that_failed_is_sent_again_after_the_players_own_write(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(OFFERS, token=token)
    stack.seam.on("GET .*", answers(503))
    assert await is_asked_after(stack, 16, OFFERS, token)
    stack.seam.faults.clear()
    await stack.data(UPDATE_CLAN, token=token)
    assert await is_asked_after(stack, 0, OFFERS, token)


async def test_a_read_that_failed_is_sent_again_where_its_copy_was_evicted() -> None:
    async with running_stack({"GATEWAY_CACHE_BYTES": "100000", "GATEWAY_RESPONSE_BYTES": "0"}) as stack:
        token = stack.token(BEN)
        await stack.data(OFFERS, token=token)
        stack.seam.on("GET .*", answers(503))
        assert await is_asked_after(stack, 16, OFFERS, token)
        stack.seam.faults.clear()
        for number in range(6):
            await stack.data(OFFERS, token=sandbox.mint_token(f"player-{number}", now=stack.clock()))
        assert await stack.figure("gateway_cache_evictions_total")
        assert await is_asked_after(stack, 0, OFFERS, token)


async def test_points_that_a_list_told_are_shown_where_it_cannot_be_read_again(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(REWARDS, token=token)
    stack.seam.on("GET /user/reward_chain", answers(503))
    stack.clock.advance(6)
    stack.calls()
    shown = (await stack.data(REWARDS, token=token))["viewer"]["rewardChains"]
    assert {(one["isStale"], one["ageSeconds"]) for one in shown} == {(True, 6)}
    assert stack.calls() == {"GET /user/reward_chain": 2}
    # The list itself is older than chains may be: now the balances tell more.
    stack.clock.advance(10)
    shown = (await stack.data(REWARDS, token=token))["viewer"]["rewardChains"]
    assert {(one["isStale"], one["ageSeconds"]) for one in shown} == {(True, 16)}
    assert stack.calls().keys() == {f"GET /user/reward_chain{path}" for path in ("", "/5/balance", "/6/balance")}


@pytest.mark.parametrize(("seconds", "is_shown"), [(599, True), (601, False)])
async def test_a_copy_is_shown_up_to_ten_minutes(stack: Stack, seconds: float, is_shown: bool) -> None:
    token = stack.token(BEN)
    await stack.data(OFFERS, token=token)
    stack.clock.advance(seconds)
    stack.seam.on("GET .*", answers(503))
    body = await stack.ask(OFFERS, token=token)
    assert ("errors" not in body) is is_shown


async def test_no_copy_outlives_the_token(stack: Stack) -> None:
    token = stack.token(BEN, lifetime_seconds=60)
    await stack.data(OFFERS, token=token)
    stack.clock.advance(60)
    stack.seam.on("GET .*", answers(503))
    assert codes(await stack.ask(OFFERS, token=token)) == ["UPSTREAM_UNAVAILABLE"]


async def test_what_was_before_the_players_own_write_is_not_shown(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(OFFERS, token=token)
    await stack.data(UPDATE_CLAN, token=token)
    stack.seam.on("GET .*", answers(503))
    assert codes(await stack.ask(OFFERS, token=token)) == ["UPSTREAM_UNAVAILABLE"]


async def test_a_write_that_was_not_sent_leaves_the_copies(stack: Stack) -> None:
    token = stack.token(BEN)
    before = await stack.data(REWARDS, token=token)
    stack.seam.on(".*", raises(httpx.ConnectError("x")))
    stack.clock.advance(16)
    assert codes(await stack.ask(UPDATE_CLAN, token=token)) == ["UPSTREAM_UNAVAILABLE"]
    shown = (await stack.data(REWARDS, token=token))["viewer"]["rewardChains"]
    assert [one["balance"] for one in shown] == [one["balance"] for one in before["viewer"]["rewardChains"]]
    assert {one["ageSeconds"] for one in shown} == {16}


@pytest.mark.parametrize("cycle", ["null", '"first"'], ids=["any cycle", "one cycle"])
async def test_claiming_all_in_an_outage_leaves_the_copies(stack: Stack, cycle: str) -> None:
    token = stack.token(BEN)
    await stack.data(REWARDS, token=token)
    stack.seam.on(".*", answers(503))
    stack.clock.advance(3)
    claim = f"""mutation {{
      claimAvailableRewards(input: {{ rewardChainId: "{CLAN}", cycle: {cycle} }}) {{ userErrors {{ code }} }}
    }}"""
    assert codes(await stack.ask(claim, token=token)) == ["UPSTREAM_UNAVAILABLE"]
    shown = (await stack.data(REWARDS, token=token))["viewer"]["rewardChains"]
    assert {(one["isStale"], one["ageSeconds"]) for one in shown} == {(True, 3)}


async def test_claiming_the_days_in_an_outage_leaves_their_copy(stack: Stack) -> None:
    token = stack.token(BEN)
    chain = (await stack.data("{ viewer { dailyChains { id } } }", token=token))["viewer"]["dailyChains"][0]["id"]
    one = f'{{ viewer {{ dailyChain(id: "{chain}") {{ {MARKS} }} }} }}'
    assert await stack.data(one, token=token) == {"viewer": {"dailyChain": {"isStale": False, "ageSeconds": None}}}
    stack.seam.on(".*", answers(503))
    stack.clock.advance(3)
    claim = f'mutation {{ claimAvailableRewards(input: {{ dailyChainId: "{chain}" }}) {{ userErrors {{ code }} }} }}'
    assert codes(await stack.ask(claim, token=token)) == ["UPSTREAM_UNAVAILABLE"]
    assert await stack.data(one, token=token) == {"viewer": {"dailyChain": {"isStale": True, "ageSeconds": 3}}}


async def test_what_was_before_a_webhook_is_not_shown() -> None:
    async with running_stack({"GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET}) as stack:
        told, other = stack.token(BEN), stack.token(ANN)
        for token in (told, other):
            # The upstream accepts the token with it, so that the webhook finds the device.
            await stack.data(UPDATE_CLAN, token=token)
            await stack.data(OFFERS, token=token)
        webhook = json.dumps(order_webhook(player_id=BEN.id)).encode()
        signature = {"authorization": signed(webhook, WEBHOOK_SECRET)}
        stack.clock.advance(16)
        stack.seam.on("GET .*", answers(503))
        assert "errors" not in await stack.ask(OFFERS, token=told)
        answer = await stack.http.post(f"{stack.gateway_url}/webhooks/xsolla", content=webhook, headers=signature)
        assert answer.is_success
        stack.clock.advance(2)
        assert codes(await stack.ask(OFFERS, token=told)) == ["UPSTREAM_UNAVAILABLE"]
        assert (await stack.ask(OFFERS, token=other))["extensions"] == {"stale": {"ageSeconds": 18}}


async def test_switched_off_no_copy_is_shown() -> None:
    async with running_stack({"GATEWAY_STALE_SECONDS": "off"}) as stack:
        token = stack.token(BEN)
        await stack.data(OFFERS, token=token)
        await stack.data(REWARDS, token=token)
        stack.clock.advance(6)
        stack.seam.on("GET /user/reward_chain", answers(503))
        assert "extensions" not in await stack.ask(REWARDS, token=token)
        assert await stack.figure("gateway_cache_stale_total") == 0
        stack.clock.advance(10)
        stack.seam.on("GET .*", answers(503))
        assert codes(await stack.ask(OFFERS, token=token)) == ["UPSTREAM_UNAVAILABLE"]


class _Reader:
    """One player's chain that ends in a hundred seconds, and an upstream that can be let down."""

    def __init__(self) -> None:
        self.clock = Clock(1_800_000_000)
        ending = {**OFFER, "date_start": "2026-11-01T00:00:00Z", "date_end": "2027-01-15T08:01:40Z"}
        self.transport = ScriptedTransport(lambda _: httpx.Response(200, json=ending))
        client = Client(self.transport, base_url="https://up.example", project_id=1, now=self.clock)
        cache = UserCache(max_bytes=100_000, clock=self.clock)
        lifetimes = Lifetimes(chains_seconds=15, stale_seconds=600)
        self.services = Services(client, cache, SingleFlight(), lifetimes, now=self.clock, monotonic=self.clock)

    def player(self, *, takes_stale: bool = True) -> Player:
        caller = Caller(Owner("ann"), True, (("authorization", "Bearer ann"),))
        return Player(caller, self.services, deadline=asyncio.get_running_loop().time() + 30, takes_stale=takes_stale)


async def test_no_copy_is_shown_across_a_chains_end_nor_in_a_mutation() -> None:
    reader = _Reader()
    assert await reader.player().reads.offer_chain(9) is not None
    reader.transport.answer = lambda _: httpx.Response(503)
    reader.clock.advance(99)
    player = reader.player()
    assert await player.reads.offer_chain(9) is not None
    assert player.reads.stale_seconds("offer_chain", "9") == 99
    mutation = reader.player(takes_stale=False)
    with pytest.raises(UpstreamUnavailable):
        await mutation.reads.offer_chain(9)
    reader.clock.advance(1)
    with pytest.raises(UpstreamUnavailable):
        await reader.player().reads.offer_chain(9)


async def test_a_limit_that_the_player_exceeded_here_is_told_and_not_covered_by_a_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = _Reader()
    await reader.player().reads.offer_chain(9)
    reader.clock.advance(20)
    player = reader.player()

    def refuse() -> None:
        raise RateLimited(7)

    monkeypatch.setattr(player.request, "count_call", refuse)
    with pytest.raises(RateLimited):
        await player.reads.offer_chain(9)
