"""Attribute conditions, as pure rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sandbox.domain.visibility import Condition, matches, visible


class Thing:
    """Something with conditions."""

    def __init__(self, name: str, *conditions: Condition, is_always_visible: bool = True) -> None:
        self.name = name
        self.conditions = conditions
        self.is_always_visible = is_always_visible


ORC = Condition("race", "string", "eq", "orc")


@pytest.mark.parametrize(
    ("type_", "operator", "value", "actual", "holds"),
    [
        ("string", "eq", "orc", "orc", True),
        ("string", "eq", "orc", "Orc", False),
        ("string", "ne", "orc", "elf", True),
        ("number", "eq", "7", "7.0", True),
        ("number", "ne", "7", "7", False),
        ("number", "er", "10", "9", True),
        ("number", "er", "10", "10", False),
        ("number", "ee", "10", "10", True),
        ("number", "lt", "10", "10.5", True),
        ("number", "lt", "10", "10", False),
        ("number", "le", "10", "10", True),
        ("number", "ne", "10", "many", False),
        ("number", "eq", "many", "10", False),
        ("date", "er", "2026-01-01", "2025-12-31T23:59:59", True),
        ("date", "eq", "2026-01-01", "2026-01-01T01:00:00+01:00", True),
        ("date", "lt", "2026-01-01T00:00:00Z", "2026-01-02", True),
        ("date", "le", "2026-01-01", "2025-12-31", False),
        ("date", "ee", "2026-01-01", "2026-01-01", True),
        ("date", "ne", "2026-01-01", "someday", False),
    ],
)
def test_a_condition_compares_as_its_type_says(type_: Any, operator: Any, value: str, actual: str, holds: bool) -> None:
    assert matches([Condition("it", type_, operator, value)], {"it": actual}) is holds


@pytest.mark.parametrize("operator", ["er", "lt", "ee", "le"])
def test_texts_are_not_compared_by_size(operator: Any) -> None:
    with pytest.raises(ValueError, match="Does not have a value in the enumeration"):
        Condition("it", "string", operator, "x")


@pytest.mark.parametrize("can_be_missing", [True, False])
def test_a_missing_attribute_matches_where_it_may(can_be_missing: bool) -> None:
    assert matches([Condition("it", "string", "eq", "x", can_be_missing)], {}) is can_be_missing


def test_all_conditions_must_hold() -> None:
    strong = Condition("level", "number", "le", "10")
    assert matches([ORC, strong], {"race": "orc", "level": "10"})
    assert not matches([ORC, strong], {"race": "orc", "level": "9"})


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ({"race": "orc"}, ["for orcs", "for all"]),
        ({"race": "elf"}, ["for all", "else"]),
        ({}, ["for all", "else"]),
        (None, ["for orcs", "for all", "else"]),
    ],
    ids=["matches", "matches nothing", "without attributes", "anonymous"],
)
def test_what_a_player_sees(attributes: dict[str, str] | None, shown: list[str]) -> None:
    things = [Thing("for orcs", ORC), Thing("for all"), Thing("else", is_always_visible=False)]
    assert [thing.name for thing in visible(things, attributes)] == shown


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["eq", "ne", "er", "ee", "lt", "le"]))
def test_no_value_is_too_strange(actual: str, value: str, operator: Any) -> None:
    kinds: tuple[Any, ...] = ("number", "date")
    for type_ in kinds:
        assert matches([Condition("it", type_, operator, value)], {"it": actual}) in (True, False)
