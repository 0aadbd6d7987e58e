"""Documents that clients register: found by their hash, and within their bound."""

import hashlib
import tracemalloc

import pytest

from gateway.documents.automatic import OVERHEAD_BYTES, AutomaticDocuments


def test_the_text_that_was_asked_for_least_recently_leaves_first() -> None:
    documents = AutomaticDocuments(max_bytes=2 * (OVERHEAD_BYTES + 4))
    for name in "ab":
        documents.register(name, name)
    assert documents.find("a") == "a"
    documents.register("c", "c")
    assert [documents.find(name) for name in "abc"] == ["a", None, "c"]


def test_a_text_that_does_not_fit_is_left_out_and_costs_the_others_nothing() -> None:
    documents = AutomaticDocuments(max_bytes=OVERHEAD_BYTES + 40)
    documents.register("short", "1234567890")
    documents.register("long", "12345678901")
    assert (documents.find("short"), documents.find("long")) == ("1234567890", None)


@pytest.mark.parametrize("letter", ["x", "é", "水", "🎮"], ids=["ascii", "latin", "bmp", "astral"])
def test_a_text_takes_no_more_than_it_is_charged(letter: str) -> None:
    documents = AutomaticDocuments(max_bytes=2**24)
    count, length = 2_000, 300
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(count):
        text = f"{number:06}" + letter * (length - 6)
        documents.register(hashlib.sha256(text.encode()).hexdigest(), text)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before <= count * (4 * length + OVERHEAD_BYTES)
