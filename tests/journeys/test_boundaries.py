"""Resets, starts and ends: every answer after such a moment is of the time after it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gateway.domain.boundaries import OVERDUE_SECONDS
from tests.support.stack import ANN, BEN, Stack, answers, running_stack

OFFERS = "GET /user/offer_chain"
REWARDS = "GET /user/reward_chain"
CHAIN = "GET /user/offer_chain/1"
BALANCE = "GET /user/reward_chain/2/balance"
WEEK = 7 * 86_400

STATE = """{ viewer {
    offerChains { nextAction claimedCount schedule { phase cycle secondsUntilReset secondsUntilEnd } }
    rewardChains { nextAction claimedCount balance { amount } schedule { cycle secondsUntilReset } } } }"""
NAMES = "{ viewer { offerChains { name } rewardChains { name } } }"


class Weekly:
    """An upstream whose chains start over at `reset_at`; the clock decides what it shows, `late_seconds` after it."""

    def __init__(self, stack: Stack, *, reset_at: float, late_seconds: float = 0, tells_points: bool = True) -> None:
        self.clock = stack.clock
        self.reset_at = reset_at
        self.late_seconds = late_seconds
        self.tells_points = tells_points
        self.before_answer: Callable[[], None] = lambda: None
        stack.seam.on(OFFERS, self._answer(lambda: {"items": [self.offer_chain], "has_more": False}))
        stack.seam.on(CHAIN, self._answer(lambda: self.offer_chain))
        stack.seam.on(REWARDS, self._answer(lambda: {"items": [self.reward_chain]}))
        stack.seam.on(BALANCE, self._answer(lambda: self.points))

    @property
    def is_new(self) -> bool:
        return self.clock() >= self.reset_at + self.late_seconds

    @property
    def common(self) -> dict[str, object]:
        reset = self.reset_at + (WEEK if self.is_new else 0)
        return {
            "name": "new" if self.is_new else "old",
            "date_start": "2020-01-01T00:00:00Z",
            "recurrent_schedule": {"interval_type": "weekly", "reset_next_date": int(reset)},
        }

    @property
    def offer_chain(self) -> dict[str, object]:
        step = {"step_number": 1, "is_free": True, "is_claimed": not self.is_new, "items": []}
        return {**self.common, "id": 1, "steps": [step], "next_step_number": 1 if self.is_new else None}

    @property
    def points(self) -> dict[str, object]:
        return {"sku": "stars", "name": "Stars", "amount": 0 if self.is_new else 50}

    @property
    def reward_chain(self) -> dict[str, object]:
        step = {"step_id": 3, "price": {"amount": 10}, "is_claimed": not self.is_new, "reward": []}
        points = self.points if self.tells_points else {"sku": "stars", "name": "Stars"}
        return {**self.common, "reward_chain_id": 2, "steps": [step], "value_point": points}

    def _answer(self, body: Callable[[], object]) -> Callable[[httpx.Request], Any]:
        async def answer(_: httpx.Request) -> httpx.Response:
            content = body()
            self.before_answer()
            return httpx.Response(200, json=content)

        return answer


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running_stack() as running:
        yield running


async def viewer(stack: Stack, query: str = STATE) -> dict[str, Any]:
    found: dict[str, Any] = (await stack.data(query, token=stack.token(ANN, lifetime_seconds=86_400)))["viewer"]
    return found


def actions(shown: dict[str, Any]) -> list[str]:
    return [shown[name][0]["nextAction"] for name in ("offerChains", "rewardChains")]


def names(shown: dict[str, Any]) -> list[str]:
    return [shown[name][0]["name"] for name in ("offerChains", "rewardChains")]


OLD, NEW = ["WAIT", "WAIT"], ["CLAIM", "EARN_POINTS"]


@pytest.mark.parametrize("tells_points", [True, False], ids=["points in the list", "points by their own call"])
async def test_the_answer_at_the_reset_is_of_the_new_week(stack: Stack, tells_points: bool) -> None:
    Weekly(stack, reset_at=stack.clock() + 3, tells_points=tells_points)
    token = stack.token(ANN)
    for left in (3, 2, 1):
        shown = (await stack.data(STATE, token=token))["viewer"]
        assert actions(shown) == OLD
        assert shown["offerChains"][0]["schedule"]["secondsUntilReset"] == left
        stack.clock.advance(1)
    shown = (await stack.data(STATE, token=token))["viewer"]
    assert actions(shown) == NEW
    assert shown["rewardChains"][0]["balance"]["amount"] == 0
    assert shown["offerChains"][0]["schedule"]["secondsUntilReset"] == WEEK
    balances = {} if tells_points else {BALANCE: 2}
    assert stack.calls() == {OFFERS: 2, REWARDS: 2, **balances}


async def test_a_kept_response_ends_at_the_reset_as_well(stack: Stack) -> None:
    Weekly(stack, reset_at=stack.clock() + 3)
    token = stack.token(ANN)
    first = await stack.send(NAMES, token=token)
    assert first.headers["cache-control"] == "private, no-cache, max-age=3"
    stack.clock.advance(2.9)
    kept = await stack.send(NAMES, token=token)
    assert (kept.headers["x-gateway-execution"], names(kept.json()["data"]["viewer"])) == ("cached", ["old", "old"])
    stack.clock.advance(0.1)
    assert names((await stack.data(NAMES, token=token))["viewer"]) == ["new", "new"]


async def test_a_single_chain_ends_at_its_reset_as_well(stack: Stack) -> None:
    Weekly(stack, reset_at=stack.clock() + 3)
    token = stack.token(ANN)
    chain_id = (await stack.data("{ viewer { offerChains { id } } }", token=token))["viewer"]["offerChains"][0]["id"]
    query = "query($id: ID!) { viewer { offerChain(id: $id) { name } } }"
    for name in ("old", "new"):
        assert (await stack.data(query, {"id": chain_id}, token=token))["viewer"]["offerChain"]["name"] == name
        stack.clock.advance(3)


@pytest.mark.parametrize("tells_points", [True, False], ids=["points in the list", "points by their own call"])
async def test_what_was_asked_for_before_the_reset_and_comes_after_it_is_asked_for_again(
    stack: Stack, tells_points: bool
) -> None:
    upstream = Weekly(stack, reset_at=stack.clock() + 20, tells_points=tells_points)
    token = stack.token(ANN)
    await stack.data(STATE, token=token)
    stack.clock.advance(19)
    stack.calls()
    upstream.before_answer = lambda: stack.clock.advance(0 if upstream.is_new else 1)
    shown = (await stack.data(STATE, token=token))["viewer"]
    assert actions(shown) == NEW
    assert shown["rewardChains"][0]["balance"]["amount"] == 0
    calls = stack.calls()
    assert max(calls.values()) == 2, calls


async def test_while_the_upstream_is_late_players_wait_and_it_is_asked_again_soon(stack: Stack) -> None:
    Weekly(stack, reset_at=stack.clock() + 3, late_seconds=30)
    token = stack.token(ANN)
    await stack.data(STATE, token=token)
    stack.clock.advance(3)
    stack.calls()
    for _ in range(30):
        shown = (await stack.data(STATE, token=token))["viewer"]
        assert actions(shown) == OLD
        assert shown["offerChains"][0]["schedule"]["secondsUntilReset"] == 0
        stack.clock.advance(1)
    asked = stack.calls()[OFFERS]
    assert 8 <= asked <= 30
    stack.clock.advance(6 * OVERDUE_SECONDS)
    assert actions((await stack.data(STATE, token=token))["viewer"]) == NEW


async def test_an_upstream_that_never_shows_the_new_week_is_asked_as_seldom_as_usual_in_the_end(stack: Stack) -> None:
    Weekly(stack, reset_at=stack.clock() - 86_400, late_seconds=10 * 86_400)
    token = stack.token(ANN)
    for _ in range(30):
        assert actions((await stack.data(STATE, token=token))["viewer"]) == OLD
        stack.clock.advance(1)
    assert stack.calls()[OFFERS] == 2


@pytest.mark.parametrize(
    ("dates", "before", "after"), [("date_start", "UPCOMING", "ACTIVE"), ("date_end", "ENDING_SOON", "ENDED")]
)
async def test_starts_and_ends_are_boundaries_too(stack: Stack, dates: str, before: str, after: str) -> None:
    boundary = datetime.fromtimestamp(stack.clock() + 3, UTC).isoformat()
    chain = {"id": 1, "name": "x", "date_start": "2020-01-01T00:00:00Z", "steps": [], dates: boundary}
    stack.seam.on(OFFERS, answers(200, {"items": [chain], "has_more": False}))
    query, token = "{ viewer { offerChains { schedule { phase } } } }", stack.token(ANN)
    for phase, calls in ((before, 1), (before, 0), (after, 1)):
        shown = await stack.data(query, token=token)
        assert shown["viewer"]["offerChains"] == [{"schedule": {"phase": phase}}]
        assert stack.calls()[OFFERS] == calls
        stack.clock.advance(1.5)


async def test_after_a_reset_each_player_is_loaded_once_however_many_ask(stack: Stack) -> None:
    Weekly(stack, reset_at=stack.clock() + 3)
    tokens = [stack.token(player) for player in (ANN, BEN)]
    for token in tokens:
        await stack.data(NAMES, token=token)
    stack.clock.advance(3)
    stack.calls()
    shown = await asyncio.gather(*(stack.data(NAMES, token=tokens[number % 2]) for number in range(40)))
    assert all(names(one["viewer"]) == ["new", "new"] for one in shown)
    assert stack.calls() == {OFFERS: 2, REWARDS: 2}


# Dates that stand at the edge of what can be computed with

EDGES = {
    "the last second, west of Greenwich": {"date_end": "9999-12-31T23:59:59-05:00"},
    "the first second, east of Greenwich": {"date_start": "0001-01-01T00:00:00+14:00"},
    "year 1 twice": {"date_start": "0001-01-01T00:00:00Z", "date_end": "0001-01-01T00:00:00+05:00"},
    **{
        f"a reset at {value}": {"recurrent_schedule": {"interval_type": "weekly", "reset_next_date": value}}
        for value in (-1, 0, 1, 10**11, 10**15, 1_800_000_000_000_000_000, 2**63 - 1, -(2**63))
    },
}


@pytest.mark.parametrize("strange", EDGES.values(), ids=EDGES)
async def test_no_date_takes_a_list_or_the_badge_down(stack: Stack, strange: dict[str, object]) -> None:
    common = {"name": "x", "date_start": "2020-01-01T00:00:00Z"}
    step = {"step_number": 1, "is_free": True, "is_claimed": False, "items": []}
    offers = [{**common, "id": 1, "steps": [step]}, {**common, "id": 2, "steps": [step], **strange}]
    points = {"sku": "stars", "name": "Stars", "amount": 5}
    rewards = [
        {**common, "reward_chain_id": number, "value_point": points, "steps": [], **more}
        for number, more in ((1, {}), (2, strange))
    ]
    stack.seam.on(OFFERS, answers(200, {"items": offers, "has_more": False}))
    stack.seam.on(REWARDS, answers(200, {"items": rewards}))
    chain = "{ name schedule { startsAt endsAt resetsAt phase cycle secondsUntilEnd secondsUntilReset } nextAction }"
    query = f"{{ viewer {{ offerChains {chain} rewardChains {chain} badge {{ claimableCount nextExpiry }} }} }}"
    shown = await viewer(stack, query)
    assert (len(shown["offerChains"]), len(shown["rewardChains"])) == (2, 2)
    assert shown["badge"]["claimableCount"] >= 1


@pytest.mark.parametrize("value", [10**30, -(10**30), 10**300])
async def test_a_reset_that_is_no_number_costs_its_own_chain_at_most(stack: Stack, value: int) -> None:
    common = {"name": "x", "date_start": "2020-01-01T00:00:00Z", "steps": []}
    strange = {**common, "id": 2, "recurrent_schedule": {"interval_type": "weekly", "reset_next_date": value}}
    stack.seam.on(OFFERS, answers(200, {"items": [{**common, "id": 1}, strange], "has_more": False}))
    body = await stack.ask("{ viewer { offerChains { position } badge { claimableCount } } }", token=stack.token(ANN))
    assert body["data"]["viewer"]["offerChains"]
    assert body["data"]["viewer"]["badge"]
