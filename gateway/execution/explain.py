"""Explains in words how an operation is run."""

from collections.abc import Iterator, Mapping

from graphql import OperationType

from gateway.execution.engine import GraphQLEngine
from gateway.execution.jit.compiler import Compiler
from gateway.execution.jit.field_access import NotCovered
from gateway.execution.jit.plan import Selection


def explain(executor: GraphQLEngine, text: str, name: str | None, variables: Mapping[str, object]) -> str:
    """What an operation, or one event of it, waits for, and the source of its projection; or why it is not compiled.

    Raises DocumentInvalid.
    """
    operation = executor.operation(text, name)
    if operation.kind is OperationType.MUTATION:
        return "Execution: reference (mutations are not compiled)"
    prepared = executor.prepare(operation, variables, None)
    if isinstance(prepared, list):
        return "\n".join(["Execution: none", *(error.message for error in prepared)])
    try:
        program = Compiler().program(prepared)
    except NotCovered as error:
        return f"Execution: reference (not covered: {error})"
    waits = "\n".join(_waits(program.selection, "  ")) or "  none"
    listed = f"Waits for, each after the one it is under:\n{waits}"
    return f"Execution: compiled\n\n{listed}\n\nProjection:\n\n{program.source}"


def _waits(selection: Selection, indent: str) -> Iterator[str]:
    for load in selection.loads:
        yield f"{indent}({load.__qualname__}, for each {selection.type.name})"
    for field in selection.loaded:
        yield f"{indent}{field.key}: {field.type}"
        if field.inside is not None:
            yield from _waits(field.inside, indent + "  ")
