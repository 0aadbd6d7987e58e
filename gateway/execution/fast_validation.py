"""Tells at a glance that a document is valid, where it is one of the usual kind.

Most documents are: known fields of objects, with arguments and variables that fit. Going through such a document once
takes a tenth of what graphql-core's rules take. Everything unusual or wrong is doubtful, and left to those rules: they
alone say what is invalid, and word why.
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
"""Where there are no more, fragments cannot nest deeper than graphql-core goes along with."""

MAX_REPETITIONS = 200
"""Fields said again, and spreads: graphql-core compares each with all others, and gives up beyond some 700."""


class _Inconclusive(Exception):
    """The document holds something that is unusual, or wrong."""


class FastValidator:
    """Which documents are certainly valid for a schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._facts = _Facts(schema)

    def is_valid(self, document: DocumentNode) -> bool:
        """Whether the document is certainly valid; where not, it may still be."""
        try:
            _DocumentCheck(self._facts, document).check()
        except _Inconclusive:
            return False
        return True


class _Facts:
    """What all documents of a schema are checked with, found out once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        usual = (GraphQLSkipDirective, GraphQLIncludeDirective)
        self._directives = {one.name: one for one in usual if schema.get_directive(one.name) is one}
        self._insides: dict[tuple[str, str], GraphQLObjectType | None] = {}

    def directive(self, name: str) -> GraphQLDirective:
        """A directive that may stand at any selection."""
        if name not in self._directives:
            raise _Inconclusive
        return self._directives[name]

    def inside(self, parent: GraphQLObjectType, name: str, definition: GraphQLField) -> GraphQLObjectType | None:
        """The type of the objects in a field's value; None for leaves."""
        key = (parent.name, name)
        if key not in self._insides:
            named = get_named_type(definition.type)
            if not is_leaf_type(named) and not is_object_type(named):
                raise _Inconclusive
            self._insides[key] = named if is_object_type(named) else None
        return self._insides[key]


@dataclass(slots=True)
class _Body:
    """What an operation or a fragment refers to, by way of its fragments too."""

    fragments: set[str] = field(default_factory=set)
    variables: set[tuple[str, GraphQLInputType]] = field(default_factory=set)


class _DocumentCheck:
    """One document. What is checked raises _Inconclusive unless it is certainly right."""

    def __init__(self, facts: _Facts, document: DocumentNode) -> None:
        self._facts = facts
        self._definitions = document.definitions
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._bodies: dict[str, _Body | None] = {}
        self._said: dict[tuple[str, str], FieldNode] = {}
        self._sets = self._repetitions = 0

    def check(self) -> None:
        operations: dict[str | None, OperationDefinitionNode] = {}
        for one in self._definitions:
            if isinstance(one, OperationDefinitionNode):
                operations[one.name.value if one.name else None] = one
            elif isinstance(one, FragmentDefinitionNode) and not one.directives:
                self._fragments[one.name.value] = one
        are_unique = len(operations) + len(self._fragments) == len(self._definitions)
        _require(are_unique and (None not in operations or len(operations) == 1))
        used = set[str]().union(*map(self._operation, operations.values()))
        _require(used == self._fragments.keys())

    def _operation(self, node: OperationDefinitionNode) -> set[str]:
        """The fragments that an operation uses."""
        schema = self._facts.schema
        root = schema.get_root_type(node.operation)
        if root is None or node.directives or node.operation is OperationType.SUBSCRIPTION:
            raise _Inconclusive
        body = self._body(node.selection_set, root)
        declared = self._declared(node.variable_definitions or ())
        _require(declared.keys() == {name for name, _ in body.variables})
        _require(all(is_type_sub_type_of(schema, declared[name], kind) for name, kind in body.variables))
        return body.fragments

    def _declared(self, nodes: Collection[VariableDefinitionNode]) -> Mapping[str, GraphQLInputType]:
        """The types of what variables hold: one with a default is never null, unless null is sent for it."""
        declared: dict[str, GraphQLInputType] = {}
        for node in nodes:
            kind = type_from_ast(self._facts.schema, node.type)
            if not is_input_type(kind) or node.directives:
                raise _Inconclusive
            name, default = node.variable.name.value, node.default_value
            if default is None:
                declared[name] = kind
            else:
                _check_value(default, kind, _Body())
                declared[name] = GraphQLNonNull(cast(GraphQLNullableInputType, get_nullable_type(kind)))
        _require(len(declared) == len(nodes))
        return declared

    def _body(self, selection_set: SelectionSetNode, parent: GraphQLObjectType) -> _Body:
        body = _Body()
        self._selections(selection_set, parent, body)
        return body

    def _selections(self, selection_set: SelectionSetNode, parent: GraphQLObjectType, body: _Body) -> None:
        self._sets += 1
        _require(self._sets <= MAX_SELECTION_SETS)
        for selection in selection_set.selections:
            if selection.directives:
                self._check_directives(selection.directives, body)
            if isinstance(selection, FieldNode):
                self._field(selection, parent, body)
            elif isinstance(selection, FragmentSpreadNode):
                self._spread(selection.name.value, parent, body)
            else:
                self._inline(cast(InlineFragmentNode, selection), parent, body)

    def _field(self, node: FieldNode, parent: GraphQLObjectType, body: _Body) -> None:
        name = node.name.value
        self._say(node, parent)
        if name == "__typename":
            _require(node.selection_set is None and not node.arguments)
            return
        definition = parent.fields.get(name)
        if definition is None:
            raise _Inconclusive
        if definition.args or node.arguments:
            _check_given(node.arguments, definition.args, body)
        inside = self._facts.inside(parent, name, definition)
        if inside is not None and node.selection_set is not None:
            self._selections(node.selection_set, inside, body)
        elif inside is not None or node.selection_set is not None:
            raise _Inconclusive

    def _say(self, node: FieldNode, parent: GraphQLObjectType) -> None:
        """Check that a key stands for the same field wherever it stands in objects of a type.

        Fields that are merged under one key belong to objects of one type, so they fit each other then.
        """
        key = (parent.name, node.alias.value if node.alias else node.name.value)
        said = self._said.setdefault(key, node)
        if said is not node:
            self._repeat()
            _require(said.name.value == node.name.value and _arguments_text(said) == _arguments_text(node))

    def _repeat(self) -> None:
        self._repetitions += 1
        _require(self._repetitions <= MAX_REPETITIONS)

    def _spread(self, name: str, parent: GraphQLObjectType, body: _Body) -> None:
        self._repeat()
        fragment = self._fragments.get(name)
        if fragment is None or not _is_named(fragment.type_condition, parent):
            raise _Inconclusive
        if name not in self._bodies:
            self._bodies[name] = None
            self._bodies[name] = self._body(fragment.selection_set, parent)
        inner = self._bodies[name]
        if inner is None:
            raise _Inconclusive  # it spreads itself
        body.fragments.add(name)
        body.fragments |= inner.fragments
        body.variables |= inner.variables

    def _inline(self, node: InlineFragmentNode, parent: GraphQLObjectType, body: _Body) -> None:
        _require(node.type_condition is None or _is_named(node.type_condition, parent))
        self._selections(node.selection_set, parent, body)

    def _check_directives(self, nodes: Collection[DirectiveNode], body: _Body) -> None:
        _require(len({node.name.value for node in nodes}) == len(nodes))
        for node in nodes:
            _check_given(node.arguments, self._facts.directive(node.name.value).args, body)


def _require(is_certain: bool) -> None:
    if not is_certain:
        raise _Inconclusive


def _is_named(node: NamedTypeNode, kind: GraphQLObjectType) -> bool:
    return node.name.value == kind.name


def _check_given(
    nodes: Collection[ArgumentNode | ObjectFieldNode] | None,
    known: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    body: _Body,
) -> None:
    """Check the arguments of a field or a directive, or the fields of an input object."""
    given = {node.name.value: node.value for node in nodes or ()}
    _require(len(given) == len(nodes or ()) and given.keys() <= known.keys())
    for name, one in known.items():
        if name in given:
            _check_value(given[name], one.type, body)
        else:
            _require(not _is_required(one))


def _is_required(one: GraphQLArgument | GraphQLInputField) -> bool:
    return is_required_argument(one) if isinstance(one, GraphQLArgument) else is_required_input_field(one)


def _check_value(node: ValueNode, kind: GraphQLInputType, body: _Body) -> None:
    if isinstance(node, VariableNode):
        body.variables.add((node.name.value, kind))
    elif isinstance(node, ObjectValueNode):
        named = get_nullable_type(kind)
        if not is_input_object_type(named) or _takes_one(named):
            raise _Inconclusive
        _check_given(node.fields, named.fields, body)
    else:
        _require(not isinstance(node, NullValueNode | ListValueNode))
        errors: list[object] = []
        validate_input_literal(node, kind, lambda error, _: errors.append(error))
        _require(not errors)


def _takes_one(kind: GraphQLInputObjectType) -> bool:
    """Whether exactly one field is given, as graphql-core or strawberry have it; each has a rule of its own."""
    owner = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return kind.is_one_of or (isinstance(owner, StrawberryObjectDefinition) and owner.is_one_of)


def _arguments_text(node: FieldNode) -> list[str]:
    return sorted(map(print_ast, node.arguments or ()))
