"""What players see of what the publisher has configured."""

from typing import Any

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, GUILD_MATE_PLAYER, VETERAN_PLAYER
from tests.sandbox.admin.publisher import (
    Publisher,
    bundle,
    clan_chain,
    item,
    offer_chain,
    package,
    problem,
    reward_chain,
    reward_step,
    step,
    usd,
    without,
)
from tests.sandbox.world import ORIGIN, Game, World

ORC = {"attribute": "race", "type": "string", "operator": "eq", "value": "orc"}


async def seen(game: Game, name: str = "Made") -> dict[str, Any]:
    chain: dict[str, Any] = (await game.offer_chains())[name]
    return chain


async def buy(game: Game, chain: int, number: int) -> int:
    ordered = (await game.order_offer(chain, number)).json()
    assert await game.pay(ordered["order_id"]) == "done"
    order_id: int = ordered["order_id"]
    return order_id


async def test_a_step_costs_what_its_item_costs(world: World, publisher: Publisher) -> None:
    await publisher.make_item("priced", prices=[usd(4.99)])
    await publisher.make_item("gift", is_free=True, prices=[usd(3)])
    await publisher.post("/items/virtual_currency/package", package("gems", prices=[usd(1.99)]))
    await publisher.post("/items/bundle", bundle("box", prices=[usd(7.5)]))
    await publisher.make_item("given", prices=[usd(9)])
    skus = ["priced", "gift", "gems", "box"]
    steps = [step(n, sku, is_free=False) for n, sku in enumerate(skus, start=1)] + [step(5, "given", is_free=True)]
    chain_id = await publisher.make_offer_chain(steps=steps)
    expected = [(False, 4.99), (True, None), (False, 1.99), (False, 7.5), (True, None)]
    player = (await seen(world.game(FRESH_PLAYER)))["steps"]
    read = (await publisher.read(f"/offer_chain/id/{chain_id}"))["steps"]
    for one in (player, read):
        assert [(s["is_free"], s["step_price"] and s["step_price"]["amount"]) for s in one] == expected


async def test_a_changed_price_is_the_step_s_at_once(world: World, publisher: Publisher) -> None:
    await publisher.make_item("priced", prices=[usd(4.99)])
    await publisher.make_offer_chain(steps=[step(1, "priced", is_free=False)])
    await publisher.put("/items/virtual_items/sku/priced", item("priced", prices=[usd(0.1)]))
    assert (await seen(world.game(FRESH_PLAYER)))["steps"][0]["step_price"] == {"amount": 0.1, "currency": "USD"}
    await publisher.put("/items/virtual_items/sku/priced", item("priced", is_free=True))
    assert (await seen(world.game(FRESH_PLAYER)))["steps"][0]["is_free"] is True


async def test_an_item_that_the_store_hides_is_handed_out_by_chains(world: World, publisher: Publisher) -> None:
    await publisher.make_item("secret", is_show_in_store=False)
    chain_id = await publisher.make_offer_chain(steps=[step(1, "secret")])
    assert (await world.game(FRESH_PLAYER).claim_offer(chain_id, 1)).status_code == 200
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"secret": 1}


async def test_a_publisher_s_bundle_is_granted_with_its_content(world: World, publisher: Publisher) -> None:
    content = [{"sku": "ember_key", "quantity": 2}, {"sku": "moonstones_500", "quantity": 1}]
    await publisher.post("/items/bundle", bundle("box", content=content))
    chain_id = await publisher.make_offer_chain(steps=[step(1, "box")])
    part = (await seen(world.game(FRESH_PLAYER)))["steps"][0]["items"][0]
    assert [(one["sku"], one["quantity"]) for one in part["content"]] == [("ember_key", 2), ("moonstones_500", 1)]
    await world.game(FRESH_PLAYER).claim_offer(chain_id, 1)
    owned = world.sandbox.inventory(FRESH_PLAYER.id)
    assert owned == {"box": 1, "ember_key": 2, "moonstones": 500, "moonstones_500": 1}


async def test_texts_are_the_player_s_language_or_english_or_any(world: World, publisher: Publisher) -> None:
    await publisher.make_item("both", name={"en-US": "Key", "de-DE": "Schlüssel"})
    await publisher.make_item("one", name={"zh-CN": "钥匙"})
    await publisher.make_offer_chain(steps=[step(1, "both"), step(2, "one")], name={"en": "Made", "de": "Gemacht"})
    game = world.anonymous()
    answer = (await game.get("/user/offer_chain", **{"Accept-Language": "de"})).json()
    made = next(chain for chain in answer["items"] if chain["name"] == "Gemacht")
    assert [one["items"][0]["name"] for one in made["steps"]] == ["Schlüssel", "钥匙"]
    assert [one["items"][0]["name"] for one in (await seen(game))["steps"]] == ["Key", "钥匙"]


@pytest.mark.parametrize(
    ("terms", "is_listed"),
    [
        ({}, True),
        ({"is_enabled": False}, False),
        ({"date_start": "2026-01-07T20:00:00+08:00"}, True),
        ({"date_start": "2026-01-07T20:00:01+08:00"}, False),
        ({"date_end": "2026-01-07T12:00:01+00:00"}, True),
        ({"date_end": "2026-01-07T12:00:00+00:00"}, False),
    ],
    ids=["on", "off", "begun", "not begun", "not over", "over"],
)
async def test_a_chain_is_listed_while_it_is_on_and_runs(
    world: World, publisher: Publisher, terms: dict[str, Any], is_listed: bool
) -> None:
    await publisher.make_offer_chain(**terms)
    await publisher.make_reward_chain(**terms)
    game = world.game(FRESH_PLAYER)
    assert ("Made" in await game.offer_chains(), "Earned" in await game.reward_chains()) == (is_listed, is_listed)


async def test_a_chain_that_is_off_keeps_everybody_s_progress(world: World, publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(steps=[step(1), step(2, "gold")])
    game = world.game(FRESH_PLAYER)
    await game.claim_offer(chain_id, 1)
    await publisher.put(f"/offer_chain/id/{chain_id}/toggle")
    assert problem(await game.claim_offer(chain_id, 2))[:2] == (404, 4001)
    await publisher.put(f"/offer_chain/id/{chain_id}/toggle")
    assert (await seen(game))["next_step_number"] == 2
    await game.claim_offer(chain_id, 2)
    assert (await seen(game))["next_step_number"] is None


async def test_a_continued_step_keeps_its_progress_and_a_new_one_has_none(world: World, publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(steps=[step(1), step(2, "gold"), step(3, "lantern_oil")])
    game = world.game(FRESH_PLAYER)
    for number in (1, 2):
        await game.claim_offer(chain_id, number)
    first, second, third = [one["step_id"] for one in (await publisher.read(f"/offer_chain/id/{chain_id}"))["steps"]]
    await publisher.put(f"/offer_chain/id/{chain_id}/toggle")
    # The first goes on in another place with another item, the second is sent as new, which makes it another step.
    steps = [step(1, "gold"), step(2, "guild_horn", step_id=first), step(3, "lantern_oil", step_id=third)]
    assert (await publisher.put(f"/offer_chain/id/{chain_id}", offer_chain(steps=steps))).status_code == 204
    chain = await seen(game)
    assert [one["is_claimed"] for one in chain["steps"]] == [False, True, False]
    assert chain["next_step_number"] == 1
    assert second not in [one["step_id"] for one in (await publisher.read(f"/offer_chain/id/{chain_id}"))["steps"]]
    assert (await game.claim_offer(chain_id, 1)).status_code == 200
    assert (await seen(game))["next_step_number"] == 3


async def test_a_continued_reward_step_stays_claimed(world: World, publisher: Publisher) -> None:
    game = world.game(VETERAN_PLAYER)
    first = (await game.reward_chains())["Ember Trail"]["steps"][0]["step_id"]
    steps = [reward_step(1, step_id=None), reward_step(500, step_id=first)]
    await publisher.put("/reward_chain/id/5", without(reward_chain(steps=steps), "value_point"))
    chain = (await game.reward_chains())["Earned"]
    assert [(one["price"]["amount"], one["is_claimed"]) for one in chain["steps"]] == [(1, False), (500, True)]
    assert chain["value_point"]["amount"] == 100


async def test_points_are_what_the_publisher_has_set_when_an_order_is_paid(world: World, publisher: Publisher) -> None:
    await publisher.make_item("tome", prices=[usd(2)])
    rewards = "/items/vp_embers/value_points/rewards"
    await publisher.patch(rewards, [{"sku": "tome", "amount": 30}])
    chain_id = await publisher.make_offer_chain(steps=[step(1, "tome", is_free=False)])
    await publisher.make_reward_chain(steps=[reward_step(30), reward_step(31)])
    game = world.game(FRESH_PLAYER)
    offered = (await seen(game))["steps"][0]["step_vp_rewards"]
    assert offered == [
        {
            "item_id": 13,
            "sku": "vp_embers",
            "name": "Embers",
            "amount": 30,
            "image_url": f"{ORIGIN}/images/vp_embers.svg",
            "is_clan": False,
        }
    ]
    await buy(game, chain_id, 1)
    await publisher.patch(rewards, [{"sku": "tome", "amount": 99}])
    chains = await game.reward_chains()
    assert [chains[name]["value_point"]["amount"] for name in ("Earned", "Ember Trail")] == [30, 30]
    reached, missed = [one["step_id"] for one in chains["Earned"]["steps"]]
    assert (await game.claim_reward(chains["Earned"]["reward_chain_id"], reached)).status_code == 204
    assert problem(await game.claim_reward(chains["Earned"]["reward_chain_id"], missed))[:2] == (422, 9913)


async def test_a_step_given_away_gives_no_points(world: World, publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(steps=[step(1, "storm_lantern", is_free=True)])
    game = world.game(FRESH_PLAYER)
    assert (await seen(game))["steps"][0]["step_vp_rewards"] == []
    await game.claim_offer(chain_id, 1)
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 0


async def test_a_clan_chain_sums_up_what_its_members_earn(world: World, publisher: Publisher) -> None:
    await publisher.post("/items/value_points", {"sku": "flags", "name": {"en": "Flags"}, "is_clan": True})
    await publisher.put("/items/flags/value_points/rewards", [{"sku": "supply_crate", "amount": 10}])
    created = await publisher.post("/reward_chain", clan_chain(value_point={"sku": "flags"}, steps=[reward_step(20)]))
    clan_id = created.json()["reward_chain_id"]
    chain_id = await publisher.make_offer_chain(steps=[step(1, "supply_crate", is_free=False)])
    members = [world.game(player) for player in (VETERAN_PLAYER, GUILD_MATE_PLAYER)]
    for game in members:
        await buy(game, chain_id, 1)
    for game in members:
        chain = (await game.reward_chains())["Earned"]
        assert chain["value_point"]["amount"] == 20
        assert (await game.claim_reward(clan_id, chain["steps"][0]["step_id"])).status_code == 204
    outsider = world.game(FRESH_PLAYER)
    assert (await outsider.reward_chains())["Earned"]["value_point"]["amount"] == 0
    top = (await publisher.read(f"/reward_chain/id/{clan_id}"))["top_contributors"]
    assert top == {"name": VETERAN_PLAYER.name, "contributed_amount": 10}


async def test_conditions_decide_who_sees_a_chain(world: World, publisher: Publisher) -> None:
    conditions = {
        "orcs": [ORC],
        "levels": [{"attribute": "level", "type": "number", "operator": "le", "value": "10"}],
        "late": [
            {"attribute": "born", "type": "date", "operator": "lt", "value": "2026-01-01", "can_be_missing": True}
        ],
        "both": [ORC, {"attribute": "level", "type": "number", "operator": "er", "value": "10"}],
    }
    for name, conditions_ in conditions.items():
        await publisher.make_offer_chain(name={"en": name}, attribute_conditions=conditions_)
    await publisher.make_offer_chain(name={"en": "else"}, is_always_visible=False)
    await publisher.make_offer_chain(name={"en": "always"})

    async def names(game: Game) -> set[str]:
        return set(await game.offer_chains()) & {*conditions, "else", "always"}

    assert await names(world.game(FRESH_PLAYER, {"race": "orc", "level": 9})) == {"orcs", "both", "late", "always"}
    assert await names(world.game(FRESH_PLAYER, {"race": "elf", "level": "10"})) == {"levels", "late", "always"}
    assert await names(world.game(FRESH_PLAYER, {"born": "2025-12-31"})) == {"else", "always"}
    assert await names(world.game(FRESH_PLAYER, {"born": "2026-02-01T00:00:00+05:00"})) == {"late", "always"}
    assert await names(world.anonymous()) == {*conditions, "else", "always"}


async def test_a_reward_may_be_for_some_players_only(world: World, publisher: Publisher) -> None:
    rewards = [{"sku": "gold", "quantity": 1}, {"sku": "guild_horn", "quantity": 2, "attribute_conditions": [ORC]}]
    chain_id = await publisher.make_reward_chain(steps=[reward_step(0, reward=rewards)])
    for attributes, skus in (({"race": "orc"}, ["gold", "guild_horn"]), ({"race": "elf"}, ["gold"])):
        chain = (await world.game(FRESH_PLAYER, attributes).reward_chains())["Earned"]
        assert [reward["sku"] for reward in chain["steps"][0]["reward"]] == skus
    orc = world.game(FRESH_PLAYER, {"race": "orc"})
    (only,) = (await orc.reward_chains())["Earned"]["steps"]
    assert (await orc.claim_reward(chain_id, only["step_id"])).status_code == 204
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"gold": 1, "guild_horn": 2}


async def test_a_schedule_starts_the_chain_over_for_everybody(world: World, publisher: Publisher) -> None:
    schedule = {"interval_type": "monthly", "day_of_month": 31, "time": "00:00:00+00:00"}
    chain_id = await publisher.make_offer_chain(steps=[step(1), step(2, "gold")], recurrent_schedule=schedule)
    world.clock.now = 1769990400.0  # the first of February
    await world.game(FRESH_PLAYER).claim_offer(chain_id, 1)
    chain = await seen(world.game(FRESH_PLAYER))
    end_of_february = 1772236800
    assert chain["recurrent_schedule"] == {"interval_type": "monthly", "reset_next_date": end_of_february}
    world.clock.now = end_of_february - 1
    assert (await seen(world.game(FRESH_PLAYER)))["next_step_number"] == 2
    world.clock.now = end_of_february
    assert (await seen(world.game(FRESH_PLAYER)))["next_step_number"] == 1


async def test_a_deleted_reward_chain_leaves_the_balance(world: World, publisher: Publisher) -> None:
    await publisher.make_reward_chain()
    assert (await publisher.delete("/reward_chain/id/5")).status_code == 204
    chains = await world.game(VETERAN_PLAYER).reward_chains()
    assert "Ember Trail" not in chains
    assert chains["Earned"]["value_point"]["amount"] == 100


async def test_an_order_for_a_step_that_was_deleted_takes_no_money(world: World, publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(steps=[step(1, "supply_crate", is_free=False)])
    game = world.game(FRESH_PLAYER)
    ordered = (await game.order_offer(chain_id, 1)).json()
    await publisher.delete(f"/offer_chain/id/{chain_id}")
    assert await game.pay(ordered["order_id"]) == "canceled"
