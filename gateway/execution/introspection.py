"""What introspection costs: how many values it answers, counted on the schema before anything is run.

Introspection multiplies: every type has fields, every field has arguments, and each of those has a type again. A few
hundred bytes can ask for millions of values, while neither their depth nor their number of fields tells. The schema
does not change, so what a document asks of it can be counted exactly, and counting ends where the bound is passed.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLField,
    GraphQLInputField,
    GraphQLSchema,
    GraphQLType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_wrapping_type,
)

from gateway.errors import IntrospectionDisabled, LimitExceeded

SCHEMA = "__schema"
TYPE = "__type"
TYPENAME = "__typename"

_Parts = Mapping[str, Sequence[int]]
"""The things inside a thing, by the field that shows them."""


class Introspection:
    """Which documents ask for the schema of `schema`, and what that costs.

    A value is one field of one object of the answer. Conditions (`@skip`, `@include`), arguments that leave something
    out and fields that are selected twice are counted as if all of it were answered.
    """

    def __init__(self, schema: GraphQLSchema, *, is_allowed: bool, max_values: int) -> None:
        self._schema = schema
        self._is_allowed = is_allowed
        self._max_values = max_values

    def check(self, document: DocumentNode) -> None:
        """Raise IntrospectionDisabled or LimitExceeded where the document asks for what is off, or too much.

        Whether the document is valid does not matter here. `__typename` is no introspection in this sense.
        """
        roots = list(_roots(document))
        if not roots:
            return
        if not self._is_allowed:
            raise IntrospectionDisabled
        counter = _Counter(document, self._things, self._max_values)
        for root in roots:
            counter.count(root)

    @cached_property
    def _things(self) -> "_Things":
        """Made when somebody asks for the schema, which few gateways allow."""
        return _Things(self._schema)


def is_introspection(operation: OperationDefinitionNode) -> bool:
    """Whether an operation asks for the schema and nothing else, so that its answer is the same for everybody."""
    names = {one.name.value if isinstance(one, FieldNode) else "" for one in operation.selection_set.selections}
    return names <= {SCHEMA, TYPE, TYPENAME} and names != {TYPENAME}


def _roots(document: DocumentNode) -> Iterator[FieldNode]:
    """The fields that ask for the schema, each once: what spreads of one fragment bring is merged in the answer."""
    for definition in document.definitions:
        selection_set = getattr(definition, "selection_set", None)
        if selection_set is not None:
            yield from _roots_in(selection_set)


def _roots_in(selection_set: SelectionSetNode) -> Iterator[FieldNode]:
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode) and selection.name.value in {SCHEMA, TYPE}:
            yield selection
        elif not isinstance(selection, FragmentSpreadNode):
            inside = cast(FieldNode | InlineFragmentNode, selection).selection_set
            yield from _roots_in(inside) if inside else ()


class _Things:
    """Everything that introspection can show of a schema, numbered, with what is inside each."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._numbers: dict[int, int] = {}
        self._objects: list[object] = []
        self.parts: list[_Parts] = []
        self.schema = self._number(schema)
        # What is met on the way is appended to the list that is gone through.
        for thing in self._objects:
            self.parts.append({name: tuple(map(self._number, inside)) for name, inside in self._inside(thing)})
        self.types = {name: (self._number(kind),) for name, kind in schema.type_map.items()}
        self.all_types = tuple(number for (number,) in self.types.values())

    def _number(self, thing: object) -> int:
        number = self._numbers.setdefault(id(thing), len(self._objects))
        if number == len(self._objects):
            self._objects.append(thing)
        return number

    def _inside(self, thing: object) -> Iterator[tuple[str, Sequence[object]]]:
        if isinstance(thing, GraphQLSchema):
            yield "types", tuple(thing.type_map.values())
            yield "directives", thing.directives
            for name in ("query", "mutation", "subscription"):
                yield f"{name}Type", [kind for kind in [getattr(thing, f"{name}_type")] if kind is not None]
        elif isinstance(thing, GraphQLDirective):
            yield "args", tuple(thing.args.values())
        elif isinstance(thing, GraphQLField):
            yield "args", tuple(thing.args.values())
            yield "type", [thing.type]
        elif isinstance(thing, GraphQLArgument | GraphQLInputField):
            yield "type", [thing.type]
        else:
            yield from self._inside_type(cast(GraphQLType, thing))

    def _inside_type(self, kind: GraphQLType) -> Iterator[tuple[str, Sequence[object]]]:
        if is_wrapping_type(kind):
            yield "ofType", [kind.of_type]
        if is_object_type(kind) or is_interface_type(kind):
            yield "fields", tuple(kind.fields.values())
            yield "interfaces", kind.interfaces
        if is_abstract_type(kind):
            yield "possibleTypes", self._schema.get_possible_types(kind)
        if is_input_object_type(kind):
            yield "inputFields", tuple(kind.fields.values())
        if is_enum_type(kind):
            # Nothing is inside a value of an enumeration, so they need no numbers of their own.
            yield "enumValues", [None] * len(kind.values)


class _Counter:
    """Counts the values of one document."""

    def __init__(self, document: DocumentNode, things: _Things, max_values: int) -> None:
        self._things = things
        self._left = self._max_values = max_values
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._open: set[str] = set()

    def count(self, root: FieldNode) -> None:
        """Count what one such field answers. Raises LimitExceeded."""
        things = (self._things.schema,) if root.name.value == SCHEMA else self._named(root)
        self._spend(max(1, len(things)))
        if root.selection_set:
            self._count(things, root.selection_set)

    def _named(self, root: FieldNode) -> Sequence[int]:
        """The type that is asked for; all of them where a variable says which."""
        for argument in root.arguments or ():
            if isinstance(argument.value, StringValueNode):
                return self._things.types.get(argument.value.value, ())
        return self._things.all_types

    def _count(self, parents: Sequence[int], selection_set: SelectionSetNode) -> None:
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                self._count_field(parents, selection)
            elif isinstance(selection, InlineFragmentNode):
                self._count(parents, selection.selection_set)
            else:
                self._count_fragment(parents, cast(FragmentSpreadNode, selection).name.value)

    def _count_field(self, parents: Sequence[int], field: FieldNode) -> None:
        self._spend(len(parents))
        if field.selection_set is None:
            return
        name, parts = field.name.value, self._things.parts
        inside = [parts[parent].get(name, ()) for parent in parents]
        # Each of them answers one value at least: nothing is gone through that the bound forbids.
        if sum(map(len, inside)) > self._left:
            self._spend(self._left + 1)
        children = [child for some in inside for child in some]
        if children:
            self._count(children, field.selection_set)

    def _count_fragment(self, parents: Sequence[int], name: str) -> None:
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return
        self._open.add(name)
        self._count(parents, fragment.selection_set)
        self._open.discard(name)

    def _spend(self, values: int) -> None:
        self._left -= values
        if self._left < 0:
            raise LimitExceeded(
                f"The introspection in this document answers more than {self._max_values} values. "
                "Ask for fewer types, fields or arguments at a time."
            )
