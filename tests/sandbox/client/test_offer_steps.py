"""Claiming and ordering the steps of offer chains."""

import json

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.domain.schedules import Schedule
from tests.sandbox.chains import free, paid, publish_good, publish_offer
from tests.sandbox.world import DAY, HOUR, WEDNESDAY_NOON, World, refusal


@pytest.mark.parametrize("act", ["claim", "order"])
async def test_an_unknown_step_is_not_found(world: World, act: str) -> None:
    assert refusal(await world.game(FRESH_PLAYER).post(f"/user/offer_chain/1/step/number/6/{act}")) == (404, 4001)


@pytest.mark.parametrize("act", ["claim", "order"])
async def test_a_caller_can_take_nothing(world: World, act: str) -> None:
    assert refusal(await world.anonymous().post(f"/user/offer_chain/1/step/number/1/{act}")) == (401, 1501)


async def test_a_step_is_taken_by_the_call_of_its_kind(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    assert refusal(await game.order_offer(1, 1)) == (422, 1102)
    await game.claim_offer(1, 1)
    assert refusal(await game.claim_offer(1, 2)) == (422, 1102)
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"healing_draught": 3}


async def test_a_taken_step_is_not_taken_again(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    assert (await game.claim_offer(1, 1)).status_code == 200
    assert refusal(await game.claim_offer(1, 1)) == (422, 1102)
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"healing_draught": 3}


async def test_a_free_item_makes_its_step_free(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "leaflet", is_free=True)
        chain = publish_offer(tx, paid("leaflet"))
    game = world.game(FRESH_PLAYER)
    step = (await game.get(f"/user/offer_chain/{chain}")).json()["steps"][0]
    assert (step["is_free"], step["step_price"]) == (True, None)
    assert (await game.claim_offer(chain, 1)).status_code == 200


async def test_a_priced_item_can_be_given_away_by_a_step(world: World) -> None:
    with world.write() as tx:
        chain = publish_offer(tx, free("storm_lantern"))
    game = world.game(FRESH_PLAYER)
    step = (await game.get(f"/user/offer_chain/{chain}")).json()["steps"][0]
    assert (step["is_free"], step["step_price"], step["step_vp_rewards"]) == (True, None, [])


async def test_a_paid_step_without_a_price_cannot_be_taken(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "relic")
        chain = publish_offer(tx, paid("relic"))
    game = world.game(FRESH_PLAYER)
    step = (await game.get(f"/user/offer_chain/{chain}")).json()["steps"][0]
    assert (step["is_free"], step["step_price"]) == (False, None)
    assert refusal(await game.claim_offer(chain, 1)) == (422, 1102)
    assert refusal(await game.order_offer(chain, 1)) == (422, 1102)


async def test_a_chain_gives_nothing_outside_its_dates(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    world.clock.advance(3 * HOUR)
    assert (await game.get("/user/offer_chain/2")).json()["next_step_number"] == 1
    assert refusal(await game.claim_offer(2, 1)) == (422, 1102)
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {}


async def test_a_renewing_chain_starts_over_by_itself(world: World) -> None:
    game = world.game(VETERAN_PLAYER)
    weekly = (await game.offer_chains())["Weekly Supplies"]
    monday = WEDNESDAY_NOON + 4 * DAY + 18 * HOUR
    assert weekly["recurrent_schedule"] == {"interval_type": "weekly", "reset_next_date": monday}
    assert weekly["next_step_number"] == 2

    world.clock.now = monday - 1
    game = world.game(VETERAN_PLAYER)
    assert (await game.offer_chains())["Weekly Supplies"]["next_step_number"] == 2
    world.clock.now = monday
    weekly = (await game.offer_chains())["Weekly Supplies"]
    assert weekly["recurrent_schedule"]["reset_next_date"] == monday + 7 * DAY
    assert (weekly["next_step_number"], weekly["steps"][0]["is_claimed"]) == (1, False)
    assert (await game.claim_offer(weekly["id"], 1)).status_code == 200
    assert refusal(await game.claim_offer(weekly["id"], 1)) == (422, 1102)


async def test_an_order_from_before_a_renewal_cannot_be_paid(world: World) -> None:
    with world.write() as tx:
        chain = publish_offer(tx, free(), paid(), schedule=Schedule("hourly"))
    game = world.game(FRESH_PLAYER)
    await game.claim_offer(chain, 1)
    order_id = (await game.order_offer(chain, 2)).json()["order_id"]
    world.clock.advance(HOUR)
    assert await game.pay(order_id) == "canceled"
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"gold": 1}


async def test_the_default_price_is_chosen_before_a_country_s_and_a_disabled_one(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "plain")
        tx.run("UPDATE items SET prices = :prices WHERE sku = 'plain'", prices=json.dumps(_prices()))
        chain = publish_offer(tx, paid("plain"))
    step = (await world.anonymous().get(f"/user/offer_chain/{chain}")).json()["steps"][0]
    assert step["step_price"] == {"amount": 3, "currency": "EUR"}


def _prices() -> list[dict[str, object]]:
    fields = ItemPrice.__struct_fields__
    values = [
        ("1", "EUR", "DE", True, True),
        ("2", "EUR", None, True, False),
        ("4", "EUR", None, False, True),
        ("3", "EUR", None, True, True),
    ]
    return [dict(zip(fields, value, strict=True)) for value in values]


async def test_bundles_in_a_circle_are_shown_and_granted_once_around(world: World) -> None:
    with world.write() as tx:
        outer = publish_good(tx, "outer")
        inner = publish_good(tx, "inner")
        tx.run("UPDATE items SET type = 'bundle', bundle_type = 'standard' WHERE sku IN ('outer', 'inner')")
        for bundle, content in ((outer, inner), (inner, outer)):
            tx.run("INSERT INTO bundle_contents VALUES (:bundle, 0, :content, 2)", bundle=bundle, content=content)
        chain = publish_offer(tx, free("outer"))
    game = world.game(FRESH_PLAYER)
    item = (await game.get(f"/user/offer_chain/{chain}")).json()["steps"][0]["items"][0]
    assert [(inner["sku"], inner["content"]) for inner in item["content"]] == [("inner", [])]
    assert (await game.claim_offer(chain, 1)).status_code == 200
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"inner": 2, "outer": 1}
