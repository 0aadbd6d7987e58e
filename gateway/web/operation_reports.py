"""What is told of an answered operation: the labels of metrics, and the fields of its log line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, OperationType

from gateway.documents.usage import DocumentUse
from gateway.errors import GatewayError
from gateway.errors.codes import ErrorCode
from gateway.execution.documents import MAX_LABEL
from gateway.execution.engine import Execution, Result
from gateway.web.errors import codes_of

SCOPE_KEY = "gateway.operation"
"""Where the ASGI scope of a request has the report of its operation, for the request's log line."""

REFUSED = "refused"
UNKNOWN = "unknown"
WAITING = "waiting"
"""The kind of a query that waits for an order: how long it takes says nothing of how fast the gateway is."""

EXECUTIONS = (*(one.value for one in Execution), REFUSED)
KINDS = (*(one.value for one in OperationType), WAITING, UNKNOWN)
OUTCOMES = ("ok", "partial", "failed", REFUSED)

_LABEL = re.compile(rf"[A-Za-z_][A-Za-z0-9_]{{0,{MAX_LABEL - 1}}}")


@dataclass(frozen=True, slots=True)
class Report:
    """How an operation was run and how it ended; `name` is its own, short enough for the log.

    `use` is that of the trusted document that it is of, if any.

    `labels`, `log_fields`, and `log_kind`, which is equal for equal fields, are made with it: a cached response has a
    report that is told again and again.
    """

    execution: str
    kind: str
    outcome: str
    codes: tuple[str, ...] = ()
    name: str | None = None
    use: DocumentUse | None = None
    labels: tuple[str, str, str] = field(init=False)
    log_fields: dict[str, Any] = field(init=False)
    log_kind: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Make what metrics and the log need."""
        fields: dict[str, Any] = {"execution": self.execution}
        if self.name is not None:
            fields["operation"] = self.name
        if self.use is not None:
            fields |= {"document": self.use.id, "client": f"{self.use.client}@{self.use.version}"}
        if self.codes:
            fields["codes"] = self.codes
        object.__setattr__(self, "labels", (self.execution, self.kind, self.outcome))
        object.__setattr__(self, "log_fields", fields)
        object.__setattr__(self, "log_kind", tuple(fields.items()))

    def with_codes(self, codes: Sequence[str]) -> "Report":
        """The same with more codes of errors."""
        return replace(self, codes=tuple(sorted({*self.codes, *codes})))

    def of(self, use: DocumentUse | None) -> "Report":
        """The same of a trusted document, if it is one."""
        return self if use is self.use else made(self.execution, self.kind, self.outcome, self.codes, self.name, use)

    def as_cached(self) -> "Report":
        """Of the next answer, when this one is kept."""
        return made(Execution.CACHED.value, self.kind, self.outcome, self.codes, self.name, self.use)


@lru_cache(maxsize=1_000)
def made(
    execution: str, kind: str, outcome: str, codes: tuple[str, ...], name: str | None, use: DocumentUse | None
) -> Report:
    """A report, one object for all that are equal: each request has one, and each cached response holds one."""
    return Report(execution, kind, outcome, codes, name, use)


COMPRESSIBLE = frozenset({OperationType.QUERY.value, WAITING})
"""What a mutation answers may hold a payment token, which the length of compressed bytes could give away."""

FAULT = Report(REFUSED, UNKNOWN, "failed", (ErrorCode.INTERNAL.value,))
"""An error that nobody foresaw, in place of an answer."""


def refusal(error: GatewayError, kind: str = UNKNOWN, name: str | None = None) -> Report:
    """Of an operation that is not run."""
    return Report(REFUSED, kind, REFUSED, (error.code.value,), name)


def invalid(errors: Sequence[GraphQLError], named: str | None) -> Report:
    """Of a document that is refused; `named` is the operation's name as the client sent it."""
    name = named if named is not None and _LABEL.fullmatch(named) else None
    return Report(REFUSED, UNKNOWN, REFUSED, codes_of(errors), name)


def report(result: Result, kind: str, name: str | None, use: DocumentUse | None = None) -> Report:
    """Of a result."""
    execution = REFUSED if result.execution is None else result.execution.text
    codes = codes_of(result.errors) if result.errors else ()
    return made(execution, kind, _outcome(result), codes, name, use)


def _outcome(result: Result) -> str:
    """`failed` is an operation with errors and no value, not even of one of its fields."""
    if result.is_request_error or result.execution is None:
        return REFUSED
    if not result.errors:
        return "ok"
    has_values = result.data is not None and any(value is not None for value in result.data.values())
    return "partial" if has_values else "failed"
