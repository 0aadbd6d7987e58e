"""Reading of upstream JSON that is not quite as the contract says, field by field, so that little is lost.

An optional field that cannot be read is absent, a required one drops the object that it belongs to, text that is not
Unicode is repaired, and numbers, truth values and times are taken in the notations of common serialisers (PHP, Go,
JavaScript, .NET). Whatever is done is reported. Strict decoding comes first and costs a tenth; this is for the rest.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import TypeVar, cast

from msgspec import inspect

from gateway.upstream.lenient_scalars import SCALARS, Unreadable

T = TypeVar("T")

MAX_DEPTH = 32
"""Levels of objects and lists that are walked; the contract's nest to a fifth of that."""


class Oddity(Enum):
    """What was done to make sense of a field."""

    CONVERTED = "converted"
    """It was read in another notation than the contract's."""

    REPAIRED = "repaired"
    """Its text was not Unicode; what could not be read became U+FFFD."""

    ABSENT = "absent"
    """It is optional and could not be read, so it counts as absent."""

    DROPPED = "dropped"
    """An element of a list was left out: it, or a field that it needs, could not be read."""


Report = Callable[[Oddity, str, object], None]
"""Called for each oddity with the field's path by the names of our models, such as `steps.items.quantity`, and with the
id of the object at the top, where it has one."""

_IDS = ("id", "reward_chain_id", "order_id", "sku")


def unreported(_oddity: Oddity, _path: str, _id: object) -> None:
    """Report nothing."""


def parse(body: bytes, report: Report) -> object:
    """JSON as plain values, whose numbers with a fraction are Decimal; raises Unreadable where it is not JSON.

    A byte order mark, bytes that are not UTF-8, half surrogate pairs, control characters in text and the words NaN and
    Infinity are read, the last as null: PHP, JavaScript and Python write them.
    """
    text = body.decode("utf-8-sig", "replace")
    if "�" in text and "�".encode() not in body:
        report(Oddity.REPAIRED, "", None)
    try:
        return json.loads(text, strict=False, parse_float=Decimal, parse_int=_whole, parse_constant=lambda _: None)
    except (ValueError, ArithmeticError, RecursionError):
        raise Unreadable from None


def _whole(text: str) -> int:
    if len(text) > 40:
        raise Unreadable
    return int(text)


class LenientReader:
    """Makes models out of plain values; `kinds` are those whose types are worked out once."""

    def __init__(self, *kinds: type) -> None:
        self._types = {kind: inspect.type_info(kind) for kind in kinds}

    def read(self, value: object, kind: type[T], report: Report) -> T:
        """The model of one object. Raises Unreadable."""
        return cast(T, _Reading(report, value).read(value, self._types.get(kind) or inspect.type_info(kind), "", 0))

    def read_elements(self, values: object, kind: type[T], report: Report) -> list[T]:
        """The models of a list's elements, without those that cannot be read. Raises Unreadable for no list."""
        if not isinstance(values, list):
            raise Unreadable
        found = []
        for value in values:
            try:
                found.append(self.read(value, kind, report))
            except Unreadable:
                report(Oddity.DROPPED, "", identity_of(value))
        return found


class _Reading:
    """One reading, and what it reports to."""

    def __init__(self, report: Report, top: object) -> None:
        self._report = report
        self._id = identity_of(top)

    def read(self, value: object, kind: inspect.Type, path: str, depth: int) -> object:
        """The value as its type has it. Raises Unreadable."""
        if depth > MAX_DEPTH:
            raise Unreadable
        match kind:
            case inspect.StructType():
                return self._struct(value, kind, path, depth)
            case inspect.VarTupleType():
                return tuple(self.elements(value, kind.item_type, path, depth))
            case inspect.UnionType():
                return self._optional(value, kind, path, depth)
            case inspect.DictType():
                return self._texts(value, path)
            case inspect.StrType():
                return self._text(value, path)
            case _:
                read, converted = SCALARS[type(kind)](value)
                if isinstance(kind, inspect.IntType) and not _fits(cast(int, read), kind):
                    raise Unreadable
                if converted:
                    self._report(Oddity.CONVERTED, path, self._id)
                return read

    def _struct(self, value: object, kind: inspect.StructType, path: str, depth: int) -> object:
        if not isinstance(value, dict):
            raise Unreadable
        members: dict[str, object] = {}
        for field in kind.fields:
            at = f"{path}.{field.name}" if path else field.name
            given = value.get(field.encode_name)
            is_known = field.encode_name in value and (given is not None or _takes_null(field.type))
            if field.required:
                members[field.name] = self.read(given, field.type, at, depth + 1)
            elif is_known:
                try:
                    members[field.name] = self.read(given, field.type, at, depth + 1)
                except Unreadable:
                    self._report(Oddity.ABSENT, at, self._id)
        try:
            return kind.cls(**members)
        except ValueError:
            # Models refuse values that could not be shown, such as amounts with a million digits.
            raise Unreadable from None

    def elements(self, value: object, kind: inspect.Type, path: str, depth: int) -> Iterator[object]:
        """The elements that can be read. An object with numbers for names is how PHP writes a list with gaps."""
        if isinstance(value, dict) and all(name.isdecimal() for name in value):
            self._report(Oddity.CONVERTED, path, self._id)
            value = list(value.values())
        if not isinstance(value, list):
            raise Unreadable
        for element in value:
            try:
                yield self.read(element, kind, path, depth + 1)
            except Unreadable:
                self._report(Oddity.DROPPED, path, self._id)

    def _optional(self, value: object, kind: inspect.UnionType, path: str, depth: int) -> object:
        if value is None:
            return None
        (one,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
        return self.read(value, one, path, depth)

    def _texts(self, value: object, path: str) -> Mapping[str, str | None]:
        """Texts by language; an empty list is how PHP writes an empty object."""
        if value == []:
            self._report(Oddity.CONVERTED, path, self._id)
            return {}
        if not isinstance(value, dict):
            raise Unreadable
        texts: dict[str, str | None] = {}
        for language, text in value.items():
            try:
                texts[self._text(language, path)] = None if text is None else self._text(text, path)
            except Unreadable:
                self._report(Oddity.ABSENT, path, self._id)
        return texts

    def _text(self, value: object, path: str) -> str:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            self._report(Oddity.CONVERTED, path, self._id)
            return str(value)
        if not isinstance(value, str):
            raise Unreadable
        try:
            value.encode()
        except UnicodeEncodeError:
            self._report(Oddity.REPAIRED, path, self._id)
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value


def identity_of(value: object) -> object:
    """The id of an object as it came, where it has one."""
    return next((value[name] for name in _IDS if name in value), None) if isinstance(value, dict) else None


def _takes_null(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.UnionType) and any(isinstance(one, inspect.NoneType) for one in kind.types)


def _fits(number: int, kind: inspect.IntType) -> bool:
    return (kind.ge is None or number >= kind.ge) and (kind.le is None or number <= kind.le)
