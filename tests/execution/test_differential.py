"""Compiled execution and strawberry's own, side by side: generated queries, states of the player, and faults."""

import asyncio
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest
from graphql import GraphQLArgument, get_named_type
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from gateway.execution.documents import InvalidDocument
from gateway.execution.engine import GraphQLEngine, Result
from gateway.execution.limits import Limits
from gateway.schema import create_schema, ids
from gateway.web.errors import present
from tests.execution.documents import MISSING, Document, documents, sent
from tests.execution.sides import written
from tests.execution.worlds import Upstream, World, context_of, worlds

CASES = int(os.environ.get("GATEWAY_DIFFERENTIAL_CASES", "6000"))
"""Cases in all: a document, a state and variables each. A long run sets the variable."""

SEED = int(os.environ.get("GATEWAY_DIFFERENTIAL_SEED", "1"))
"""Where the cases begin; the same number and seed are the same cases."""

CASES_IN_ONE = 8
"""Sets of variables, in as many states of the world, that each document is tried with."""

SCHEMA = create_schema()._schema
IDS = [ids.encode(kind, number) for kind, number in (
    (ids.IdKind.OFFER_CHAIN, 1), (ids.IdKind.REWARD_CHAIN, 2), (ids.IdKind.OFFER_CHAIN, 77), (ids.IdKind.ORDER, 656),
)]  # fmt: skip
VALUES: tuple[object, ...] = (*IDS * 8, "PAID", 20, "x", 656, 1.5, MISSING, None, True, [], {"a": 1})


LITERALS: dict[str, Sequence[str]] = {
    "OrderStatus": ("NEW", "PAID", "OTHER", "null"),
    "Int": ("20", "1", "55", "0", "56", "null"),
    "String": ('"ja"', '"de_AT"', '"xx"', "null", "1"),
    "ID": [*(json.dumps(text) for text in IDS), '"x"', "656"],
}
"""What to write for an argument, by the name of its type."""


def literals(argument: GraphQLArgument) -> Sequence[str]:
    return LITERALS[get_named_type(argument.type).name]


WIDE = Limits(depth=100, introspection_depth=100, fields=100_000, root_fields=1_000, aliases=1_000, directives=1_000)
"""What is compared is how documents run, so all of them do."""


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


class Pair:
    """Both executions of the gateway, on a loop of their own."""

    def __init__(self, *, is_legal: bool) -> None:
        self.is_legal = is_legal
        self.executor = GraphQLEngine(document_bytes=2**20, allow_suggestions=True, limits=WIDE)
        self.told: Counter[str] = Counter()

    def compare(self, runner: asyncio.Runner, document: Document, world: World, variables: dict[str, object]) -> None:
        try:
            operation = self.executor.operation(document.text, None)
        except InvalidDocument:
            self.told["refused"] += 1
            return

        async def both() -> list[tuple[Result, Counter[str]]]:
            deadline = asyncio.get_running_loop().time() + 60
            results = []
            for run in (self.executor.execute, self.executor.execute_reference):
                upstream = Upstream(world)
                result = await run(operation, variables, context_of(world, upstream, deadline))
                results.append((result, upstream.calls))
            return results

        (ours, our_calls), (theirs, their_calls) = runner.run(both())
        assert written(ours.data) == written(theirs.data)
        compared = told_at_nulls if world.faults and not self.is_legal else told
        assert compared(ours) == compared(theirs)
        assert ours.is_request_error == theirs.is_request_error
        self.compare_calls(world, our_calls, their_calls)
        self.told[ours.execution.value if ours.execution else "not run"] += 1
        self.told["with errors"] += bool(ours.errors)

    def compare_calls(self, world: World, ours: Counter[str], theirs: Counter[str]) -> None:
        if self.is_legal:
            # Where a value is of the wrong kind, strawberry's executor gives up what else it was about to ask for.
            assert ours.keys() == theirs.keys()
        if self.is_legal and not world.faults and world.balance_seconds:
            # What failed or may not be kept is asked for again by whoever comes a moment later, in either execution.
            assert ours == theirs


def told(result: Result) -> list[str]:
    """The errors as clients see them; their order means nothing."""
    return sorted(json.dumps(one, sort_keys=True) for one in present(result.errors, "request"))


def told_at_nulls(result: Result) -> set[str]:
    """The errors as clients see them, but of those that took a whole part of the answer with them, only that part.

    Where several would have, the one that comes first is told; doors that fail decide which of them that is.
    """
    found = set()
    for error in present(result.errors, "request"):
        path = cast("list[str | int]", error.get("path") or [])
        lost = null_above(result.data, path)
        found.add(json.dumps(error if lost is None else lost, sort_keys=True))
    return found


def null_above(data: Any, path: Sequence[str | int]) -> list[str | int] | None:
    """The path of the null that stands above another path, if there is one."""
    for number, key in enumerate(path):
        if data is None:
            return list(path[:number])
        data = data[key]
    return None


@pytest.mark.parametrize(
    ("is_legal", "has_faults"),
    [(True, True), (False, False), (False, True)],
    ids=["broken doors", "values of the wrong kind", "both"],
)
def test_a_compiled_answer_is_the_one_of_strawberrys_executor(is_legal: bool, has_faults: bool) -> None:
    pair = Pair(is_legal=is_legal)
    states = worlds(is_legal=is_legal, has_faults=has_faults)

    @seed(SEED)
    @settings(
        max_examples=max(1, CASES // CASES_IN_ONE // 3),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(documents(SCHEMA, literals, VALUES))
        drawn = data.draw(st.lists(states, min_size=2, max_size=2))
        for number in range(CASES_IN_ONE):
            pair.compare(runner, document, drawn[number % len(drawn)], data.draw(sent(document)))

    with asyncio.Runner() as runner:
        check()
    # Most cases are compiled, and enough of the others come along.
    assert pair.told["compiled"] > CASES // 3 // 2, pair.told
    assert min(pair.told[kind] for kind in ("reference", "not run", "with errors")) > 0
