"""Answers that are lost: what was done is found out by reading, and nothing is sent again."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.player.recent_writes import JOINED_SECONDS
from gateway.schema import ids
from tests.support.purchase_mutations import (
    CHAIN_CALL,
    CLAIM_CALL,
    ORDER_CALL,
    PAID,
    claim,
    codes,
    open_shop,
    order,
    top_code,
)
from tests.support.stack import ANN, BEN, WEBHOOK_SECRET, Stack, answers, raises, running_stack
from tests.support.webhook_payloads import encoded, signed

KEY = "b8b8f7a1-2d4e-4a33-8f0c-5e8a8f7f9c10"


def lost(stack: Stack, *, is_done: bool) -> Any:
    """A fault that loses the answer: of a call that was carried out, or of one that never arrived."""

    async def fault(request: httpx.Request) -> httpx.Response:
        if is_done:
            await stack.seam.inner.handle_async_request(request)
        raise httpx.ReadError("reset")

    return fault


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    """Gateway and sandbox; the gateway takes webhooks."""
    async with running_stack({"GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET}) as running:
        yield running


# Claims


@pytest.mark.parametrize("key", [KEY, None])
async def test_a_claim_whose_answer_was_lost_stands_if_the_chain_shows_it(stack: Stack, key: str | None) -> None:
    token = stack.token(ANN)
    await stack.data('{ order(id: "b3JkZXI6MQ") { id } }', token=token)
    stack.calls()
    stack.seam.on("POST .*", lost(stack, is_done=True))
    body = await claim(stack, key, token=token)
    assert body["data"]["answer"] == {"orderId": None, "userErrors": []}
    assert stack.calls() == {CLAIM_CALL: 1, CHAIN_CALL: 1}


@pytest.mark.parametrize("key", [KEY, None])
async def test_a_claim_that_the_chain_does_not_show_is_unknown_and_not_sent_again(
    stack: Stack, key: str | None
) -> None:
    token = stack.token(ANN)
    stack.seam.on("POST .*", lost(stack, is_done=False))
    assert top_code(await claim(stack, key, token=token)) == "OUTCOME_UNKNOWN"
    assert top_code(await claim(stack, key, token=token)) == "OUTCOME_UNKNOWN"
    assert stack.calls()[CLAIM_CALL] == 1


async def test_a_lost_claim_that_is_carried_out_later_is_found_out_under_its_key(stack: Stack) -> None:
    stack.seam.on("POST .*", lost(stack, is_done=False))
    assert top_code(await claim(stack, KEY)) == "OUTCOME_UNKNOWN"
    await open_shop(stack)
    body = await claim(stack, KEY)
    assert codes(body) == []
    stack.calls()
    assert await claim(stack, KEY) == body
    assert stack.calls() == {}, "found out once, it is remembered"


async def test_a_lost_claim_is_unknown_where_the_chain_cannot_be_read(stack: Stack) -> None:
    stack.seam.on("POST .*", lost(stack, is_done=True))
    stack.seam.on(CHAIN_CALL, answers(503))
    assert top_code(await claim(stack, KEY)) == "OUTCOME_UNKNOWN"
    stack.seam.faults.clear()
    assert codes(await claim(stack, KEY)) == []
    assert stack.calls()[CLAIM_CALL] == 1


async def test_a_lost_claim_of_a_chain_that_is_gone_is_unknown(stack: Stack) -> None:
    stack.seam.on("POST .*", raises(httpx.ReadTimeout("x")))
    assert top_code(await claim(stack, KEY, step=ids.encode(ids.IdKind.OFFER_STEP, 999, 1))) == "OUTCOME_UNKNOWN"


REWARD_STEP = ids.encode(ids.IdKind.REWARD_STEP, 6, 19)
CLAIM_REWARD = f"""mutation {{ answer: claimRewardChainStep(input: {{stepId: "{REWARD_STEP}", idempotencyKey: "{KEY}"}})
    {{ userErrors {{ code }} }} }}"""


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_lost_reward_claim_is_recovered_from_the_list_of_chains(stack: Stack, is_done: bool) -> None:
    token = stack.token(BEN)
    stack.seam.on("POST .*", lost(stack, is_done=is_done))
    for _ in range(2):
        body = await stack.ask(CLAIM_REWARD, token=token)
        assert (codes(body) == []) if is_done else (top_code(body) == "OUTCOME_UNKNOWN")
    stack.seam.faults.clear()
    assert sum(count for call, count in stack.calls().items() if call.startswith("POST")) == 1


async def test_a_lost_reward_claim_is_found_out_later_under_its_key(stack: Stack) -> None:
    token = stack.token(BEN)
    stack.seam.on("POST .*", lost(stack, is_done=False))
    assert top_code(await stack.ask(CLAIM_REWARD, token=token)) == "OUTCOME_UNKNOWN"
    stack.seam.faults.clear()
    other = CLAIM_REWARD.replace(KEY, "another")
    assert codes(await stack.ask(other, token=token)) == []
    assert codes(await stack.ask(CLAIM_REWARD, token=token)) == []
    assert stack.calls()["POST /user/reward_chain/6/step/19/claim"] == 2, "one for each key"


async def test_a_lost_change_of_clan_stays_unknown_under_its_key(stack: Stack) -> None:
    query = f'mutation {{ answer: updateClan(input: {{idempotencyKey: "{KEY}"}}) {{ userErrors {{ code }} }} }}'
    stack.seam.on("PUT .*", lost(stack, is_done=True))
    for _ in range(2):
        assert top_code(await stack.ask(query, token=stack.token(BEN))) == "OUTCOME_UNKNOWN"
    assert stack.calls()["PUT /user/clan/update"] == 1


# Orders


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("key", [KEY, None])
async def test_a_lost_order_is_unknown_and_not_sent_again(stack: Stack, key: str | None, is_done: bool) -> None:
    await open_shop(stack)
    token = stack.token(ANN)
    stack.seam.on("POST .*", lost(stack, is_done=is_done))
    for _ in range(3):
        body = await order(stack, key, token=token)
        assert top_code(body) == "OUTCOME_UNKNOWN"
        assert "same idempotency key" in body["errors"][0]["message"].replace("\n", " ")
    assert stack.calls()[ORDER_CALL] == 1


async def test_a_lost_order_is_unknown_where_the_chain_cannot_be_read(stack: Stack) -> None:
    await open_shop(stack)
    stack.seam.on("POST .*", lost(stack, is_done=True))
    stack.seam.on(CHAIN_CALL, answers(503))
    assert top_code(await order(stack, KEY)) == "OUTCOME_UNKNOWN"
    assert stack.calls()[ORDER_CALL] == 1


async def test_a_lost_order_stays_unknown_under_its_key_while_another_key_orders_anew(stack: Stack) -> None:
    await open_shop(stack)
    stack.seam.on("POST .*", lost(stack, is_done=True))
    assert top_code(await order(stack, KEY)) == "OUTCOME_UNKNOWN"
    stack.seam.faults.clear()
    placed = (await order(stack, "another"))["data"]["answer"]["order"]
    assert top_code(await order(stack, KEY)) == "OUTCOME_UNKNOWN"
    await stack.pay(placed["upstreamId"])
    body = await order(stack, KEY)
    assert codes(body) == ["ALREADY_CLAIMED"]
    assert body["data"]["answer"]["settledOrder"] is None
    assert stack.calls()[ORDER_CALL] == 2


async def test_without_a_key_an_unknown_order_is_told_for_some_seconds_and_then_ordered_anew(stack: Stack) -> None:
    await open_shop(stack)
    token = stack.token(ANN)
    stack.seam.on("POST .*", lost(stack, is_done=True))
    assert top_code(await order(stack, token=token)) == "OUTCOME_UNKNOWN"
    stack.seam.faults.clear()
    stack.clock.advance(JOINED_SECONDS - 0.1)
    assert top_code(await order(stack, token=token)) == "OUTCOME_UNKNOWN"
    stack.clock.advance(0.1)
    assert codes(await order(stack, token=token)) == []


async def order_paid(stack: Stack, order_id: int, *skus: str) -> None:
    """Let the vendor tell of a paid order of the first player."""
    body = encoded(
        {
            "notification_type": "order_paid",
            "items": [{"sku": sku, "type": "bundle", "quantity": 1, "amount": "1"} for sku in skus],
            "order": {"id": order_id, "status": "paid", "mode": "default", "currency_type": "real"},
            "user": {"external_id": ANN.id},
        }
    )
    headers = {"authorization": signed(body, WEBHOOK_SECRET), "content-type": "application/json"}
    answer = await stack.http.post(f"{stack.gateway_url}/webhooks/xsolla", content=body, headers=headers)
    assert answer.status_code == 204, answer.text


async def lost_order(stack: Stack) -> int:
    """Order under the key and lose the answer; gives the order's number, which nobody knows."""
    numbers: list[int] = []

    async def fault(request: httpx.Request) -> httpx.Response:
        answer = await stack.seam.inner.handle_async_request(request)
        numbers.append(answer.json()["order_id"])
        raise httpx.ReadTimeout("late")

    await open_shop(stack)
    stack.seam.on("POST .*", fault)
    assert top_code(await order(stack, KEY)) == "OUTCOME_UNKNOWN"
    return numbers[0]


async def paid_skus(stack: Stack) -> list[str]:
    query = "{ viewer { offerChains { steps { id items { sku } } } } }"
    chains = (await stack.data(query, token=stack.token(ANN)))["viewer"]["offerChains"]
    (step,) = [step for chain in chains for step in chain["steps"] if step["id"] == PAID]
    return [item["sku"] for item in step["items"]]


async def test_a_webhook_brings_a_lost_order(stack: Stack) -> None:
    number = await lost_order(stack)
    skus = await paid_skus(stack)
    await order_paid(stack, number, "something else")
    assert top_code(await order(stack, KEY)) == "OUTCOME_UNKNOWN"
    await order_paid(stack, number + 1, *skus, "content-of-it")
    body = await order(stack, KEY)
    assert codes(body) == ["ALREADY_CLAIMED"]
    assert body["data"]["answer"]["settledOrder"] is None, "the vendor knows no order of this number"


async def test_a_lost_order_that_is_found_out_is_told_with_its_state(stack: Stack) -> None:
    number = await lost_order(stack)
    await order_paid(stack, number, *await paid_skus(stack))
    for status in ("NEW", "DONE"):
        body = await order(stack, KEY)
        assert codes(body) == ["ALREADY_CLAIMED"]
        assert body["data"]["answer"]["settledOrder"] == {"upstreamId": number, "status": status}
        await stack.pay(number)
    assert stack.calls()[ORDER_CALL] == 1


async def test_an_order_that_a_webhook_brings_after_the_chain_told_is_told_as_well(stack: Stack) -> None:
    number = await lost_order(stack)
    await stack.pay(number)
    body = await order(stack, KEY)
    assert (codes(body), body["data"]["answer"]["settledOrder"]) == (["ALREADY_CLAIMED"], None)
    await order_paid(stack, number, *await paid_skus(stack))
    body = await order(stack, KEY)
    assert body["data"]["answer"]["settledOrder"] == {"upstreamId": number, "status": "DONE"}


async def test_a_lost_order_of_a_token_that_names_nobody_is_found_out_by_the_chain_alone(stack: Stack) -> None:
    step = {"step_number": 2, "is_free": False, "is_claimed": False, "items": [{"sku": "a"}]}
    chain = {"id": 1, "name": "C", "date_start": "2020-01-01T00:00:00Z", "steps": [step], "next_step_number": 2}
    stack.seam.on("POST .*", raises(httpx.ReadTimeout("x")))
    stack.seam.on(CHAIN_CALL, answers(200, chain))
    assert top_code(await order(stack, KEY, token="opaque")) == "OUTCOME_UNKNOWN"
    await order_paid(stack, 7, "a")
    assert top_code(await order(stack, KEY, token="opaque")) == "OUTCOME_UNKNOWN"
    stack.seam.faults.clear()
    stack.seam.on(CHAIN_CALL, answers(200, {**chain, "steps": [{**step, "is_claimed": True}]}))
    assert codes(await order(stack, KEY, token="opaque")) == ["ALREADY_CLAIMED"]


async def test_an_unexpected_failure_under_a_key_counts_as_unknown(stack: Stack) -> None:
    await open_shop(stack)
    stack.seam.on("POST .*", raises(RuntimeError("x")))
    assert top_code(await order(stack, KEY)) == "INTERNAL"
    stack.seam.faults.clear()
    assert top_code(await order(stack, KEY)) == "OUTCOME_UNKNOWN"
    assert stack.calls()[ORDER_CALL] == 1


# A gateway that dies between the record and the answer


CLAN = ids.encode(ids.IdKind.REWARD_CHAIN, 6)
CLAIM_ALL = f"""mutation {{ answer: claimAvailableRewards(input: {{rewardChainId: "{CLAN}", idempotencyKey: "{KEY}"}})
    {{ results {{ stepId isClaimed userError {{ code }} }} userErrors {{ code }} }} }}"""


@pytest.mark.parametrize("is_done", [True, False])
async def test_after_a_crash_steps_that_were_about_to_be_claimed_are_told_by_the_chain(
    stack: Stack, is_done: bool
) -> None:
    stack.seam.on("POST .*", lost_with_the_gateway(stack, is_done=is_done))
    assert top_code(await stack.ask(CLAIM_ALL, token=stack.token(BEN))) == "INTERNAL"
    stack.seam.faults.clear()
    stack.calls()
    body = await stack.ask(CLAIM_ALL, token=stack.token(BEN))
    error = None if is_done else {"code": "OUTCOME_UNKNOWN"}
    assert body["data"]["answer"]["results"] == [{"stepId": REWARD_STEP, "isClaimed": is_done, "userError": error}]
    assert [call for call in stack.calls() if call.startswith("POST")] == []


def lost_with_the_gateway(stack: Stack, *, is_done: bool) -> Any:
    """A fault that leaves the record as a crash does: nothing is noted of how the call ended."""

    async def fault(request: httpx.Request) -> httpx.Response:
        if is_done:
            await stack.seam.inner.handle_async_request(request)
        raise RuntimeError

    return fault


async def test_what_only_reads_is_done_again_after_a_crash(stack: Stack) -> None:
    await open_shop(stack)
    stack.seam.on(CHAIN_CALL, raises(RuntimeError("x")))
    assert top_code(await order(stack, KEY, mode="DIRECT")) == "INTERNAL"
    stack.seam.faults.clear()
    assert (await order(stack, KEY, mode="DIRECT"))["data"]["answer"]["request"]["method"] == "POST"
    placed = (await order(stack))["data"]["answer"]["order"]
    track = f"""mutation {{ answer: trackOrder(input: {{upstreamId: {placed["upstreamId"]}, idempotencyKey: "t"}})
        {{ order {{ upstreamId }} }} }}"""
    stack.seam.on(f"GET /order/{placed['upstreamId']}", raises(RuntimeError("x")))
    assert top_code(await stack.ask(track, token=stack.token(ANN))) == "INTERNAL"
    stack.seam.faults.clear()
    body = await stack.ask(track, token=stack.token(ANN))
    assert body["data"]["answer"]["order"]["upstreamId"] == placed["upstreamId"]
