"""The proof of a worker's memory: what it sends, and its verdict."""

from itertools import islice

import pytest
from graphql import build_schema, parse, validate

from bench.memory import documents, main, tokens
from gateway.execution.limits import LIMITS, check_limits
from gateway.schema import create_schema

SCHEMA = build_schema(create_schema().as_str())


def test_documents_are_valid_and_none_comes_twice() -> None:
    texts = list(islice(documents(seed=1), 200))
    assert len(set(texts)) == 200
    for text in texts:
        document = parse(text)
        assert validate(SCHEMA, document) == []
        check_limits(document, LIMITS)


def test_no_player_comes_twice() -> None:
    assert len(set(islice(tokens(), 200))) == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "code", "verdict"), [("150", 0, ": under 150 MB.\n"), ("1", 1, ": NOT under 1 MB.\n")]
)
def test_a_worker_is_asked_and_judged(limit: str, code: int, verdict: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--requests", "40", "--connections", "4", "--limit", limit]) == code
    said = capsys.readouterr().out
    assert said.splitlines()[-2].startswith("       40 requests ")
    assert said.splitlines()[-1].startswith("40 documents by 40 players left the worker at ")
    assert said.endswith(verdict)
