"""Reads a game's documents into the model that client code is made of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from graphql import (
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
    type_from_ast,
    validate,
)

from gateway.client_kits.model import EnumType, EnumValue, Field, Kind, Kit, ObjectType, Operation, ValueType
from gateway.client_kits.roles import clock, order_watch, write_of
from gateway.client_kits.selections import Fragments, collected
from gateway.documents.extraction import extracted
from gateway.documents.ids import sha256_of
from gateway.errors import DocumentsUnusable


def read_kit(schema: GraphQLSchema, folder: Path) -> Kit:
    """The model of all `*.graphql` files of a folder. Raises DocumentsUnusable, which says what to do."""
    texts = extracted(sorted(folder.glob("*.graphql")))
    if not texts:
        raise DocumentsUnusable(f"{folder} has no .graphql files with operations.")
    types = _Types(schema)
    operations = [types.operation(name, text) for name, text in sorted(texts.items())]
    types.check_names()
    return Kit(
        operations=operations,
        objects=types.objects,
        enums=[types.enums[name] for name in sorted(types.enums)],
        inputs=[types.inputs[name] for name in sorted(types.inputs)],
        order_watch=order_watch(operations, {one.name: one for one in types.objects}),
        clock=clock(operations),
    )


def pascal(text: str) -> str:
    """`offerChain`, `OFFER_CHAIN` and `offer_chain` as types are spelled: `OfferChain`."""
    return "".join(
        (word[0].upper() + (word[1:].lower() if text.isupper() else word[1:])) for word in text.split("_") if word
    )


@dataclass(slots=True)
class _Types:
    """Collects the types that operations use."""

    schema: GraphQLSchema
    objects: list[ObjectType] = field(default_factory=list)
    enums: dict[str, EnumType] = field(default_factory=dict)
    inputs: dict[str, ObjectType] = field(default_factory=dict)

    def operation(self, name: str, text: str) -> Operation:
        """One operation with its types. Raises DocumentsUnusable."""
        document = parse(text)
        errors = validate(self.schema, document)
        if errors:
            raise DocumentsUnusable(f"{name}: {errors[0].message}")
        (node,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
        root = cast(GraphQLObjectType, self.schema.get_root_type(node.operation))
        selected = collected([node.selection_set], fragments)
        roots = {key: one.node.name.value for key, one in selected.items()}
        is_write = node.operation is OperationType.MUTATION
        return Operation(
            name=name,
            kind=node.operation.value,
            text=text,
            id=sha256_of(text),
            variables=list(self._variables(node)),
            data=self._object(f"{name}Data", name, root, [node.selection_set], fragments),
            roots=roots,
            server_time=next((key for key, one in roots.items() if one == "serverTime"), None),
            write=write_of(name, selected, fragments, root) if is_write else None,
        )

    def check_names(self) -> None:
        """Raises DocumentsUnusable if two types have one name."""
        names = Counter([*(one.name for one in self.objects), *self.enums, *self.inputs])
        for name, count in names.items():
            if count > 1:
                raise DocumentsUnusable(f"Two types would be called {name}: give one of the operations another name.")

    def _variables(self, node: OperationDefinitionNode) -> Iterator[Field]:
        for one in node.variable_definitions or ():
            of = self._value(cast(GraphQLInputType, type_from_ast(self.schema, one.type)))
            is_nullable = of.is_nullable or one.default_value is not None
            yield Field(one.variable.name.value, ValueType(of.kind, of.name, is_nullable, of.item))

    def _object(
        self,
        name: str,
        way: str,
        parent: GraphQLObjectType,
        selections: Sequence[SelectionSetNode],
        fragments: Fragments,
    ) -> ObjectType:
        """The type of a selection; those below it come before it in `objects`."""
        fields: list[Field] = []
        for key, selected in collected(selections, fragments).items():
            if selected.node.name.value == "__typename":
                fields.append(Field(key, ValueType(Kind.SCALAR, "String", selected.is_conditional)))
                continue
            definition = parent.fields[selected.node.name.value]
            below = way + pascal(key)
            of = self._value(definition.type, below, selected.below, fragments)
            is_nullable = of.is_nullable or selected.is_conditional
            fields.append(Field(key, ValueType(of.kind, of.name, is_nullable, of.item), definition.description or ""))
        made = ObjectType(name, fields, parent.description or "")
        self.objects.append(made)
        return made

    def _value(
        self,
        of: GraphQLOutputType | GraphQLInputType,
        way: str = "",
        selections: Sequence[SelectionSetNode] = (),
        fragments: Fragments | None = None,
        *,
        is_nullable: bool = True,
    ) -> ValueType:
        """The type of a field, a variable or an input's field; what it uses is collected."""
        if isinstance(of, GraphQLNonNull):
            return self._value(of.of_type, way, selections, fragments, is_nullable=False)
        if isinstance(of, GraphQLList):
            return ValueType(Kind.LIST, "", is_nullable, self._value(of.of_type, way, selections, fragments))
        if isinstance(of, GraphQLObjectType):
            self._object(way, way, of, selections, fragments or {})
            return ValueType(Kind.OBJECT, way, is_nullable)
        if isinstance(of, GraphQLInputObjectType):
            self._input(of)
            return ValueType(Kind.INPUT, of.name, is_nullable)
        if isinstance(of, GraphQLEnumType):
            values = [EnumValue(name, one.description or "") for name, one in of.values.items()]
            self.enums[of.name] = EnumType(of.name, values, of.description or "")
            return ValueType(Kind.ENUM, of.name, is_nullable)
        return ValueType(Kind.SCALAR, of.name, is_nullable)

    def _input(self, of: GraphQLInputObjectType) -> None:
        if of.name not in self.inputs:
            fields: list[Field] = []
            self.inputs[of.name] = ObjectType(of.name, fields, of.description or "")
            fields += [Field(key, self._value(one.type), one.description or "") for key, one in of.fields.items()]
