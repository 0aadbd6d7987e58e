"""Runs operations: queries as compiled programs where they are covered, anything else on strawberry's executor."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
    create_source_event_stream,
    execute_subscription_event,
)
from graphql import Executor as ReferenceExecutor
from graphql.pyutils import is_awaitable
from strawberry.extensions import SchemaExtension

from gateway.concurrency.streams import Stream
from gateway.execution.documents import DocumentCache, Operation
from gateway.execution.introspection import is_introspection
from gateway.execution.jit.program import Program
from gateway.execution.limits import LIMITS, Limits
from gateway.execution.program_cache import ProgramCache
from gateway.execution.schema_answers import SchemaAnswers
from gateway.execution.subscriptions import Answers
from gateway.schema import create_schema
from gateway.schema.context import Context


class Execution(Enum):
    """How an operation was run."""

    COMPILED = "compiled"
    REFERENCE = "reference"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation came to; `data` is None with `is_request_error` when it could not start at all.

    `execution` is None where nothing was run.
    """

    data: Mapping[str, object] | None
    errors: tuple[GraphQLError, ...]
    is_request_error: bool = False
    execution: Execution | None = None


Variables = Mapping[str, object] | None

SCHEMA_ANSWER_BYTES = 4 * 2**20
"""Memory for answers to introspection: about five of those that tools ask for."""


class GraphQLEngine:
    """Prepares and runs operations of the gateway's schema.

    `document_bytes` bounds the documents that are remembered, and again the programs made of them; with
    `allow_suggestions`, errors name what was meant; without `allow_introspection`, nobody may ask for the schema.
    """

    def __init__(
        self,
        *,
        document_bytes: int,
        allow_suggestions: bool,
        allow_introspection: bool = True,
        limits: Limits = LIMITS,
    ) -> None:
        self._schema = create_schema(extensions=[lambda: _RememberedDocument(self._documents)])
        self._core_schema = self._schema._schema  # noqa: SLF001 - strawberry shows graphql-core's schema nowhere else
        self._documents = DocumentCache(
            self._core_schema,
            max_bytes=document_bytes,
            allow_suggestions=allow_suggestions,
            allow_introspection=allow_introspection,
            limits=limits,
        )
        self._programs = ProgramCache(max_bytes=document_bytes)
        self._schema_answers = SchemaAnswers(max_bytes=SCHEMA_ANSWER_BYTES)

    def operation(self, text: str, name: str | None) -> Operation:
        """Find the operation to run. Raises InvalidDocument."""
        return self._documents.operation(text, name)

    async def execute(self, operation: Operation, variables: Variables, context: Context) -> Result:
        """Run a query or a mutation. Errors come back in the result, partial_errors among them; nothing is raised."""
        if operation.kind is not OperationType.QUERY:
            return await self.execute_reference(operation, variables, context)
        prepared = self.prepare(operation, variables, context)
        if isinstance(prepared, list):
            return Result(None, tuple(prepared), is_request_error=True)
        program = self._programs.program(operation, prepared)
        if program is not None:
            return await _projected(program, prepared)
        if is_introspection(prepared.operation):
            return await self._introspect(operation, variables, context)
        return await self.execute_reference(operation, variables, context)

    async def subscribe(
        self, operation: Operation, variables: Variables, contexts: Callable[[], Context]
    ) -> Answers[Result] | Result:
        """Run a subscription: an answer for each event, to be closed by the caller; or why it does not start.

        `contexts` makes one context to listen in, and one for each event, whose answer is due by that one's deadline.
        """
        listening = contexts()
        prepared = self.prepare(operation, variables, listening)
        if isinstance(prepared, list):
            return Result(None, tuple(prepared), is_request_error=True)
        source = create_source_event_stream(prepared)
        if is_awaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            return Result(None, tuple(source.errors or ()), is_request_error=True)

        async def answer(event: object, context: Context) -> Result:
            one = prepared.build_per_event_executor(event)
            one.context_value = context
            return await self._answer(operation, one)

        return Answers(cast("Stream[object]", source), listening, contexts=contexts, answer=answer, fail=_failed)

    def prepare(
        self, operation: Operation, variables: Variables, context: Context | None
    ) -> ReferenceExecutor[Context] | list[GraphQLError]:
        """Everything that one run of an operation needs, or what is wrong with its variables."""
        document = self._documents.document(operation.text)
        return ReferenceExecutor.build(
            self._core_schema, document, None, context, dict(variables or {}), operation.name
        )

    async def execute_reference(self, operation: Operation, variables: Variables, context: Context) -> Result:
        """Run an operation on strawberry's executor, which says what every answer has to be."""
        outcome = await self._schema.execute(
            operation.text,
            variable_values=dict(variables or {}),
            context_value=context,
            operation_name=operation.name,
        )
        errors = tuple(outcome.errors or ())
        if outcome.data is None and errors and all(error.path is None for error in errors):
            # Errors of fields have a path; without one, the variables did not fit and no field ran.
            return Result(None, errors, is_request_error=True)
        return Result(outcome.data, (*errors, *_partial_errors(context)), execution=Execution.REFERENCE)

    async def _introspect(self, operation: Operation, variables: Variables, context: Context) -> Result:
        """Tell the schema, as it was told before."""
        known = self._schema_answers.find(operation, variables)
        if known is not None:
            return Result(known, (), execution=Execution.KEPT)
        result = await self.execute_reference(operation, variables, context)
        if result.data is not None and not result.errors:
            self._schema_answers.keep(operation, variables, result.data)
        return result

    async def _answer(self, operation: Operation, event: ReferenceExecutor[Context]) -> Result:
        """Run one event of a subscription."""
        program = self._programs.program(operation, event)
        return await (_referred(event) if program is None else _projected(program, event))


async def _projected(program: Program, prepared: ReferenceExecutor[Context]) -> Result:
    data, errors = await program.run(prepared)
    return Result(data, (*errors, *_partial_errors(prepared.context_value)), execution=Execution.COMPILED)


async def _referred(event: ReferenceExecutor[Context]) -> Result:
    """Run an event on graphql-core's executor, as strawberry's would."""
    outcome = execute_subscription_event(event)
    if is_awaitable(outcome):
        outcome = await outcome
    outcome = cast(ExecutionResult, outcome)
    errors = (*(outcome.errors or ()), *_partial_errors(event.context_value))
    return Result(outcome.data, errors, execution=Execution.REFERENCE)


def _failed(error: Exception) -> Result:
    return Result(None, (GraphQLError(str(error), original_error=error),))


def _partial_errors(context: Context) -> Iterator[GraphQLError]:
    for one in context.partial_errors:
        yield GraphQLError(one.error.message, path=one.path, original_error=one.error)


class _RememberedDocument(SchemaExtension):
    """Gives strawberry the document that was parsed and validated before."""

    def __init__(self, documents: DocumentCache) -> None:
        self._documents = documents

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self._documents.document(self.execution_context.query or "")
        self.execution_context.pre_execution_errors = []
        yield
