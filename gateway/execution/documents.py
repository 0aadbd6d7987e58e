"""Parsed and validated documents, remembered within a bound."""

import sys
from dataclasses import dataclass

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
from gateway.execution.fast_validation import FastValidator
from gateway.execution.introspection import Introspection
from gateway.execution.limits import LIMITS, Limits, check_limits

MAX_TOKENS = 1_000
"""Tokens of one document; the largest screen of the examples takes about a third."""

MAX_ERRORS = 10
"""Validation errors that are reported at most."""

MEMORY_PER_TOKEN = 700
"""Bytes that a token of a document weighs once it is parsed; a test measures it."""

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document, ready to run; `tokens` are those of the whole document."""

    text: str
    name: str | None
    kind: OperationType
    tokens: int

    @property
    def document_bytes(self) -> int:
        """What the document weighs."""
        return _weight_bytes(self.text, self.tokens)


class InvalidDocument(Exception):
    """A document that cannot run; each error carries the GatewayError that names its code."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        self.errors = errors
        super().__init__()


class DocumentCache:
    """Valid documents by their text, within `max_bytes`; refused ones are not remembered."""

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
        self._certainty = FastValidator(schema)
        self._introspection = Introspection(
            schema, is_allowed=allow_introspection, max_values=limits.introspection_values
        )
        self._known: LRUCache[str, _Kept] = LRUCache(max_bytes, getsizeof=lambda kept: kept.weight_bytes)

    def operation(self, text: str, name: str | None) -> Operation:
        """The operation of that name, or the only one. Raises InvalidDocument."""
        kept = self._find(text)
        node = get_operation_ast(kept.document, name)
        if node is None:
            raise _refused(BadRequest("`operationName` must name one of the document's operations."))
        return Operation(text, name, node.operation, kept.tokens)

    def document(self, text: str) -> DocumentNode:
        """The valid document of that text. Raises InvalidDocument."""
        return self._find(text).document

    def _find(self, text: str) -> "_Kept":
        kept = self._known.get(text)
        if kept is None:
            document = self._valid(text)
            tokens = _count_tokens(document)
            kept = _Kept(document, tokens, _weight_bytes(text, tokens))
            if kept.weight_bytes <= self._known.maxsize:
                self._known[text] = kept
        return kept

    def _valid(self, text: str) -> DocumentNode:
        document = _parsed(text)
        try:
            check_limits(document, self._limits)
            self._introspection.check(document)
        except RequestError as error:
            raise _refused(error) from None
        if self._certainty.is_valid(document):
            return document
        errors = validate(
            self._schema,
            document,
            RULES,
            max_errors=MAX_ERRORS,
            hide_suggestions=not self._allow_suggestions,
        )
        if errors:
            raise InvalidDocument([_coded(error, ValidationFailed(error.message)) for error in errors])
        return document


@dataclass(frozen=True, slots=True)
class _Kept:
    document: DocumentNode
    tokens: int
    weight_bytes: int


def _weight_bytes(text: str, tokens: int) -> int:
    return sys.getsizeof(text) + tokens * MEMORY_PER_TOKEN


def _count_tokens(document: DocumentNode) -> int:
    """All that the parser keeps: comments, and the marks of both ends, too."""
    token = document.loc.start_token if document.loc else None
    count = 0
    while token is not None:
        count += 1
        token = token.next
    return count


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_tokens=MAX_TOKENS)
    except GraphQLSyntaxError as error:
        # The parser has no class of its own for a document that is too long or nested too deeply.
        is_limit = "Parsing aborted" in error.message or "nested too deeply" in error.message
        kind = LimitExceeded if is_limit else ParseFailed
        raise InvalidDocument([_coded(error, kind(error.message))]) from None


def _coded(error: GraphQLError, original: GatewayError) -> GraphQLError:
    return GraphQLError(error.message, error.nodes, error.source, error.positions, error.path, original_error=original)


def _refused(error: GatewayError) -> InvalidDocument:
    return InvalidDocument([GraphQLError(error.message, original_error=error)])
