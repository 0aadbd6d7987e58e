"""A player buys, pays and sees it at once, without a single poll: by subscriptions of both kinds, and by long poll.

The vendor's `paid` comes by webhook; `done` is what the order's one read after it says.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support import operations
from tests.support.event_stream_client import streaming
from tests.support.stack import BEN, Stack
from tests.support.webhook_purchase import (
    BOUGHT,
    BUY,
    CHANGES,
    LIMIT_SECONDS,
    NEXT_STEP,
    ORDER,
    ORDER_CALL,
    POLL_SECONDS,
    READ_CHAIN,
    READ_ORDER,
    TO_BUY,
    changed,
    purchase_stack,
)
from tests.support.websocket_client import talking

LONG_TIMEOUT_SECONDS = 30
"""After that a test that waits for what never comes fails."""

CONFIRM = "GET /order/1"
PLACED_AND_TOLD = {ORDER_CALL: 1, READ_CHAIN: 1}
PAID_AND_TOLD = {READ_ORDER: 1, READ_CHAIN: 2}
"""The order once, for the rest of what the webhook says; the chain for each of the two states that change it."""


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with purchase_stack() as running:
        yield running


async def buy(stack: Stack) -> str:
    """Order the step; gives where to pay."""
    payload = (await stack.data(BUY, token=stack.token(BEN)))["orderOfferChainStep"]
    assert (payload["order"]["id"], payload["userErrors"]) == (ORDER, [])
    url: str = payload["order"]["paymentUrl"]
    return url


async def pay(stack: Stack, url: str) -> None:
    """Press the payment page's button."""
    page = httpx.URL(url)
    sent = {"token": page.params["token"], "action": "pay"}
    answer = await stack.http.post(page.copy_with(query=None), data=sent, follow_redirects=True)
    assert "Payment received" in answer.text


def updated(status: str, *, is_terminal: bool) -> dict[str, Any]:
    return {"data": {"orderUpdated": {"id": ORDER, "status": status, "isTerminal": is_terminal}}}


async def nothing_is_left(stack: Stack) -> None:
    for name in ("gateway_order_watches", "gateway_watched_orders"):
        await stack.until(name, 0)


async def test_one_socket_tells_a_purchase_from_the_order_to_the_next_step(stack: Stack) -> None:
    token = stack.token(BEN)
    async with talking(stack) as talk:
        await talk.begin(token)
        await talk.ask("chains", CHANGES)
        await stack.until("gateway_subscriptions", 1)
        assert stack.calls() == {CONFIRM: 1}

        url = await buy(stack)
        heard = await talk.hear()
        assert heard == {"type": "next", "id": "chains", "payload": changed("ORDER_PLACED", TO_BUY)}
        assert stack.calls() == PLACED_AND_TOLD

        await talk.ask("order", operations.ORDER_UPDATED, {"id": ORDER})
        heard = await talk.hear()
        assert heard == {"type": "next", "id": "order", "payload": updated("NEW", is_terminal=False)}
        await stack.clock.until_alarm(POLL_SECONDS)
        assert stack.calls() == {READ_ORDER: 1}

        await pay(stack, url)
        told: dict[str, list[Any]] = {"order": [], "chains": []}
        async with asyncio.timeout(LONG_TIMEOUT_SECONDS):
            for _ in range(5):
                heard = await talk.hear()
                told[heard["id"]].append(heard.get("payload", heard["type"]))
        assert told["order"] == [updated("PAID", is_terminal=False), updated("DONE", is_terminal=True), "complete"]
        assert told["chains"] == [changed("ORDER_PAID", BOUGHT)] * 2
        assert stack.calls() == PAID_AND_TOLD
        await nothing_is_left(stack)
        await talk.still_works()


async def test_event_streams_tell_a_purchase_from_the_order_to_the_next_step(stack: Stack) -> None:
    token = stack.token(BEN)
    async with streaming(stack, CHANGES, token=token) as chains:
        await stack.until("gateway_subscriptions", 1)
        url = await buy(stack)
        assert await chains.event() == ("next", changed("ORDER_PLACED", TO_BUY))
        assert stack.calls() == {CONFIRM: 1, **PLACED_AND_TOLD}
        async with streaming(stack, operations.ORDER_UPDATED, {"id": ORDER}, token=token) as order:
            assert await order.event() == ("next", updated("NEW", is_terminal=False))
            await stack.clock.until_alarm(POLL_SECONDS)
            assert stack.calls() == {READ_ORDER: 1}

            await pay(stack, url)
            assert await order.event() == ("next", updated("PAID", is_terminal=False))
            assert await order.event() == ("next", updated("DONE", is_terminal=True))
            assert await order.event() == ("complete", None)
        for _ in range(2):
            assert await chains.event() == ("next", changed("ORDER_PAID", BOUGHT))
        assert stack.calls() == PAID_AND_TOLD
        await nothing_is_left(stack)


async def test_long_polls_tell_a_purchase_and_the_chain_read_after_them_the_next_step(stack: Stack) -> None:
    token = stack.token(BEN)

    async def wait(after: str) -> dict[str, Any]:
        order = await stack.data(operations.WAIT_FOR_ORDER, {"id": ORDER, "after": after}, token=token)
        told: dict[str, Any] = order["waitForOrder"]
        return told

    url = await buy(stack)
    assert stack.calls() == {ORDER_CALL: 1}
    waiting = asyncio.ensure_future(wait("NEW"))
    await stack.clock.until_alarm(POLL_SECONDS)
    assert stack.clock.alarms == [20, POLL_SECONDS, LIMIT_SECONDS]
    await pay(stack, url)
    assert await waiting == {"id": ORDER, "status": "PAID", "isTerminal": False}
    # Who waited has left with this answer, so nobody was there to read the order for.
    assert stack.calls() == {READ_ORDER: 1}
    assert await wait("PAID") == {"id": ORDER, "status": "DONE", "isTerminal": True}
    assert stack.calls() == {READ_ORDER: 1}

    assert await stack.data(f"{{ {NEXT_STEP} }}", token=token) == {"viewer": {"offerChain": BOUGHT}}
    assert stack.calls() == {READ_CHAIN: 1}
    await nothing_is_left(stack)
    assert stack.clock.alarms == []
