"""Webhooks of the sandbox on their whole way: what players see of them, and how little is asked of the upstream."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support import purchase_mutations as shop
from tests.support.loads import run_ready
from tests.support.stack import ANN, BEN, WEBHOOK_SECRET, Stack, running_stack
from tests.support.webhook_backend import studio
from tests.support.webhook_payloads import signed

LONG_TIMEOUT_SECONDS = 30
"""After that a test that waits for what never comes fails."""

SET_UP = {"GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET, "GATEWAY_CACHE_CHAINS_SECONDS": "3600"}
"""Chains are kept for an hour of a clock that stands still: whatever is fresh was told."""

STATES = "{ viewer { offerChains { name steps { id state } } } }"
BUY = "mutation($id: ID!) { orderOfferChainStep(input: {stepId: $id}) { order { id upstreamId } userErrors { code } } }"
CLAIM = "mutation($id: ID!) { claimOfferChainStep(input: {stepId: $id}) { userErrors { code } } }"
ORDER = "query($id: ID!) { order(id: $id) { status } }"
WAIT = "query($id: ID!) { waitForOrder(id: $id, after: NEW, timeoutSeconds: 55) { status } }"


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    """Gateway and sandbox, whose webhooks go to the gateway."""
    async with running_stack(SET_UP) as running:
        await running.send_webhooks()
        yield running


async def steps(stack: Stack, token: str) -> list[dict[str, Any]]:
    """The steps of the chain that begins with a free one and a paid one."""
    chains = (await stack.data(STATES, token=token))["viewer"]["offerChains"]
    found: list[dict[str, Any]] = next(chain for chain in chains if chain["name"] == "Wanderer's Path")["steps"]
    return found


async def states(stack: Stack, token: str) -> list[str]:
    return [step["state"] for step in (await steps(stack, token))[:3]]


async def placed(stack: Stack, token: str) -> dict[str, Any]:
    """Claim the free step and order the paid one after it."""
    first, second, *_ = await steps(stack, token)
    assert (await stack.data(CLAIM, {"id": first["id"]}, token=token))["claimOfferChainStep"]["userErrors"] == []
    payload = (await stack.data(BUY, {"id": second["id"]}, token=token))["orderOfferChainStep"]
    assert payload["userErrors"] == []
    order: dict[str, Any] = payload["order"]
    return order


async def told(stack: Stack, count: int, *, attempts: int = 0) -> list[dict[str, Any]]:
    """Wait until so many webhooks have been answered for good, and so many attempts made; gives the log."""
    async with asyncio.timeout(LONG_TIMEOUT_SECONDS):
        while True:
            log: list[dict[str, Any]] = (await stack.http.get(f"{stack.sandbox_url}/_sandbox/webhooks")).json()["items"]
            made = sum(len(webhook["attempts"]) for webhook in log)
            if sum(webhook["outcome"] is not None for webhook in log) >= count and made >= attempts:
                return log


async def test_a_payment_reaches_the_game_that_waits_and_all_devices_of_the_player(stack: Stack) -> None:
    phone, tablet = stack.token(ANN), stack.token(ANN, lifetime_seconds=3_600)
    order = await placed(stack, phone)
    await told(stack, 1)
    # The tablet becomes known when its token is accepted on a call that needs one, and keeps what it then reads.
    assert (await stack.data(ORDER, {"id": order["id"]}, token=tablet))["order"]["status"] == "NEW"
    for token in (phone, tablet):
        assert await states(stack, token) == ["CLAIMED", "AVAILABLE", "LOCKED"]
    other = await states(stack, stack.token(BEN))

    assert stack.clock.alarms == []
    waiting = asyncio.ensure_future(stack.data(WAIT, {"id": order["id"]}, token=phone))
    async with asyncio.timeout(LONG_TIMEOUT_SECONDS):
        # The watch over the order has begun when its end is set.
        while not stack.clock.alarms:
            await run_ready()
    stack.calls()
    await stack.pay(order["upstreamId"])
    assert (await waiting)["waitForOrder"]["status"] in {"PAID", "DONE"}
    log = await told(stack, 2)
    assert [webhook["notification_type"] for webhook in log] == ["order_paid", "order_paid"]
    assert [webhook["attempts"][0]["status"] for webhook in log] == [204, 204]

    for token in (phone, tablet):
        assert await states(stack, token) == ["CLAIMED", "CLAIMED", "AVAILABLE"]
    assert stack.calls()["GET /user/offer_chain"] == 2
    assert await states(stack, stack.token(BEN)) == other
    assert stack.calls() == {}


async def test_a_refund_is_seen_although_the_order_was_final(stack: Stack) -> None:
    token = stack.token(ANN)
    order = await placed(stack, token)
    await stack.pay(order["upstreamId"])
    await told(stack, 2)
    for _ in range(2):
        assert (await stack.data(ORDER, {"id": order["id"]}, token=token))["order"]["status"] == "DONE"
    refund = await stack.http.post(f"{stack.sandbox_url}/_sandbox/orders/{order['upstreamId']}/refund")
    assert refund.status_code == 200
    assert (await told(stack, 3))[0]["notification_type"] == "order_canceled"
    assert (await stack.data(ORDER, {"id": order["id"]}, token=token))["order"]["status"] == "CANCELED"


async def test_a_token_that_was_not_accepted_is_not_forgotten_for(stack: Stack) -> None:
    known = stack.token(ANN)
    unknown = stack.token(ANN, lifetime_seconds=3_600)
    # Lists do not show that a token was accepted, so what this one keeps stays until it is stale.
    assert await states(stack, unknown) == ["AVAILABLE", "LOCKED", "LOCKED"]
    await placed(stack, known)
    await told(stack, 1)
    assert await states(stack, known) == ["CLAIMED", "AVAILABLE", "LOCKED"]
    assert await states(stack, unknown) == ["AVAILABLE", "LOCKED", "LOCKED"]


async def test_an_order_whose_answer_was_lost_is_named_once_it_was_paid(stack: Stack) -> None:
    made: list[int] = []

    async def lose_the_answer(request: httpx.Request) -> httpx.Response:
        made.append((await stack.seam.inner.handle_async_request(request)).json()["order_id"])
        raise httpx.ReadError("reset")

    await shop.open_shop(stack)
    stack.seam.on(shop.ORDER_CALL, lose_the_answer)
    assert shop.top_code(await shop.order(stack, "a key")) == "OUTCOME_UNKNOWN"
    (order_id,) = made
    await stack.pay(order_id)
    await told(stack, 2)
    body = await shop.order(stack, "a key")
    assert shop.codes(body) == ["ALREADY_CLAIMED"]
    assert body["data"]["answer"]["settledOrder"] == {"upstreamId": order_id, "status": "DONE"}
    assert made == [order_id]


async def test_the_studios_backend_gets_what_the_gateway_gets_and_is_retried_for() -> None:
    async with studio() as backend, running_stack({**SET_UP, "GATEWAY_WEBHOOK_RELAY_URL": backend.url}) as stack:
        await stack.send_webhooks()
        token = stack.token(ANN)
        backend.says(500)
        first, *_ = await steps(stack, token)
        await stack.data(CLAIM, {"id": first["id"]}, token=token)
        (webhook,) = await told(stack, 0, attempts=1)
        assert (webhook["attempts"][0]["status"], webhook["outcome"]) == (503, None)
        backend.says(204)
        moved = await stack.http.post(f"{stack.sandbox_url}/_sandbox/clock", json={"advance_seconds": 300})
        assert moved.status_code == 200
        (webhook,) = await told(stack, 1)
        assert [attempt["status"] for attempt in webhook["attempts"]] == [503, 204]
        (body, headers), again = backend.deliveries
        assert again[0] == body
        assert headers["authorization"] == signed(body, WEBHOOK_SECRET)
