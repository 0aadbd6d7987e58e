"""Which deprecated parts of the schema a document uses."""

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLSchema,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)


def deprecated_parts(schema: GraphQLSchema, document: DocumentNode) -> tuple[str, ...]:
    """Their coordinates, such as `Query.oldField`, `Query.field(argument:)` or `Sort.OLDEST`, each once and sorted."""
    info = TypeInfo(schema)
    found = _Deprecated(info)
    visit(document, TypeInfoVisitor(info, found))
    return tuple(sorted(found.parts))


class _Deprecated(Visitor):
    """What graphql-core's own rule finds; that one fails on arguments of a schema that was not parsed."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.parts: set[str] = set()
        self._info = info
        self._field = ""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self._field = f"{self._info.get_parent_type()}.{node.name.value}"
        self._note(self._info.get_field_def(), self._field)

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        directive = self._info.get_directive()
        owner = self._field if directive is None else f"@{directive.name}"
        self._note(self._info.get_argument(), f"{owner}({node.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        kind = get_named_type(self._info.get_parent_input_type())
        self._note(getattr(kind, "fields", {}).get(node.name.value), f"{kind}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        self._note(self._info.get_enum_value(), f"{get_named_type(self._info.get_input_type())}.{node.value}")

    def _note(self, part: object, coordinate: str) -> None:
        if getattr(part, "deprecation_reason", None) is not None:
            self.parts.add(coordinate)
