"""What is said of two snapshots that differ."""

from typing import Any

import msgspec
import pytest

from gateway.sandbox import Difference, Snapshot, compare

HAT = {"sku": "hat", "name": {"en": "Hat"}, "prices": [{"amount": 1, "currency": "USD", "is_default": True}]}
CHAIN: dict[str, Any] = {
    "id": 1,
    "name": {"en": "Path", "de": "Pfad"},
    "date_start": "2026-01-01T00:00:00+02:00",
    "date_end": None,
    "is_enabled": True,
    "order": 1,
    "recurrent_schedule": None,
    "steps": [{"step_number": 1, "is_free": True, "items": [{"sku": "hat", "quantity": 1}]}],
}
REWARD: dict[str, Any] = {
    "reward_chain_id": 3,
    "name": {"en": "Pass"},
    "date_start": "2026-01-01T00:00:00+02:00",
    "value_point": {"sku": "embers"},
    "steps": [{"name": {"en": "First"}, "price": {"amount": 10}, "reward": [{"sku": "hat", "quantity": 1}]}],
}


def _snapshot(*, project_id: int = 1, source: str = "store.xsolla.com", **lists: Any) -> Snapshot:
    return Snapshot(project_id=project_id, source=source, taken_at="2026-01-01", **lists)


def _changes(before: Snapshot, after: Snapshot) -> list[tuple[str, str | None, str | None]]:
    (difference,) = compare(before, after).differences
    assert not difference.is_new
    assert not difference.is_gone
    return [msgspec.structs.astuple(change) for change in difference.changes]


def _schedule(**fields: object) -> dict[str, object]:
    return {"recurrent_schedule": {"time": "06:00:00+08:00", **fields}}


def _condition(**fields: object) -> dict[str, object]:
    return {"attribute": "level", "operator": "le", "value": "5", "type": "number", **fields}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": {"en": "Trail", "de": "Pfad"}}, [("name (en)", "“Path”", "“Trail”")]),
        (
            {"name": {"en": "Path", "de": None, "fr": "Chemin"}},
            [("name (de)", "“Pfad”", None), ("name (fr)", None, "“Chemin”")],
        ),
        ({"is_enabled": False}, [("on", "yes", "no")]),
        ({"date_end": "2026-02-01T12:30:00+00:00"}, [("ends", "never", "2026-02-01 12:30 UTC")]),
        ({"date_start": "some day"}, [("starts", "2025-12-31 22:00 UTC", "some day")]),
        (_schedule(interval_type="weekly", day_of_week=1), [("starts over", "never", "each Monday at 06:00 (+08:00)")]),
        (
            _schedule(interval_type="monthly", day_of_month=3),
            [("starts over", "never", "on day 3 of each month at 06:00 (+08:00)")],
        ),
        (_schedule(interval_type="daily"), [("starts over", "never", "each day at 06:00 (+08:00)")]),
        (_schedule(interval_type="hourly"), [("starts over", "never", "each full hour")]),
        (_schedule(interval_type="yearly"), [("starts over", "never", "by a schedule of the type yearly")]),
        (
            {
                "attribute_conditions": [
                    _condition(),
                    _condition(attribute="race", operator="eq", value="ork", can_be_missing=True),
                ]
            },
            [("seen by", "everybody", "level is at least 5 and race is ork or missing")],
        ),
        (
            {"attribute_conditions": [_condition(attribute="joined", type="date", operator="er", value="2026-01-01")]},
            [("seen by", "everybody", "joined is before 2026-01-01")],
        ),
        (
            {"is_always_visible": False},
            [("seen by", "everybody", "players for whom no chain with conditions is meant")],
        ),
        ({"order": 7}, [("position", "1", "7")]),
        (
            {
                "steps": [
                    {
                        "step_number": 1,
                        "is_free": False,
                        "step_price": {"amount": 5, "currency": "EUR"},
                        "items": [{"sku": "hat", "quantity": 2}],
                    }
                ]
            },
            [("step 1, costs", "nothing", "5 EUR"), ("step 1, gives", "1 x hat", "2 x hat")],
        ),
        (
            {"steps": [{"step_number": 1, "is_free": False, "items": [{"sku": "hat"}]}]},
            [("step 1, costs", "nothing", None)],
        ),
        ({"steps": []}, [("step 1, costs", "nothing", None), ("step 1, gives", "1 x hat", None)]),
    ],
)
def test_changes_of_a_chain_are_said_in_words(
    change: dict[str, Any], said: list[tuple[str, str | None, str | None]]
) -> None:
    assert _changes(_snapshot(offer_chains=(CHAIN,)), _snapshot(offer_chains=({**CHAIN, **change},))) == said


def test_changes_of_reward_and_daily_chains_are_said_too() -> None:
    step = {**REWARD["steps"][0], "price": {"amount": 20}, "image_url": "https://cdn.example/1"}
    step["reward"] = [{"sku": "hat", "quantity": 1, "attribute_conditions": [_condition()]}]
    after = {**REWARD, "value_point": {"sku": "banners"}, "clan_type": "guild", "steps": [step]}
    assert _changes(_snapshot(reward_chains=(REWARD,)), _snapshot(reward_chains=(after,))) == [
        ("counts", "embers", "banners"),
        ("step 1, needs", "10 points", "20 points"),
        ("kind of clan", None, "guild"),
        ("step 1, hat is for", None, "level is at least 5"),
        ("step 1, picture", None, "https://cdn.example/1"),
    ]
    daily = {**CHAIN, "type": "rolling", "is_recurrent": True}
    assert _changes(_snapshot(daily_chains=(CHAIN,)), _snapshot(daily_chains=(daily,))) == [
        ("type", None, "rolling"),
        ("repeats", None, "yes"),
    ]


def test_changes_of_items_are_said_in_words() -> None:
    after = {
        **HAT,
        "prices": [
            {"amount": 2, "currency": "USD", "is_default": True},
            {"amount": 3, "currency": "USD", "country_iso": "DE", "is_default": True},
            {"amount": 4, "currency": "EUR"},
        ],
        "vc_prices": [{"sku": "gold", "amount": 5}],
        "is_free": True,
        "is_show_in_store": True,
        "order": 2,
        "image_url": "https://cdn.example/hat",
        "limits": {"per_user": {"total": 3, "available": 1}},
        "custom_attributes": {"wool": True},
    }
    points = {"embers": ({"sku": "hat", "amount": 10},)}
    assert _changes(_snapshot(virtual_items=(HAT,)), _snapshot(bundles=(after,), point_rewards=points)) == [
        ("kind", "virtual item", "bundle"),
        ("price", "1 USD", "2 USD"),
        ("position", None, "2"),
        ("picture", None, "https://cdn.example/hat"),
        ("sold", None, "yes"),
        ("free", None, "yes"),
        ("price in DE", None, "3 USD"),
        ("price (EUR)", None, "4 EUR"),
        ("price in gold", None, "5"),
        ("gives embers", None, "10"),
        ("limits", None, "{'per_user': 3, 'per_item': None, 'recurrent_schedule': {'per_user': None}}"),
        ("custom attributes", None, "{'wool': True}"),
    ]
    box = {"sku": "box", "content": [{"sku": "hat", "quantity": 1}]}
    more = {"sku": "box", "content": [{"sku": "hat", "quantity": 2}]}
    assert _changes(_snapshot(bundles=(box,)), _snapshot(bundles=(more,))) == [("content", "1 x hat", "2 x hat")]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, [("Old (1)", False, True), ("New (5)", True, False)]),
        ({"project_id": 2}, [("Old (1)", False, True), ("New (5)", True, False)]),
        ({"source": "127.0.0.1:8001"}, [("Old (1)", False, True), ("New (5)", True, False)]),
    ],
    ids=["later", "elsewhere", "in-a-sandbox"],
)
def test_chains_are_the_same_by_number_and_by_name(other: Any, said: list[tuple[str, bool, bool]]) -> None:
    def chain(number: int, name: str) -> dict[str, Any]:
        return {**CHAIN, "id": number, "name": {"en": name}}

    before = _snapshot(offer_chains=(chain(1, "Old"), chain(2, "Two"), chain(3, "Three")))
    after = _snapshot(offer_chains=(chain(5, "New"), chain(4, "Two"), chain(3, "Three")), **other)
    comparison = compare(before, after)
    assert [(one.name, one.is_new, one.is_gone) for one in comparison.differences] == said
    assert comparison.same == 2


def test_a_chain_that_was_renamed_is_the_same_in_one_project_only() -> None:
    before, renamed = _snapshot(offer_chains=(CHAIN,)), {**CHAIN, "name": {"de": "Weg"}}
    assert [one.name for one in compare(before, _snapshot(offer_chains=(renamed,))).differences] == ["Weg (1)"]
    assert len(compare(before, _snapshot(offer_chains=(renamed,), project_id=2)).differences) == 2
    nameless = {**CHAIN, "name": None}
    assert compare(_snapshot(), _snapshot(offer_chains=(nameless,))).differences == (
        Difference("offer chain", "without a name (1)", True, False, ()),
    )
