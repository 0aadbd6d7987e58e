"""Offer chain calls."""

from typing import Any

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from gateway.sandbox.domain.visibility import Condition
from tests.sandbox.chains import date, paid, publish_good, publish_offer
from tests.sandbox.world import ORIGIN, WEDNESDAY_NOON, World, refusal


async def test_a_chain_has_the_documented_fields(world: World) -> None:
    lantern_night = (await world.game(FRESH_PLAYER).offer_chains())["Lantern Night"]
    steps = lantern_night.pop("steps")
    assert lantern_night == {
        "id": 2,
        "name": "Lantern Night",
        "description": "Gone before the oil is.",
        "order": 2,
        "date_start": "2025-12-31T12:00:00+00:00",
        "date_end": "2026-01-07T15:00:00+00:00",
        "recurrent_schedule": None,
        "next_step_number": 1,
    }
    assert steps[1] == {
        "step_number": 2,
        "is_free": False,
        "is_claimed": False,
        "step_price": {"amount": 1.99, "currency": "USD"},
        "items": [
            {
                "item_id": 6,
                "sku": "storm_lantern",
                "type": "virtual_good",
                "name": "Storm Lantern",
                "description": "Shows hidden paths, even in the rain.",
                "bundle_type": None,
                "image_url": f"{ORIGIN}/images/storm_lantern.svg",
                "is_free": False,
                "quantity": 1,
                "order": 1,
                "content": None,
            }
        ],
        "step_vp_rewards": [
            {
                "item_id": 13,
                "sku": "vp_embers",
                "name": "Embers",
                "amount": 40,
                "image_url": f"{ORIGIN}/images/vp_embers.svg",
                "is_clan": False,
            },
            {
                "item_id": 14,
                "sku": "vp_banners",
                "name": "Guild Banners",
                "amount": 15,
                "image_url": f"{ORIGIN}/images/vp_banners.svg",
                "is_clan": True,
            },
        ],
        "step_loyalty_rewards": [],
    }
    assert (steps[0]["step_price"], steps[0]["step_vp_rewards"]) == (None, [])


async def test_a_bundle_shows_its_content(world: World) -> None:
    path = (await world.game(FRESH_PLAYER).offer_chains())["Wanderer's Path"]
    bundle = path["steps"][1]["items"][0]
    assert (bundle["type"], bundle["bundle_type"]) == ("bundle", "standard")
    assert [(item["sku"], item["quantity"], item["order"], item["content"]) for item in bundle["content"]] == [
        ("storm_cloak", 1, 1, None),
        ("healing_draught", 5, 2, None),
        ("gold", 250, 3, None),
    ]
    package = path["steps"][3]["items"][0]
    assert (package["bundle_type"], package["content"][0]["quantity"]) == ("virtual_currency_package", 500)
    assert path["steps"][1]["step_loyalty_rewards"] == [
        {
            "sku": "hearth_tokens",
            "name": "Hearth Tokens",
            "amount": 25,
            "image_url": f"{ORIGIN}/images/hearth_tokens.svg",
        }
    ]


async def test_a_price_is_an_exact_json_number(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "penny", "0.10")
        chain = publish_offer(tx, paid("penny"))
    text = (await world.anonymous().get(f"/user/offer_chain/{chain}")).text
    assert '"step_price":{"amount":0.10,"currency":"USD"}' in text


async def test_the_price_is_that_of_the_step_whatever_the_quantity(world: World) -> None:
    with world.write() as tx:
        chain = publish_offer(tx, paid("supply_crate", 3))
    step = (await world.anonymous().get(f"/user/offer_chain/{chain}")).json()["steps"][0]
    assert (step["items"][0]["quantity"], step["step_price"]["amount"]) == (3, 0.99)
    assert [points["amount"] for points in step["step_vp_rewards"]] == [60, 15]


async def test_a_caller_sees_the_chains_without_progress(world: World) -> None:
    chains = await world.anonymous().offer_chains()
    assert list(chains) == ["Wanderer's Path", "Lantern Night", "Weekly Supplies", "First Steps"]
    assert {chain["next_step_number"] for chain in chains.values()} == {1}
    assert not any(step["is_claimed"] for chain in chains.values() for step in chain["steps"])


async def test_a_finished_chain_has_no_next_step(world: World) -> None:
    first_steps = (await world.game(VETERAN_PLAYER).offer_chains())["First Steps"]
    assert first_steps["next_step_number"] is None
    assert all(step["is_claimed"] for step in first_steps["steps"])


@pytest.mark.parametrize(
    ("terms", "listed", "readable"),
    [
        ({}, True, True),
        ({"date_start": date(WEDNESDAY_NOON)}, True, True),
        ({"date_start": date(WEDNESDAY_NOON + 1)}, False, True),
        ({"date_end": date(WEDNESDAY_NOON + 1)}, True, True),
        ({"date_end": date(WEDNESDAY_NOON)}, False, True),
        ({"is_enabled": False}, False, False),
        ({"conditions": (Condition("level", "number", "eq", "99"),)}, False, False),
        ({"conditions": (Condition("level", "number", "eq", "1"),)}, True, True),
    ],
    ids=["running", "just started", "upcoming", "about to end", "just ended", "disabled", "for others", "for him"],
)
async def test_a_list_holds_what_runs_and_an_id_finds_what_is_enabled(
    world: World, terms: dict[str, Any], listed: bool, readable: bool
) -> None:
    with world.write() as tx:
        chain = publish_offer(tx, **terms)
    game = world.game(FRESH_PLAYER)
    assert ("Published" in await game.offer_chains()) is listed
    assert (await game.get(f"/user/offer_chain/{chain}")).status_code == (200 if readable else 404)


async def test_a_chain_for_everybody_else_hides_behind_a_personal_one(world: World) -> None:
    with world.write() as tx:
        fallback = publish_offer(tx, name={"en": "Fallback"}, is_always_visible=False)
        publish_offer(tx, name={"en": "Personal"}, conditions=(Condition("level", "number", "eq", "23"),))
    fresh, veteran = world.game(FRESH_PLAYER), world.game(VETERAN_PLAYER)
    assert {"Fallback", "Personal"} & set(await fresh.offer_chains()) == {"Fallback"}
    assert {"Fallback", "Personal"} & set(await veteran.offer_chains()) == {"Personal"}
    assert (await fresh.get(f"/user/offer_chain/{fallback}")).status_code == 200
    assert refusal(await veteran.get(f"/user/offer_chain/{fallback}")) == (404, 4001)


@pytest.mark.parametrize(
    "terms",
    [{"date_end": date(WEDNESDAY_NOON)}, {"date_start": date(WEDNESDAY_NOON + 1)}, {"is_enabled": False}],
    ids=["ended", "upcoming", "disabled"],
)
async def test_a_personal_chain_that_does_not_run_hides_nothing(world: World, terms: dict[str, Any]) -> None:
    with world.write() as tx:
        fallback = publish_offer(tx, name={"en": "Fallback"}, is_always_visible=False)
        publish_offer(tx, conditions=(Condition("level", "number", "eq", "23"),), **terms)
    veteran = world.game(VETERAN_PLAYER)
    assert "Fallback" in await veteran.offer_chains()
    assert (await veteran.get(f"/user/offer_chain/{fallback}")).status_code == 200


async def test_a_list_is_read_in_pages(world: World) -> None:
    anonymous = world.anonymous()
    first = (await anonymous.get("/user/offer_chain?limit=3")).json()
    rest = (await anonymous.get("/user/offer_chain?limit=3&offset=3")).json()
    whole = (await anonymous.get("/user/offer_chain?limit=4")).json()
    beyond = (await anonymous.get("/user/offer_chain?offset=999999999")).json()
    assert (len(first["items"]), first["has_more"], first["total_items_count"]) == (3, True, 4)
    assert ([chain["name"] for chain in rest["items"]], rest["has_more"]) == (["First Steps"], False)
    assert (len(whole["items"]), whole["has_more"]) == (4, False)
    assert beyond == {"items": [], "has_more": False, "total_items_count": 4}


async def test_a_page_holds_thirty_chains_at_most(world: World) -> None:
    with world.write() as tx:
        for _ in range(27):
            publish_offer(tx)
    page = (await world.anonymous().get("/user/offer_chain")).json()
    assert (len(page["items"]), page["has_more"], page["total_items_count"]) == (30, True, 31)
    assert (await world.anonymous().get("/user/offer_chain?limit=50")).json() == page


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=ten", "limit=", "offset=-1", "offset=1e3"])
async def test_a_page_that_cannot_be_is_refused(world: World, query: str) -> None:
    assert refusal(await world.anonymous().get(f"/user/offer_chain?{query}")) == (422, 1102)


@pytest.mark.parametrize("chain", ["999", "0", "5", "first", "9" * 30, "9" * 5000])
async def test_an_unknown_chain_is_not_found(world: World, chain: str) -> None:
    game = world.game(FRESH_PLAYER)
    for answer in (
        await game.get(f"/user/offer_chain/{chain}"),
        await game.post(f"/user/offer_chain/{chain}/step/number/1/claim"),
    ):
        assert refusal(answer) == (404, 4001)
        assert answer.json().keys() >= {"transactionId", "errorMessageExtended"}
