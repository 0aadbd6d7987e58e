"""Daily chains as a publisher makes them."""

from typing import Any

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.admin.publisher import START, Publisher, daily_chain, problem, without
from tests.sandbox.world import World

PUBLISHED: dict[str, Any] = {
    "name": {"en": "Daily reward", "ru": "Ежедневная награда"},
    "description": {"en": "Daily reward short description"},
    "date_start": "2023-04-15T18:16:00+05:00",
    "date_end": "2030-04-25T18:16:00+05:00",
    "order": 1,
    "is_recurrent": False,
    "type": "calendar_hard",
    "steps": [
        {"step_number": 1, "items": [{"sku": "gold", "quantity": 1}, {"sku": "lantern_oil", "quantity": 2}]},
        {"step_number": 2, "items": [{"sku": "gold", "quantity": 5}]},
    ],
}


async def test_a_chain_is_created_read_replaced_and_deleted(publisher: Publisher) -> None:
    created = await publisher.post("/daily_chain", PUBLISHED)
    chain_id = created.json()["daily_chain_id"]
    path = f"/daily_chain/id/{chain_id}"
    read = await publisher.read(path)
    assert without(read, "id", "is_enabled", "number_of_steps", "steps") == without(PUBLISHED, "steps")
    assert (read["is_enabled"], read["number_of_steps"]) == (True, 2)
    first, second = read["steps"]
    assert [(item["sku"], item["quantity"]) for item in first["items"]] == [("gold", 1), ("lantern_oil", 2)]
    assert second["items"][0]["name"] == {"en": "Gold", "de": "Gold"}

    kept = {"step_id": second["step_id"], "step_number": 1, "items": [{"sku": "ember_key"}]}
    changed = {**PUBLISHED, "id": chain_id, "type": "rolling", "is_enabled": False, "steps": [kept]}
    assert problem(await publisher.put(path, changed))[:2] == (422, 6209), "it is switched on"
    assert (await publisher.put(path + "/toggle")).status_code == 204
    assert (await publisher.put(path, changed)).status_code == 204
    read = await publisher.read(path)
    assert (read["type"], read["is_enabled"], len(read["steps"])) == ("rolling", False, 1)
    assert read["steps"][0]["step_id"] == second["step_id"]
    assert (await publisher.delete(path)).status_code == 204
    assert problem(await publisher.get(path)) == (404, 4001, "Daily chain not found")


async def test_a_list_has_pages_without_steps(publisher: Publisher) -> None:
    await publisher.make_daily_chain(is_enabled=False)
    page = await publisher.read("/daily_chain", limit=2)
    assert [chain["name"]["en"] for chain in page["items"]] == ["Seven Sunrises", "Daily"]
    assert page["has_more"]
    assert [chain["number_of_steps"] for chain in page["items"]] == [7, 3]
    hidden = await publisher.read("/daily_chain", enabled=0)
    assert [chain["name"]["en"] for chain in hidden["items"]] == ["Daily"]


async def test_only_a_streak_can_be_reset(publisher: Publisher) -> None:
    chain_id = await publisher.make_daily_chain()
    refused = await publisher.post(f"/daily_chain/id/{chain_id}/reset")
    assert problem(refused) == (422, 1102, "Only a daily chain of type rolling can be reset")
    assert problem(await publisher.post("/daily_chain/id/1/reset"))[:2] == (404, 4001)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(without(daily_chain(), "name"), "The property `name` is required", id="no name"),
        pytest.param(daily_chain(number_of_steps=3), "The property `number_of_steps` is not defined and", id="count"),
        pytest.param(daily_chain(type="weekly"), "Does not have a value in the enumeration", id="another type"),
        pytest.param(daily_chain(steps=[]), "There must be a minimum of 1 items", id="no steps"),
        pytest.param(daily_chain(steps=[{"step_number": 1, "items": []}]), "There must be a minimum of 1", id="empty"),
        pytest.param(
            daily_chain(steps=[{"step_number": 1, "items": [{"sku": "gold"}]}] * 2),
            "A step number is used twice",
            id="a number twice",
        ),
        pytest.param(
            daily_chain(steps=[{"step_number": 1, "items": [{"sku": "nothing"}]}]),
            "Item with sku = 'nothing' not found",
            id="unknown item",
        ),
    ],
)
async def test_a_body_that_is_wrong_is_refused(publisher: Publisher, body: object, text: str) -> None:
    status, code, said = problem(await publisher.post("/daily_chain", body))
    assert (status, code) == (422, 1102)
    assert said.startswith(text)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"id": 1, "type": "rolling"}, "The id of a chain cannot be changed"),
        ({}, "The property `type` is required"),
        (
            {"type": "rolling", "steps": [{"step_id": 1, "step_number": 1, "items": [{"sku": "gold"}]}]},
            "The chain has no such step to continue",
        ),
    ],
    ids=["another id", "no type", "a step of another chain"],
)
async def test_a_replacement_that_is_wrong_is_refused(publisher: Publisher, change: dict[str, Any], text: str) -> None:
    chain_id = await publisher.make_daily_chain(is_enabled=False)
    refused = await publisher.put(f"/daily_chain/id/{chain_id}", daily_chain(**change))
    assert problem(refused) == (422, 1102, text)


async def test_players_keep_their_day_when_a_chain_is_replaced(world: World, publisher: Publisher) -> None:
    chain_id = await publisher.make_daily_chain(type="rolling", date_start=START)
    mira = world.game(FRESH_PLAYER)
    await mira.claim_daily(chain_id, 1)
    path = f"/daily_chain/id/{chain_id}"
    steps = (await publisher.read(path))["steps"]
    again = [
        {"step_id": step["step_id"], "step_number": step["step_number"], "items": [{"sku": "gold"}]} for step in steps
    ]
    await publisher.put(path + "/toggle")
    await publisher.put(path, daily_chain(type="rolling", date_start=START, is_enabled=True, steps=again))
    chain = (await mira.daily_chains())["Daily"]
    assert [step["status"] for step in chain["steps"]] == ["claimed", "claim_in_future", "claim_in_future"]
