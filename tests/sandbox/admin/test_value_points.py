"""Value points, and the items that give them."""

from typing import Any

import pytest

from tests.sandbox.admin.publisher import Publisher, problem
from tests.sandbox.world import ORIGIN

PATH = "/items/value_points"
STARS = {"sku": "stars", "name": {"en-US": "Stars"}}
REWARDS = "/items/vp_embers/value_points/rewards"


async def test_a_value_point_lives_from_its_creation_to_its_deletion(publisher: Publisher) -> None:
    fields = {"description": {"en": "Shine"}, "image_url": "https://example.com/s.png", "order": 4, "is_clan": True}
    created = await publisher.post(PATH, STARS | fields)
    assert (created.status_code, created.json()) == (201, {"sku": "stars", "item_id": 17})
    stars: dict[str, Any] = {
        "sku": "stars",
        "name": {"en": "Stars"},
        "description": {"en": "Shine"},
        "long_description": None,
        "type": "value_point",
        "image_url": "https://example.com/s.png",
        "media_list": [],
        "order": 4,
        "is_enabled": True,
        "is_clan": True,
    }
    assert (await publisher.read(PATH))["items"][-1] == stars
    assert await publisher.read(f"{PATH}/sku/stars") == stars | {"can_delete": True}

    media = [{"type": "image", "url": "https://example.com/m.png"}]
    changed = STARS | {"name": None, "is_enabled": False, "media_list": media, "type": "value_point"}
    assert (await publisher.put(f"{PATH}/sku/stars", changed)).status_code == 204
    assert await publisher.read(f"{PATH}/sku/stars") == stars | {
        "name": None,
        "description": None,
        "image_url": "",
        "media_list": media,
        "order": 1,
        "is_enabled": False,
        "can_delete": True,
    }
    assert (await publisher.delete(f"{PATH}/sku/stars")).status_code == 204
    for gone in (
        await publisher.get(f"{PATH}/sku/stars"),
        await publisher.delete(f"{PATH}/sku/stars"),
        await publisher.put(f"{PATH}/sku/stars", STARS),
    ):
        assert problem(gone) == (404, 4001, "Item with Project Id = 44056 and Sku = stars not found")


async def test_value_points_are_listed_in_pages(publisher: Publisher) -> None:
    assert [one["sku"] for one in (await publisher.read(PATH, limit=1, offset=1))["items"]] == ["vp_banners"]
    assert await publisher.read(PATH, limit=51) == await publisher.read(PATH)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"sku": "vp_embers"}, "Item with sku = 'vp_embers' already exists"),
        ({"sku": "ember_key"}, "Item with sku = 'ember_key' already exists"),
        ({"sku": "a/b"}, r"Does not match the regex pattern ^[A-Za-z0-9_.-]*\Z"),
        ({"is_clan": None}, "NULL value found, but a boolean is required"),
        (
            {"can_delete": True},
            "The property `can_delete` is not defined and the definition does not allow additional properties",
        ),
    ],
    ids=["a value point's SKU", "an item's SKU", "a strange SKU", "a null", "what only reads have"],
)
async def test_what_cannot_be_is_refused_without_details(
    publisher: Publisher, fields: dict[str, Any], text: str
) -> None:
    refused = await publisher.post(PATH, STARS | fields)
    assert problem(refused) == (422, 1102, text)
    assert refused.json().keys() == {"statusCode", "errorCode", "errorMessage", "transactionId"}


@pytest.mark.parametrize("missing", ["sku", "name"])
async def test_sku_and_name_are_required(publisher: Publisher, missing: str) -> None:
    body = {name: value for name, value in STARS.items() if name != missing}
    assert problem(await publisher.post(PATH, body)) == (422, 1102, f"The property `{missing}` is required")


@pytest.mark.parametrize(("sku", "is_clan"), [("vp_embers", True), ("vp_banners", False)])
async def test_whom_a_value_point_is_for_cannot_be_changed(publisher: Publisher, sku: str, is_clan: bool) -> None:
    refused = await publisher.put(f"{PATH}/sku/{sku}", {"sku": sku, "name": None, "is_clan": is_clan})
    assert problem(refused) == (422, 1102, "The property `is_clan` cannot be changed")
    kept = await publisher.put(f"{PATH}/sku/{sku}", {"sku": sku, "name": None, "is_clan": not is_clan})
    assert kept.status_code == 204


async def test_a_value_point_s_sku_stays(publisher: Publisher) -> None:
    refused = await publisher.put(f"{PATH}/sku/vp_embers", STARS)
    assert problem(refused) == (422, 1102, "The SKU of an item cannot be changed")


async def test_a_value_point_that_a_chain_counts_cannot_be_deleted(publisher: Publisher) -> None:
    assert (await publisher.read(f"{PATH}/sku/vp_embers"))["can_delete"] is False
    assert problem(await publisher.delete(f"{PATH}/sku/vp_embers"))[:2] == (422, 1102)
    assert (await publisher.delete("/reward_chain/id/5")).status_code == 204
    assert (await publisher.read(f"{PATH}/sku/vp_embers"))["can_delete"] is True
    assert (await publisher.delete(f"{PATH}/sku/vp_embers")).status_code == 204


async def amounts(publisher: Publisher) -> dict[str, int]:
    return {one["sku"]: one["amount"] for one in (await publisher.read(REWARDS))["items"]}


async def test_the_items_that_give_points_are_listed(publisher: Publisher) -> None:
    assert (await publisher.read(REWARDS))["items"][0] == {
        "item_id": 6,
        "sku": "storm_lantern",
        "name": {"en": "Storm Lantern", "de": "Sturmlaterne"},
        "image_url": f"{ORIGIN}/images/storm_lantern.svg",
        "amount": 40,
    }


async def test_setting_points_replaces_them_all(publisher: Publisher) -> None:
    body = [{"sku": "ember_key", "amount": 7}, {"sku": "gold", "amount": 0}]
    assert (await publisher.put(REWARDS, body)).status_code == 204
    assert await amounts(publisher) == {"ember_key": 7}


async def test_changing_points_touches_what_is_named(publisher: Publisher) -> None:
    body = [
        {"sku": "ember_key", "amount": 7},
        {"sku": "supply_crate", "amount": 0},
        {"sku": "storm_lantern", "amount": 1},
    ]
    assert (await publisher.patch(REWARDS, body)).status_code == 204
    assert await amounts(publisher) == {
        "ember_key": 7,
        "storm_lantern": 1,
        "wanderer_bundle": 100,
        "moonstones_500": 250,
    }
    assert (await publisher.patch(REWARDS, [])).status_code == 204
    assert len(await amounts(publisher)) == 4


async def test_deleting_points_leaves_none(publisher: Publisher) -> None:
    assert (await publisher.delete(REWARDS)).status_code == 204
    assert await amounts(publisher) == {}
    others = await publisher.read("/items/vp_banners/value_points/rewards")
    assert len(others["items"]) == 4


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([{"sku": "electric_shiel", "amount": 1}], (404, 4001, "Item with sku = 'electric_shiel' not found")),
        ([{"sku": "vp_banners", "amount": 1}], (404, 4001, "Item with sku = 'vp_banners' not found")),
        ([{"sku": "gold", "amount": -1}], (422, 1102, "Must have a minimum value of 0")),
        ([{"sku": "gold"}], (422, 1102, "The property `amount` is required")),
        ([{"sku": "gold", "amount": 1}] * 2, (422, 1102, "There are no duplicates allowed in the array")),
        ({"sku": "gold", "amount": 1}, (422, 1102, "Object value found, but an array is required")),
    ],
    ids=["unknown", "a value point", "less than none", "no amount", "twice", "no list"],
)
async def test_wrong_points_change_nothing(publisher: Publisher, method: str, body: Any, expected: Any) -> None:
    before = await amounts(publisher)
    assert problem(await publisher.call(method, REWARDS, body)) == expected
    assert await amounts(publisher) == before


async def test_a_hundred_items_change_at_once_and_no_more(publisher: Publisher) -> None:
    body: list[Any] = [{"sku": f"sku_{number}", "amount": 0} for number in range(101)]
    refused = await publisher.patch(REWARDS, body)
    assert problem(refused) == (422, 1102, "There must be a maximum of 100 items in the array")
    assert problem(await publisher.patch(REWARDS, body[:100]))[:2] == (404, 4001)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("sku", ["nothing", "ember_key"])
async def test_only_a_value_point_is_given(publisher: Publisher, method: str, sku: str) -> None:
    body: list[Any] | None = [] if method in ("PUT", "PATCH") else None
    answer = await publisher.call(method, f"/items/{sku}/value_points/rewards", body)
    assert problem(answer) == (404, 4001, f"Item with sku = '{sku}' not found")
