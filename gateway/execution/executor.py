"""Runs operations: queries as compiled programs where they are covered, anything else on strawberry's executor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from graphql import Executor as ReferenceExecutor
from graphql import GraphQLError, OperationType
from strawberry.extensions import SchemaExtension

from gateway.execution.documents import Documents, Operation
from gateway.execution.limits import LIMITS, Limits
from gateway.execution.programs import Programs
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


class Executor:
    """Prepares and runs operations of the gateway's schema.

    `document_bytes` bounds the documents that are remembered, and again the programs made of them; with
    `allow_suggestions`, errors name what was meant.
    """

    def __init__(self, *, document_bytes: int, allow_suggestions: bool, limits: Limits = LIMITS) -> None:
        self._schema = create_schema(extensions=[lambda: _RememberedDocument(self._documents)])
        self._core_schema = self._schema._schema  # noqa: SLF001 - strawberry shows graphql-core's schema nowhere else
        self._documents = Documents(
            self._core_schema, max_bytes=document_bytes, allow_suggestions=allow_suggestions, limits=limits
        )
        self._programs = Programs(max_bytes=document_bytes)

    def operation(self, text: str, name: str | None) -> Operation:
        """Find the operation to run. Raises DocumentRefused."""
        return self._documents.operation(text, name)

    async def execute(self, operation: Operation, variables: Variables, context: Context) -> Result:
        """Run an operation. Errors come back in the result, remarks among them; nothing is raised."""
        if operation.kind is not OperationType.QUERY:
            return await self.refer(operation, variables, context)
        prepared = self.prepare(operation, variables, context)
        if isinstance(prepared, list):
            return Result(None, tuple(prepared), is_request_error=True)
        program = self._programs.program(operation, prepared)
        if program is None:
            return await self.refer(operation, variables, context)
        data, errors = await program.run(prepared)
        return Result(data, (*errors, *_remarks(context)), execution=Execution.COMPILED)

    def prepare(
        self, operation: Operation, variables: Variables, context: Context | None
    ) -> ReferenceExecutor[Context] | list[GraphQLError]:
        """Everything that one run of an operation needs, or what is wrong with its variables."""
        document = self._documents.document(operation.text)
        return ReferenceExecutor.build(
            self._core_schema, document, None, context, dict(variables or {}), operation.name
        )

    async def refer(self, operation: Operation, variables: Variables, context: Context) -> Result:
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
        return Result(outcome.data, (*errors, *_remarks(context)), execution=Execution.REFERENCE)


def _remarks(context: Context) -> Iterator[GraphQLError]:
    for one in context.remarks:
        yield GraphQLError(one.error.message, path=one.path, original_error=one.error)


class _RememberedDocument(SchemaExtension):
    """Gives strawberry the document that was parsed and validated before."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self._documents.document(self.execution_context.query or "")
        self.execution_context.pre_execution_errors = []
        yield
