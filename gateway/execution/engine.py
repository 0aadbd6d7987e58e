"""Runs operations: covered queries as compiled programs, all others on strawberry's executor."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
    create_source_event_stream,
    execute_subscription_event,
    execute_sync,
)
from graphql import Executor as ReferenceExecutor
from graphql.pyutils import is_awaitable
from msgspec import Struct
from strawberry.extensions import SchemaExtension

from gateway.concurrency.streams import Stream
from gateway.errors import GatewayError
from gateway.execution.ahead import AheadCompiler, AheadDocument
from gateway.execution.documents import DocumentCache, Operation
from gateway.execution.introspection import is_introspection
from gateway.execution.jit.program import Program
from gateway.execution.jit.run import Run
from gateway.execution.limits import LIMITS, Limits
from gateway.execution.program_cache import ProgramCache
from gateway.execution.schema_answers import SchemaAnswers
from gateway.execution.subscriptions import ResultStream
from gateway.schema import create_schema
from gateway.schema.context import Context, PartialError


class Execution(Enum):
    """How an operation was run."""

    COMPILED = "compiled"
    REFERENCE = "reference"
    CACHED = "cached"

    def __init__(self, text: str) -> None:
        self.text = text
        """Its value, which each result asks for: an attribute of its own is cheaper."""


class Result(Struct, frozen=True):
    """The result of an operation; `data` is None with `is_request_error` when it could not start at all.

    `execution` is None where nothing was run. `stale_seconds` is the age of the oldest copy in it that is shown because
    a read failed, else None; `refresh_allowed_in` are the seconds until the player may refresh, where it was too soon.
    """

    data: Mapping[str, object] | None
    errors: tuple[GraphQLError, ...]
    is_request_error: bool = False
    execution: Execution | None = None
    stale_seconds: int | None = None
    refresh_allowed_in: int | None = None


Variables = Mapping[str, object] | None

SCHEMA_ANSWER_BYTES = 4 * 2**20
"""Memory for answers to introspection: about five of those that tools ask for."""


class GraphQLEngine:
    """Prepares and runs operations of the gateway's schema.

    `document_bytes` bounds the cached documents, and separately the programs made of them. With `allow_suggestions`,
    errors suggest similar names. Without `allow_introspection`, the schema cannot be asked for.
    """

    def __init__(
        self,
        *,
        document_bytes: int,
        allow_suggestions: bool,
        allow_introspection: bool = True,
        limits: Limits = LIMITS,
    ) -> None:
        self._schema = create_schema().with_extensions([lambda: _CachedDocumentExtension(self._documents)])
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
        self._introspecting = asyncio.Lock()
        self._ahead = AheadCompiler(self._core_schema, self._documents, self._programs)

    def compile_ahead(self, text: str) -> AheadDocument:
        """Prepare a document before it is asked for. Raises DocumentInvalid."""
        return self._ahead.document(text)

    def keep_ahead(self, documents: Iterable[AheadDocument]) -> None:
        """Keep these documents ready to run, beside those that are cached, and none that were kept so before."""
        kept = list(documents)
        self._documents.ahead = {one.text: one.parsed for one in kept}
        self._programs.ahead = {key: programs for one in kept for key, programs in one.programs.items()}

    def knows(self, text: str) -> bool:
        """Whether a document need not be parsed and validated any more."""
        return self._documents.has(text)

    def operation(self, text: str, name: str | None) -> Operation:
        """Find the operation to run. Raises DocumentInvalid."""
        return self._documents.operation(text, name)

    async def execute(self, operation: Operation, variables: Variables, context: Context) -> Result:
        """Run a query or a mutation. Errors, partial errors among them, are in the result; nothing is raised."""
        if operation.kind is not OperationType.QUERY:
            return await self.execute_reference(operation, variables, context)
        known = self._programs.known(operation)
        if known is not None:
            # Without variables there is nothing that preparing could refuse.
            return await _run_program(known, Run(context, lambda: self._prepared(operation, context)))
        prepared = self.prepare(operation, variables, context)
        if isinstance(prepared, list):
            return Result(None, tuple(prepared), is_request_error=True)
        program = self._programs.program(operation, prepared)
        if program is not None:
            return await _run_program(program, Run.of(prepared))
        if is_introspection(prepared.operation):
            return await self._introspect(operation, variables, context)
        return await self.execute_reference(operation, variables, context)

    async def subscribe(
        self, operation: Operation, variables: Variables, contexts: Callable[[], Context]
    ) -> ResultStream[Result] | Result:
        """Run a subscription: a stream of results, one for each event, which the caller closes; or why it cannot start.

        `contexts` makes the context to subscribe with, and one for each event, whose result is due by its deadline.
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

        async def execute(event: object, context: Context) -> Result:
            prepared_event = prepared.build_per_event_executor(event)
            prepared_event.context_value = context
            return await self._execute_event(operation, prepared_event)

        return ResultStream(
            cast("Stream[object]", source), listening, contexts=contexts, execute=execute, fail=_error_result
        )

    def prepare(
        self, operation: Operation, variables: Variables, context: Context | None
    ) -> ReferenceExecutor[Context] | list[GraphQLError]:
        """What one run of an operation needs, its variables coerced; or the errors of its variables."""
        document = self._documents.document(operation.text)
        return ReferenceExecutor.build(
            self._core_schema, document, None, context, dict(variables or {}), operation.name
        )

    def _prepared(self, operation: Operation, context: Context) -> ReferenceExecutor[Context]:
        return cast("ReferenceExecutor[Context]", self.prepare(operation, None, context))

    async def execute_reference(self, operation: Operation, variables: Variables, context: Context) -> Result:
        """Run an operation on strawberry's executor, whose result is the reference for every other way."""
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
        return _result(outcome.data, errors, context, Execution.REFERENCE)

    async def _introspect(self, operation: Operation, variables: Variables, context: Context) -> Result:
        """Answer a query for the schema, from the cache where it was asked before.

        An answer takes tens of milliseconds to compute, so that is done on a thread, one at a time: the event loop goes
        on beside it.
        """
        known = self._schema_answers.find(operation, variables)
        if known is None:
            async with self._introspecting:
                known = self._schema_answers.find(operation, variables)
                if known is None:
                    return await self._introspect_aside(operation, variables, context)
        return Result(known, (), execution=Execution.CACHED)

    async def _introspect_aside(self, operation: Operation, variables: Variables, context: Context) -> Result:
        outcome = await asyncio.to_thread(
            execute_sync,
            self._core_schema,
            self._documents.document(operation.text),
            variable_values=dict(variables or {}),
            operation_name=operation.name,
        )
        if outcome.data is not None and not outcome.errors:
            self._schema_answers.keep(operation, variables, outcome.data)
        return _result(outcome.data, outcome.errors or (), context, Execution.REFERENCE)

    async def _execute_event(self, operation: Operation, event: ReferenceExecutor[Context]) -> Result:
        """Run one event of a subscription."""
        program = self._programs.program(operation, event)
        if program is None:
            return await _run_reference_event(event)
        return await _run_program(program, Run.of(event))


async def _run_program(program: Program, run: Run) -> Result:
    data, errors = await program.run(run)
    run.release()
    return _result(data, errors, run.context, Execution.COMPILED)


async def _run_reference_event(event: ReferenceExecutor[Context]) -> Result:
    """Run an event on graphql-core's executor, as strawberry's would."""
    outcome = execute_subscription_event(event)
    if is_awaitable(outcome):
        outcome = await outcome
    outcome = cast(ExecutionResult, outcome)
    return _result(outcome.data, outcome.errors or (), event.context_value, Execution.REFERENCE)


def _result(
    data: Mapping[str, object] | None, errors: Iterable[GraphQLError], context: Context, execution: Execution
) -> Result:
    request = context.player.request
    for error in errors:
        _forget_frames(error)
    for _, failed in request.failed_reads:
        _forget_frames(failed)
    return Result(
        data,
        (*errors, *[_partial_error(partial) for partial in context.partial_errors]),
        execution=execution,
        stale_seconds=max(request.stale_seconds.values(), default=None),
        refresh_allowed_in=request.refresh_allowed_in,
    )


def _forget_frames(error: BaseException) -> None:
    """Drop the traceback and the causes of an error that is foreseen: nobody reads them.

    Their frames hold the request, which holds the error. Left so, each failed read would leave more than a hundred
    objects to the garbage collector, and a collection holds the event loop for milliseconds.
    """
    original = error.original_error if isinstance(error, GraphQLError) else error
    if isinstance(original, GatewayError):
        for one in (error, original):
            one.__traceback__ = one.__cause__ = one.__context__ = None


def _error_result(error: Exception) -> Result:
    return Result(None, (GraphQLError(str(error), original_error=error),))


def _partial_error(partial: PartialError) -> GraphQLError:
    return GraphQLError(partial.error.message, path=partial.path, original_error=partial.error)


class _CachedDocumentExtension(SchemaExtension):
    """Hands strawberry the document that is parsed and validated already."""

    def __init__(self, documents: DocumentCache) -> None:
        self._documents = documents

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self._documents.document(self.execution_context.query or "")
        # strawberry validates unless these errors are set; an empty list says that it has been done.
        self.execution_context.pre_execution_errors = []
        yield
