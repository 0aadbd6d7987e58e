"""Why items are refused, and in which words."""

from typing import Any

import pytest

from tests.sandbox.admin.publisher import Publisher, bundle, item, package, problem, usd, without

VALUE: dict[str, Any] = {"external_id": "red", "value": {}}
ATTRIBUTE: dict[str, Any] = {"external_id": "colour", "values": [VALUE]}
NO_DATE = "Invalid date-time, expected format YYYY-MM-DDThh:mm:ss+hh:mm"
CLOSED = "The property `{}` is not defined and the definition does not allow additional properties"
IN_A_COUNTRY = usd(1, country_iso="DE")
DAILY = {"interval_type": "daily", "time": "01:00:00+00:00"}


def renewed(schedule: dict[str, Any]) -> dict[str, Any]:
    """Limits that renew."""
    return {"limits": {"recurrent_schedule": {"per_user": schedule}}}


def in_currency(sku: str) -> dict[str, Any]:
    """A virtual price."""
    return {"vc_prices": [{"sku": sku, "amount": 1, "is_default": True, "is_enabled": True}]}


@pytest.mark.parametrize(
    ("fields", "property_", "text"),
    [
        ({"sku": ""}, "sku", "Must be at least 1 characters long"),
        ({"sku": "x" * 256}, "sku", "Must be at most 255 characters long"),
        ({"sku": "a b"}, "sku", r"Does not match the regex pattern ^[A-Za-z0-9_.-]*\Z"),
        ({"sku": "a\n"}, "sku", r"Does not match the regex pattern ^[A-Za-z0-9_.-]*\Z"),
        ({"sku": "a\u2013b"}, "sku", r"Does not match the regex pattern ^[A-Za-z0-9_.-]*\Z"),
        ({"sku": 5}, "sku", "Integer value found, but a string is required"),
        ({"name": "Sword"}, "name", "String value found, but an object is required"),
        ({"name": {"en": 5}}, "name[...]", "Integer value found, but a string is required"),
        ({"description": []}, "description", "Array value found, but an object is required"),
        ({"is_enabled": None}, "is_enabled", "NULL value found, but a boolean is required"),
        ({"is_free": "yes"}, "is_free", "String value found, but a boolean is required"),
        ({"order": 1.5}, "order", "Double value found, but an integer is required"),
        ({"order": 2**31}, "order", "Must have a maximum value of 2147483647"),
        ({"image_url": None}, "image_url", "NULL value found, but a string is required"),
        ({"groups": "all"}, "groups", "String value found, but an array is required"),
        ({"prices": [usd(1) | {"amount": "4.99"}]}, "prices[0].amount", "String value found, but a number is required"),
        ({"prices": [usd(0)]}, "prices[0].amount", "Must have a minimum value of 1"),
        ({"prices": [usd(0.0)]}, "prices[0].amount", "Must have a minimum value greater than boundary value of 0.0"),
        ({"prices": [usd(-0.01)]}, "prices[0].amount", "Must have a minimum value greater than boundary value of 0.0"),
        ({"prices": [without(usd(1), "currency")]}, "prices[0].currency", "The property `currency` is required"),
        ({"prices": [usd(1, currency="usd")]}, "prices[0].currency", r"Does not match the regex pattern ^[A-Z]{3}\Z"),
        ({"prices": [usd(1), usd(2)]}, "prices", "There must be exactly one default price without a country"),
        ({"prices": [usd(1, is_default=False)]}, "prices", "There must be exactly one default price without a country"),
        ({"prices": [IN_A_COUNTRY]}, "prices", "There must be exactly one default price without a country"),
        ({"prices": [usd(1), IN_A_COUNTRY, IN_A_COUNTRY]}, "prices", "A country has two default prices"),
        (
            {"media_list": [{"type": "sound", "url": ""}]},
            "media_list[0].type",
            "Does not have a value in the enumeration: 'sound'",
        ),
        ({"regions": [{"id": 0}]}, "regions[0].id", "Must have a minimum value of 1"),
        ({"custom_attributes": []}, "custom_attributes", "Array value found, but an object is required"),
        ({"custom_attributes": {"k": "x" * 493}}, "custom_attributes", "JSON can\u2019t exceed 500 characters."),
        ({"periods": [{"date_from": "2026-01-01T00:00:00"}]}, "periods[0].date_from", NO_DATE),
        (in_currency("silver"), "vc_prices", "Item with sku = 'silver' not found"),
        (in_currency("ember_key"), "vc_prices", "Item with sku = 'ember_key' not found"),
        (renewed(DAILY | {"time": "01:30:00+00:00"}), "limits.recurrent_schedule.per_user.time", None),
        (
            renewed(DAILY | {"day_of_week": 1}),
            "limits.recurrent_schedule.per_user.day_of_week",
            CLOSED.format("day_of_week"),
        ),
        (
            renewed({"interval_type": "hourly"}),
            "limits.recurrent_schedule.per_user.interval_type",
            "Does not have a value in the enumeration: 'hourly'",
        ),
        (
            {"attributes": [{**ATTRIBUTE, "external_id": "a.b"}]},
            "attributes[0].external_id",
            r"Does not match the regex pattern ^[A-Za-z0-9_-]+\Z",
        ),
    ],
)
async def test_a_wrong_field_is_refused(
    publisher: Publisher, fields: dict[str, Any], property_: str, text: str | None
) -> None:
    refused = await publisher.post("/items/virtual_items", item() | fields)
    status, code, said = problem(refused)
    assert (status, code, said) == (422, 1102, said if text is None else text)
    assert refused.json()["errorMessageExtended"] == [{"property": property_, "message": said}]
    assert refused.json()["transactionId"]
    assert problem(await publisher.get("/items/virtual_items/sku/sword"))[:2] == (404, 4001)


@pytest.mark.parametrize(
    ("path", "body", "missing"),
    [
        ("/items/virtual_items", item(), "sku"),
        ("/items/virtual_items", item(), "name"),
        ("/items/virtual_currency", item(), "sku"),
        ("/items/virtual_currency", item(), "name"),
        ("/items/virtual_currency/package", package(), "sku"),
        ("/items/virtual_currency/package", package(), "description"),
        ("/items/virtual_currency/package", package(), "content"),
        ("/items/virtual_currency/package", package(), "prices"),
        ("/items/bundle", bundle(), "description"),
        ("/items/bundle", bundle(), "content"),
    ],
)
async def test_what_is_required_must_be_there(
    publisher: Publisher, path: str, body: dict[str, Any], missing: str
) -> None:
    refused = await publisher.post(path, without(body, missing))
    assert problem(refused) == (422, 1102, f"The property `{missing}` is required")
    assert refused.json()["errorMessageExtended"] == [
        {"property": missing, "message": f"The property `{missing}` is required"}
    ]


async def test_an_updated_item_has_a_description_or_null(publisher: Publisher) -> None:
    await publisher.make_item("sword")
    path = "/items/virtual_items/sku/sword"
    absent = await publisher.put(path, without(item(), "description"))
    assert problem(absent) == (422, 1102, "The property `description` is required")
    empty = await publisher.put(path, item(description={}))
    assert problem(empty) == (422, 1102, "Must contain a minimum of 1 properties")
    assert (await publisher.put(path, item(description=None))).status_code == 204


async def test_five_hundred_characters_of_custom_attributes_are_taken(publisher: Publisher) -> None:
    await publisher.make_item("sword", custom_attributes={"k": "x" * 492})


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ([{**ATTRIBUTE, "external_id": f"a{number}"} for number in range(21)], 9908),
        ([{**ATTRIBUTE, "values": [VALUE] * 7}], 9909),
    ],
    ids=["attributes", "values"],
)
async def test_catalog_attributes_have_limits_of_their_own(
    publisher: Publisher, attributes: list[Any], code: int
) -> None:
    refused = await publisher.post("/items/virtual_items", item(attributes=attributes))
    assert problem(refused)[:2] == (422, code)
    assert [one["property"] for one in refused.json()["errorMessageExtended"]] == ["attributes"]


async def test_as_many_catalog_attributes_as_may_be_are_taken(publisher: Publisher) -> None:
    values = [{"external_id": f"v{number}", "value": {"en": "x"}} for number in range(6)]
    attributes = [{"external_id": f"a{number}", "values": values} for number in range(20)]
    await publisher.make_item("sword", attributes=attributes)


async def test_a_currency_cannot_be_free(publisher: Publisher) -> None:
    refused = await publisher.post("/items/virtual_currency", item("rubies", is_free=True))
    assert problem(refused) == (422, 1102, "A virtual currency cannot be free")


@pytest.mark.parametrize(
    "content",
    [
        [],
        [{"sku": "gold", "quantity": 1}, {"sku": "moonstones", "quantity": 1}],
        [{"sku": "ember_key", "quantity": 1}],
        [{"sku": "nothing", "quantity": 1}],
        [{"sku": "gold", "quantity": 0}],
        [{"sku": "gold", "quantity": 1, "name": {}}],
    ],
    ids=["nothing", "two currencies", "no currency", "an unknown SKU", "none of it", "more than its write form"],
)
async def test_a_package_holds_one_currency(publisher: Publisher, content: list[Any]) -> None:
    refused = await publisher.post("/items/virtual_currency/package", package(content=content))
    assert problem(refused)[:2] == (422, 1102)


async def test_a_package_may_have_virtual_prices_alone(publisher: Publisher) -> None:
    price = {"sku": "gold", "amount": 10, "is_default": True, "is_enabled": True}
    body = without(package(vc_prices=[price]), "prices")
    assert (await publisher.post("/items/virtual_currency/package", body)).status_code == 201
    read = await publisher.read("/items/virtual_currency/package/sku/gems_100")
    assert (read["prices"], read["vc_prices"]) == ([], [price])


@pytest.mark.parametrize("code", ["xx", "EN", "pt-PT", "", "en-us"])
async def test_an_unknown_language_refuses_the_whole_write(publisher: Publisher, code: str) -> None:
    refused = await publisher.post("/items/virtual_items", item(description={"en": "Sharp", code: "?"}))
    assert problem(refused) == (404, 4001, f"Language '{code}' not found")
    assert problem(await publisher.get("/items/virtual_items/sku/sword"))[:2] == (404, 4001)


async def test_of_two_codes_for_one_language_the_later_one_counts(publisher: Publisher) -> None:
    await publisher.make_item("a", name={"en": "first", "en-US": "second", "zh-CN": "中", "ph-PH": None})
    await publisher.make_item("b", name={"en-US": "first", "en": "second"})
    assert (await publisher.read("/items/virtual_items/sku/a"))["name"] == {"en": "second", "cn": "中", "ph": None}
    assert (await publisher.read("/items/virtual_items/sku/b"))["name"] == {"en": "second"}


async def test_a_name_may_be_null(publisher: Publisher) -> None:
    await publisher.make_item("sword", name=None)
    assert (await publisher.read("/items/virtual_items/sku/sword"))["name"] is None
