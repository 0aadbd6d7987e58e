"""A cache of compiled queries, within a bound of bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cachetools import LRUCache
from graphql import (
    DirectiveNode,
    Executor,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)

from gateway.execution.documents import Operation
from gateway.execution.jit.compiler import Compiler
from gateway.execution.jit.field_access import NotCovered
from gateway.execution.jit.program import Program
from gateway.schema.context import Context

MAX_VARIANTS = 16
"""Programs of one operation at most. Each combination of values for its `@skip` and `@include` is a program."""

MEMORY_PER_SOURCE_CHARACTER = 4
"""Bytes of a program for each character of its source; a test measures this figure and the next two."""

MEMORY_PER_TOKEN = 150
"""Bytes of a program for each token of its document: its plan, and the nodes that errors point to."""

MEMORY_PER_PROGRAM = 6_000
"""Bytes of an entry itself, also for an operation that is not covered."""


ProgramKey = tuple[str, str | None]
"""The text of a document, and the name of the operation as the request gives it."""


class ProgramCache:
    """Programs by operation, within `max_bytes`. An operation that cannot be compiled is cached as such."""

    def __init__(self, *, max_bytes: int) -> None:
        self._compiler = Compiler()
        self._cache: LRUCache[ProgramKey, Programs] = LRUCache(max_bytes, getsizeof=lambda entry: entry.size_bytes)
        self.ahead: Mapping[ProgramKey, Programs] = {}
        """Programs that stay, beside those that are cached."""

    def known(self, operation: Operation) -> Program | None:
        """The program that an operation without variables has already."""
        if operation.has_variables:
            return None
        key = (operation.text, operation.name)
        entry = self.ahead.get(key) or self._cache.get(key)
        return None if entry is None else entry.programs.get(())

    def program(self, operation: Operation, executor: Executor[Context]) -> Program | None:
        """The program for an operation with its variables, or None where the reference executor has to run it."""
        key = (operation.text, operation.name)
        kept = self.ahead.get(key)
        entry = kept or self._cache.get(key)
        if entry is None:
            names = condition_variables(executor.operation, executor.fragment_definitions.values())
            entry = Programs(names, operation.tokens, operation.document_bytes)
        values = executor.variable_values
        conditions = tuple(values.coerced.get(name) for name in entry.names if name in values.sources)
        if conditions in entry.programs:
            return entry.programs[conditions]
        # A condition of null is an error, which the reference executor words. Beyond MAX_VARIANTS a client that sends
        # every combination would fill the cache with programs of one document.
        if len(entry.programs) >= MAX_VARIANTS or not all(isinstance(value, bool) for value in conditions):
            return None
        program = self.compiled(executor)
        entry.add(conditions, program)
        if kept is None and entry.size_bytes <= self._cache.maxsize:
            self._cache[key] = entry
        return program

    def compiled(self, executor: Executor[Context]) -> Program | None:
        """A new program, which is not cached; None where the operation is not covered."""
        try:
            return self._compiler.program(executor)
        except NotCovered:
            return None


@dataclass(slots=True)
class Programs:
    """The programs of one operation, and the bytes of them and of the document that they reference."""

    names: tuple[str, ...]
    tokens: int
    size_bytes: int
    programs: dict[tuple[object, ...], Program | None] = field(default_factory=dict)

    def add(self, conditions: tuple[object, ...], program: Program | None) -> None:
        self.programs[conditions] = program
        self.size_bytes += MEMORY_PER_PROGRAM
        if program is not None:
            self.size_bytes += len(program.source) * MEMORY_PER_SOURCE_CHARACTER + self.tokens * MEMORY_PER_TOKEN


def condition_variables(
    operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]
) -> tuple[str, ...]:
    """The variables that decide what is selected, in the operation and in all fragments of its document."""
    if not operation.variable_definitions:
        return ()
    found = _Conditions()
    for definition in (operation, *fragments):
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
