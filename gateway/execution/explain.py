"""Says in words how an operation would be run."""

from collections.abc import Iterator, Mapping

from graphql import OperationType

from gateway.execution.engine import GraphQLEngine
from gateway.execution.jit.compiler import Compiler
from gateway.execution.jit.field_access import Uncovered
from gateway.execution.jit.plan import Selection


def explain(executor: GraphQLEngine, text: str, name: str | None, variables: Mapping[str, object]) -> str:
    """What an operation, or an event of it, waits for, and the source of its projection; or why it is not compiled.

    Raises InvalidDocument.
    """
    operation = executor.operation(text, name)
    if operation.kind is OperationType.MUTATION:
        return "Execution: reference (mutations are not compiled)"
    prepared = executor.prepare(operation, variables, None)
    if isinstance(prepared, list):
        return "\n".join(["Execution: none", *(error.message for error in prepared)])
    try:
        program = Compiler().program(prepared)
    except Uncovered as error:
        return f"Execution: reference (not covered: {error})"
    doors = "\n".join(_doors(program.selection, "  ")) or "  none"
    return f"Execution: compiled\n\nDoors, each after the one it is under:\n{doors}\n\nProjection:\n\n{program.source}"


def _doors(selection: Selection, indent: str) -> Iterator[str]:
    for settle in selection.settles:
        yield f"{indent}({settle.__qualname__}, for each {selection.type.name})"
    for field in selection.opened:
        yield f"{indent}{field.key}: {field.type}"
        if field.inside is not None:
            yield from _doors(field.inside, indent + "  ")
