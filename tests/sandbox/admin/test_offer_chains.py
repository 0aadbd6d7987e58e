"""Offer chains as their publisher configures them."""

from typing import Any

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.admin.publisher import Publisher, offer_chain, problem, step, usd
from tests.sandbox.world import ORIGIN, World

ORC = {"attribute": "race", "type": "string", "operator": "eq", "value": "orc", "can_be_missing": False}


async def test_a_chain_answers_all_that_was_said_of_it(publisher: Publisher) -> None:
    await publisher.make_item(
        "booster_mega_1", description={"en": "Fast"}, image_url="https://image.example.com", prices=[usd(99.99)]
    )
    paid = {"step_number": 2, "is_free": False, "items": [{"sku": "booster_mega_1", "quantity": 2, "order": 7}]}
    chain_id = await publisher.make_offer_chain(
        name={"en-US": "Trail", "de": "Pfad"},
        description={"en": "Go"},
        order=4,
        date_start="2020-04-15T18:16:00+05:00",
        date_end="2030-04-15T18:16:00Z",
        is_enabled=False,
        recurrent_schedule={"interval_type": "monthly", "day_of_month": 31, "time": "01:00:00+08:00"},
        is_always_visible=False,
        attribute_conditions=[ORC],
        is_reset_on_completion=True,
        steps=[paid, step(1, "gold")],
    )
    chain = await publisher.read(f"/offer_chain/id/{chain_id}")
    first, second = chain.pop("steps")
    assert chain == {
        "id": chain_id,
        "name": {"en": "Trail", "de": "Pfad"},
        "description": {"en": "Go"},
        "order": 4,
        "date_start": "2020-04-15T18:16:00+05:00",
        "date_end": "2030-04-15T18:16:00+00:00",
        "is_enabled": False,
        "recurrent_schedule": {
            "interval_type": "monthly",
            "day_of_month": 31,
            "time": "01:00:00+08:00",
            "reset_next_date": 1769792400,
            "displayable_reset_start_date": "2026-01-31T01:00:00+08:00",
            "displayable_reset_next_date": "2026-02-28T01:00:00+08:00",
        },
        "is_always_visible": False,
        "attribute_conditions": [ORC],
        "number_of_steps": 2,
        "is_reset_on_completion": True,
    }
    assert (first["step_number"], first["is_free"], first["step_price"]) == (1, True, None)
    assert first["items"][0]["image_url"] == f"{ORIGIN}/images/gold.svg"
    assert second == {
        "step_id": second["step_id"],
        "step_number": 2,
        "is_free": False,
        "step_price": {"amount": 99.99, "currency": "USD"},
        "items": [
            {
                "item_id": 17,
                "sku": "booster_mega_1",
                "type": "virtual_good",
                "name": {"en": "Booster_Mega_1"},
                "description": {"en": "Fast"},
                "image_url": "https://image.example.com",
                "is_free": False,
                "quantity": 2,
                "order": 7,
            }
        ],
    }
    assert second["step_id"] != first["step_id"]
    listed = (await publisher.read("/offer_chain", enabled=0))["items"]
    assert listed == [chain]


async def test_a_bare_chain_has_the_documented_defaults(publisher: Publisher) -> None:
    chain = await publisher.read(f"/offer_chain/id/{await publisher.make_offer_chain()}")
    assert {
        name: chain[name]
        for name in (
            "description",
            "order",
            "date_end",
            "recurrent_schedule",
            "is_always_visible",
            "attribute_conditions",
            "is_reset_on_completion",
        )
    } == {
        "description": None,
        "order": 1,
        "date_end": None,
        "recurrent_schedule": None,
        "is_always_visible": True,
        "attribute_conditions": [],
        "is_reset_on_completion": False,
    }


@pytest.mark.parametrize(
    ("schedule", "first", "following", "shown"),
    [
        (
            {"interval_type": "weekly", "day_of_week": 1, "time": "23:00:00-11:30"},
            "2026-01-12T23:00:00-11:30",
            1768905000,
            "2026-01-19T23:00:00-11:30",
        ),
        (
            {"interval_type": "hourly", "step_hours": 4},
            "2026-01-07T13:00:00+00:00",
            1767794400,
            "2026-01-07T14:00:00+00:00",
        ),
    ],
    ids=["weekly", "hourly"],
)
async def test_a_schedule_tells_its_first_and_its_next_reset(
    world: World, publisher: Publisher, schedule: dict[str, Any], first: str, following: int, shown: str
) -> None:
    chain_id = await publisher.make_offer_chain(recurrent_schedule=schedule)
    before = (await publisher.read(f"/offer_chain/id/{chain_id}"))["recurrent_schedule"]
    assert (before["displayable_reset_start_date"], before["displayable_reset_next_date"]) == (first, shown)
    world.clock.now = before["reset_next_date"]
    after = (await publisher.read(f"/offer_chain/id/{chain_id}"))["recurrent_schedule"]
    assert (after["displayable_reset_start_date"], after["reset_next_date"]) == (first, following)
    assert after["displayable_reset_next_date"] == shown
    assert set(after) - set(schedule) == {
        "reset_next_date",
        "displayable_reset_start_date",
        "displayable_reset_next_date",
    }


async def test_a_schedule_that_is_sent_again_begins_at_its_next_reset(world: World, publisher: Publisher) -> None:
    schedule = {"interval_type": "weekly", "day_of_week": 1, "time": "00:00:00+00:00"}
    chain_id = await publisher.make_offer_chain(recurrent_schedule=schedule, is_enabled=False)
    world.clock.advance(14 * 24 * 3600)
    assert (
        await publisher.put(f"/offer_chain/id/{chain_id}", offer_chain(recurrent_schedule=schedule))
    ).status_code == 204
    read = (await publisher.read(f"/offer_chain/id/{chain_id}"))["recurrent_schedule"]
    assert (read["displayable_reset_start_date"], read["displayable_reset_next_date"]) == (
        "2026-01-26T00:00:00+00:00",
        "2026-02-02T00:00:00+00:00",
    )


async def test_a_list_has_pages_of_ten(publisher: Publisher) -> None:
    for _ in range(7):
        await publisher.make_offer_chain(is_enabled=False)
    first, second = await publisher.read("/offer_chain"), await publisher.read("/offer_chain", limit=10, offset=10)
    assert (len(first["items"]), first["has_more"]) == (10, True)
    assert await publisher.read("/offer_chain", limit=50) == first
    assert (len(second["items"]), second["has_more"]) == (1, False)
    on, off = await publisher.read("/offer_chain", enabled=1), await publisher.read("/offer_chain", enabled=0, limit=7)
    assert ({one["is_enabled"] for one in on["items"]}, len(on["items"])) == ({True}, 4)
    assert ({one["is_enabled"] for one in off["items"]}, len(off["items"]), off["has_more"]) == ({False}, 7, False)


@pytest.mark.parametrize("query", [{"limit": 0}, {"offset": "x"}, {"enabled": 2}, {"enabled": "true"}])
async def test_a_query_that_cannot_be_is_refused(publisher: Publisher, query: dict[str, object]) -> None:
    assert problem(await publisher.get("/offer_chain", **query))[:2] == (422, 1102)


@pytest.mark.parametrize("chain_id", ["999", "5", "0", "nine", "99999999999999999999"])
async def test_an_unknown_chain_is_not_found(publisher: Publisher, chain_id: str) -> None:
    path = f"/offer_chain/id/{chain_id}"
    for answer in (
        await publisher.get(path),
        await publisher.put(path, offer_chain()),
        await publisher.delete(path),
        await publisher.put(path + "/toggle"),
    ):
        assert problem(answer) == (404, 4001, "Offer chain not found")
        assert answer.json()["transactionId"]
        assert answer.json()["errorMessageExtended"] is None


async def test_a_chain_that_is_on_cannot_be_changed(publisher: Publisher) -> None:
    refused = await publisher.put("/offer_chain/id/1", offer_chain())
    assert problem(refused) == (422, 6209, "Active chain cannot be updated. Please deactivate it first")
    assert refused.json()["errorMessageExtended"] is None
    assert (await publisher.read("/offer_chain/id/1"))["name"]["en"] == "Wanderer's Path"


async def test_a_toggle_switches_back_and_forth(publisher: Publisher) -> None:
    for is_enabled in (False, True):
        assert (await publisher.put("/offer_chain/id/1/toggle")).status_code == 204
        assert (await publisher.read("/offer_chain/id/1"))["is_enabled"] is is_enabled


async def test_what_an_update_leaves_out_is_lost(publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(
        description={"en": "Go"}, order=4, is_enabled=False, attribute_conditions=[ORC]
    )
    assert (await publisher.put(f"/offer_chain/id/{chain_id}", offer_chain(id=chain_id))).status_code == 204
    chain = await publisher.read(f"/offer_chain/id/{chain_id}")
    assert (chain["description"], chain["order"], chain["is_enabled"], chain["attribute_conditions"]) == (
        None,
        1,
        True,
        [],
    )


async def test_what_was_read_can_be_sent_back_without_what_only_reads_have(publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(
        is_enabled=False, steps=[step(1), step(2, "gold")], attribute_conditions=[ORC]
    )
    before = await publisher.read(f"/offer_chain/id/{chain_id}")
    refused = await publisher.put(f"/offer_chain/id/{chain_id}", before)
    assert problem(refused)[:2] == (422, 1102)
    body = {name: value for name, value in before.items() if name != "number_of_steps"} | {
        "steps": [
            {name: one[name] for name in ("step_id", "step_number", "is_free")}
            | {"items": [{name: part[name] for name in ("sku", "quantity", "order")} for part in one["items"]]}
            for one in before["steps"]
        ]
    }
    assert (await publisher.put(f"/offer_chain/id/{chain_id}", body)).status_code == 204
    assert await publisher.read(f"/offer_chain/id/{chain_id}") == before


async def test_steps_are_continued_exchanged_added_and_left_out(publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(
        is_enabled=False, steps=[step(1), step(2, "gold"), step(3, "lantern_oil")]
    )
    first, second, _ = [one["step_id"] for one in (await publisher.read(f"/offer_chain/id/{chain_id}"))["steps"]]
    changed = [
        step(2, "ember_key", step_id=first),
        step(1, "gold", step_id=second),
        step(9, "guild_horn", step_id=None),
    ]
    assert (await publisher.put(f"/offer_chain/id/{chain_id}", offer_chain(steps=changed))).status_code == 204
    steps = (await publisher.read(f"/offer_chain/id/{chain_id}"))["steps"]
    assert [(one["step_id"], one["step_number"], one["items"][0]["sku"]) for one in steps][:2] == [
        (second, 1, "gold"),
        (first, 2, "ember_key"),
    ]
    assert (steps[2]["step_number"], steps[2]["step_id"] > second + 1) == (9, True)


async def test_a_deleted_chain_is_gone_and_what_it_gave_stays(world: World, publisher: Publisher) -> None:
    game = world.game(FRESH_PLAYER)
    await game.claim_offer(1, 1)
    assert (await publisher.delete("/offer_chain/id/1")).status_code == 204
    assert problem(await publisher.get("/offer_chain/id/1"))[:2] == (404, 4001)
    assert "Wanderer's Path" not in await game.offer_chains()
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"healing_draught": 3}
