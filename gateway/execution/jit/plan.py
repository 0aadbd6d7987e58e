"""What an operation selects, merged as the specification says: objects, their fields, and how each one is read."""

from collections.abc import Iterable
from typing import cast

from graphql import (
    Executor,
    FieldNode,
    GraphQLObjectType,
    GraphQLOutputType,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet, collect_fields, collect_subfields
from msgspec import Struct

from gateway.execution.jit.field_access import FieldAccess, FieldAccesses, Uncovered
from gateway.schema.common import Settle
from gateway.schema.context import Context

TYPENAME = "__typename"


class Field(Struct, frozen=True, eq=False):
    """A selected field under its key in the answer, and how it is read; `inside` is None for leaves.

    `type_names` are those of the objects on the way to it, for the path in its info.
    """

    key: str
    nodes: list[FieldNode]
    parent: GraphQLObjectType
    type_names: tuple[str, ...]
    how: FieldAccess
    inside: "Selection | None"
    is_opened: bool
    """Whether its value is had before the answer is projected: it comes late itself, or holds what does."""
    needs_run: bool
    """Whether projecting it takes more than the object that it belongs to."""

    @property
    def type(self) -> GraphQLOutputType:
        """The type of its value."""
        return self.how.definition.type

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return is_list_type(self.type.of_type if is_non_null_type(self.type) else self.type)


class Selection(Struct, frozen=True, eq=False):
    """What is selected of objects of one type; keys of the answer that are no field's show the type's name."""

    type: GraphQLObjectType
    keys: tuple[str, ...]
    fields: tuple[Field, ...]
    settles: tuple[Settle, ...]
    """What is settled for each object, once each."""
    opened: tuple[Field, ...]
    """The fields whose values are had before projecting."""
    needs_run: bool
    """Whether projecting it takes more than the object."""

    @property
    def is_loading(self) -> bool:
        """Whether anything in it comes late."""
        return bool(self.settles or self.opened)

    @property
    def reads_attributes(self) -> bool:
        """Whether projecting it reads an attribute of the object, which nothing but such an object has."""
        return any(field.how.path is not None and not field.is_opened for field in self.fields)


def selected(executor: Executor[Context], readings: FieldAccesses) -> Selection:
    """What a query, or an event, selects for the variables that its directives ask. Raises Uncovered."""
    if executor.operation.directives:
        raise Uncovered("a directive on the operation")
    root = cast(GraphQLObjectType, executor.schema.get_root_type(executor.operation.operation))
    collected = collect_fields(executor.schema, executor.fragments, executor.variable_values, root, executor.operation)
    return _Selecting(executor, readings).selection(root, collected.grouped_field_set, ())


class _Selecting:
    def __init__(self, executor: Executor[Context], readings: FieldAccesses) -> None:
        self._executor = executor
        self._readings = readings

    def selection(self, parent: GraphQLObjectType, grouped: GroupedFieldSet, above: tuple[str, ...]) -> Selection:
        if parent.is_type_of is not None:
            raise Uncovered(f"`{parent.name}`, whose values are checked for their type")
        names = (*above, parent.name)
        fields = tuple(
            self._field(parent, key, found, names) for key, found in grouped.items() if _name(found) != TYPENAME
        )
        return Selection(
            type=parent,
            keys=tuple(grouped),
            fields=fields,
            settles=tuple(dict.fromkeys(field.how.settle for field in fields if field.how.settle)),
            opened=tuple(field for field in fields if field.is_opened),
            needs_run=any(field.needs_run for field in fields),
        )

    def _field(self, parent: GraphQLObjectType, key: str, found: FieldDetailsList, names: tuple[str, ...]) -> Field:
        nodes = [details.node for details in found]
        _check_directives(nodes)
        how = self._readings.reading(parent, _name(found))
        inside = self._inside(how.inside, found, names) if how.inside else None
        is_opened = how.is_async or (inside is not None and inside.is_loading)
        needs_run = is_opened or how.needs_info or (inside is not None and inside.needs_run)
        return Field(key, nodes, parent, names, how, inside, is_opened, needs_run)

    def _inside(self, kind: GraphQLObjectType, found: FieldDetailsList, names: tuple[str, ...]) -> Selection:
        executor = self._executor
        collected = collect_subfields(
            executor.schema, executor.fragments, executor.variable_values, executor.operation, kind, found
        )
        return self.selection(kind, collected.grouped_field_set, names)


def _name(found: FieldDetailsList) -> str:
    return found[0].node.name.value


def _check_directives(nodes: Iterable[FieldNode]) -> None:
    for node in nodes:
        for directive in node.directives or ():
            if directive.name.value not in {"skip", "include"}:
                raise Uncovered(f"the directive `@{directive.name.value}`")
