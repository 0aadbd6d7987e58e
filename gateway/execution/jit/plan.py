"""What an operation selects: objects and their fields, merged as the GraphQL specification says, with field access."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

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

from gateway.execution.jit.field_access import FieldAccess, FieldAccesses, NotCovered
from gateway.schema.context import Context
from gateway.schema.fields import Load

TYPENAME = "__typename"


class Field(Struct, frozen=True, eq=False):
    """A selected field under its response key; `inside` is None for leaves.

    `type_names` are the types of the objects on the way to it, for the path in its info.
    """

    key: str
    nodes: list[FieldNode]
    parent: GraphQLObjectType
    type_names: tuple[str, ...]
    access: FieldAccess
    inside: "Selection | None"
    is_loaded: bool
    """Whether its value is loaded before the projection runs: it is asynchronous, or holds something that is."""
    needs_run: bool
    """Whether the projection needs the run for it, and not only the object that it belongs to."""
    lists: int
    """How many lists its value is inside of one another; 0 where it is none."""

    @property
    def type(self) -> GraphQLOutputType:
        """The type of its value."""
        return self.access.definition.type

    @property
    def is_personal(self) -> bool:
        """Whether it, or a field inside, is lacked by objects that are shared."""
        return self.access.is_personal or (self.inside is not None and self.inside.is_personal)

    @property
    def shared_path(self) -> str | None:
        """The path to a value of which the JSON may be shared, as far as it is; None where there is none."""
        if self.access.shared_path is None or self.inside is None or self.inside.needs_run:
            return None
        return self.access.path if self.inside.is_personal else self.access.shared_path


class Dependents(NamedTuple):
    """The fields that depend on a load, and those of them whose values are had before projecting."""

    fields: tuple[Field, ...]
    loaded: tuple[Field, ...]


class Selection(Struct, frozen=True, eq=False):
    """What is selected of objects of one type. Response keys without a field stand for `__typename`."""

    type: GraphQLObjectType
    keys: tuple[str, ...]
    fields: tuple[Field, ...]
    loads: Mapping[Load, "Dependents"]
    """The loads that fields depend on, each run once for each object, and those fields."""
    loaded: tuple[Field, ...]
    """The fields whose values are had before projecting."""
    at_once: tuple[Field, ...]
    """Those of them that wait for no load."""
    needs_run: bool
    """Whether the projection needs the run, and not only the object."""
    is_personal: bool
    """Whether a field in it is lacked by objects that are shared."""
    needs_loading: bool
    """Whether anything in it is loaded before the projection runs."""

    @property
    def reads_attributes(self) -> bool:
        """Whether the projection reads an attribute of the object, and so fails for any other value."""
        return any(field.access.path is not None and not field.is_loaded for field in self.fields)


def selected(executor: Executor[Context], accesses: FieldAccesses) -> Selection:
    """What a query, or an event, selects with the values of its `@skip` and `@include`. Raises NotCovered."""
    if executor.operation.directives:
        raise NotCovered("a directive on the operation")
    root = cast(GraphQLObjectType, executor.schema.get_root_type(executor.operation.operation))
    # graphql-core merges the selections, so that keys, their order and conditions are those of the reference executor.
    collected = collect_fields(executor.schema, executor.fragments, executor.variable_values, root, executor.operation)
    return _Planner(executor, accesses).selection(root, collected.grouped_field_set, ())


class _Planner:
    def __init__(self, executor: Executor[Context], accesses: FieldAccesses) -> None:
        self._executor = executor
        self._accesses = accesses

    def selection(self, parent: GraphQLObjectType, grouped: GroupedFieldSet, above: tuple[str, ...]) -> Selection:
        if parent.is_type_of is not None:
            # graphql-core calls it for every object; programs would skip that check.
            raise NotCovered(f"`{parent.name}`, whose values are checked for their type")
        names = (*above, parent.name)
        fields = tuple(
            self._field(parent, key, found, names) for key, found in grouped.items() if _name(found) != TYPENAME
        )
        loads = {load: _dependents(fields, load) for load in (field.access.load for field in fields) if load}
        loaded = tuple(field for field in fields if field.is_loaded)
        return Selection(
            type=parent,
            keys=tuple(grouped),
            fields=fields,
            loads=loads,
            loaded=loaded,
            at_once=tuple(field for field in fields if field.is_loaded and not field.access.load),
            needs_run=any(field.needs_run for field in fields),
            is_personal=any(field.is_personal for field in fields),
            needs_loading=bool(loads or loaded),
        )

    def _field(self, parent: GraphQLObjectType, key: str, found: FieldDetailsList, names: tuple[str, ...]) -> Field:
        nodes = [details.node for details in found]
        _check_directives(nodes)
        access = self._accesses.access(parent, _name(found), has_arguments=bool(nodes[0].arguments))
        inside = self._inside_of(access.inside, found, names) if access.inside else None
        is_loaded = access.is_async or (inside is not None and inside.needs_loading)
        needs_run = is_loaded or access.needs_info or (inside is not None and inside.needs_run)
        lists = _lists(access.definition.type)
        return Field(key, nodes, parent, names, access, inside, is_loaded, needs_run, lists)

    def _inside_of(self, kind: GraphQLObjectType, found: FieldDetailsList, names: tuple[str, ...]) -> Selection:
        executor = self._executor
        collected = collect_subfields(
            executor.schema, executor.fragments, executor.variable_values, executor.operation, kind, found
        )
        return self.selection(kind, collected.grouped_field_set, names)


def _dependents(fields: Iterable[Field], load: Load) -> Dependents:
    dependent = tuple(field for field in fields if field.access.load is load)
    return Dependents(dependent, tuple(field for field in dependent if field.is_loaded))


def _name(found: FieldDetailsList) -> str:
    return found[0].node.name.value


def _lists(kind: GraphQLOutputType) -> int:
    kind = kind.of_type if is_non_null_type(kind) else kind
    return 1 + _lists(kind.of_type) if is_list_type(kind) else 0


def _check_directives(nodes: Iterable[FieldNode]) -> None:
    for node in nodes:
        for directive in node.directives or ():
            if directive.name.value not in {"skip", "include"}:
                raise NotCovered(f"the directive `@{directive.name.value}`")
