"""Runs operations: the document is remembered, the fields are strawberry's work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from gateway.execution.documents import Documents, Operation
from gateway.schema import create_schema
from gateway.schema.context import Context


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation came to; `data` is None with `is_request_error` when it could not start at all."""

    data: Mapping[str, object] | None
    errors: tuple[GraphQLError, ...]
    is_request_error: bool = False


class Executor:
    """Prepares and runs operations of the gateway's schema.

    `document_bytes` bounds the documents that are remembered; with `allow_suggestions`, errors name what was meant.
    """

    def __init__(self, *, document_bytes: int, allow_suggestions: bool) -> None:
        self._schema = create_schema(extensions=[lambda: _RememberedDocument(self._documents)])
        self._documents = Documents(
            self._schema._schema,  # noqa: SLF001 - strawberry shows graphql-core's schema nowhere else
            max_bytes=document_bytes,
            allow_suggestions=allow_suggestions,
        )

    def operation(self, text: str, name: str | None) -> Operation:
        """Find the operation to run. Raises DocumentRefused."""
        return self._documents.operation(text, name)

    async def execute(self, operation: Operation, variables: Mapping[str, object] | None, context: Context) -> Result:
        """Run an operation. Errors come back in the result, remarks among them; nothing is raised."""
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
        remarks = [GraphQLError(one.error.message, path=one.path, original_error=one.error) for one in context.remarks]
        return Result(outcome.data, (*errors, *remarks))


class _RememberedDocument(SchemaExtension):
    """Gives strawberry the document that was parsed and validated before."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self._documents.document(self.execution_context.query or "")
        self.execution_context.pre_execution_errors = []
        yield
