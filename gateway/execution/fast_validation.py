"""Recognizes valid documents of the usual kind, in a tenth of the time that graphql-core's rules take.

Most documents select known fields of objects, with arguments and variables that fit. One pass over such a document is
enough. It has two results: valid, or inconclusive. An inconclusive document goes to graphql-core's rules, which alone
decide that a document is invalid, and why. So a mistake here could only be to accept too much, and a test compares
both on generated documents.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import cast

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLNullableInputType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_input_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
    print_ast,
    type_from_ast,
)
from graphql.utilities import is_type_sub_type_of
from graphql.utilities.validate_input_value import validate_input_literal
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition

MAX_SELECTION_SETS = 200
"""Selection sets at most. Beyond that, fragments could nest deeper than graphql-core's recursion allows."""

MAX_REPETITIONS = 200
"""Repeated fields and spreads at most. graphql-core compares each with all others, and fails beyond some 700."""


class _Inconclusive(Exception):
    """The document holds something unusual or invalid."""


class FastValidator:
    """Recognizes documents that are certainly valid for a schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema_facts = _SchemaFacts(schema)

    def is_valid(self, document: DocumentNode) -> bool:
        """Whether the document is certainly valid. False means that it may be valid or not."""
        try:
            _DocumentCheck(self._schema_facts, document).check()
        except _Inconclusive:
            return False
        return True


class _SchemaFacts:
    """What is known of a schema, worked out once for all documents."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        usual = (GraphQLSkipDirective, GraphQLIncludeDirective)
        self._directives = {one.name: one for one in usual if schema.get_directive(one.name) is one}
        self._object_types: dict[tuple[str, str], GraphQLObjectType | None] = {}

    def directive(self, name: str) -> GraphQLDirective:
        """A directive that may stand at any selection. Raises _Inconclusive for any other."""
        if name not in self._directives:
            raise _Inconclusive
        return self._directives[name]

    def inside(self, parent: GraphQLObjectType, name: str, definition: GraphQLField) -> GraphQLObjectType | None:
        """The type of the objects in a field's value; None for leaves."""
        key = (parent.name, name)
        if key not in self._object_types:
            named = get_named_type(definition.type)
            if not is_leaf_type(named) and not is_object_type(named):
                raise _Inconclusive
            self._object_types[key] = named if is_object_type(named) else None
        return self._object_types[key]


@dataclass(slots=True)
class _Usage:
    """What an operation or a fragment refers to, directly and by its fragments."""

    fragments: set[str] = field(default_factory=set)
    variables: set[tuple[str, GraphQLInputType]] = field(default_factory=set)


class _DocumentCheck:
    """The check of one document. Every method raises _Inconclusive unless its part is certainly valid."""

    # A fragment is spread where its type is the parent's only, so it is checked once, into `_usages` (None meanwhile).

    def __init__(self, facts: _SchemaFacts, document: DocumentNode) -> None:
        self._schema_facts = facts
        self._definitions = document.definitions
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._usages: dict[str, _Usage | None] = {}
        self._fields_by_key: dict[tuple[str, str], FieldNode] = {}
        self._sets = self._repetitions = 0

    def check(self) -> None:
        operations: dict[str | None, OperationDefinitionNode] = {}
        for one in self._definitions:
            if isinstance(one, OperationDefinitionNode):
                operations[one.name.value if one.name else None] = one
            elif isinstance(one, FragmentDefinitionNode) and not one.directives:
                self._fragments[one.name.value] = one
        # Two definitions of one name, and every other kind of definition, are missing from these counts.
        are_unique = len(operations) + len(self._fragments) == len(self._definitions)
        _require(are_unique and (None not in operations or len(operations) == 1))
        used = set[str]().union(*map(self._operation, operations.values()))
        _require(used == self._fragments.keys())

    def _operation(self, node: OperationDefinitionNode) -> set[str]:
        """The fragments that an operation uses."""
        schema = self._schema_facts.schema
        root = schema.get_root_type(node.operation)
        if root is None or node.directives or node.operation is OperationType.SUBSCRIPTION:
            raise _Inconclusive
        usage = self._usage(node.selection_set, root)
        declared = self._declared(node.variable_definitions or ())
        _require(declared.keys() == {name for name, _ in usage.variables})
        _require(all(is_type_sub_type_of(schema, declared[name], kind) for name, kind in usage.variables))
        return usage.fragments

    def _declared(self, nodes: Collection[VariableDefinitionNode]) -> Mapping[str, GraphQLInputType]:
        """The types of the variables. One with a default value counts as non-null, as the specification allows."""
        declared: dict[str, GraphQLInputType] = {}
        for node in nodes:
            kind = type_from_ast(self._schema_facts.schema, node.type)
            if not is_input_type(kind) or node.directives:
                raise _Inconclusive
            name, default = node.variable.name.value, node.default_value
            if default is None:
                declared[name] = kind
            else:
                _check_value(default, kind, _Usage())
                declared[name] = GraphQLNonNull(cast(GraphQLNullableInputType, get_nullable_type(kind)))
        _require(len(declared) == len(nodes))
        return declared

    def _usage(self, selection_set: SelectionSetNode, parent: GraphQLObjectType) -> _Usage:
        usage = _Usage()
        self._selections(selection_set, parent, usage)
        return usage

    def _selections(self, selection_set: SelectionSetNode, parent: GraphQLObjectType, usage: _Usage) -> None:
        self._sets += 1
        _require(self._sets <= MAX_SELECTION_SETS)
        for selection in selection_set.selections:
            if selection.directives:
                self._check_directives(selection.directives, usage)
            if isinstance(selection, FieldNode):
                self._field(selection, parent, usage)
            elif isinstance(selection, FragmentSpreadNode):
                self._spread(selection.name.value, parent, usage)
            else:
                self._inline(cast(InlineFragmentNode, selection), parent, usage)

    def _field(self, node: FieldNode, parent: GraphQLObjectType, usage: _Usage) -> None:
        name = node.name.value
        self._check_merging(node, parent)
        if name == "__typename":
            _require(node.selection_set is None and not node.arguments)
            return
        definition = parent.fields.get(name)
        if definition is None:
            raise _Inconclusive
        if definition.args or node.arguments:
            _check_given(node.arguments, definition.args, usage)
        inside = self._schema_facts.inside(parent, name, definition)
        if inside is not None and node.selection_set is not None:
            self._selections(node.selection_set, inside, usage)
        elif inside is not None or node.selection_set is not None:
            raise _Inconclusive

    def _check_merging(self, node: FieldNode, parent: GraphQLObjectType) -> None:
        """Check that a response key stands for the same field wherever it is selected from a type.

        This is stricter than the specification, which compares only fields that are merged into one object. All types
        here are object types, so merged fields have the same parent type, and this check covers them.
        """
        key = (parent.name, node.alias.value if node.alias else node.name.value)
        first = self._fields_by_key.setdefault(key, node)
        if first is not node:
            self._count_repetition()
            _require(first.name.value == node.name.value and _printed_arguments(first) == _printed_arguments(node))

    def _count_repetition(self) -> None:
        self._repetitions += 1
        _require(self._repetitions <= MAX_REPETITIONS)

    def _spread(self, name: str, parent: GraphQLObjectType, usage: _Usage) -> None:
        self._count_repetition()
        fragment = self._fragments.get(name)
        if fragment is None or not _is_named(fragment.type_condition, parent):
            raise _Inconclusive
        if name not in self._usages:
            self._usages[name] = None
            self._usages[name] = self._usage(fragment.selection_set, parent)
        inner = self._usages[name]
        if inner is None:
            raise _Inconclusive  # the fragment spreads itself
        usage.fragments.add(name)
        usage.fragments |= inner.fragments
        usage.variables |= inner.variables

    def _inline(self, node: InlineFragmentNode, parent: GraphQLObjectType, usage: _Usage) -> None:
        _require(node.type_condition is None or _is_named(node.type_condition, parent))
        self._selections(node.selection_set, parent, usage)

    def _check_directives(self, nodes: Collection[DirectiveNode], usage: _Usage) -> None:
        _require(len({node.name.value for node in nodes}) == len(nodes))
        for node in nodes:
            _check_given(node.arguments, self._schema_facts.directive(node.name.value).args, usage)


def _require(is_certain: bool) -> None:
    if not is_certain:
        raise _Inconclusive


def _is_named(node: NamedTypeNode, kind: GraphQLObjectType) -> bool:
    return node.name.value == kind.name


def _check_given(
    nodes: Collection[ArgumentNode | ObjectFieldNode] | None,
    known: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    usage: _Usage,
) -> None:
    """Check the arguments of a field or a directive, or the fields of an input object."""
    given = {node.name.value: node.value for node in nodes or ()}
    _require(len(given) == len(nodes or ()) and given.keys() <= known.keys())
    for name, one in known.items():
        if name in given:
            _check_value(given[name], one.type, usage)
        else:
            _require(not _is_required(one))


def _is_required(one: GraphQLArgument | GraphQLInputField) -> bool:
    return is_required_argument(one) if isinstance(one, GraphQLArgument) else is_required_input_field(one)


def _check_value(node: ValueNode, kind: GraphQLInputType, usage: _Usage) -> None:
    if isinstance(node, VariableNode):
        usage.variables.add((node.name.value, kind))
    elif isinstance(node, ObjectValueNode):
        named = get_nullable_type(kind)
        if not is_input_object_type(named) or _is_one_of(named):
            raise _Inconclusive
        _check_given(node.fields, named.fields, usage)
    else:
        _require(not isinstance(node, NullValueNode | ListValueNode))
        errors: list[object] = []
        validate_input_literal(node, kind, lambda error, _: errors.append(error))
        _require(not errors)


def _is_one_of(kind: GraphQLInputObjectType) -> bool:
    """Whether it is a OneOf input object of graphql-core or of strawberry, which have validation rules of their own."""
    owner = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return kind.is_one_of or (isinstance(owner, StrawberryObjectDefinition) and owner.is_one_of)


def _printed_arguments(node: FieldNode) -> list[str]:
    return sorted(map(print_ast, node.arguments or ()))
