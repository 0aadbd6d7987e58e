"""Documents that are parsed, checked and compiled before they are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import cast

from graphql import (
    DocumentNode,
    Executor,
    FragmentDefinitionNode,
    GraphQLSchema,
    Location,
    Node,
    OperationDefinitionNode,
    OperationType,
    Token,
    Visitor,
    visit,
)

from gateway.execution.deprecations import deprecated_parts
from gateway.execution.documents import DocumentCache, Operation, ParsedDocument
from gateway.execution.program_cache import MAX_VARIANTS, ProgramCache, ProgramKey, Programs, condition_variables
from gateway.schema.context import Context


@dataclass(frozen=True, slots=True)
class AheadDocument:
    """A document that is ready to run, with the names of its operations and the deprecated parts that it uses."""

    text: str
    parsed: ParsedDocument
    programs: Mapping[ProgramKey, Programs]
    operations: tuple[str | None, ...]
    deprecated: tuple[str, ...]

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        distinct = {id(one): one.size_bytes for one in self.programs.values()}
        # Programs are charged for the document that they point to.
        return max(self.parsed.size_bytes, sum(distinct.values()))


class AheadCompiler:
    """Prepares documents for the caches that keep them."""

    def __init__(self, schema: GraphQLSchema, documents: DocumentCache, programs: ProgramCache) -> None:
        self._schema = schema
        self._documents = documents
        self._programs = programs

    def document(self, text: str) -> AheadDocument:
        """Prepare one document. Raises DocumentInvalid."""
        parsed = self._documents.parsed(text)
        deprecated = deprecated_parts(self._schema, parsed.document)
        _drop_tokens(parsed.document)
        operations = [one for one in parsed.document.definitions if isinstance(one, OperationDefinitionNode)]
        programs: dict[ProgramKey, Programs] = {}
        for operation in operations:
            name = operation.name.value if operation.name else None
            made = self._operation(Operation(text, name, operation.operation, parsed.tokens), operation, parsed)
            # A request need not name the only operation.
            programs |= {(text, one): made for one in ({name, None} if len(operations) == 1 else {name})}
        names = tuple(one.name.value if one.name else None for one in operations)
        return AheadDocument(text, parsed, programs, names, deprecated)

    def _operation(self, operation: Operation, node: OperationDefinitionNode, parsed: ParsedDocument) -> Programs:
        fragments = [one for one in parsed.document.definitions if isinstance(one, FragmentDefinitionNode)]
        declared = {one.variable.name.value: one for one in node.variable_definitions or ()}
        names = tuple(name for name in condition_variables(node, fragments) if name in declared)
        programs = Programs(names, operation.tokens, operation.document_bytes)
        # What has more variants is compiled as they are asked for; mutations are not compiled.
        if operation.kind is not OperationType.MUTATION and 2 ** len(names) <= MAX_VARIANTS:
            # Only these variables matter here, and the others may be required.
            bare = OperationDefinitionNode(
                operation=node.operation,
                name=node.name,
                variable_definitions=tuple(declared[name] for name in names),
                directives=node.directives,
                selection_set=node.selection_set,
            )
            for values, executor in self._variants(DocumentNode(definitions=(bare, *fragments)), names):
                programs.add(values, self._programs.compiled(executor))
        return programs

    def _variants(
        self, document: DocumentNode, names: tuple[str, ...]
    ) -> Iterator[tuple[tuple[bool, ...], Executor[Context]]]:
        for values in product((False, True), repeat=len(names)):
            # The document is valid and these values fit, so there are no errors.
            executor = Executor.build(self._schema, document, None, None, dict(zip(names, values, strict=True)))
            yield values, cast("Executor[Context]", executor)


def _drop_tokens(document: DocumentNode) -> None:
    """Let go of the tokens, which nothing reads once a document is valid: errors take places from the source."""
    visit(document, _TokenDrop())


class _TokenDrop(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self._first: Token | None = None

    def enter(self, node: Node, *_: object) -> None:
        # The parser gives every node its place.
        location = cast("Location", node.loc)
        if self._first is None:
            self._first = location.start_token
        location.start_token = location.end_token = self._first
