"""Compiled queries, remembered within a bound of bytes."""

from dataclasses import dataclass, field

from cachetools import LRUCache
from graphql import DirectiveNode, Executor, VariableNode, Visitor, visit

from gateway.execution.documents import Operation
from gateway.execution.jit.compiler import Compiler
from gateway.execution.jit.field_access import Uncovered
from gateway.execution.jit.program import Program
from gateway.schema.context import Context

MAX_VARIANTS = 16
"""ProgramCache of one operation at most: each combination of the values that its `@skip` and `@include` take is one."""

MEMORY_PER_SOURCE_CHARACTER = 12
"""Bytes that a character of generated source weighs as a program; a test measures it, as it does the next two."""

MEMORY_PER_TOKEN = 150
"""Bytes that a program weighs on top for each token of its document: what it opens, and where errors point."""

MEMORY_PER_PROGRAM = 6_000
"""Bytes for remembering an operation at all, also one that is not covered."""


class ProgramCache:
    """ProgramCache by operation, within `max_bytes`; what cannot be compiled is remembered as such."""

    def __init__(self, *, max_bytes: int) -> None:
        self._compiler = Compiler()
        self._known: LRUCache[tuple[str, str | None], _Known] = LRUCache(
            max_bytes, getsizeof=lambda known: known.weight_bytes
        )

    def program(self, operation: Operation, executor: Executor[Context]) -> Program | None:
        """The program for an operation with its variables, or None where the reference executor has to run it."""
        key = (operation.text, operation.name)
        known = self._known.get(key)
        if known is None:
            known = _Known(_condition_variables(executor), operation.tokens, operation.document_bytes)
        values = executor.variable_values
        conditions = tuple(values.coerced.get(name) for name in known.names if name in values.sources)
        if conditions in known.programs:
            return known.programs[conditions]
        # Where an argument of a directive cannot be null and is, the executor has its own words.
        if len(known.programs) == MAX_VARIANTS or not all(isinstance(value, bool) for value in conditions):
            return None
        program = self._compiled(executor)
        known.add(conditions, program)
        if known.weight_bytes <= self._known.maxsize:
            self._known[key] = known
        return program

    def _compiled(self, executor: Executor[Context]) -> Program | None:
        try:
            return self._compiler.program(executor)
        except Uncovered:
            return None


@dataclass(slots=True)
class _Known:
    """The programs of one operation, and what they weigh with the document that they keep alive."""

    names: tuple[str, ...]
    tokens: int
    weight_bytes: int
    programs: dict[tuple[object, ...], Program | None] = field(default_factory=dict)

    def add(self, conditions: tuple[object, ...], program: Program | None) -> None:
        self.programs[conditions] = program
        self.weight_bytes += MEMORY_PER_PROGRAM
        if program is not None:
            self.weight_bytes += len(program.source) * MEMORY_PER_SOURCE_CHARACTER + self.tokens * MEMORY_PER_TOKEN


def _condition_variables(executor: Executor[Context]) -> tuple[str, ...]:
    """The variables that decide what is selected, in the operation and in all fragments of its document."""
    if not executor.operation.variable_definitions:
        return ()
    found = _Conditions()
    for definition in (executor.operation, *executor.fragment_definitions.values()):
        visit(definition, found)
    return tuple(found.names)


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names[argument.value.name.value] = None
