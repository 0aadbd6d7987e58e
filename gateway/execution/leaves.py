"""How scalars and enumerations are written into the answer, as source code for the usual values and a function else."""

from collections.abc import Callable, Iterable
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
from strawberry.schema.schema_converter import CustomGraphQLEnumType

Bind = Callable[[str, object], str]
"""Gives an object a name that the source code can use."""


class Unforeseen(Exception):
    """A value that the projection does not expect; the reference executor says what becomes of it."""


def leaf_code(kind: GraphQLLeafType, variable: str, bind: Bind, *, is_nullable: bool) -> str:
    """An expression for the value in `variable` as it is answered."""
    otherwise = f"{bind(kind.name, coercion(kind))}({variable})"
    usual = _usual(kind, variable, bind)
    null = f"{variable} is None"
    if usual is None:
        return f"None if {null} else {otherwise}" if is_nullable else otherwise
    shown, test = usual
    if is_nullable and shown == variable:
        return f"{variable} if {null} or {test} else {otherwise}"
    code = f"{shown} if {test} else {otherwise}"
    return f"None if {null} else {code}" if is_nullable else code


def coercion(kind: GraphQLLeafType) -> Callable[[object], object]:
    """A function that writes any value that is not null. Raises for whatever is not a plain value of the type."""

    def coerce(value: object) -> object:
        if value is None or value is Undefined or isinstance(value, Exception) or is_awaitable(value):
            raise Unforeseen
        coerced = kind.coerce_output_value(value)
        if coerced is None or coerced is Undefined:
            raise Unforeseen
        return coerced

    return coerce


def _usual(kind: GraphQLLeafType, variable: str, bind: Bind) -> tuple[str, str] | None:
    """What is answered for the usual values, and the test that tells them."""
    if kind is GraphQLString or kind is GraphQLID:
        return variable, f"{variable}.__class__ is str"
    if kind is GraphQLBoolean:
        return variable, f"{variable}.__class__ is bool"
    if kind is GraphQLInt:
        return variable, f"{variable}.__class__ is int and {GRAPHQL_MIN_INT} <= {variable} <= {GRAPHQL_MAX_INT}"
    if isinstance(kind, GraphQLScalarType) and kind.coerce_output_value is int:
        return variable, f"{variable}.__class__ is int"
    if isinstance(kind, CustomGraphQLEnumType) and _shows_its_names(kind):
        return f"{variable}._name_", f"{variable}.__class__ is {bind(kind.name, kind.wrapped_cls)}"
    return None


def _shows_its_names(kind: CustomGraphQLEnumType) -> bool:
    """Whether each member is answered by its own name."""
    return all(kind.coerce_output_value(member) == member.name for member in cast(Iterable[Enum], kind.wrapped_cls))
