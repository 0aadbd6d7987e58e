"""Waiting for an order from outside, by long poll and by subscription, with every upstream call counted."""

import asyncio
from typing import Any

import httpx
import pytest

from gateway.schema import ids
from tests.support import operations
from tests.support.stack import ANN, BEN, Stack, answers
from tests.support.websocket_client import talking

WAIT = """
query($id: ID!, $after: OrderStatus, $seconds: Int) {
  waitForOrder(id: $id, after: $after, timeoutSeconds: $seconds) { status isTerminal }
}
"""
UPDATES = "subscription($id: ID!) { orderUpdated(id: $id) { status } }"
FIRST_STEP, STEP = (ids.encode(ids.IdKind.OFFER_STEP, 1, number) for number in (1, 2))
NEW = {"status": "NEW", "isTerminal": False}
DONE = {"status": "DONE", "isTerminal": True}
LEFT = ("gateway_order_watches", "gateway_watched_orders", "gateway_subscriptions")


class Buyer:
    """A player with an order that is to be paid; nothing is counted of how it came about."""

    def __init__(self, stack: Stack, token: str, order: str) -> None:
        self.stack = stack
        self.token = token
        self.order = order
        (self.upstream_id,) = ids.decode(ids.IdKind.ORDER, order)

    @classmethod
    async def of(cls, stack: Stack) -> "Buyer":
        token = stack.token(ANN)
        await stack.data(operations.CLAIM_OFFER, {"stepId": FIRST_STEP}, token=token)
        payload = await stack.data(operations.ORDER_OFFER, {"stepId": STEP}, token=token)
        stack.calls()
        return cls(stack, token, payload["orderOfferChainStep"]["order"]["id"])

    async def wait(self, *, after: str | None = None, seconds: int | None = 55, token: str | None = None) -> Any:
        """What `waitForOrder` comes to."""
        variables = {"id": self.order, "after": after, "seconds": seconds}
        return (await self.stack.data(WAIT, variables, token=token or self.token))["waitForOrder"]

    async def begin_to_wait(self, **how: Any) -> asyncio.Task[Any]:
        """Ask, and come back when the gateway waits for the order's next read."""
        waiting = asyncio.ensure_future(self.wait(**how))
        await self.stack.clock.until_alarm(3)
        return waiting

    async def pass_a_read(self) -> None:
        """Let the order be read, and the gateway go on waiting."""
        self.stack.clock.advance(3)
        await self.stack.clock.until_alarm(3)

    async def pay(self) -> None:
        await self.stack.pay(self.upstream_id)

    def reads(self) -> int:
        """How often the order was read since the last time this was asked; nothing else may have been."""
        calls = self.stack.calls()
        assert set(calls) <= {f"GET /order/{self.upstream_id}"}
        return calls.total()


async def nothing_is_left(stack: Stack) -> None:
    for name in LEFT:
        await stack.until(name, 0)
    assert stack.clock.alarms == []


async def test_a_wait_is_answered_when_the_order_is_paid_and_the_chains_are_read_anew(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    chains = "{ viewer { offerChains { nextAction } } }"
    await stack.data(chains, token=buyer.token)
    stack.calls()
    waiting = await buyer.begin_to_wait()
    for _ in range(4):
        await buyer.pass_a_read()
    assert not waiting.done()
    await buyer.pay()
    stack.clock.advance(3)
    assert await waiting == DONE
    # Once when the request came, and once for every three seconds.
    assert buyer.reads() == 6
    await nothing_is_left(stack)
    assert (await stack.data(chains, token=buyer.token))["viewer"]["offerChains"][0]["nextAction"] == "CLAIM"
    assert stack.calls() == {"GET /user/offer_chain": 1}


async def test_a_wait_for_what_has_happened_is_answered_at_once_and_never_from_memory(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    # Told: the game has seen less than this. Nothing is kept for the next one who asks.
    assert await buyer.wait(after="OTHER") == NEW
    assert await buyer.wait(after="OTHER") == NEW
    assert buyer.reads() == 2
    await buyer.pay()
    assert await buyer.wait() == DONE
    assert await buyer.wait(after="DONE") == DONE
    # An order in a state that stays is kept by itself.
    assert buyer.reads() == 1
    await nothing_is_left(stack)


@pytest.mark.parametrize(("seconds", "bound"), [(None, 20), (1, 1), (55, 55)])
async def test_a_wait_in_which_nothing_happens_is_answered_with_the_order_as_it_is(
    stack: Stack, seconds: int | None, bound: int
) -> None:
    buyer = await Buyer.of(stack)
    waiting = await buyer.begin_to_wait(seconds=seconds)
    assert stack.clock.alarms == sorted([3, bound, 600])
    stack.clock.advance(bound)
    assert await waiting == NEW
    await nothing_is_left(stack)


@pytest.mark.parametrize("seconds", [0, -1, 56, 300])
async def test_a_wait_that_is_too_short_or_too_long_is_refused(stack: Stack, seconds: int) -> None:
    body = await stack.ask(WAIT, {"id": ids.encode(ids.IdKind.ORDER, 11), "seconds": seconds}, token=stack.token(ANN))
    assert body["data"] == {"waitForOrder": None}
    (error,) = body["errors"]
    assert (error["message"], error["path"]) == ("`timeoutSeconds` must be from 1 to 55.", ["waitForOrder"])
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert stack.calls() == {}


async def test_nobody_waits_for_an_order_that_is_not_his(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    assert await buyer.wait(token=stack.token(BEN)) is None
    body = await stack.ask(WAIT, {"id": buyer.order})
    assert [error["extensions"]["code"] for error in body["errors"]] == ["UNAUTHENTICATED"]
    assert buyer.reads() == 1
    await nothing_is_left(stack)


async def test_fifty_who_wait_for_an_order_cost_the_reads_of_one(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    waits = [asyncio.ensure_future(buyer.wait()) for _ in range(50)]
    await stack.until("gateway_order_watches", 50)
    assert await stack.figure("gateway_watched_orders") == 1
    stack.calls()
    for _ in range(3):
        await buyer.pass_a_read()
    await buyer.pay()
    stack.clock.advance(3)
    assert await asyncio.gather(*waits) == [DONE] * 50
    assert buyer.reads() == 4
    await nothing_is_left(stack)


async def test_reads_that_fail_end_no_wait(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    waiting = await buyer.begin_to_wait()
    faults = [answers(503), answers(503), answers(429, **{"retry-after": "30"})]

    async def fault(request: httpx.Request) -> httpx.Response | None:
        return await faults.pop(0)(request) if faults else None

    stack.seam.on("GET /order/.*", fault)
    stack.clock.advance(3)
    # Twice as long as usual, or up to a quarter less.
    await stack.clock.until_alarm(4, 6)
    stack.clock.advance(6)
    await stack.clock.until_alarm(30)
    await buyer.pay()
    stack.clock.advance(29)
    assert not waiting.done()
    stack.clock.advance(1)
    assert await waiting == DONE
    assert buyer.reads() == 5
    await nothing_is_left(stack)


async def test_a_token_that_runs_out_ends_the_wait(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    token = stack.token(ANN, lifetime_seconds=30)
    waiting = asyncio.ensure_future(stack.ask(WAIT, {"id": buyer.order, "seconds": 55}, token=token))
    await stack.clock.until_alarm(3)
    stack.clock.advance(30)
    body = await waiting
    assert [error["extensions"]["code"] for error in body["errors"]] == ["TOKEN_EXPIRED"]
    await nothing_is_left(stack)


async def test_a_game_that_hangs_up_ends_its_wait_and_the_reading(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    waiting = await buyer.begin_to_wait()
    waiting.cancel()
    await nothing_is_left(stack)
    stack.clock.advance(60)
    assert buyer.reads() == 1


async def test_whoever_goes_on_waiting_is_told_when_another_hangs_up(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    first = await buyer.begin_to_wait()
    second = asyncio.ensure_future(buyer.wait(token=stack.token(ANN, lifetime_seconds=7_000)))
    await stack.until("gateway_order_watches", 2)
    first.cancel()
    await stack.until("gateway_order_watches", 1)
    await buyer.pay()
    stack.clock.advance(3)
    assert await second == DONE
    # Each with its own credential, and the second's for the third.
    sent = [request.headers["authorization"] for request in stack.seam.requests[-3:]]
    assert sent == [f"Bearer {buyer.token}", sent[2], sent[2]]
    assert buyer.reads() == 3
    await nothing_is_left(stack)


async def test_a_gateway_that_leaves_answers_those_who_wait(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    waiting = await buyer.begin_to_wait()
    await stack.gateway.drain()
    assert await waiting == NEW
    # Who still comes is answered at once.
    assert await buyer.wait() == NEW
    await nothing_is_left(stack)


async def test_a_subscription_tells_an_order_from_its_payment_to_its_end(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    async with talking(stack) as talk:
        await talk.begin(buyer.token)
        await talk.ask("order", UPDATES, {"id": buyer.order})
        for status in ("NEW", "DONE"):
            heard = await talk.hear()
            assert heard == {"type": "next", "id": "order", "payload": {"data": {"orderUpdated": {"status": status}}}}
            if status == "NEW":
                await stack.clock.until_alarm(3)
                await buyer.pay()
                stack.clock.advance(3)
        assert await talk.hear() == {"type": "complete", "id": "order"}
        assert buyer.reads() == 2


async def test_a_subscription_to_an_order_that_is_not_the_players_is_refused(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    async with talking(stack) as talk:
        await talk.begin(stack.token(BEN))
        assert await talk.refusal(UPDATES, {"id": buyer.order}) == "BAD_USER_INPUT"
        await stack.until("gateway_subscriptions", 0)


async def test_long_polls_and_subscriptions_share_an_orders_poller(stack: Stack) -> None:
    buyer = await Buyer.of(stack)
    async with talking(stack) as talk:
        await talk.begin(buyer.token)
        await talk.ask("order", UPDATES, {"id": buyer.order})
        assert (await talk.hear())["payload"] == {"data": {"orderUpdated": {"status": "NEW"}}}
        waiting = asyncio.ensure_future(buyer.wait())
        await stack.until("gateway_order_watches", 2)
        stack.calls()
        await buyer.pay()
        stack.clock.advance(3)
        assert await waiting == DONE
        assert (await talk.hear())["payload"] == {"data": {"orderUpdated": {"status": "DONE"}}}
        assert buyer.reads() == 1
