"""The custom scalars: moments, exact decimal numbers and whole numbers beyond 32 bits."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import NewType, cast

import strawberry
from strawberry.types.scalar import ScalarDefinition

from gateway.errors import BadUserInput

BigInt = NewType("BigInt", int)

MOST_BIG_INT = 10**18 - 1
"""The largest number that clients may send."""

_DIGITS = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_EXACT_FLOAT = 2**53
"""Whole numbers beyond it are not all different as floats, so one that came as a float may be another's."""


def _utc_text(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


_decimal_text = "{:f}".format


def _whole_number(value: object) -> int:
    """The number in a variable: `123`, `"123"`, or `123.0`, which is how Lua and Godot write all numbers."""
    is_exact = isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT_FLOAT
    if is_exact or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        value = int(cast(str, value))
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_BIG_INT:
        raise BadUserInput("A BigInt must be a whole number of at most 18 digits.")
    return value


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, as RFC 3339: `2026-01-05T00:00:00Z`.",
        serialize=_utc_text,
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number as text, without exponent: `"9.99"`.',
        serialize=_decimal_text,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number that may exceed 32 bits, as a JSON number.",
        serialize=int,
        parse_value=_whole_number,
    ),
}

CLASSES: Mapping[object, type] = {_utc_text: datetime, _decimal_text: Decimal}
"""The class of values that a scalar's function writes, by the function."""
