"""A player's way through the product, over real sockets, with the upstream calls of every step counted."""

from typing import Any

from gateway.player.recent_writes import JOINED_SECONDS
from tests.support import operations
from tests.support.chain_lists import ALL_LISTS
from tests.support.stack import ANN, Stack


def named(chains: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(chain for chain in chains if chain["name"] == name)


async def test_from_sign_in_to_the_claimed_reward(stack: Stack) -> None:
    token = stack.token(ANN)

    # Sign in and see the chains: one screen is three calls.
    viewer = (await stack.data(operations.HOME, token=token))["viewer"]
    assert viewer["isSignedIn"] is True
    assert stack.calls() == ALL_LISTS
    offers = named(viewer["offerChains"], "Wanderer's Path")
    rewards = named(viewer["rewardChains"], "Ember Trail")
    assert [step["state"] for step in offers["steps"]] == ["AVAILABLE", "LOCKED", "LOCKED", "LOCKED", "LOCKED"]
    assert [step["isFree"] for step in offers["steps"]] == [True, False, True, False, True]
    assert rewards["nextAction"] == "EARN_POINTS"
    assert rewards["balance"]["amount"] == 0
    first, second, third, *_ = (step["id"] for step in offers["steps"])
    spark = rewards["steps"][0]
    assert (spark["state"], spark["pointsMissing"]) == ("LOCKED", 100)

    # The same screen again is served from what is kept.
    await stack.data(operations.HOME, token=token)
    assert stack.calls() == {}

    # Claim the free step: the claim, and the chain as it stands afterwards.
    payload = (await stack.data(operations.CLAIM_OFFER, {"stepId": first}, token=token))["claimOfferChainStep"]
    assert payload["userErrors"] == []
    assert payload["orderId"]
    assert [step["state"] for step in payload["offerChain"]["steps"]][:2] == ["CLAIMED", "AVAILABLE"]
    assert payload["offerChain"]["nextAction"] == "BUY"
    chain_path = "/user/offer_chain/1"
    assert stack.calls() == {f"POST {chain_path}/step/number/1/claim": 1, f"GET {chain_path}": 1}

    # A locked step is refused, and the player learns why.
    payload = (await stack.data(operations.CLAIM_OFFER, {"stepId": third}, token=token))["claimOfferChainStep"]
    assert [error["code"] for error in payload["userErrors"]] == ["STEP_LOCKED"]
    assert payload["orderId"] is None
    assert stack.calls() == {f"POST {chain_path}/step/number/3/claim": 1, f"GET {chain_path}": 1}

    # A paid step is not claimed.
    payload = (await stack.data(operations.CLAIM_OFFER, {"stepId": second}, token=token))["claimOfferChainStep"]
    assert [error["code"] for error in payload["userErrors"]] == ["STEP_IS_PAID"]
    stack.calls()

    # Order it: the order waits for payment and the chain has not moved.
    payload = (await stack.data(operations.ORDER_OFFER, {"stepId": second}, token=token))["orderOfferChainStep"]
    assert payload["userErrors"] == []
    placed = payload["order"]
    assert placed["paymentMode"] == "SANDBOX"
    assert payload["offerChain"]["nextAction"] == "BUY"
    assert stack.calls() == {f"POST {chain_path}/step/number/2/order": 1, f"GET {chain_path}": 1}
    order = (await stack.data(operations.ORDER, {"id": placed["id"]}, token=token))["order"]
    assert (order["status"], order["isTerminal"]) == ("NEW", False)

    # Pay where the payment URL leads.
    page = await stack.http.get(placed["paymentUrl"])
    assert page.status_code == 200
    upstream_id = await stack.data(
        "query($id: ID!) { order(id: $id) { upstreamId } }", {"id": placed["id"]}, token=token
    )
    await stack.pay(upstream_id["order"]["upstreamId"])
    stack.calls()

    # Asking for the order shows it done, and lets go of the chains it has changed.
    order = (await stack.data(operations.ORDER, {"id": placed["id"]}, token=token))["order"]
    assert (order["status"], order["isTerminal"]) == ("DONE", True)
    assert len(stack.calls()) == 1
    viewer = (await stack.data(operations.HOME, token=token))["viewer"]
    assert stack.calls() == ALL_LISTS
    offers = named(viewer["offerChains"], "Wanderer's Path")
    rewards = named(viewer["rewardChains"], "Ember Trail")
    assert [step["state"] for step in offers["steps"]][:3] == ["CLAIMED", "CLAIMED", "AVAILABLE"]

    # The points have come, and the first reward step is open.
    assert rewards["balance"]["amount"] >= 100
    assert (rewards["nextAction"], rewards["claimableCount"]) == ("CLAIM", 1)
    assert rewards["steps"][0]["state"] == "AVAILABLE"

    # Claim it: 204 from the upstream, the fresh chain from the gateway.
    payload = (await stack.data(operations.CLAIM_REWARD, {"stepId": spark["id"]}, token=token))["claimRewardChainStep"]
    assert payload["userErrors"] == []
    assert payload["rewardChain"]["steps"][0]["state"] == "CLAIMED"
    assert payload["rewardChain"]["claimableCount"] == 0
    claim, read = sorted(stack.calls().items(), reverse=True)
    assert claim[0].startswith("POST /user/reward_chain/")
    assert (claim[1], read) == (1, ("GET /user/reward_chain", 1))

    # Claiming it again is refused, once it is no double tap any more.
    stack.clock.advance(JOINED_SECONDS)
    payload = (await stack.data(operations.CLAIM_REWARD, {"stepId": spark["id"]}, token=token))["claimRewardChainStep"]
    assert [error["code"] for error in payload["userErrors"]] == ["ALREADY_CLAIMED"]
