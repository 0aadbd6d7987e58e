"""Items of all kinds: create, read, list, replace, delete."""

from typing import Any

import pytest

from tests.sandbox.admin.publisher import Publisher, bundle, item, package, problem, usd
from tests.sandbox.world import ORIGIN, World

KINDS = {
    "virtual item": ("/items/virtual_items", item("new_one")),
    "virtual currency": ("/items/virtual_currency", item("new_one")),
    "currency package": ("/items/virtual_currency/package", package("new_one")),
    "bundle": ("/items/bundle", bundle("new_one")),
}
each_kind = pytest.mark.parametrize(("path", "body"), KINDS.values(), ids=KINDS)
DETAILS: dict[str, Any] = {
    "long_description": {"de-DE": "Lang"},
    "media_list": [{"type": "video", "url": "https://example.com/v"}],
    "groups": ["weapons", {"external_id": "rare"}, "weapons"],
    "attributes": [
        {
            "external_id": "colour",
            "name": {"en-US": "Colour"},
            "values": [{"external_id": "red", "value": {"en-US": "Red"}}],
        }
    ],
    "prices": [
        usd(4.99),
        {"amount": 4, "currency": "EUR", "country_iso": "DE", "is_default": False, "is_enabled": True},
    ],
    "vc_prices": [{"sku": "gold", "amount": 150, "is_default": True, "is_enabled": True}],
    "is_enabled": False,
    "is_show_in_store": True,
    "order": -3,
    "regions": [{"id": 7}],
    "limits": {
        "per_user": 5,
        "per_item": 100,
        "recurrent_schedule": {"per_user": {"interval_type": "daily", "time": "01:00:00+08:00"}},
    },
    "periods": [{"date_from": "2026-01-01T00:00:00+03:00", "date_until": None}],
    "custom_attributes": {"rarity": {"score": 1.5}},
    "pre_order": {"release_date": "2026-06-01T00:00:00+00:00", "is_enabled": True, "description": "Soon"},
}


@each_kind
async def test_an_item_lives_from_its_creation_to_its_deletion(
    publisher: Publisher, path: str, body: dict[str, Any]
) -> None:
    created = await publisher.post(path, body)
    assert (created.status_code, created.json()) == (201, {"sku": "new_one"})
    assert (await publisher.read(f"{path}/sku/new_one"))["name"] == {"en": "New_One"}
    assert (
        await publisher.put(f"{path}/sku/new_one", body | {"name": {"en": "Renamed"}, "order": 9})
    ).status_code == 204
    listed = (await publisher.read(path))["items"]
    assert [(one["sku"], one["name"], one["order"]) for one in listed][-1] == ("new_one", {"en": "Renamed"}, 9)
    assert (await publisher.delete(f"{path}/sku/new_one")).status_code == 204
    gone = await publisher.get(f"{path}/sku/new_one")
    assert problem(gone) == (404, 4001, "Item with Project Id = 44056 and Sku = new_one not found")
    assert len((await publisher.read(path))["items"]) == len(listed) - 1


@each_kind
async def test_everything_that_is_said_of_an_item_is_answered(
    publisher: Publisher, path: str, body: dict[str, Any]
) -> None:
    assert (await publisher.post(path, body | DETAILS)).status_code == 201
    read = await publisher.read(f"{path}/sku/new_one")
    renewal = {
        "interval_type": "daily",
        "time": "01:00:00+08:00",
        "reset_next_date": 1767805200,
        "displayable_reset_start_date": "2026-01-08T01:00:00+08:00",
        "displayable_reset_next_date": "2026-01-08T01:00:00+08:00",
    }
    assert {name: read[name] for name in DETAILS if name in read and name != "vc_prices"} == {
        "long_description": {"de": "Lang"},
        "media_list": [{"type": "video", "url": "https://example.com/v"}],
        "groups": [
            {"external_id": "weapons", "name": {"en": "weapons"}},
            {"external_id": "rare", "name": {"en": "rare"}},
        ],
        "attributes": DETAILS["attributes"],
        "prices": [
            {"amount": 4.99, "currency": "USD", "country_iso": None, "is_default": True, "is_enabled": True},
            {"amount": 4, "currency": "EUR", "country_iso": "DE", "is_default": False, "is_enabled": True},
        ],
        "is_enabled": False,
        "is_show_in_store": True,
        "order": -3,
        "regions": [{"id": 7}],
        "limits": {
            "per_user": {"total": 5, "available": 5, "recurrent_schedule": renewal},
            "per_item": {"total": 100, "available": 100, "reserved": 0, "sold": 0},
            "recurrent_schedule": {"per_user": renewal},
        },
        "periods": [{"date_from": "2026-01-01T00:00:00+03:00", "date_until": None}],
        "custom_attributes": {"rarity": {"score": 1.5}},
    }


@each_kind
async def test_what_an_update_leaves_out_is_lost(publisher: Publisher, path: str, body: dict[str, Any]) -> None:
    await publisher.post(path, body | DETAILS)
    assert (await publisher.put(f"{path}/sku/new_one", body)).status_code == 204
    read = await publisher.read(f"{path}/sku/new_one")
    lost = (
        "long_description",
        "media_list",
        "groups",
        "attributes",
        "limits",
        "periods",
        "custom_attributes",
        "regions",
    )
    assert {name: read[name] for name in lost} == {
        "long_description": None,
        "media_list": [],
        "groups": [],
        "attributes": [],
        "limits": None,
        "periods": [],
        "custom_attributes": {},
        "regions": [],
    }
    assert (read["is_enabled"], read["is_show_in_store"], read["order"]) == (True, False, 1)


@each_kind
async def test_what_was_read_can_be_sent_back(publisher: Publisher, path: str, body: dict[str, Any]) -> None:
    await publisher.post(path, body | DETAILS | {"vc_prices": None, "limits": None})
    before = await publisher.read(f"{path}/sku/new_one")
    content = [{"sku": part["sku"], "quantity": part["quantity"]} for part in before.get("content", [])]
    again = before | ({"content": content} if content else {})
    assert (await publisher.put(f"{path}/sku/new_one", again)).status_code == 204
    assert await publisher.read(f"{path}/sku/new_one") == before


@each_kind
async def test_an_unknown_item_is_not_found(publisher: Publisher, path: str, body: dict[str, Any]) -> None:
    assert problem(await publisher.get(f"{path}/sku/new_one"))[:2] == (404, 4001)
    assert problem(await publisher.put(f"{path}/sku/new_one", body))[:2] == (404, 4001)
    assert problem(await publisher.delete(f"{path}/sku/new_one"))[:2] == (404, 4001)


@each_kind
async def test_a_sku_is_used_once_in_a_project(publisher: Publisher, path: str, body: dict[str, Any]) -> None:
    refused = await publisher.post(path, body | {"sku": "ember_key"})
    assert problem(refused) == (422, 1102, "Item with sku = 'ember_key' already exists")


@each_kind
async def test_a_sku_stays(publisher: Publisher, path: str, body: dict[str, Any]) -> None:
    await publisher.post(path, body)
    refused = await publisher.put(f"{path}/sku/new_one", body | {"sku": "other_one"})
    assert problem(refused) == (422, 1102, "The SKU of an item cannot be changed")
    assert (await publisher.get(f"{path}/sku/new_one")).status_code == 200


@each_kind
async def test_an_item_is_of_its_kind_only(publisher: Publisher, path: str, body: dict[str, Any]) -> None:
    await publisher.post(path, body)
    for other, _ in KINDS.values():
        found = (await publisher.get(f"{other}/sku/new_one")).status_code
        assert found == (200 if other == path else 404)


async def test_a_list_has_pages(publisher: Publisher) -> None:
    everything = [one["sku"] for one in (await publisher.read("/items/virtual_items"))["items"]]
    assert len(everything) == 8
    pages = [await publisher.read("/items/virtual_items", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [[one["sku"] for one in page["items"]] for page in pages] == [
        everything[0:3],
        everything[3:6],
        everything[6:9],
        [],
    ]


@pytest.mark.parametrize("query", [{"limit": 0}, {"offset": -1}, {"limit": "all"}])
async def test_a_page_that_cannot_be_is_refused(publisher: Publisher, query: dict[str, object]) -> None:
    assert problem(await publisher.get("/items/virtual_items", **query))[:2] == (422, 1102)


async def test_a_promo_code_changes_nothing(publisher: Publisher) -> None:
    plain = await publisher.read("/items/virtual_items/sku/storm_lantern")
    assert await publisher.read("/items/virtual_items/sku/storm_lantern", promo_code="WINTER2021") == plain


@pytest.mark.parametrize("path", ["/items/virtual_items", "/items/bundle"])
@pytest.mark.parametrize("group", ["external_id/red", "id/1"])
async def test_a_group_with_a_line_break_is_an_unknown_path(publisher: Publisher, path: str, group: str) -> None:
    assert problem(await publisher.get(f"{path}/group/{group}%0A"))[:2] == (404, 0)


@pytest.mark.parametrize(("path", "body"), [KINDS["virtual item"], KINDS["bundle"]], ids=["virtual items", "bundles"])
async def test_items_are_listed_by_group(publisher: Publisher, path: str, body: dict[str, Any]) -> None:
    for sku, groups in (("a", ["red"]), ("b", ["red", "blue"]), ("c", [])):
        await publisher.post(path, body | {"sku": sku, "groups": groups})

    async def in_group(group: str) -> list[str]:
        return [one["sku"] for one in (await publisher.read(f"{path}/group/{group}"))["items"]]

    assert await in_group("external_id/red") == ["a", "b"]
    assert await in_group("external_id/blue") == ["b"]
    assert await in_group("external_id/green") == []
    assert (await in_group("external_id/all"))[-3:] == ["a", "b", "c"]
    # Groups are numbered in the order in which items first name them.
    assert (await in_group("id/1"), await in_group("id/2"), await in_group("id/3")) == (["a", "b"], ["b"], [])


async def test_a_virtual_item_has_its_own_details(publisher: Publisher) -> None:
    options = {"consumable": {"usages_count": 3}, "expiration_period": {"type": "week", "value": 2}}
    await publisher.make_item("potion", inventory_options=options, virtual_item_type="consumable", is_free=True)
    read = await publisher.read("/items/virtual_items/sku/potion")
    assert read["inventory_options"] == options
    assert (read["virtual_item_type"], read["type"], read["is_free"]) == ("consumable", "virtual_good", True)
    assert "virtual_item_type" not in await publisher.read("/items/virtual_items/sku/ember_key")


async def test_a_currency_may_be_hard(publisher: Publisher) -> None:
    await publisher.post("/items/virtual_currency", item("rubies", is_hard=True))
    assert (await publisher.read("/items/virtual_currency/sku/rubies"))["is_hard"] is True


async def test_a_package_tells_which_currency_it_holds(publisher: Publisher) -> None:
    read = await publisher.read("/items/virtual_currency/package/sku/moonstones_500")
    assert (read["type"], read["bundle_type"]) == ("bundle", "virtual_currency_package")
    assert read["content"] == [
        {
            "sku": "moonstones",
            "name": {"en": "Moonstones", "de": "Mondsteine"},
            "type": "virtual_currency",
            "description": None,
            "image_url": f"{ORIGIN}/images/moonstones.svg",
            "quantity": 500,
        }
    ]


async def test_a_limit_renews_as_it_says(world: World, publisher: Publisher) -> None:
    weekly = {"interval_type": "weekly", "day_of_week": 4, "time": "11:00:00+03:00"}
    await publisher.make_item("potion", limits={"per_user": 1, "recurrent_schedule": {"per_user": weekly}})
    world.clock.advance(7 * 24 * 3600)
    limits = (await publisher.read("/items/virtual_items/sku/potion"))["limits"]
    assert limits["per_item"] is None
    assert limits["recurrent_schedule"]["per_user"] == weekly | {
        "reset_next_date": 1768464000,
        "displayable_reset_start_date": "2026-01-08T11:00:00+03:00",
        "displayable_reset_next_date": "2026-01-15T11:00:00+03:00",
    }


@pytest.mark.parametrize("path", ["/items/virtual_items/sku/ember_key", "/items/virtual_currency/sku/moonstones"])
async def test_an_item_in_use_is_not_deleted(publisher: Publisher, path: str) -> None:
    assert problem(await publisher.delete(path))[:2] == (422, 1102)
    assert (await publisher.get(path)).status_code == 200


async def test_an_item_is_not_deleted_under_the_name_of_another_kind(publisher: Publisher) -> None:
    await publisher.make_item("sword")
    assert problem(await publisher.delete("/items/bundle/sku/sword"))[:2] == (404, 4001)
    assert (await publisher.get("/items/virtual_items/sku/sword")).status_code == 200
