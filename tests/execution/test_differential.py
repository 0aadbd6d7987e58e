"""Compiled execution and strawberry's own, side by side: generated queries, states of the player, and faults."""

import asyncio
import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from gateway.errors.internal import DocumentInvalid
from gateway.execution.engine import GraphQLEngine, Result
from gateway.web.errors import present
from tests.support.clock import Clock
from tests.support.differential import (
    CASES,
    CASES_IN_ONE,
    SCHEMA,
    SEED,
    SELDOM,
    VALUES,
    WIDE,
    literals,
    told_at_nulls,
)
from tests.support.foreign_outcomes import written
from tests.support.generated_documents import Document, documents, sent
from tests.support.generated_worlds import Upstream, World, at_once, context_of, services_of, worlds

pytestmark = [pytest.mark.usefixtures("quiet_log"), pytest.mark.slow]


class Pair:
    """Both executions of the gateway, on a loop of their own."""

    def __init__(self, *, is_legal: bool) -> None:
        self.is_legal = is_legal
        self.executor = GraphQLEngine(document_bytes=2**20, allow_suggestions=True, limits=WIDE)
        self.told: Counter[str] = Counter()

    def compare(self, runner: asyncio.Runner, document: Document, world: World, variables: dict[str, object]) -> None:
        try:
            operation = self.executor.operation(document.text, None)
        except DocumentInvalid:
            self.told["refused"] += 1
            return

        async def both() -> list[tuple[Result, Counter[str]]]:
            deadline = asyncio.get_running_loop().time() + 60
            results = []
            for run in (self.executor.execute, self.executor.execute_reference):
                upstream, clock = Upstream(world), Clock(1.0)
                services = services_of(world, upstream, at_once, clock)
                if world.copies_seconds is not None:
                    upstream.world = replace(world, faults={})
                    await run(operation, variables, context_of(world, upstream, deadline, services))
                    upstream.world = world
                    upstream.calls.clear()
                    clock.advance(world.copies_seconds)
                result = await run(operation, variables, context_of(world, upstream, deadline, services))
                # Where a field has failed at once, strawberry's executor answers before what it began has ended.
                if begun := asyncio.all_tasks() - {asyncio.current_task()}:
                    await asyncio.wait(begun)
                results.append((result, upstream.calls))
            return results

        (ours, our_calls), (theirs, their_calls) = runner.run(both())
        assert written(ours.data) == written(theirs.data)
        compared = told_at_nulls if world.faults and not self.is_legal else told
        assert compared(ours) == compared(theirs)
        assert ours.is_request_error == theirs.is_request_error
        assert ours.stale_seconds == theirs.stale_seconds or not self.is_legal
        self.told["with copies"] += theirs.stale_seconds is not None
        self.compare_calls(world, our_calls, their_calls)
        self.told[ours.execution.value if ours.execution else "not run"] += 1
        self.told["with errors"] += bool(ours.errors)

    def compare_calls(self, world: World, ours: Counter[str], theirs: Counter[str]) -> None:
        if self.is_legal:
            # Where a value is of the wrong kind, strawberry's executor gives up what else it was about to ask for.
            assert ours.keys() == theirs.keys()
        if self.is_legal and not world.faults and world.balance_seconds:
            # What failed or may not be kept is read again for the next caller, in either execution.
            assert ours == theirs


def told(result: Result) -> list[str]:
    """The errors as clients see them; their order means nothing."""
    return sorted(json.dumps(one, sort_keys=True) for one in present(result.errors, "request"))


@pytest.mark.parametrize(
    ("is_legal", "has_faults"),
    [(True, True), (False, False), (False, True)],
    ids=["failing reads", "values of the wrong kind", "both"],
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
        document = data.draw(documents(SCHEMA, literals, VALUES, SELDOM))
        drawn = data.draw(st.lists(states, min_size=2, max_size=2))
        for number in range(CASES_IN_ONE):
            pair.compare(runner, document, drawn[number % len(drawn)], data.draw(sent(document)))

    with asyncio.Runner() as runner:
        check()
    # Most cases are compiled, and enough of the others come along.
    assert pair.told["compiled"] > CASES // 3 // 2, pair.told
    assert min(pair.told[kind] for kind in ("reference", "not run", "with errors")) > 0
    assert (pair.told["with copies"] > 0) is has_faults, pair.told
