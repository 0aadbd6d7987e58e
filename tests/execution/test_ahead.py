"""Documents that are compiled before they are asked for: ready for every variant, and within what they are charged."""

import asyncio
import tracemalloc
from collections.abc import Mapping

import pytest
from graphql import build_schema, parse

from gateway.domain.models import Listing, Order
from gateway.errors.internal import DocumentInvalid
from gateway.execution.deprecations import deprecated_parts
from gateway.execution.documents import Operation
from gateway.execution.engine import GraphQLEngine, Result
from gateway.execution.program_cache import MAX_VARIANTS
from tests.support.generated_worlds import Upstream, World, context_of
from tests.support.operations import CLAIM_OFFER, HOME, OVERVIEW

CONDITIONS = (
    "query Q($a: Boolean!, $b: Boolean = true, $id: ID!) {"
    "  viewer { ...V } order(id: $id) @include(if: $b) { id } }"
    "fragment V on Viewer { isSignedIn @skip(if: $a) id }"
)


WORLD = World(Listing(()), Listing(()), Order(1, "new"), (), None, {}, is_signed_in=True, balance_seconds=5.0)


def engine(document_bytes: int = 0) -> GraphQLEngine:
    return GraphQLEngine(document_bytes=document_bytes, allow_suggestions=False)


def run(executor: GraphQLEngine, operation: Operation, variables: Mapping[str, object]) -> Result:
    """Run an operation that reads nothing of the upstream."""

    async def execute() -> Result:
        context = context_of(WORLD, Upstream(WORLD), asyncio.get_running_loop().time() + 60)
        return await executor.execute(operation, variables, context)

    return asyncio.run(execute())


def test_all_variants_of_a_document_are_compiled() -> None:
    made = engine().compile_ahead(CONDITIONS)
    assert made.operations == ("Q",)
    (programs,) = {id(one): one for one in made.programs.values()}.values()
    assert set(made.programs) == {(CONDITIONS, None), (CONDITIONS, "Q")}
    assert sorted(programs.names) == ["a", "b"]
    assert len(programs.programs) == 4
    assert None not in programs.programs.values()


def test_what_has_too_many_variants_is_compiled_when_it_is_asked_for() -> None:
    names = "abcde"
    text = f"query ({', '.join(f'${name}: Boolean!' for name in names)}) {{ %s }}" % " ".join(
        f"{name}: serverTime @skip(if: ${name})" for name in names
    )
    ahead = engine()
    made = ahead.compile_ahead(text)
    (programs,) = made.programs.values()
    assert not programs.programs
    ahead.keep_ahead([made])
    operation = ahead.operation(text, None)
    values = {name: name == "a" for name in names}
    for _ in range(2):
        assert list(run(ahead, operation, values).data or ()) == list("bcde")
    assert 2 ** len(names) > MAX_VARIANTS > len(programs.programs) == 1


def test_mutations_and_several_operations_are_kept_by_name() -> None:
    ahead = engine()
    several = ahead.compile_ahead("query A { serverTime } query B { __typename }")
    assert {name for _, name in several.programs} == {"A", "B"}
    claim = ahead.compile_ahead(CLAIM_OFFER)
    ahead.keep_ahead([several, claim])
    assert ahead.operation(CLAIM_OFFER, None).name is None
    assert not next(iter(claim.programs.values())).programs


def test_an_invalid_document_is_refused() -> None:
    with pytest.raises(DocumentInvalid):
        engine().compile_ahead("{ nothing }")


def test_errors_keep_their_places_without_the_tokens() -> None:
    ahead = engine()
    text = "query Q($id: ID!) {\n  order(id: $id) { id }\n}"
    made = ahead.compile_ahead(text)
    ahead.keep_ahead([made])
    plain = engine(2**20)
    wrong = [run(one, one.operation(text, None), {}).errors for one in (ahead, plain)]
    assert [error.locations for error in wrong[0]] == [error.locations for error in wrong[1]]
    assert wrong[0][0].locations


@pytest.mark.slow
def test_documents_weigh_no_more_than_they_are_charged() -> None:
    ahead = engine()
    ahead.compile_ahead(HOME)
    texts = [text.replace("query ", f"query A{number}", 1) for number in range(20) for text in (HOME, OVERVIEW)]
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    made = [ahead.compile_ahead(text) for text in texts]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before <= sum(one.size_bytes for one in made)


SCHEMA = build_schema(
    """
    directive @d(old: Int @deprecated) on FIELD
    type Query {
      a(old: Int @deprecated, by: Sort, in: Filter): Query
      gone: Int @deprecated
      kept: Int
    }
    enum Sort { NEW OLD @deprecated }
    input Filter { old: Int @deprecated, kept: Int }
    """
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("{ kept a(by: NEW, in: {kept: 1}) { kept } }", ()),
        ("{ gone a { gone } }", ("Query.gone",)),
        ("{ a(old: 1) { kept } }", ("Query.a(old:)",)),
        ("{ a(by: OLD) { kept } }", ("Sort.OLD",)),
        ("{ a(in: {old: 1}) { kept } }", ("Filter.old",)),
        ("{ kept @d(old: 1) }", ("@d(old:)",)),
    ],
)
def test_deprecated_parts_are_found(text: str, parts: tuple[str, ...]) -> None:
    assert deprecated_parts(SCHEMA, parse(text)) == parts
