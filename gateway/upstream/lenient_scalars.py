"""Numbers, truth values and moments in the notations of common serialisers, each with whether it was another one."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import inspect


class Unreadable(ValueError):
    """A value cannot be read as what it should be."""


_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MAX_DIGITS = 30


def decimal_number(value: object) -> Decimal:
    """A number, also as text; its digits are bounded on both sides of the point. Raises Unreadable."""
    if isinstance(value, str):
        value = value.strip()
        if not _NUMBER.fullmatch(value):
            raise Unreadable
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or len(str(value)) > 2 * _MAX_DIGITS:
        raise Unreadable
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS or int(number.as_tuple().exponent) < -_MAX_DIGITS:
        raise Unreadable
    return number


def _decimal(value: object) -> tuple[Decimal, bool]:
    return decimal_number(value), isinstance(value, str)


def _integer(value: object) -> tuple[int, bool]:
    if isinstance(value, int) and not isinstance(value, bool):
        return value, False
    number = decimal_number(value)
    if number != number.to_integral_value():
        raise Unreadable
    return int(number), True


_TRUTH = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off", ""), False),
}


def _truth(value: object) -> tuple[bool, bool]:
    if isinstance(value, bool):
        return value, False
    if isinstance(value, str) and value.strip().lower() in _TRUTH:
        return _TRUTH[value.strip().lower()], True
    if isinstance(value, int | Decimal) and value in {0, 1}:
        return bool(value), True
    raise Unreadable


_DOTNET = re.compile(r"/Date\((-?[0-9]{1,16})(?:[+-][0-9]{4})?\)/")
_DISTANT = re.compile(r"\+?[0-9]{5,}-")
MILLISECONDS_ABOVE = 10**11
"""Numbers above this are milliseconds: in seconds it would be the year 5138."""


def _moment(value: object) -> tuple[datetime, bool]:
    """A moment in ISO 8601 as any library writes it, as a number, or in the forms of PHP's and .NET's serialisers.

    A year that is none (PHP writes 0000-00-00 for no date) cannot be read; one beyond 9999 is the last moment of time.
    """
    try:
        return msgspec.convert(value, datetime), False
    except (msgspec.ValidationError, ValueError):
        pass
    if isinstance(value, dict):
        value = value.get("date")
    if isinstance(value, str):
        text = value.strip()
        if match := _DOTNET.fullmatch(text):
            return _from_unix(Decimal(match[1]) / 1000), True
        if _DISTANT.match(text):
            return datetime.max.replace(tzinfo=UTC), True
        try:
            return datetime.fromisoformat(text), True
        except ValueError:
            pass
    number = decimal_number(value)
    return _from_unix(number / 1000 if abs(number) > MILLISECONDS_ABOVE else number), True


def _from_unix(seconds: Decimal) -> datetime:
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        raise Unreadable from None


SCALARS: Mapping[type[inspect.Type], Callable[[object], tuple[Any, bool]]] = {
    inspect.IntType: _integer,
    inspect.BoolType: _truth,
    inspect.DecimalType: _decimal,
    inspect.DateTimeType: _moment,
}
