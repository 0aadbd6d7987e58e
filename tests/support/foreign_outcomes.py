"""The foreign schema's answers from both sides."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from graphql import Executor, GraphQLError, parse

from gateway.execution.jit.compiler import Compiler
from gateway.execution.jit.field_access import NotCovered
from gateway.execution.jit.run import Run
from tests.support.foreign_schema import SCHEMA, Shelf

CORE = SCHEMA._schema
Outcome = tuple[str, list[str]]


def outcome(data: Mapping[str, object] | None, errors: Sequence[GraphQLError]) -> Outcome:
    return written(data), sorted(json.dumps([one.message, one.path, one.formatted], sort_keys=True) for one in errors)


def written(data: object) -> str:
    """Data as clients get it; parts of it may be written already."""
    return json.dumps(msgspec.json.decode(msgspec.json.encode(data)))


async def compiled(text: str, variables: dict[str, object], values: dict[str, object]) -> Outcome | str:
    """The answer of the compiled program, or why it is not covered."""
    prepared: Any = Executor.build(CORE, parse(text), None, Shelf(values), variables)
    if isinstance(prepared, list):
        return outcome(None, prepared)
    try:
        program = Compiler().program(prepared)
    except NotCovered as error:
        return str(error)
    return outcome(*await program.run(Run.of(prepared)))


async def reference(text: str, variables: dict[str, object], values: dict[str, object]) -> Outcome:
    result = await SCHEMA.execute(text, variables, Shelf(values))
    return outcome(result.data, result.errors or [])
