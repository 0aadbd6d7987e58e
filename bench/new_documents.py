"""Measures what a new query text costs: CPU milliseconds of each step, in process.

    scripts/bench new_documents [ROUNDS]

Each round takes another text: the example with a comment of its own. The best round counts, because other work on the
machine only ever adds. The last column is what graphql-core's validation rules would take: they run only for
documents about which fast validation is inconclusive.
"""

import json
import time
from collections.abc import Callable, Iterator
from importlib.resources import files

from graphql import parse, validate

from bench import arguments
from gateway.execution.documents import MAX_TOKENS, RULES, DocumentCache
from gateway.execution.engine import GraphQLEngine
from gateway.execution.fast_validation import FastValidator
from gateway.execution.limits import LIMITS, check_limits
from gateway.execution.program_cache import ProgramCache
from gateway.schema import create_schema

TARGET_MS = 3.0
"""What a new text of the largest screen may cost."""

KEPT_BYTES = 2**26

STEPS = ("parse", "limits", "validity", "compile", "in all", "rules")


def examples() -> Iterator[tuple[str, str, dict[str, object]]]:
    """Name each example query, with its text and its variables."""
    folder = files("gateway").joinpath("examples")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        text = file.read_text() if file.name.endswith(".graphql") else ""
        if not text or "\nmutation" in text:
            continue
        variables = folder.joinpath(file.name.replace(".graphql", ".variables.json"))
        yield file.name, text, json.loads(variables.read_text()) if variables.is_file() else {}


class Bench:
    """Times the steps of new documents, in CPU milliseconds."""

    def __init__(self, rounds: int) -> None:
        self._rounds = range(rounds)
        self._schema = create_schema()._schema  # noqa: SLF001 - strawberry shows graphql-core's schema nowhere else
        self._validator = FastValidator(self._schema)
        self._executor = GraphQLEngine(document_bytes=KEPT_BYTES, allow_suggestions=False)

    def row(self, text: str, variables: dict[str, object]) -> list[float]:
        """One figure for each step."""
        texts = [f"{text}# {number}\n" for number in self._rounds]
        documents = [parse(one, max_tokens=MAX_TOKENS) for one in texts]
        parsed = self._best(lambda number: parse(texts[number], max_tokens=MAX_TOKENS))
        limits = self._best(lambda number: check_limits(documents[number], LIMITS))
        fast = self._best(lambda number: self._validator.is_valid(documents[number]))
        rules = self._best(lambda number: validate(self._schema, documents[number], RULES))
        whole = DocumentCache(self._schema, max_bytes=KEPT_BYTES, allow_suggestions=False)
        known = self._best(lambda number: whole.document(texts[number]))
        compiled = self._best(self._compiling(texts, variables))
        return [parsed, limits, fast, compiled, known + compiled, rules]

    def _compiling(self, texts: list[str], variables: dict[str, object]) -> Callable[[int], object]:
        programs = ProgramCache(max_bytes=KEPT_BYTES)
        operations = [self._executor.operation(text, None) for text in texts]
        prepared = [self._executor.prepare(one, variables, None) for one in operations]

        def compiled(number: int) -> object:
            found = prepared[number]
            if isinstance(found, list):
                raise SystemExit(found[0].message)
            return programs.program(operations[number], found)

        return compiled

    def _best(self, step: Callable[[int], object]) -> float:
        best = float("inf")
        for number in self._rounds:
            start = time.process_time()
            step(number)
            best = min(best, time.process_time() - start)
        return best * 1000


def main(rounds: int) -> None:
    """Print the table."""
    bench = Bench(rounds)
    print(f"{'query':<26}" + "".join(f"{step:>10}" for step in STEPS) + f"   of {TARGET_MS:g} ms")  # noqa: T201 - the table
    for name, text, variables in examples():
        row = bench.row(text, variables)
        figures = "".join(f"{figure:>10.3f}" for figure in row)
        print(f"{name:<26}{figures}   {row[4] / TARGET_MS:.0%}")  # noqa: T201 - the table


if __name__ == "__main__":
    main(arguments.count(__doc__, "ROUNDS", 100))
