"""Which players see a chain: attribute conditions and `is_always_visible` (admin contract, 6). Pure.

How it is read where the contract leaves a choice:

- An anonymous caller sees every chain, conditional ones as well: the feature guides say so twice.
- "A personalised chain was found" means one of the same kind (offer or reward) that is active now.
- `er` and `ee` mean earlier or smaller, `lt` and `le` later or greater, for dates and numbers alike.
- Texts are compared with letter case; dates without an offset are UTC, and a date alone is its midnight.
- An attribute that cannot be read as the condition's number or date does not match, with any operator.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from gateway.sandbox.domain.fields import AttributeCode, ConditionValue

Attributes = Mapping[str, str]
"""A player's attributes; every value is text."""


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One comparison with a player's attribute; texts can only be equal or different. Raises ValueError for more."""

    attribute: AttributeCode
    type: Literal["string", "number", "date"]
    operator: Literal["eq", "ne", "er", "lt", "ee", "le"]
    value: ConditionValue
    can_be_missing: bool = False

    def __post_init__(self) -> None:
        """Refuse to order texts."""
        if self.type == "string" and self.operator not in ("eq", "ne"):
            raise ValueError('Does not have a value in the enumeration ["eq","ne"]')


class Conditional(Protocol):
    """Something that only some players see."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All of these must hold."""

    @property
    def is_always_visible(self) -> bool:
        """Without conditions: whether it is shown also to players who match something that has conditions."""


_Shown = TypeVar("_Shown", bound=Conditional)
# Any: the two sides of a comparison have one type, which depends on the condition.
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "eq": operator.eq,
        "ne": operator.ne,
        "er": operator.lt,
        "ee": operator.le,
        "lt": operator.gt,
        "le": operator.ge,
    }
)


def visible(candidates: Sequence[_Shown], attributes: Attributes | None) -> list[_Shown]:
    """Keep what a player with these attributes sees; None stands for an anonymous caller, who sees everything."""
    if attributes is None:
        return list(candidates)
    holds = [bool(one.conditions) and matches(one.conditions, attributes) for one in candidates]
    is_personalised = any(holds)
    return [
        one
        for one, held in zip(candidates, holds, strict=True)
        if held or (not one.conditions and (one.is_always_visible or not is_personalised))
    ]


def matches(conditions: Sequence[Condition], attributes: Attributes) -> bool:
    """Say whether all conditions hold."""
    return all(_holds(condition, attributes.get(condition.attribute)) for condition in conditions)


def _holds(condition: Condition, actual: str | None) -> bool:
    if actual is None:
        return condition.can_be_missing
    compare = _COMPARISONS[condition.operator]
    if condition.type == "string":
        return compare(actual, condition.value)
    read: Callable[[str], Decimal | datetime] = Decimal if condition.type == "number" else _date
    try:
        return compare(read(actual), read(condition.value))
    except (InvalidOperation, ValueError):
        return False


def _date(text: str) -> datetime:
    date = datetime.fromisoformat(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
