"""Claims and orders that arrive in another cycle than the one that they were meant for."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gateway.schema import ids
from tests.support.stack import ANN, Stack, answers

WEEK = 7 * 86_400
OFFER_STEP = ids.encode(ids.IdKind.OFFER_STEP, 1, 1)
PAID_STEP = ids.encode(ids.IdKind.OFFER_STEP, 1, 2)
REWARD_STEP = ids.encode(ids.IdKind.REWARD_STEP, 2, 3)
DAILY_STEP = ids.encode(ids.IdKind.DAILY_STEP, 4, 1)
DAILY_CHAIN = ids.encode(ids.IdKind.DAILY_CHAIN, 4)
REWARD_CHAIN = ids.encode(ids.IdKind.REWARD_CHAIN, 2)
CYCLES = "{ viewer { offerChains { schedule { cycle } } rewardChains { schedule { cycle } } } }"

WRITES = {
    "claim": ("claimOfferChainStep", f'stepId: "{OFFER_STEP}"', "offerChain { name }"),
    "order": ("orderOfferChainStep", f'stepId: "{PAID_STEP}"', "order { upstreamId } offerChain { name }"),
    "direct order": (
        "orderOfferChainStep",
        f'stepId: "{PAID_STEP}" mode: DIRECT',
        "request { url } offerChain { name }",
    ),
    "reward": ("claimRewardChainStep", f'stepId: "{REWARD_STEP}"', "rewardChain { name }"),
    "all rewards": (
        "claimAvailableRewards",
        f'rewardChainId: "{REWARD_CHAIN}"',
        "results { isClaimed } rewardChain { name }",
    ),
    "daily": ("claimDailyChainStep", f'stepId: "{DAILY_STEP}"', "dailyChain { name }"),
    "all of a day": (
        "claimAvailableRewards",
        f'dailyChainId: "{DAILY_CHAIN}"',
        "results { isClaimed } dailyChain { name }",
    ),
}


class Weekly:
    """An upstream with one chain of each kind that starts over each week."""

    def __init__(self, stack: Stack) -> None:
        self.reset_at = int(stack.clock()) + 3600
        self.recurs = True
        self.next_step = 1
        self.is_listed = True
        stack.seam.on("GET /user/offer_chain", self._answer(lambda: {"items": [self.offer_chain], "has_more": False}))
        stack.seam.on("GET /user/offer_chain/1", self._answer(lambda: self.offer_chain if self.is_listed else None))
        stack.seam.on("GET /user/reward_chain", self._answer(lambda: {"items": [self.reward_chain] * self.is_listed}))
        stack.seam.on("GET /user/daily_chain/4", self._answer(lambda: self.daily_chain if self.is_listed else None))
        stack.seam.on("POST .*/claim", answers(200, {"order_id": 7}))
        stack.seam.on("POST .*/order", answers(200, {"order_id": 8, "token": "t"}))

    @property
    def common(self) -> dict[str, object]:
        schedule = {"interval_type": "weekly", "reset_next_date": self.reset_at} if self.recurs else None
        return {"name": "Weekly", "date_start": "2020-01-01T00:00:00Z", "recurrent_schedule": schedule}

    @property
    def offer_chain(self) -> dict[str, object]:
        steps = [
            {"step_number": 1, "is_free": True, "is_claimed": self.next_step > 1, "items": []},
            {"step_number": 2, "is_free": False, "is_claimed": False, "items": []},
        ]
        return {**self.common, "id": 1, "steps": steps, "next_step_number": self.next_step}

    @property
    def reward_chain(self) -> dict[str, object]:
        step = {"step_id": 3, "price": {"amount": 10}, "is_claimed": False, "reward": []}
        points = {"sku": "stars", "name": "Stars", "amount": 50}
        return {**self.common, "reward_chain_id": 2, "steps": [step], "value_point": points}

    @property
    def daily_chain(self) -> dict[str, object]:
        """A chain of days, whose first step opens anew with each start: that is its cycle."""
        day = {"step_number": 1, "status": "claimable", "unlocked_date": self.reset_at if self.recurs else None}
        return {**self.common, "id": 4, "type": "rolling", "steps": [day]}

    def start_over(self) -> None:
        self.reset_at += WEEK

    def _answer(self, body: Callable[[], object]) -> Callable[[httpx.Request], Any]:
        async def answer(_: httpx.Request) -> httpx.Response:
            content = body()
            return httpx.Response(200, json=content) if content else httpx.Response(404, json={"errorCode": 4001})

        return answer


@pytest.fixture
def upstream(stack: Stack) -> Weekly:
    return Weekly(stack)


async def cycles(stack: Stack) -> list[str | None]:
    shown = (await stack.data(CYCLES, token=stack.token(ANN)))["viewer"]
    return [chain["schedule"]["cycle"] for chains in shown.values() for chain in chains]


async def send(stack: Stack, write: str, cycle: str | None, key: str | None = None) -> dict[str, Any]:
    name, argument, selection = WRITES[write]
    query = f"""mutation($cycle: String, $key: String) {{
        answer: {name}(input: {{{argument} cycle: $cycle idempotencyKey: $key}}) {{
            isReplay userErrors {{ code path }} {selection} }} }}"""
    answer: dict[str, Any] = (await stack.data(query, {"cycle": cycle, "key": key}, token=stack.token(ANN)))["answer"]
    return answer


def sent(stack: Stack) -> int:
    return sum(count for call, count in stack.calls().items() if call.startswith("POST"))


CHANGED = [{"code": "CYCLE_CHANGED", "path": ["input", "cycle"]}]


async def test_a_cycle_lasts_until_the_reset(stack: Stack, upstream: Weekly) -> None:
    (cycle, same) = await cycles(stack)
    assert cycle is not None
    assert cycle == same
    stack.clock.advance(60)
    assert await cycles(stack) == [cycle, cycle]
    upstream.start_over()
    stack.clock.advance(3600)
    following = await cycles(stack)
    assert cycle not in following
    assert None not in following


async def test_a_chain_that_does_not_start_over_has_no_cycle(stack: Stack, upstream: Weekly) -> None:
    upstream.recurs = False
    assert await cycles(stack) == [None, None]


@pytest.mark.parametrize("key", [None, "key"])
@pytest.mark.parametrize("write", WRITES)
async def test_a_write_of_an_earlier_cycle_is_refused_and_nothing_is_sent(
    stack: Stack, upstream: Weekly, write: str, key: str | None
) -> None:
    upstream.next_step = 2 if "order" in write else 1
    cycle = (await cycles(stack))[0]
    # The list is still cached as it was before: the chain is read anew.
    upstream.start_over()
    refused = await send(stack, write, cycle, key)
    assert refused["userErrors"] == CHANGED
    assert refused.get("offerChain") or refused.get("rewardChain") or refused.get("dailyChain")
    assert not any(refused.get(done) for done in ("order", "request", "results"))
    assert sent(stack) == 0


@pytest.mark.parametrize("named", [True, False], ids=["its own cycle", "no cycle"])
@pytest.mark.parametrize("write", WRITES)
async def test_a_write_of_this_cycle_is_sent(stack: Stack, upstream: Weekly, write: str, named: bool) -> None:
    upstream.next_step = 2 if "order" in write else 1
    cycle = (await cycles(stack))[0] if named else None
    stack.calls()
    assert (await send(stack, write, cycle))["userErrors"] == []
    assert sent(stack) == (write != "direct order")


@pytest.mark.parametrize("write", WRITES)
async def test_a_cycle_of_a_chain_that_has_none_any_more_is_another_one(
    stack: Stack, upstream: Weekly, write: str
) -> None:
    cycle = (await cycles(stack))[0]
    upstream.recurs = False
    assert (await send(stack, write, cycle))["userErrors"] == CHANGED
    assert sent(stack) == 0


@pytest.mark.parametrize("write", WRITES)
async def test_a_chain_that_is_gone_is_not_found_and_nothing_is_sent(
    stack: Stack, upstream: Weekly, write: str
) -> None:
    cycle = (await cycles(stack))[0]
    upstream.is_listed = False
    path = {"all rewards": "rewardChainId", "all of a day": "dailyChainId"}.get(write, "stepId")
    assert (await send(stack, write, cycle))["userErrors"] == [{"code": "NOT_FOUND", "path": ["input", path]}]
    assert sent(stack) == 0


@pytest.mark.parametrize("write", ["claim", "reward", "order", "daily"])
async def test_what_was_done_in_its_cycle_keeps_its_answer_after_the_reset(
    stack: Stack, upstream: Weekly, write: str
) -> None:
    upstream.next_step = 2 if "order" in write else 1
    cycle = (await cycles(stack))[0]
    first = await send(stack, write, cycle, "key")
    assert sent(stack) == 1
    upstream.start_over()
    again = await send(stack, write, cycle, "key")
    assert again == {**first, "isReplay": True}
    assert sent(stack) == 0


async def test_another_cycle_under_the_same_key_is_a_conflict(stack: Stack, upstream: Weekly) -> None:
    cycle = (await cycles(stack))[0]
    await send(stack, "claim", cycle, "key")
    sent(stack)
    for other in ("another", None):
        (error,) = (await send(stack, "claim", other, "key"))["userErrors"]
        assert error["code"] == "IDEMPOTENCY_CONFLICT"
    assert sent(stack) == 0


async def test_a_cycle_that_cannot_be_compared_sends_nothing_and_may_be_tried_again(
    stack: Stack, upstream: Weekly
) -> None:
    cycle = (await cycles(stack))[0]
    faults = list(stack.seam.faults)
    stack.seam.faults.clear()
    stack.seam.on("GET /user/offer_chain/1", answers(503))
    body = await stack.ask(
        f'mutation {{ claimOfferChainStep(input: {{stepId: "{OFFER_STEP}" cycle: "{cycle}" idempotencyKey: "k"}})'
        " { isReplay } }",
        token=stack.token(ANN),
    )
    assert body["errors"][0]["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    assert sent(stack) == 0
    stack.seam.faults[:] = faults
    assert (await send(stack, "claim", cycle, "k"))["userErrors"] == []
    assert sent(stack) == 1


@pytest.mark.parametrize("write", ["claim", "order", "reward", "all rewards"])
async def test_a_tap_right_after_the_reset_is_not_the_second_one_of_a_tap_right_before_it(
    stack: Stack, upstream: Weekly, write: str
) -> None:
    upstream.next_step = 2 if write == "order" else 1
    before = (await cycles(stack))[0]
    for _ in range(2):
        await send(stack, write, before)
    assert sent(stack) == 1, "a double tap"
    upstream.start_over()
    stack.clock.advance(1)
    after = (await cycles(stack))[0]
    assert (await send(stack, write, after))["userErrors"] == []
    assert sent(stack) == 1
