"""Parsed documents, remembered within a bound."""

import tracemalloc

import pytest
from graphql import build_schema

from gateway.execution.documents import MEMORY_PER_CHARACTER, DocumentRefused, Documents

SCHEMA = build_schema("type Query { name: String n: String other: Query }")


def documents(max_bytes: int = 100_000) -> Documents:
    return Documents(SCHEMA, max_bytes=max_bytes, allow_suggestions=True)


def test_a_document_is_parsed_once() -> None:
    known = documents()
    assert known.document("{ name }") is known.document("{ name }")


def test_what_does_not_fit_is_not_remembered_and_still_runs() -> None:
    known = documents(max_bytes=10 * MEMORY_PER_CHARACTER)
    long = "{ name other { name } }"
    assert known.document(long) is not known.document(long)
    assert known.document("{ name }") is known.document("{ name }")


def test_the_least_used_document_leaves_first() -> None:
    known = documents(max_bytes=18 * MEMORY_PER_CHARACTER)
    first = known.document("{ name }")
    known.document("{ a: name }")
    assert known.document("{ name }") is not first


def test_a_refused_document_is_not_remembered() -> None:
    known = documents()
    for _ in range(2):
        with pytest.raises(DocumentRefused):
            known.document("{ nothing }")


def test_a_parsed_document_weighs_no_more_than_it_is_charged() -> None:
    # Fields of one letter are the densest text there is.
    texts = [f"query Q{number}{{other{{{'n ' * 400}}}}}" for number in range(20)]
    known = documents(max_bytes=10**9)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for text in texts:
        known.document(text)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before <= sum(map(len, texts)) * MEMORY_PER_CHARACTER
