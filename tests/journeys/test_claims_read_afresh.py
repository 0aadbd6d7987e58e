"""What a write decides by is read afresh: what the game was shown before may be older than what the player has done."""

import httpx
import pytest

from gateway import sandbox
from gateway.schema import ids
from tests.support.changed_lists import rewriting, silent
from tests.support.stack import ANN, BEN, Stack, raises

EMBER_TRAIL = ids.encode(ids.IdKind.REWARD_CHAIN, 5)
SCREEN = "{ viewer { badge { claimableRewardSteps } rewardChains { id claimableCount balance { amount } } } }"
CLAIM_ALL = f"""mutation($key: String) {{
  claimAvailableRewards(input: {{ rewardChainId: "{EMBER_TRAIL}", idempotencyKey: $key }}) {{
    results {{ isClaimed userError {{ code }} }}
    rewardChain {{ claimableCount claimedCount }}
    userErrors {{ code }}
  }}
}}"""
CLAIMED = {"isClaimed": True, "userError": None}
CLAIM_STEP = f"""mutation {{
  claimRewardChainStep(input: {{ stepId: "{ids.encode(ids.IdKind.REWARD_STEP, 6, 19)}" }}) {{ userErrors {{ code }} }}
}}"""
CLAIM_CALL = "/user/reward_chain/6/step/19/claim"
KEYS = pytest.mark.parametrize("key", ["tap", None], ids=["with a key", "without a key"])


async def buy_in_the_store(stack: Stack, times: int) -> None:
    """Let the player pay orders of the publisher's store, of which no webhook tells: 250 points each."""
    for _ in range(times):
        order = await stack.http.post(
            f"{stack.sandbox_url}/_sandbox/projects/{sandbox.DEMO_PROJECT_ID}/orders",
            json={"player_id": ANN.id, "sku": "moonstones_500"},
        )
        assert order.status_code in {200, 201}, order.text
        await stack.pay(order.json()["order_id"])


@KEYS
@pytest.mark.parametrize("is_silent", [False, True], ids=["the list tells the points", "balances tell the points"])
async def test_steps_reached_since_the_screen_was_read_are_claimed(
    stack: Stack, key: str | None, is_silent: bool
) -> None:
    token = stack.token(ANN)
    if is_silent:
        rewriting(stack, silent)
    await stack.data(SCREEN, token=token)
    await buy_in_the_store(stack, 3)
    payload = (await stack.data(CLAIM_ALL, {"key": key}, token=token))["claimAvailableRewards"]
    assert payload["results"] == [CLAIMED] * 3
    assert payload["rewardChain"] == {"claimableCount": 0, "claimedCount": 3}


@KEYS
async def test_a_claim_that_found_nothing_ready_may_be_repeated_with_the_same_key(
    stack: Stack, key: str | None
) -> None:
    token = stack.token(ANN)
    payload = (await stack.data(CLAIM_ALL, {"key": key}, token=token))["claimAvailableRewards"]
    assert (payload["results"], payload["rewardChain"]["claimableCount"]) == ([], 0)
    await buy_in_the_store(stack, 3)
    payload = (await stack.data(CLAIM_ALL, {"key": key}, token=token))["claimAvailableRewards"]
    assert payload["results"] == [CLAIMED] * 3


async def test_what_was_claimed_is_answered_again_for_the_same_key(stack: Stack) -> None:
    token = stack.token(ANN)
    await buy_in_the_store(stack, 1)
    results = []
    for _ in range(2):
        payload = (await stack.data(CLAIM_ALL, {"key": "tap"}, token=token))["claimAvailableRewards"]
        results.append(payload["results"])
        await buy_in_the_store(stack, 1)
    assert results == [[CLAIMED], [CLAIMED]]


async def test_a_lost_claim_that_was_carried_out_after_the_screen_was_read_is_found(stack: Stack) -> None:
    token = stack.token(BEN)
    stack.seam.on(f"POST {CLAIM_CALL}", raises(httpx.ReadTimeout("x")))
    body = await stack.ask(CLAIM_STEP, token=token)
    assert body["errors"][0]["extensions"]["code"] == "OUTCOME_UNKNOWN"
    await stack.data(SCREEN, token=token)
    url = f"{stack.sandbox_url}/api/v2/project/{sandbox.DEMO_PROJECT_ID}{CLAIM_CALL}"
    assert (await stack.http.post(url, headers={"authorization": f"Bearer {token}"})).status_code == 204
    stack.calls()
    payload = (await stack.data(CLAIM_STEP, token=token))["claimRewardChainStep"]
    assert payload["userErrors"] == []
    assert stack.calls() == {"GET /user/reward_chain": 1}, "nothing is sent twice"
