"""The calls and rules that only bundles have."""

from typing import Any

import pytest

from tests.sandbox.admin.publisher import Publisher, bundle, package, problem, usd, without
from tests.sandbox.world import ORIGIN

PATH = "/items/bundle"


async def test_a_bundle_tells_what_it_holds_and_what_that_would_cost(publisher: Publisher) -> None:
    content = [{"sku": "storm_lantern", "quantity": 2}, {"sku": "supply_crate"}]
    await publisher.post(PATH, bundle(content=content, image_url=None, bundle_type="partner_side_content"))
    read = await publisher.read(f"{PATH}/sku/starter")
    assert (read["type"], read["bundle_type"], read["image_url"]) == ("bundle", "partner_side_content", None)
    assert read["content"][0] == {
        "sku": "storm_lantern",
        "name": {"en": "Storm Lantern", "de": "Sturmlaterne"},
        "type": "virtual_good",
        "description": {"en": "Shows hidden paths, even in the rain.", "de": "Zeigt verborgene Pfade, auch bei Regen."},
        "image_url": f"{ORIGIN}/images/storm_lantern.svg",
        "quantity": 2,
    }
    assert (read["content"][1]["sku"], read["content"][1]["quantity"]) == ("supply_crate", 1)
    total = {"amount": "4.97", "amount_without_discount": "4.97", "currency": "USD"}
    assert read["total_content_price"] == total


@pytest.mark.parametrize("price", [None, [usd(1, currency="EUR")]], ids=["no price", "another currency"])
async def test_content_that_cannot_be_added_up_has_no_price(publisher: Publisher, price: Any) -> None:
    await publisher.make_item("sword", prices=price or [])
    await publisher.post(PATH, bundle(content=[{"sku": "sword"}, {"sku": "storm_lantern"}]))
    assert (await publisher.read(f"{PATH}/sku/starter"))["total_content_price"] is None


async def test_a_virtual_price_describes_its_currency(publisher: Publisher) -> None:
    await publisher.post("/items/virtual_currency", {"sku": "rubies", "name": {"en": "Rubies"}})
    prices = [
        {"sku": sku, "amount": amount, "is_default": sku == "gold", "is_enabled": True}
        for sku, amount in (("gold", 150), ("rubies", 3))
    ]
    await publisher.post(PATH, bundle(vc_prices=prices))
    assert (await publisher.read(f"{PATH}/sku/starter"))["virtual_prices"] == [
        {
            "sku": "gold",
            "name": {"en": "Gold", "de": "Gold"},
            "type": "virtual_currency",
            "description": None,
            "image_url": f"{ORIGIN}/images/gold.svg",
            "amount": "150",
            "is_default": True,
        },
        {
            "sku": "rubies",
            "name": {"en": "Rubies"},
            "type": "virtual_currency",
            "description": None,
            "image_url": None,
            "amount": "3",
            "is_default": False,
        },
    ]
    assert (await publisher.delete("/items/virtual_currency/sku/rubies")).status_code == 204
    left = (await publisher.read(f"{PATH}/sku/starter"))["virtual_prices"]
    assert [price["sku"] for price in left] == ["gold"]


async def test_a_bundle_is_shown_and_hidden(publisher: Publisher) -> None:
    await publisher.post(PATH, bundle())
    for act, is_shown in (("show", True), ("show", True), ("hide", False)):
        assert (await publisher.put(f"{PATH}/sku/starter/{act}")).status_code == 204
        assert (await publisher.read(f"{PATH}/sku/starter"))["is_show_in_store"] is is_shown
    assert problem(await publisher.put(f"{PATH}/sku/nothing/show"))[:2] == (404, 4001)
    assert problem(await publisher.put(f"{PATH}/sku/ember_key/hide"))[:2] == (404, 4001)


async def test_an_update_without_content_has_its_own_number(publisher: Publisher) -> None:
    await publisher.post(PATH, bundle())
    refused = await publisher.put(f"{PATH}/sku/starter", without(bundle(name={"en": "Other"}), "content"))
    assert problem(refused) == (422, 4517, "Bundle content is required")
    assert (await publisher.read(f"{PATH}/sku/starter"))["name"] == {"en": "Starter"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([], "There must be a minimum of 1 items in the array"),
        ([{"sku": "starter"}], "A bundle cannot contain itself"),
        ([{"sku": "nothing"}], "Item with sku = 'nothing' not found"),
        ([{"sku": "vp_embers"}], "Item with sku = 'vp_embers' not found"),
        ([{"sku": "ember_key", "quantity": 0}], "Must have a minimum value of 1"),
        ([{"sku": "ember_key"}] * 101, "There must be a maximum of 100 items in the array"),
        (
            [{"sku": "ember_key", "type": "virtual_good"}],
            "The property `type` is not defined and the definition does not allow additional properties",
        ),
    ],
    ids=["nothing", "itself", "an unknown SKU", "a value point", "none of it", "too much", "more than its write form"],
)
async def test_a_bundle_holds_items(publisher: Publisher, content: list[Any], text: str) -> None:
    assert problem(await publisher.post(PATH, bundle(content=content))) == (422, 1102, text)


async def test_an_item_named_twice_is_in_it_twice(publisher: Publisher) -> None:
    await publisher.post(PATH, bundle(content=[{"sku": "ember_key"}, {"sku": "ember_key", "quantity": 2}]))
    content = (await publisher.read(f"{PATH}/sku/starter"))["content"]
    assert [(part["sku"], part["quantity"]) for part in content] == [("ember_key", 3)]


async def test_bundles_do_not_hold_each_other_in_a_circle(publisher: Publisher) -> None:
    await publisher.post(PATH, bundle("inner"))
    await publisher.post(PATH, bundle("outer", content=[{"sku": "inner"}]))
    refused = await publisher.put(f"{PATH}/sku/inner", bundle("inner", content=[{"sku": "outer"}]))
    assert problem(refused)[:2] == (422, 1102)
    inner = await publisher.read(f"{PATH}/sku/inner")
    assert [part["sku"] for part in inner["content"]] == ["ember_key"]


async def test_bundles_are_not_nested_without_end(publisher: Publisher) -> None:
    await publisher.post(PATH, bundle("inner"))
    assert (await publisher.post(PATH, bundle("outer", content=[{"sku": "inner"}]))).status_code == 201
    assert problem(await publisher.post(PATH, bundle("outermost", content=[{"sku": "outer"}])))[:2] == (422, 1102)
    deeper = await publisher.put(f"{PATH}/sku/inner", bundle("inner", content=[{"sku": "moonstones_500"}]))
    assert problem(deeper)[:2] == (422, 1102)


@pytest.mark.parametrize("missing", ["is_default", "is_enabled"])
async def test_a_bundle_s_price_leaves_nothing_to_defaults(publisher: Publisher, missing: str) -> None:
    refused = await publisher.post(PATH, bundle(prices=[without(usd(1), missing)]))
    assert problem(refused) == (422, 1102, f"The property `{missing}` is required")


async def test_a_package_cannot_pass_for_a_bundle(publisher: Publisher) -> None:
    await publisher.post("/items/virtual_currency/package", package())
    assert problem(await publisher.get(f"{PATH}/sku/gems_100"))[:2] == (404, 4001)
    assert "gems_100" not in [one["sku"] for one in (await publisher.read(PATH))["items"]]
    refused = await publisher.post(PATH, bundle(bundle_type="virtual_currency_package"))
    assert problem(refused)[:2] == (422, 1102)
