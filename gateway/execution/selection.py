"""What an operation selects, merged as the specification says: objects, their fields, and how each one is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from graphql import (
    Executor,
    FieldNode,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet, collect_fields, collect_subfields

from gateway.execution.reading import Reading, Uncovered, reading
from gateway.schema.common import Settle
from gateway.schema.context import Context

TYPENAME = "__typename"


@dataclass(frozen=True)
class Field:
    """A selected field under its key in the answer, and how it is read; `inside` is None for leaves.

    `type_names` are those of the objects on the way to it, for the path in its info.
    """

    key: str
    nodes: list[FieldNode]
    parent: GraphQLObjectType
    type_names: tuple[str, ...]
    type: GraphQLOutputType
    how: Reading
    inside: "Selection | None"

    @cached_property
    def is_opened(self) -> bool:
        """Whether its value is had before the answer is projected: it comes late itself, or holds what does."""
        return self.how.is_late or (self.inside is not None and self.inside.is_opening)

    @cached_property
    def needs_run(self) -> bool:
        """Whether projecting it takes more than the object that it belongs to."""
        return self.is_opened or self.how.needs_info or (self.inside is not None and self.inside.needs_run)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return is_list_type(self.type.of_type if is_non_null_type(self.type) else self.type)


@dataclass(frozen=True)
class Selection:
    """What is selected of objects of one type; keys of the answer that are no field's show the type's name."""

    type: GraphQLObjectType
    keys: tuple[str, ...]
    fields: tuple[Field, ...]

    @cached_property
    def settles(self) -> tuple[Settle, ...]:
        """What is settled for each object, once each."""
        return tuple(dict.fromkeys(field.how.settle for field in self.fields if field.how.settle))

    @cached_property
    def opened(self) -> tuple[Field, ...]:
        """The fields whose values are had before projecting."""
        return tuple(field for field in self.fields if field.is_opened)

    @property
    def is_opening(self) -> bool:
        """Whether anything in it comes late."""
        return bool(self.settles or self.opened)

    @cached_property
    def needs_run(self) -> bool:
        """Whether projecting it takes more than the object."""
        return any(field.needs_run for field in self.fields)

    @cached_property
    def reads_attributes(self) -> bool:
        """Whether projecting it reads an attribute of the object, which nothing but such an object has."""
        return any(field.how.path is not None and not field.is_opened for field in self.fields)


def selected(executor: Executor[Context]) -> Selection:
    """What a query, or an event, selects for the variables that its directives ask. Raises Uncovered."""
    if executor.operation.directives:
        raise Uncovered("a directive on the operation")
    root = cast(GraphQLObjectType, executor.schema.get_root_type(executor.operation.operation))
    collected = collect_fields(executor.schema, executor.fragments, executor.variable_values, root, executor.operation)
    return _Selecting(executor).selection(root, collected.grouped_field_set, ())


class _Selecting:
    def __init__(self, executor: Executor[Context]) -> None:
        self._executor = executor

    def selection(self, parent: GraphQLObjectType, grouped: GroupedFieldSet, above: tuple[str, ...]) -> Selection:
        if parent.is_type_of is not None:
            raise Uncovered(f"`{parent.name}`, whose values are checked for their type")
        names = (*above, parent.name)
        fields = (self._field(parent, key, found, names) for key, found in grouped.items() if _name(found) != TYPENAME)
        return Selection(parent, tuple(grouped), tuple(fields))

    def _field(self, parent: GraphQLObjectType, key: str, found: FieldDetailsList, names: tuple[str, ...]) -> Field:
        nodes = [details.node for details in found]
        _check_directives(nodes)
        definition = parent.fields.get(_name(found))
        if definition is None:
            raise Uncovered(f"`{_name(found)}`, which asks for the schema")
        inside = self._inside(definition.type, found, names)
        return Field(key, nodes, parent, names, definition.type, reading(definition), inside)

    def _inside(self, kind: GraphQLOutputType, found: FieldDetailsList, names: tuple[str, ...]) -> Selection | None:
        named = get_named_type(kind)
        if is_abstract_type(named):
            raise Uncovered(f"`{named.name}`, which may be of several types")
        if not is_object_type(named):
            return None
        executor = self._executor
        collected = collect_subfields(
            executor.schema, executor.fragments, executor.variable_values, executor.operation, named, found
        )
        return self.selection(named, collected.grouped_field_set, names)


def _name(found: FieldDetailsList) -> str:
    return found[0].node.name.value


def _check_directives(nodes: Iterable[FieldNode]) -> None:
    for node in nodes:
        for directive in node.directives or ():
            if directive.name.value not in {"skip", "include"}:
                raise Uncovered(f"the directive `@{directive.name.value}`")
