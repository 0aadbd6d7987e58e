"""Events of a subscription, compiled and on graphql-core's executor, side by side: generated selections and faults."""

import asyncio
from collections import Counter

import pytest
from graphql import Executor as ReferenceExecutor
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from gateway.errors.internal import DocumentInvalid
from gateway.events.changes import Change, ChangeReason
from gateway.execution.engine import GraphQLEngine, _run_reference_event
from gateway.schema.context import Context
from tests.support.differential import SCHEMA, SEED, VALUES, WIDE, literals, told_at_nulls
from tests.support.foreign_outcomes import written
from tests.support.generated_documents import Document, sent, subscriptions
from tests.support.generated_worlds import Upstream, World, context_of, worlds

pytestmark = [pytest.mark.usefixtures("quiet_log"), pytest.mark.slow]

CASES = 800
"""Cases in all: a document, a state, a change and variables each."""

CASES_IN_ONE = 8

changes = st.builds(
    Change,
    st.frozensets(st.sampled_from(ChangeReason)),
    st.frozensets(st.integers(1, 4)),
    st.frozensets(st.integers(1, 4)),
)


class Pair:
    """Both ways of answering an event."""

    def __init__(self) -> None:
        self.executor = GraphQLEngine(document_bytes=2**20, allow_suggestions=True, limits=WIDE)
        self.told: Counter[str] = Counter()

    async def compare(self, document: Document, world: World, variables: dict[str, object], change: Change) -> None:
        try:
            operation = self.executor.operation(document.text, None)
        except DocumentInvalid:
            self.told["refused"] += 1
            return
        prepared = self.executor.prepare(operation, variables, None)
        if isinstance(prepared, list):
            self.told["not run"] += 1
            return
        ours = await self.executor._execute_event(operation, event(prepared, world, change))
        theirs = await _run_reference_event(event(prepared, world, change))
        assert written(ours.data) == written(theirs.data)
        assert told_at_nulls(ours) == told_at_nulls(theirs)
        self.told[ours.execution.value if ours.execution else "none"] += 1
        self.told["with errors"] += bool(ours.errors)


def event(prepared: ReferenceExecutor[Context], world: World, change: Change) -> ReferenceExecutor[Context]:
    one = prepared.build_per_event_executor(change)
    one.context_value = context_of(world, Upstream(world), asyncio.get_running_loop().time() + 60)
    return one


def test_a_compiled_event_is_answered_as_graphql_cores_executor_would() -> None:
    pair, states = Pair(), worlds(is_legal=True, has_faults=True)

    @seed(SEED)
    @settings(
        max_examples=CASES // CASES_IN_ONE,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        subscriptions(SCHEMA, literals, VALUES, "chainsChanged"), st.lists(states, min_size=2, max_size=2), st.data()
    )
    def check(document: Document, drawn: list[World], data: st.DataObject) -> None:
        for number in range(CASES_IN_ONE):
            variables, change = data.draw(sent(document)), data.draw(changes)
            runner.run(pair.compare(document, drawn[number % len(drawn)], variables, change))

    with asyncio.Runner() as runner:
        check()
    assert pair.told["compiled"] > CASES // 3
    assert min(pair.told[kind] for kind in ("not run", "with errors")) > 0
