"""Reward chains that a whole clan fills."""

import pytest

from gateway.sandbox.demo.accounts import DEMO_PLAYERS, FRESH_PLAYER, GUILD_MATE_PLAYER, VETERAN_PLAYER
from gateway.sandbox.domain.schedules import Schedule
from tests.sandbox.chains import (
    buy,
    publish_clan_rewards,
    reached,
)
from tests.sandbox.world import HOUR, World, refusal


async def test_a_renewal_clears_a_clan_s_points_and_contributors(world: World) -> None:
    with world.write() as tx:
        chain = publish_clan_rewards(tx, schedule=Schedule("hourly"))
    game = world.game(VETERAN_PLAYER)
    before = (await game.reward_chains())["Published"]
    world.clock.advance(HOUR)
    after = (await game.reward_chains())["Published"]
    assert (before["value_point"]["amount"], len(before["top_contributors"])) == (55, 2)
    assert (after["value_point"]["amount"], after["top_contributors"]) == (0, [])
    assert (await game.get(f"/user/clan/contributors/{chain}/top")).json() == []


async def test_a_clan_s_points_are_the_sum_of_its_members(world: World) -> None:
    for player in (VETERAN_PLAYER, GUILD_MATE_PLAYER):
        balance = (await world.game(player).get("/user/reward_chain/6/balance")).json()
        assert (balance["amount"], balance["is_clan"]) == (55, True)


async def test_each_member_of_a_clan_claims_for_himself(world: World) -> None:
    for player in (VETERAN_PLAYER, GUILD_MATE_PLAYER):
        assert (await world.game(player).claim_reward(6, 19)).status_code == 204
        assert world.sandbox.inventory(player.id)["guild_horn"] == 1


async def test_a_clan_chain_gives_nothing_to_a_player_without_a_clan(world: World) -> None:
    with world.write() as tx:
        chain = publish_clan_rewards(tx, reached(0))
    game = world.game(FRESH_PLAYER)
    published = (await game.reward_chains())["Published"]
    assert published["value_point"]["amount"] == 0
    assert refusal(await game.claim_reward(chain, published["steps"][0]["step_id"])) == (422, 9913)


async def test_clan_points_earned_without_a_clan_count_for_none(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    await buy(game, world, "wanderer_bundle")
    world.sandbox.set_attributes(FRESH_PLAYER.id, {"clan": "lantern-keepers"})
    await world.game(FRESH_PLAYER, {"clan": "lantern-keepers"}).put("/user/clan/update")
    assert (await game.get("/user/reward_chain/6/balance")).json()["amount"] == 55
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 100


async def test_contributors_are_the_ten_who_gave_most(world: World) -> None:
    for number in range(11):
        member = DEMO_PLAYERS[0].__class__(f"member-{number}", f"Member {number}", {"clan": "lantern-keepers"})
        game = world.game(member)
        for _ in range(number % 3 + 1):
            await buy(game, world, "supply_crate")
    top = (await world.game(VETERAN_PLAYER).get("/user/clan/contributors/6/top")).json()
    assert [(one["name"], one["contributed_amount"]) for one in top] == [
        ("Rocket", 40),
        ("Juno", 15),
        ("Member 2", 15),
        ("Member 5", 15),
        ("Member 8", 15),
        ("Member 1", 10),
        ("Member 4", 10),
        ("Member 7", 10),
        ("Member 10", 10),
        ("Member 0", 5),
    ]
    assert (await world.game(VETERAN_PLAYER).reward_chains())["Raise the Banner"]["top_contributors"] == top
    assert (await world.game(VETERAN_PLAYER).reward_chains())["Raise the Banner"]["value_point"]["amount"] == 160


@pytest.mark.parametrize("chain", [5, 6])
async def test_nobody_contributes_for_a_player_without_a_clan(world: World, chain: int) -> None:
    for game in (world.anonymous(), world.game(FRESH_PLAYER)):
        assert (await game.get(f"/user/clan/contributors/{chain}/top")).json() == []


async def test_a_personal_chain_has_no_contributors(world: World) -> None:
    assert (await world.game(VETERAN_PLAYER).get("/user/clan/contributors/5/top")).json() == []
