"""Parsed documents, remembered within a bound."""

import gc
import tracemalloc

import pytest
from graphql import build_schema

from gateway.errors.internal import DocumentInvalid
from gateway.execution.documents import MEMORY_PER_TOKEN, DocumentCache
from gateway.execution.limits import Limits

SCHEMA = build_schema("type Query { name: String n: String other: Query }")


WIDE = Limits(aliases=1_000, directives=1_000, comparisons=1_000_000)


def documents(max_bytes: int = 100_000) -> DocumentCache:
    return DocumentCache(SCHEMA, max_bytes=max_bytes, allow_suggestions=True)


def test_a_document_is_parsed_once() -> None:
    known = documents()
    assert known.document("{ name }") is known.document("{ name }")


def test_what_does_not_fit_is_not_remembered_and_still_runs() -> None:
    known = documents(max_bytes=8 * MEMORY_PER_TOKEN)
    long = "{ name other { name } }"
    assert known.document(long) is not known.document(long)
    assert known.document("{ name }") is known.document("{ name }")


def test_the_least_used_document_leaves_first() -> None:
    known = documents(max_bytes=11 * MEMORY_PER_TOKEN)
    first = known.document("{ name }")
    known.document("{ a: name }")
    assert known.document("{ name }") is not first


def test_a_refused_document_is_not_remembered() -> None:
    known = documents()
    for _ in range(2):
        with pytest.raises(DocumentInvalid):
            known.document("{ nothing }")


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "n " * 400,
        "...{n}" * 150,
        "...@skip(if:true){n}" * 60,
        "a:n " * 200,
        "#\n" * 200 + "n",
        " " * 5_000 + "n",
    ],
    ids=["fields", "fragments", "directives", "aliases", "comments", "nothing"],
)
def test_a_parsed_document_weighs_no_more_than_it_is_charged(body: str) -> None:
    texts = [f"query Q{number}{{other{{{body}}}}}" for number in range(20)]
    known = DocumentCache(SCHEMA, max_bytes=10**9, allow_suggestions=True, limits=WIDE)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for text in texts:
        known.document(text)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    charged = [known.operation(text, None).document_bytes for text in texts]
    assert after - before <= sum(charged)


def test_a_document_that_is_not_kept_leaves_nothing_to_the_garbage_collector() -> None:
    known = documents(max_bytes=0)
    gc.collect()
    gc.disable()
    try:
        known.document("{ name other { name } }")
        assert gc.collect() == 0
    finally:
        gc.enable()
