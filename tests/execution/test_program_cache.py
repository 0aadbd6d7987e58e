"""Compiled queries: which are compiled, how many are remembered, and what they weigh."""

import asyncio
import gc
import tracemalloc
import weakref
from collections.abc import Mapping

import pytest
from graphql import Executor as ReferenceExecutor
from msgspec.structs import replace

from gateway.domain.models import Listing, Order
from gateway.execution.documents import Operation
from gateway.execution.engine import Execution, GraphQLEngine
from gateway.execution.program_cache import MAX_VARIANTS, ProgramCache
from gateway.schema.context import Context
from tests.support.generated_worlds import Upstream, World, context_of
from tests.support.make import reward_chain
from tests.support.operations import HOME
from tests.support.stack import ANN, Stack, running_stack

EXECUTOR = GraphQLEngine(document_bytes=2**24, allow_suggestions=False)
HEADER = "X-Gateway-Execution"


def prepared(
    text: str, variables: Mapping[str, object] | None = None, name: str | None = None
) -> tuple[Operation, ReferenceExecutor[Context]]:
    operation = EXECUTOR.operation(text, name)
    found = EXECUTOR.prepare(operation, variables, None)
    assert not isinstance(found, list)
    return operation, found


def remembered(programs: ProgramCache, text: str, variables: Mapping[str, object] | None = None) -> bool:
    """Whether the same program is given twice."""
    return programs.program(*prepared(text, variables)) is programs.program(*prepared(text, variables))


def test_a_query_is_compiled_once() -> None:
    assert remembered(ProgramCache(max_bytes=100_000), "{ serverTime }")


def test_what_does_not_fit_is_not_remembered_and_still_runs() -> None:
    programs = ProgramCache(max_bytes=10)
    assert programs.program(*prepared("{ serverTime }")) is not None
    assert not remembered(programs, "{ serverTime }")


def test_a_program_that_is_dropped_leaves_nothing_to_the_garbage_collector() -> None:
    program = ProgramCache(max_bytes=0).program(*prepared(HOME))
    assert program is not None
    project = weakref.ref(program.project)
    gc.collect()
    gc.disable()
    try:
        del program
        assert project() is None
    finally:
        gc.enable()


def test_the_operations_of_a_document_are_apart() -> None:
    programs, text = ProgramCache(max_bytes=100_000), "query A { serverTime } query B { viewer { isSignedIn } }"
    first, second = (programs.program(*prepared(text, name=name)) for name in "AB")
    assert first is not None
    assert second is not None
    assert first.selection.keys == ("serverTime",)
    assert second.selection.keys == ("viewer",)


def test_each_combination_of_conditions_is_a_program() -> None:
    programs = ProgramCache(max_bytes=1_000_000)
    text = """query Q($a: Boolean!) { viewer { ...F } }
        fragment F on Viewer { isSignedIn @skip(if: $a) @include(if: true) badge @include(if: $a) { nextExpiry } }"""
    with_badge, without = (programs.program(*prepared(text, {"a": value})) for value in (True, False))
    assert with_badge is not None
    assert without is not None
    assert "badge" in with_badge.source
    assert "badge" not in without.source
    assert programs.program(*prepared(text, {"a": True})) is with_badge


def test_the_combinations_of_one_operation_are_limited() -> None:
    programs, names = ProgramCache(max_bytes=10_000_000), "abcde"
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: serverTime @skip(if: ${name})" for name in names)
    text = f"query Q({declared}) {{ {fields} z: __typename }}"
    made = [
        programs.program(*prepared(text, {name: bool(number >> place & 1) for place, name in enumerate(names)}))
        for number in range(2 ** len(names))
    ]
    assert sum(program is not None for program in made) == MAX_VARIANTS
    assert made[:MAX_VARIANTS].count(None) == 0


def test_a_condition_that_is_null_is_left_to_the_reference_executor() -> None:
    text = "query Q($a: Boolean = true) { serverTime @skip(if: $a) }"
    programs = ProgramCache(max_bytes=100_000)
    assert programs.program(*prepared(text, {"a": None})) is None
    assert programs.program(*prepared(text)) is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "query Q{{viewer{{{}}}}}".format(" ".join(f"f{number}: isSignedIn" for number in range(15))),
        "query Q{viewer{" + "isSignedIn " * 60 + "}}",
        "query Q{viewer{" + "...{isSignedIn}" * 55 + "}}",
        "{serverTime}",
        HOME,
    ],
    ids=["many short fields", "one field many times", "many fragments", "hardly anything", "a screen"],
)
def test_a_program_weighs_no_more_than_it_is_charged(text: str) -> None:
    weight, charged = weighed(text)
    assert weight <= charged


def test_a_screens_program_is_charged_less_than_three_times_what_it_weighs() -> None:
    weight, charged = weighed(HOME)
    assert charged < 3 * weight


def weighed(text: str) -> tuple[int, int]:
    """What ten programs weigh without their documents, and what they are charged on top of those."""
    programs = ProgramCache(max_bytes=2**30)
    programs.program(*prepared(text))
    asked = [prepared(f"# {number}\n{text}") for number in range(10)]
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for operation, executor in asked:
        programs.program(operation, executor)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    charged = [programs._cache[one.text, None].size_bytes - one.document_bytes for one, _ in asked]
    return after - before, sum(charged)


async def test_the_answer_tells_how_it_was_made(stack: Stack) -> None:
    token = stack.token(ANN)
    told = {
        "{ serverTime }": "compiled",
        "mutation { updateClan { userErrors { code } } }": "reference",
        "{ nothing }": None,
    }
    for text, execution in told.items():
        assert (await stack.send(text, token=token)).headers.get(HEADER) == execution


async def test_a_mutation_whose_variables_do_not_fit_is_not_run(stack: Stack) -> None:
    text = "mutation($n: ClaimOfferChainStepInput!) { claimOfferChainStep(input: $n) { orderId } }"
    answer = await stack.send(text, {"n": {}}, token=stack.token(ANN))
    assert list(answer.json()) == ["errors"]
    assert HEADER not in answer.headers
    assert stack.calls() == {}


async def test_shared_steps_have_the_keys_of_each_operation() -> None:
    async with running_stack({"GATEWAY_CACHE_CHAINS_SECONDS": "0", "GATEWAY_RESPONSE_BYTES": "0"}) as stack:
        for key in ("a", "b", "a") * 2:
            data = await stack.data(f"{{ viewer {{ offerChains {{ steps {{ {key}: number }} }} }} }}")
            assert {tuple(step) for chain in data["viewer"]["offerChains"] for step in chain["steps"]} == {(key,)}


async def test_remarks_of_a_run_that_is_given_up_are_not_told_twice() -> None:
    # A name of the wrong kind lets the projection give up; the list has said before what it left out.
    nameless = replace(reward_chain([], chain_id=2), name=None)
    chains = Listing((reward_chain([], chain_id=1), nameless), unreadable=1)
    world = World(Listing(()), chains, Order(656, "new"), (), None, {}, is_signed_in=True, balance_seconds=5.0)
    upstream = Upstream(world)
    context = context_of(world, upstream, asyncio.get_running_loop().time() + 60)
    result = await EXECUTOR.execute(EXECUTOR.operation("{ viewer { rewardChains { name } } }", None), None, context)
    assert result.data == {"viewer": {"rewardChains": None}}
    assert [list(error.path or ()) for error in result.errors] == [
        ["viewer", "rewardChains", 1, "name"],
        ["viewer", "rewardChains"],
    ]
    assert result.execution is Execution.COMPILED
    assert upstream.calls == {"reward_chains ": 1}
