"""A cache of parsed and validated documents, within a bound of bytes."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationType,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from gateway.errors import BadRequest, GatewayError, LimitExceeded, ParseFailed, RequestError, ValidationFailed
from gateway.errors.internal import DocumentInvalid
from gateway.execution.fast_validation import FastValidator
from gateway.execution.introspection import Introspection
from gateway.execution.limits import LIMITS, Limits, check_limits

MAX_TOKENS = 1_000
"""Tokens of one document; the largest screen of the examples takes about a third."""

MAX_LINES = 2_000
"""Lines of one document: they are counted for the place of each error, which took 5 milliseconds in 30,000 of them."""

MAX_ERRORS = 10
"""Validation errors that are reported at most."""

MAX_LABEL = 64
"""Characters of an operation's name that the log shows."""

MEMORY_PER_TOKEN = 700
"""Bytes of a parsed document for each of its tokens; a test measures it."""

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document, ready to run; `tokens` are those of the whole document.

    `name` is the one that was asked for, `label` the beginning of the one that it has, for the log. Without variables
    it runs in the same way each time.
    """

    text: str
    name: str | None
    kind: OperationType
    tokens: int
    label: str | None = None
    has_variables: bool = True

    @property
    def document_bytes(self) -> int:
        """The size of the parsed document in memory."""
        return _memory_bytes(self.text, self.tokens)


class DocumentCache:
    """Valid documents by their text, within `max_bytes`; invalid ones are not cached."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        max_bytes: int,
        allow_suggestions: bool,
        allow_introspection: bool = True,
        limits: Limits = LIMITS,
    ) -> None:
        self._schema = schema
        self._allow_suggestions = allow_suggestions
        self._limits = limits
        self._fast_validator = FastValidator(schema)
        self._introspection = Introspection(
            schema, is_allowed=allow_introspection, max_values=limits.introspection_values
        )
        self._cache: LRUCache[str, ParsedDocument] = LRUCache(max_bytes, getsizeof=lambda entry: entry.size_bytes)
        self.ahead: Mapping[str, ParsedDocument] = {}
        """Documents that stay, by their text, beside those that are cached."""

    def operation(self, text: str, name: str | None) -> Operation:
        """The operation of that name, or the only one. Raises DocumentInvalid."""
        entry = self._find(text)
        known = entry.operations.get(name)
        if known is None:
            node = get_operation_ast(entry.document, name)
            if node is None:
                raise invalid(BadRequest("`operationName` must name one of the document's operations."))
            label = node.name.value[:MAX_LABEL] if node.name else None
            has_variables = bool(node.variable_definitions)
            known = Operation(text, name, node.operation, entry.tokens, label, has_variables=has_variables)
            entry.operations[name] = known
        return known

    def has(self, text: str) -> bool:
        """Whether the document of that text is known to be valid: to find it costs nothing."""
        return text in self.ahead or text in self._cache

    def document(self, text: str) -> DocumentNode:
        """The valid document of that text. Raises DocumentInvalid."""
        return self._find(text).document

    def parsed(self, text: str) -> "ParsedDocument":
        """The valid document of that text, parsed anew and not cached. Raises DocumentInvalid."""
        document, tokens = _parse(text)
        self._validate(document)
        return ParsedDocument(document, tokens, _memory_bytes(text, tokens))

    def _find(self, text: str) -> "ParsedDocument":
        ahead = self.ahead.get(text)
        if ahead is not None:
            return ahead
        try:
            return self._cache[text]
        except KeyError:
            pass
        entry = self.parsed(text)
        if entry.size_bytes <= self._cache.maxsize:
            self._cache[text] = entry
        return entry

    def _validate(self, document: DocumentNode) -> None:
        try:
            check_limits(document, self._limits)
            self._introspection.check(document)
        except RequestError as error:
            raise invalid(error) from None
        # graphql-core decides whenever the fast validator cannot, so a wrong document is always refused in its words.
        if self._fast_validator.is_valid(document):
            return
        errors = validate(
            self._schema,
            document,
            RULES,
            max_errors=MAX_ERRORS,
            hide_suggestions=not self._allow_suggestions,
        )
        if errors:
            raise DocumentInvalid([_with_code(error, ValidationFailed(error.message)) for error in errors])


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A valid document, its tokens, and its size in memory."""

    document: DocumentNode
    tokens: int
    size_bytes: int
    operations: dict[str | None, Operation] = field(default_factory=dict)
    """Those that were asked for, by the name that the request gave; None for the only one."""


def _memory_bytes(text: str, tokens: int) -> int:
    return sys.getsizeof(text) + tokens * MEMORY_PER_TOKEN


def _parse(text: str) -> tuple[DocumentNode, int]:
    """The document, and how many tokens it has, comments and the markers of both ends among them."""
    lines = 1 + text.count("\n") + text.count("\r") - text.count("\r\n")
    if lines > MAX_LINES:
        raise invalid(LimitExceeded(f"The document has {lines} lines; {MAX_LINES} are allowed."))
    try:
        document = parse(text, max_tokens=MAX_TOKENS, allow_empty_selection_sets=False)
    except GraphQLSyntaxError as error:
        # The parser has no class of its own for a document that is too long or nested too deeply.
        is_limit = "Parsing aborted" in error.message or "nested too deeply" in error.message
        kind = LimitExceeded if is_limit else ParseFailed
        raise DocumentInvalid([_with_code(error, kind(error.message))]) from None
    return document, _unlink_tokens(document)


def _unlink_tokens(document: DocumentNode) -> int:
    """Take the tokens of a document apart, and count them.

    The lexer links each with its neighbours, and nobody needs that any more. Left so, a document could be freed by the
    garbage collector only: after hundreds of new texts a collection held the event loop for 200 ms.
    """
    token = document.loc.start_token if document.loc else None
    count = 0
    while token is not None:
        following = token.next
        token.prev = token.next = None
        token = following
        count += 1
    return count


def _with_code(error: GraphQLError, original: GatewayError) -> GraphQLError:
    return GraphQLError(error.message, error.nodes, error.source, error.positions, error.path, original_error=original)


def invalid(error: GatewayError) -> DocumentInvalid:
    """The exception for a document that cannot run for one reason."""
    return DocumentInvalid([GraphQLError(error.message, original_error=error)])
