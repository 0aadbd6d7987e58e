"""The vendor's published samples of players' calls: the sandbox answers in the same shape."""

from collections.abc import Mapping
from types import MappingProxyType

import httpx
import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from tests.sandbox.chains import free, paid, publish_offer
from tests.sandbox.world import Game, World
from tests.support.published_samples import PublishedSample, differences, published, published_samples

OFFER_STEP, REWARD_STEP = "/user/offer_chain/{offer}/step/number", "/user/reward_chain/{reward}/step"
CALLS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # The published call asks for 50.
        "get-offer-chains-list 200": ("GET", "/user/offer_chain?limit=50&offset=0"),
        "get-user-offer-chain-by-id 200": ("GET", "/user/offer_chain/{offer}"),
        "get-user-offer-chain-by-id 404": ("GET", "/user/offer_chain/999"),
        "claim-user-offer-chain-step-reward 200": ("POST", OFFER_STEP + "/1/claim"),
        "claim-user-offer-chain-step-reward 401": ("POST", OFFER_STEP + "/1/claim"),
        "claim-user-offer-chain-step-reward 404": ("POST", OFFER_STEP + "/9/claim"),
        "claim-user-offer-chain-step-reward 422": ("POST", OFFER_STEP + "/2/claim"),
        "order-user-offer-chain-step-reward 200": ("POST", "/user/offer_chain/{paid}/step/number/1/order"),
        "order-user-offer-chain-step-reward 401": ("POST", OFFER_STEP + "/1/order"),
        "order-user-offer-chain-step-reward 404": ("POST", OFFER_STEP + "/9/order"),
        "order-user-offer-chain-step-reward 422": ("POST", OFFER_STEP + "/2/order"),
        "get-reward-chains-list 200": ("GET", "/user/reward_chain?limit=50&offset=0"),
        "get-user-reward-chain-balance 200 common": ("GET", "/user/reward_chain/{reward}/balance"),
        "get-user-reward-chain-balance 200 clan": ("GET", "/user/reward_chain/{clan}/balance"),
        "get-user-reward-chain-balance 401": ("GET", "/user/reward_chain/{reward}/balance"),
        "claim-user-reward-chain-step-reward 401": ("POST", REWARD_STEP + "/1/claim"),
        "claim-user-reward-chain-step-reward 404": ("POST", REWARD_STEP + "/999/claim"),
        "claim-user-reward-chain-step-reward 422 Reward chain step reward already claimed": (
            "POST",
            REWARD_STEP + "/{taken}/claim",
        ),
        "claim-user-reward-chain-step-reward 422 Not enough VP to claim reward chain step reward": (
            "POST",
            REWARD_STEP + "/{last}/claim",
        ),
        "get-user-clan-top-contributors 200 clan": ("GET", "/user/clan/contributors/{clan}/top"),
        "get-user-clan-top-contributors 200 without-clan": ("GET", "/user/clan/contributors/{clan}/top"),
        "user-clan-update 200": ("PUT", "/user/clan/update"),
        "user-clan-update 401": ("PUT", "/user/clan/update"),
        "get-daily-chains-list 200": ("GET", "/user/daily_chain?limit=50&offset=0"),
        "get-daily-chains-list 401": ("GET", "/user/daily_chain"),
        "get-user-daily-chain-by-id 200": ("GET", "/user/daily_chain/{daily}"),
        "claim-user-daily-chain-step-reward 401": ("POST", "/user/daily_chain/{daily}/step/number/1/claim"),
        "create-order-with-item 200": ("POST", "/payment/item/wanderer_bundle"),
        "create-order-with-item 404 item not found": ("POST", "/payment/item/nothing"),
        "create-order-with-item 422 invalid item": ("POST", "/payment/item/ember_key"),
        "get-order 200": ("GET", "/order/{order}"),
        "get-order 404": ("GET", "/order/999999"),
    }
)
SAMPLES = [one for one in published_samples() if str(one) in CALLS]


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
async def test_the_sandbox_answers_in_the_shape_of_a_sample(world: World, sample: PublishedSample) -> None:
    response = await answer(world, sample)
    assert response.status_code == sample.status, response.text
    found = differences(sample.body, response.json())
    if response.is_error:
        found |= {f"{key}: {sample.body[key]}" for key in NUMBERS if sample.body[key] != response.json()[key]}
    assert found == set(sample.staying)


NUMBERS = ("statusCode", "errorCode")


async def answer(world: World, sample: PublishedSample) -> httpx.Response:
    """Send the call that a sample answers, as a player to whom it is answered."""
    with world.write() as tx:
        offer, bundle = (
            publish_offer(tx, free("wanderer_bundle"), free("gold")),
            publish_offer(tx, paid("wanderer_bundle")),
        )
    # A list is shown to anonymous callers, too, and refused with a token that nobody has issued.
    game = Game(world.client, "a.forged.token") if sample.status == 401 else world.game(VETERAN_PLAYER)
    if sample.part.endswith("without-clan"):
        game = world.game(FRESH_PLAYER)
    if sample.operation == "user-clan-update":
        game = world.game(VETERAN_PLAYER, {"clan": "others"}) if sample.status == 200 else game
    veteran = world.game(VETERAN_PLAYER)
    chains = (await veteran.get("/user/reward_chain")).json()["items"]
    own, clan = (next(one for one in chains if (one["clan_type"] is None) is wanted) for wanted in (True, False))
    order = (await veteran.order_offer(bundle, 1)).json()["order_id"]
    days = (await veteran.get("/user/daily_chain")).json()["items"]
    method, path = CALLS[str(sample)]
    names = {
        "offer": offer,
        "paid": bundle,
        "reward": own["reward_chain_id"],
        "clan": clan["reward_chain_id"],
        "taken": next(step["step_id"] for step in own["steps"] if step["is_claimed"]),
        "last": own["steps"][-1]["step_id"],
        "order": order,
        "daily": days[0]["id"],
    }
    if sample.operation == "create-order-with-item":
        return await game.post(path, published(sample.operation, "request") | {"quantity": 1})
    send = {"GET": game.get, "POST": game.post, "PUT": game.put}[method]
    return await send(path.format(**names))
