"""The demo from a new player's first call to their first reward."""

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.world import World, refusal


async def test_a_new_player_claims_buys_and_is_rewarded(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    path = (await game.offer_chains())["Wanderer's Path"]
    trail = (await game.reward_chains())["Ember Trail"]
    assert (path["next_step_number"], trail["value_point"]["amount"]) == (1, 0)

    claimed = await game.claim_offer(path["id"], 1)
    assert claimed.status_code == 200
    assert await game.order_status(claimed.json()["order_id"]) == "done"
    assert refusal(await game.claim_offer(path["id"], 3)) == (422, 1102)
    assert refusal(await game.claim_reward(trail["reward_chain_id"], trail["steps"][0]["step_id"])) == (422, 9913)

    ordered = (await game.order_offer(path["id"], 2)).json()
    assert await game.order_status(ordered["order_id"]) == "new"
    assert (await game.offer_chains())["Wanderer's Path"]["next_step_number"] == 2
    paid_page = await world.decide_payment(ordered["token"], "pay")
    assert "Payment received" in paid_page.text
    assert await game.order_status(ordered["order_id"]) == "done"

    path = (await game.offer_chains())["Wanderer's Path"]
    assert [step["is_claimed"] for step in path["steps"]] == [True, True, False, False, False]
    assert path["next_step_number"] == 3
    balance = (await game.get(f"/user/reward_chain/{trail['reward_chain_id']}/balance")).json()
    assert (balance["sku"], balance["amount"]) == ("vp_embers", 100)

    first_reward = trail["steps"][0]["step_id"]
    assert (await game.claim_reward(trail["reward_chain_id"], first_reward)).status_code == 204
    assert refusal(await game.claim_reward(trail["reward_chain_id"], first_reward)) == (422, 9912)
    trail = (await game.reward_chains())["Ember Trail"]
    assert [step["is_claimed"] for step in trail["steps"]] == [True, False, False, False]
    assert trail["value_point"]["amount"] == 100
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {
        "gold": 450,
        "healing_draught": 8,
        "storm_cloak": 1,
        "wanderer_bundle": 1,
    }
