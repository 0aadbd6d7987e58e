"""How scalars and enumerations are serialized: inline code for the usual values, and a function for any other."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import cast

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import is_awaitable
from graphql.type import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from msgspec import Struct
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from gateway.schema.scalars import CLASSES


class UnexpectedValue(Exception):
    """A value that the projection does not expect; the replay decides what it means."""


class Leaf(Struct, frozen=True, eq=False):
    """How values of one type are serialized: a template of source code, and the objects that it uses by name."""

    template: str
    names: Mapping[str, object]

    def code(self, variable: str) -> str:
        """An expression that serializes the value in a variable."""
        return self.template.replace("{}", variable)


class Leaves:
    """How the leaves of one schema are serialized, worked out once for each type."""

    def __init__(self) -> None:
        self._leaves: dict[tuple[str, bool], Leaf] = {}

    def leaf(self, kind: GraphQLLeafType, *, is_nullable: bool) -> Leaf:
        """How values of a type are serialized."""
        key = (kind.name, is_nullable)
        if key not in self._leaves:
            self._leaves[key] = _leaf(kind, is_nullable=is_nullable)
        return self._leaves[key]


def _leaf(kind: GraphQLLeafType, *, is_nullable: bool) -> Leaf:
    names: dict[str, object] = {f"serialize_{kind.name}": coercion(kind)}
    otherwise = f"serialize_{kind.name}({{}})"
    usual = _usual(kind)
    if usual is None:
        return Leaf(f"None if {{}} is None else {otherwise}" if is_nullable else otherwise, names)
    expression, test = usual
    if isinstance(kind, CustomGraphQLEnumType):
        names[f"is_{kind.name}"] = kind.wrapped_cls
    elif kind.coerce_output_value in CLASSES:
        names |= {f"is_{kind.name}": CLASSES[kind.coerce_output_value], f"text_{kind.name}": kind.coerce_output_value}
    if is_nullable and expression == "{}":
        return Leaf(f"{{}} if {{}} is None or {test} else {otherwise}", names)
    code = f"{expression} if {test} else {otherwise}"
    return Leaf(f"None if {{}} is None else {code}" if is_nullable else code, names)


def coercion(kind: GraphQLLeafType) -> Callable[[object], object]:
    """A function that serializes any value but null. Raises for a value that is not a plain one of the type."""

    def coerce(value: object) -> object:
        if value is None or value is Undefined or isinstance(value, Exception) or is_awaitable(value):
            raise UnexpectedValue
        coerced = kind.coerce_output_value(value)
        if coerced is None or coerced is Undefined:
            raise UnexpectedValue
        return coerced

    return coerce


def _usual(kind: GraphQLLeafType) -> tuple[str, str] | None:
    """An expression for the usual values, and the test that recognizes them; `{}` is the value.

    The test is on the exact class: a subclass may override how it is serialized, so it goes to graphql-core.
    """
    if kind is GraphQLString or kind is GraphQLID:
        return "{}", "{}.__class__ is str"
    if kind is GraphQLBoolean:
        return "{}", "{}.__class__ is bool"
    if kind is GraphQLInt:
        # The class test also excludes bool, which is a subclass of int and serialized as 1 or 0.
        return "{}", f"{{}}.__class__ is int and {GRAPHQL_MIN_INT} <= {{}} <= {GRAPHQL_MAX_INT}"
    if isinstance(kind, GraphQLScalarType) and kind.coerce_output_value is int:
        return "{}", "{}.__class__ is int"
    if kind.coerce_output_value in CLASSES:
        return f"text_{kind.name}({{}})", f"{{}}.__class__ is is_{kind.name}"
    if isinstance(kind, CustomGraphQLEnumType) and _serializes_to_names(kind):
        return "{}._name_", f"{{}}.__class__ is is_{kind.name}"
    return None


def _serializes_to_names(kind: CustomGraphQLEnumType) -> bool:
    """Whether each member is serialized to its own name, which an inline attribute read can do."""
    return all(kind.coerce_output_value(member) == member.name for member in cast(Iterable[Enum], kind.wrapped_cls))
