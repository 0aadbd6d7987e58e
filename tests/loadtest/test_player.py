"""The journeys, played against gateway and sandbox, and what a player objects to."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from gateway import sandbox
from loadtest.answers import Data, Unexpected, data_of
from loadtest.player import OPERATIONS, Check, Player
from tests.support.stack import ANN, Stack

Change = Callable[[Data], object]


def _unchanged(_: Data) -> None:
    """An answer as it came."""


class Game:
    """Asks the gateway as locust does; keeps what was asked and what was unexpected, and may change an answer first."""

    def __init__(self, stack: Stack, player: sandbox.DemoPlayer | None = ANN) -> None:
        self._url = f"{stack.gateway_url}/graphql"
        self._headers = {"authorization": f"Bearer {stack.token(player)}"} if player else {}
        self.asked: list[str] = []
        self.failures: list[str] = []
        self.changes: defaultdict[str, Change] = defaultdict(lambda: _unchanged)
        self.player = Player(self._ask)

    async def play(self, *journeys: str) -> None:
        for journey in journeys:
            await asyncio.to_thread(getattr(self.player, journey))

    def _ask(self, name: str, variables: Mapping[str, object], check: Check) -> Data | None:
        self.asked.append(name)
        body = {"query": OPERATIONS[name], "variables": variables}
        response = httpx.post(self._url, json=body, headers=self._headers)
        try:
            data = data_of(response.status_code, response.content)
            self.changes[name](data)
            check(data)
        except Unexpected as unexpected:
            self.failures.append(f"{name}: {unexpected}")
            return None
        return data


async def test_a_player_looks_claims_and_orders_and_finds_every_answer_right(stack: Stack) -> None:
    game = Game(stack)
    await game.play("poll_badge", "open_screen", *["claim_free_step"] * 3, "order_paid_step", "open_screen")
    assert game.failures == []
    assert game.asked == [
        *("badge", "screen"),
        *("screen", "claim", "screen", "claim", "screen", "claim"),
        *("screen", "buy", "order", "screen"),
    ]


async def test_a_player_who_has_taken_everything_only_looks(stack: Stack) -> None:
    game = Game(stack)
    await game.play(*["claim_free_step"] * 9)
    game.asked.clear()
    await game.play("claim_free_step")
    assert (game.asked, game.failures) == (["screen"], [])


async def test_a_claim_that_another_device_made_first_is_right(stack: Stack) -> None:
    one, other = Game(stack), Game(stack)

    def claimed_meanwhile(data: Data) -> None:
        one.player.claim_free_step()

    other.changes["screen"] = claimed_meanwhile
    await other.play("claim_free_step")
    assert (one.asked, other.asked) == (["screen", "claim"], ["screen", "claim"])
    assert other.failures == []


async def test_a_visitor_who_is_not_signed_in_fails_everywhere(stack: Stack) -> None:
    game = Game(stack, player=None)
    await game.play("poll_badge", "open_screen", "claim_free_step", "order_paid_step")
    not_signed_in = "the answer is not for a player who is signed in"
    assert game.failures == [f"{name}: {not_signed_in}" for name in ("badge", "screen", "screen", "screen")]


def forget_claims(data: Data) -> None:
    for chain in data["viewer"]["offerChains"]:
        for step in chain["steps"]:
            step["state"] = "AVAILABLE"


async def test_a_screen_that_has_forgotten_a_claim_fails(stack: Stack) -> None:
    game = Game(stack)
    await game.play("claim_free_step")
    game.changes["screen"] = forget_claims
    await game.play("open_screen")
    assert game.failures == ["screen: a step that this player has claimed is shown as not claimed"]


async def test_after_a_reset_a_claimed_step_may_be_open_again(stack: Stack) -> None:
    game = Game(stack)
    await game.play("claim_free_step")

    def reset(data: Data) -> None:
        forget_claims(data)
        for chain in data["viewer"]["offerChains"]:
            chain["schedule"]["resetsAt"] = "2099-01-01T00:00:00Z"

    game.changes["screen"] = reset
    await game.play("open_screen")
    assert game.failures == []


def set_in(*path: str, value: Any) -> Change:
    """A change that puts a value into an answer."""

    def change(data: Data) -> None:
        *way, last = path
        place = data
        for part in way:
            place = place[part]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("journey", "name", "change", "text"),
    [
        (
            "claim_free_step",
            "claim",
            set_in("claimOfferChainStep", "userErrors", value=[{"code": "STEP_LOCKED"}, {"code": "ALREADY_CLAIMED"}]),
            "userErrors: STEP_LOCKED",
        ),
        (
            "claim_free_step",
            "claim",
            set_in("claimOfferChainStep", "offerChain", "steps", value=[]),
            "a claim came back with the step not claimed",
        ),
        (
            "order_paid_step",
            "buy",
            set_in("orderOfferChainStep", "userErrors", value=[{"code": "ALREADY_CLAIMED"}]),
            "userErrors: ALREADY_CLAIMED",
        ),
        (
            "order_paid_step",
            "buy",
            set_in("orderOfferChainStep", "order", value=None),
            "an order came back without a payment page",
        ),
        (
            "order_paid_step",
            "buy",
            set_in("orderOfferChainStep", "order", "paymentUrl", value=""),
            "an order came back without a payment page",
        ),
        ("order_paid_step", "order", set_in("order", value=None), "the player's own order is not found"),
        ("order_paid_step", "order", set_in("order", "id", value="x"), "the player's own order is not found"),
        (
            "order_paid_step",
            "order",
            set_in("viewer", "isSignedIn", value=False),
            "the answer is not for a player who is signed in",
        ),
    ],
)
async def test_an_answer_that_is_not_right_fails(
    stack: Stack, journey: str, name: str, change: Change, text: str
) -> None:
    game = Game(stack)
    game.changes[name] = change
    if journey == "order_paid_step":
        # The first steps are free.
        await game.play("claim_free_step", "claim_free_step", "claim_free_step")
    await game.play(journey)
    assert game.failures == [f"{name}: {text}"]
