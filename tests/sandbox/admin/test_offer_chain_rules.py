"""Why offer chains are refused, and in which words."""

from typing import Any

import pytest

from tests.sandbox.admin.publisher import Publisher, offer_chain, problem, step, without

ORC = {"attribute": "race", "type": "string", "operator": "eq", "value": "orc"}
WEEKLY = {"interval_type": "weekly", "day_of_week": 1, "time": "01:00:00+08:00"}
CLOSED = "The property `{}` is not defined and the definition does not allow additional properties"
NO_DATE = "Invalid date-time, expected format YYYY-MM-DDThh:mm:ss+hh:mm"


@pytest.mark.parametrize(
    ("fields", "property_", "text"),
    [
        ({"name": []}, "name", "Array value found, but an object is required"),
        ({"long_description": {"en": "x"}}, "long_description", CLOSED.format("long_description")),
        ({"number_of_steps": 1}, "number_of_steps", CLOSED.format("number_of_steps")),
        ({"id": 7}, "id", CLOSED.format("id")),
        ({"date_start": "2026-01-01T00:00:00"}, "date_start", NO_DATE),
        ({"date_start": "yesterday"}, "date_start", NO_DATE),
        ({"date_start": 1767787200}, "date_start", "Integer value found, but a string is required"),
        ({"date_end": "2026-01-01"}, "date_end", NO_DATE),
        ({"is_enabled": 1}, "is_enabled", "Integer value found, but a boolean is required"),
        ({"steps": []}, "steps", "There must be a minimum of 1 items in the array"),
        ({"steps": {}}, "steps", "Object value found, but an array is required"),
        ({"steps": [step(name={"en": "x"})]}, "steps[0].name", CLOSED.format("name")),
        ({"steps": [step(step_id=1)]}, "steps[0].step_id", CLOSED.format("step_id")),
        ({"steps": [step(0)]}, "steps[0].step_number", "Must have a minimum value of 1"),
        ({"steps": [without(step(), "is_free")]}, "steps[0].is_free", "The property `is_free` is required"),
        ({"steps": [step(items=[])]}, "steps[0].items", "There must be a minimum of 1 items in the array"),
        (
            {"steps": [step(items=[{"sku": "gold"}])]},
            "steps[0].items[0].quantity",
            "The property `quantity` is required",
        ),
        (
            {"steps": [step(items=[{"sku": "gold", "quantity": 0}])]},
            "steps[0].items[0].quantity",
            "Must have a minimum value of 1",
        ),
        (
            {"steps": [step(items=[{"sku": "gold", "quantity": 1, "order": -1}])]},
            "steps[0].items[0].order",
            "Must have a minimum value of 0",
        ),
        (
            {"steps": [step(items=[{"sku": "gold", "quantity": 1}] * 2)]},
            "steps[0].items",
            "There must be a maximum of 1 items in the array",
        ),
        ({"steps": [step(sku="nothing")]}, "steps", "Item with sku = 'nothing' not found"),
        ({"steps": [step(sku="vp_embers")]}, "steps", "Item with sku = 'vp_embers' not found"),
        ({"steps": [step(1), step(1, "gold")]}, "steps", "A step number is used twice"),
        (
            {"steps": [step(n, f"item_{n}") for n in range(1, 32)]},
            "steps",
            "There must be a maximum of 30 items in the array",
        ),
        ({"recurrent_schedule": {}}, "recurrent_schedule.interval_type", "The property `interval_type` is required"),
        (
            {"recurrent_schedule": {"interval_type": 1}},
            "recurrent_schedule.interval_type",
            "Another value found, but a string is required",
        ),
        (
            {"recurrent_schedule": WEEKLY | {"interval_type": "daily"}},
            "recurrent_schedule.interval_type",
            "Does not have a value in the enumeration: 'daily'",
        ),
        (
            {"recurrent_schedule": WEEKLY | {"day_of_week": 8}},
            "recurrent_schedule.day_of_week",
            "Must have a maximum value of 7",
        ),
        (
            {"recurrent_schedule": WEEKLY | {"day_of_month": 1}},
            "recurrent_schedule.day_of_month",
            CLOSED.format("day_of_month"),
        ),
        ({"recurrent_schedule": without(WEEKLY, "time")}, "recurrent_schedule.time", "The property `time` is required"),
        (
            {"recurrent_schedule": {"interval_type": "monthly", "day_of_month": 32, "time": "01:00:00+08:00"}},
            "recurrent_schedule.day_of_month",
            "Must have a maximum value of 31",
        ),
        ({"attribute_conditions": None}, "attribute_conditions", "NULL value found, but an array is required"),
        ({"attribute_conditions": []}, "attribute_conditions", "There must be a minimum of 1 items in the array"),
        (
            {"attribute_conditions": [ORC] * 101},
            "attribute_conditions",
            "There must be a maximum of 100 items in the array",
        ),
        (
            {"attribute_conditions": [ORC | {"operator": "lt"}]},
            "attribute_conditions[0]",
            'Does not have a value in the enumeration ["eq","ne"]',
        ),
        (
            {"attribute_conditions": [ORC | {"type": "boolean"}]},
            "attribute_conditions[0].type",
            "Does not have a value in the enumeration: 'boolean'",
        ),
        (
            {"attribute_conditions": [ORC | {"value": 5}]},
            "attribute_conditions[0].value",
            "Integer value found, but a string is required",
        ),
        (
            {"attribute_conditions": [ORC | {"value": "x" * 256}]},
            "attribute_conditions[0].value",
            "Must be at most 255 characters long",
        ),
        (
            {"attribute_conditions": [ORC | {"attribute": "a b"}]},
            "attribute_conditions[0].attribute",
            r"Does not match the regex pattern ^[-_.A-Za-z0-9]+\Z",
        ),
        (
            {"attribute_conditions": [without(ORC, "value")]},
            "attribute_conditions[0].value",
            "The property `value` is required",
        ),
    ],
)
async def test_a_wrong_field_is_refused(
    publisher: Publisher, fields: dict[str, Any], property_: str, text: str
) -> None:
    refused = await publisher.post("/offer_chain", offer_chain() | fields)
    assert problem(refused) == (422, 1102, text)
    assert refused.json()["errorMessageExtended"] == {"property": property_, "message": text}
    assert refused.json()["transactionId"]
    assert len((await publisher.read("/offer_chain"))["items"]) == 4


@pytest.mark.parametrize("missing", ["name", "date_start", "is_enabled", "steps"])
async def test_what_is_required_must_be_there(publisher: Publisher, missing: str) -> None:
    refused = await publisher.post("/offer_chain", without(offer_chain(), missing))
    assert problem(refused) == (422, 1102, f"The property `{missing}` is required")


async def test_an_unknown_language_refuses_the_whole_write(publisher: Publisher) -> None:
    refused = await publisher.post("/offer_chain", offer_chain(name={"en": "a", "xx": "b"}))
    assert problem(refused) == (404, 4001, "Language 'xx' not found")
    assert len((await publisher.read("/offer_chain"))["items"]) == 4


async def test_thirty_steps_and_a_hundred_conditions_are_taken(publisher: Publisher) -> None:
    for number in range(30):
        await publisher.make_item(f"item_{number}")
    steps = [step(number + 1, f"item_{number}") for number in range(30)]
    conditions = [ORC | {"type": kind, "value": "1"} for kind in ("string", "number", "date", "string")] * 25
    chain_id = await publisher.make_offer_chain(steps=steps, attribute_conditions=conditions)
    chain = await publisher.read(f"/offer_chain/id/{chain_id}")
    assert (len(chain["steps"]), len(chain["attribute_conditions"])) == (30, 100)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"id": 1}, "The id of a chain cannot be changed"),
        ({"steps": [step(step_id=1)]}, "The chain has no such step to continue"),
        ({"steps": [step(step_id=0)]}, "Must have a minimum value of 1"),
        ({"steps": [step(sku="nothing")]}, "Item with sku = 'nothing' not found"),
        ({"steps": [step(1), step(1, "gold")]}, "A step number is used twice"),
    ],
    ids=["another id", "another chain's step", "no step's id", "an unknown SKU", "a number twice"],
)
async def test_a_wrong_update_changes_nothing(publisher: Publisher, fields: dict[str, Any], text: str) -> None:
    chain_id = await publisher.make_offer_chain(is_enabled=False)
    before = await publisher.read(f"/offer_chain/id/{chain_id}")
    refused = await publisher.put(f"/offer_chain/id/{chain_id}", offer_chain(name={"en": "Changed"}) | fields)
    assert problem(refused) == (422, 1102, text)
    assert await publisher.read(f"/offer_chain/id/{chain_id}") == before


async def test_a_step_is_continued_once(publisher: Publisher) -> None:
    chain_id = await publisher.make_offer_chain(is_enabled=False)
    step_id = (await publisher.read(f"/offer_chain/id/{chain_id}"))["steps"][0]["step_id"]
    twice = [step(1, step_id=step_id), step(2, "gold", step_id=step_id)]
    refused = await publisher.put(f"/offer_chain/id/{chain_id}", offer_chain(steps=twice))
    assert problem(refused) == (422, 1102, "The chain has no such step to continue")
