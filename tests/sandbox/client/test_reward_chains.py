"""Reward chain calls."""

from typing import Any

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.storage.chain_writes import NewReward
from tests.sandbox.chains import (
    buy,
    date,
    paid,
    publish_good,
    publish_offer,
    publish_rewards,
    reached,
    step_ids,
)
from tests.sandbox.world import DAY, HOUR, ORIGIN, WEDNESDAY_NOON, World, refusal


async def test_a_chain_has_the_documented_fields(world: World) -> None:
    banner = (await world.game(VETERAN_PLAYER).reward_chains())["Raise the Banner"]
    steps = banner.pop("steps")
    assert banner == {
        "reward_chain_id": 6,
        "name": "Raise the Banner",
        "description": "What one buys, the whole guild counts.",
        "long_description": None,
        "image_url": f"{ORIGIN}/images/guild_banner.svg",
        "order": 2,
        "date_start": "2025-12-31T12:00:00+00:00",
        "date_end": None,
        "clan_type": "guild",
        "top_contributors": [
            {"name": "Rocket", "contributed_amount": 40},
            {"name": "Juno", "contributed_amount": 15},
        ],
        "value_point": {
            "sku": "vp_banners",
            "name": "Guild Banners",
            "image_url": f"{ORIGIN}/images/vp_banners.svg",
            "description": "Collected by your whole guild.",
            "long_description": None,
            "amount": 55,
            "is_clan": True,
        },
        "recurrent_schedule": None,
        "popup_header": {"en": "How to unlock rewards", "de": "So schaltet ihr Belohnungen frei"},
        "popup_instruction": {
            "en": "Join a guild first. Purchases of all its members raise the banner.",
            "de": "Tritt zuerst einer Gilde bei. Die Einkäufe aller Mitglieder hissen das Banner.",
        },
        "popup_image_url": f"{ORIGIN}/images/guild_banner_popup.svg",
    }
    assert steps[0] == {
        "step_id": 19,
        "name": "Pennant",
        "is_claimed": False,
        "image_url": f"{ORIGIN}/images/guild_horn.svg",
        "price": {"amount": 50},
        "reward": [
            {
                "sku": "guild_horn",
                "name": "Guild Horn",
                "type": "virtual_good",
                "description": "Calls your guild to you.",
                "image_url": f"{ORIGIN}/images/guild_horn.svg",
                "quantity": 1,
            }
        ],
    }


async def test_a_caller_sees_personal_and_clan_chains_without_progress(world: World) -> None:
    chains = await world.anonymous().reward_chains()
    assert list(chains) == ["Ember Trail", "Raise the Banner"]
    assert {chain["value_point"]["amount"] for chain in chains.values()} == {0}
    assert {len(chain["top_contributors"]) for chain in chains.values()} == {0}
    assert not any(step["is_claimed"] for chain in chains.values() for step in chain["steps"])


async def test_a_list_is_read_in_pages_of_fifty(world: World) -> None:
    with world.write() as tx:
        for _ in range(49):
            publish_rewards(tx)
    page = (await world.anonymous().get("/user/reward_chain")).json()
    rest = (await world.anonymous().get("/user/reward_chain?limit=1&offset=50")).json()
    assert (len(page["items"]), page["has_more"], page["total_items_count"]) == (50, True, 51)
    assert (len(rest["items"]), rest["has_more"], rest["total_items_count"]) == (1, False, 51)
    assert (await world.anonymous().get("/user/reward_chain?limit=51")).json() == page


async def test_the_balance_has_the_documented_fields(world: World) -> None:
    assert (await world.game(VETERAN_PLAYER).get("/user/reward_chain/5/balance")).json() == {
        "sku": "vp_embers",
        "name": "Embers",
        "image_url": f"{ORIGIN}/images/vp_embers.svg",
        "description": "Earned with every purchase.",
        "long_description": None,
        "amount": 100,
        "is_clan": False,
    }


async def test_a_caller_has_no_balance_and_claims_nothing(world: World) -> None:
    anonymous = world.anonymous()
    assert refusal(await anonymous.get("/user/reward_chain/5/balance")) == (401, 1501)
    assert refusal(await anonymous.claim_reward(5, 15)) == (401, 1501)


@pytest.mark.parametrize("chain", ["999", "1", "trail", "9" * 40])
async def test_an_unknown_chain_is_not_found(world: World, chain: str) -> None:
    game = world.game(FRESH_PLAYER)
    assert refusal(await game.get(f"/user/reward_chain/{chain}/balance")) == (404, 4001)
    assert refusal(await game.get(f"/user/clan/contributors/{chain}/top")) == (404, 4001)
    assert refusal(await game.post(f"/user/reward_chain/{chain}/step/15/claim")) == (404, 9911)


@pytest.mark.parametrize("step", [999, 0, 1, 19], ids=["none", "zero", "of an offer", "of another chain"])
async def test_an_unknown_step_is_not_found(world: World, step: int) -> None:
    assert refusal(await world.game(VETERAN_PLAYER).claim_reward(5, step)) == (404, 9911)


async def test_a_reward_that_was_claimed_is_not_granted_again(world: World) -> None:
    game = world.game(VETERAN_PLAYER)
    before = world.sandbox.inventory(VETERAN_PLAYER.id)
    assert refusal(await game.claim_reward(5, 15)) == (422, 9912)
    assert world.sandbox.inventory(VETERAN_PLAYER.id) == before


async def test_a_reward_needs_all_of_its_points(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "ember_99", "1.00", points=99)
        publish_good(tx, "ember_1", "1.00")
        chain = publish_rewards(tx, reached(100))
    game = world.game(FRESH_PLAYER)
    (step,) = await step_ids(game, chain)
    await buy(game, world, "ember_99")
    assert refusal(await game.claim_reward(chain, step)) == (422, 9913)
    with world.write() as tx:
        tx.run("UPDATE item_points SET amount = 1")
    await buy(game, world, "ember_99")
    assert (await game.claim_reward(chain, step)).status_code == 204


async def test_points_are_thresholds_and_steps_are_claimed_in_any_order(world: World) -> None:
    with world.write() as tx:
        chain = publish_rewards(tx, reached(10), reached(20), reached(101))
    game = world.game(VETERAN_PLAYER)
    first, second, third = await step_ids(game, chain)
    assert (await game.claim_reward(chain, second)).status_code == 204
    assert (await game.claim_reward(chain, first)).status_code == 204
    assert refusal(await game.claim_reward(chain, third)) == (422, 9913)
    assert (await game.get(f"/user/reward_chain/{chain}/balance")).json()["amount"] == 100


async def test_chains_on_one_value_point_share_its_balance(world: World) -> None:
    with world.write() as tx:
        chain = publish_rewards(tx)
    game = world.game(VETERAN_PLAYER)
    balances = [(await game.get(f"/user/reward_chain/{one}/balance")).json()["amount"] for one in (5, chain)]
    assert balances == [100, 100]


async def test_points_come_from_purchases_and_not_from_gifts(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "gift", points=50, is_free=True)
        chain = publish_offer(tx, paid("gift"))
    game = world.game(FRESH_PLAYER)
    assert (await game.claim_offer(chain, 1)).status_code == 200
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 0


@pytest.mark.parametrize(
    "terms",
    [{"date_end": date(WEDNESDAY_NOON)}, {"date_start": date(WEDNESDAY_NOON + 1)}],
    ids=["ended", "upcoming"],
)
async def test_a_chain_gives_nothing_outside_its_dates(world: World, terms: dict[str, Any]) -> None:
    with world.write() as tx:
        chain = publish_rewards(tx, **terms)
        (row,) = tx.all("SELECT step_id FROM steps WHERE chain_id = :chain", chain=chain)
    game = world.game(VETERAN_PLAYER)
    assert refusal(await game.claim_reward(chain, row["step_id"])) == (422, 1102)
    assert (await game.get(f"/user/reward_chain/{chain}/balance")).json()["amount"] == 100


async def test_a_reward_may_be_meant_for_some_players(world: World) -> None:
    veterans = Condition("level", "number", "le", "20")
    with world.write() as tx:
        chain = publish_rewards(tx, reached(0, NewReward("gold", 7), NewReward("guild_horn", 1, (veterans,))))
    shown = [
        [reward["sku"] for reward in (await game.reward_chains())["Published"]["steps"][0]["reward"]]
        for game in (world.anonymous(), world.game(FRESH_PLAYER), world.game(VETERAN_PLAYER))
    ]
    assert shown == [["gold", "guild_horn"], ["gold"], ["gold", "guild_horn"]]
    game = world.game(FRESH_PLAYER)
    assert (await game.claim_reward(chain, (await step_ids(game, chain))[0])).status_code == 204
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"gold": 7}


async def test_a_renewal_clears_points_and_progress_of_that_chain(world: World) -> None:
    with world.write() as tx:
        chain = publish_rewards(tx, reached(100), schedule=Schedule("weekly", day_of_week=4, time="00:00:00+02:00"))
    game = world.game(VETERAN_PLAYER)
    (step,) = await step_ids(game, chain)
    assert (await game.claim_reward(chain, step)).status_code == 204
    thursday = int(WEDNESDAY_NOON + 10 * HOUR)
    published = (await game.reward_chains())["Published"]
    assert published["recurrent_schedule"] == {"interval_type": "weekly", "reset_next_date": thursday}

    world.clock.now = thursday
    published = (await game.reward_chains())["Published"]
    assert published["recurrent_schedule"]["reset_next_date"] == thursday + 7 * DAY
    assert (published["value_point"]["amount"], published["steps"][0]["is_claimed"]) == (0, False)
    assert refusal(await game.claim_reward(chain, step)) == (422, 9913)
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 100
