"""Clan membership."""

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.storage.chain_writes import NewReward
from tests.sandbox.play import ORIGIN, World, refusal
from tests.sandbox.publish import publish_clan_rewards, reached


async def test_a_visitor_has_no_membership(world: World) -> None:
    assert refusal(await world.visitor().put("/user/clan/update")) == (401, 1501)


async def test_a_player_joins_the_clan_of_his_first_token(world: World) -> None:
    game = world.game(FRESH_PLAYER, {"clan": "lantern-keepers"})
    assert (await game.get("/user/reward_chain/6/balance")).json()["amount"] == 55


async def test_a_token_of_another_clan_moves_nobody_until_the_update(world: World) -> None:
    game = world.game(VETERAN_PLAYER, {"clan": "night-owls"})
    assert (await game.get("/user/reward_chain/6/balance")).json()["amount"] == 55
    await game.put("/user/clan/update")
    assert (await game.get("/user/reward_chain/6/balance")).json()["amount"] == 0


async def test_an_update_without_a_change_gives_nothing(world: World) -> None:
    game = world.game(VETERAN_PLAYER)
    assert (await game.put("/user/clan/update")).json() == {"reward": []}
    assert (await game.reward_chains())["Raise the Banner"]["steps"][0]["is_claimed"] is False


async def test_a_player_who_leaves_gets_what_his_clan_had_reached(world: World) -> None:
    with world.write() as tx:
        publish_clan_rewards(tx, reached(50, NewReward("wanderer_bundle", 2)), reached(56))
    game = world.game(VETERAN_PLAYER, {"level": "23"})
    assert (await game.put("/user/clan/update")).json() == {
        "reward": [
            {
                "sku": "wanderer_bundle",
                "name": "Wanderer's Bundle",
                "type": "bundle",
                "description": "All that a long road asks for.",
                "image_url": f"{ORIGIN}/images/wanderer_bundle.svg",
                "quantity": 2,
                "bundle_type": "standard",
            },
            {
                "sku": "guild_horn",
                "name": "Guild Horn",
                "type": "virtual_good",
                "description": "Calls your guild to you.",
                "image_url": f"{ORIGIN}/images/guild_horn.svg",
                "quantity": 1,
            },
        ]
    }
    owned = world.sandbox.inventory(VETERAN_PLAYER.id)
    assert (owned["guild_horn"], owned["wanderer_bundle"], owned["storm_cloak"]) == (1, 3, 3)
    assert (await game.put("/user/clan/update")).json() == {"reward": []}
    assert (await game.reward_chains())["Raise the Banner"]["value_point"]["amount"] == 0


async def test_a_player_who_leaves_keeps_what_he_had_claimed_and_no_more(world: World) -> None:
    await world.game(VETERAN_PLAYER).claim_reward(6, 19)
    assert (await world.game(VETERAN_PLAYER, {}).put("/user/clan/update")).json() == {"reward": []}
    assert world.sandbox.inventory(VETERAN_PLAYER.id)["guild_horn"] == 1


async def test_a_chain_for_the_former_clan_only_pays_out_too(world: World) -> None:
    members = Condition("clan", "string", "eq", "lantern-keepers")
    with world.write() as tx:
        publish_clan_rewards(tx, reached(1, NewReward("ember_key")), order=9, conditions=(members,))
    rewards = (await world.game(VETERAN_PLAYER, {"clan": "night-owls"}).put("/user/clan/update")).json()["reward"]
    assert [reward["sku"] for reward in rewards] == ["guild_horn", "ember_key"]


async def test_contributions_stay_with_the_clan_they_were_made_for(world: World) -> None:
    with world.write() as tx:
        publish_clan_rewards(tx)
    await world.game(VETERAN_PLAYER, {"clan": "night-owls"}).put("/user/clan/update")
    top = (await world.game(FRESH_PLAYER, {"clan": "lantern-keepers"}).get("/user/clan/contributors/6/top")).json()
    assert [one["name"] for one in top] == ["Rocket", "Juno"]


async def test_a_claim_is_the_player_s_and_moves_with_him(world: World) -> None:
    await world.game(VETERAN_PLAYER).claim_reward(6, 19)
    owls = world.game(VETERAN_PLAYER, {"clan": "night-owls"})
    await owls.put("/user/clan/update")
    assert refusal(await owls.claim_reward(6, 19)) == (422, 9912)


async def test_attributes_changed_behind_the_game_count_at_the_update(world: World) -> None:
    token = world.sandbox.issue_opaque_token(VETERAN_PLAYER.id)
    world.sandbox.set_attributes(VETERAN_PLAYER.id, {"clan": "night-owls"})
    headers = {"Authorization": f"Bearer {token}"}
    root = "/api/v2/project/44056/user"
    before = await world.client.get(f"{root}/reward_chain/6/balance", headers=headers)
    update = await world.client.put(f"{root}/clan/update", headers=headers)
    after = await world.client.get(f"{root}/reward_chain/6/balance", headers=headers)
    assert [one["sku"] for one in update.json()["reward"]] == ["guild_horn"]
    assert (before.json()["amount"], after.json()["amount"]) == (55, 0)
