"""What the load test makes of an answer."""

import json

import pytest

from loadtest.answers import Unexpected, data_of


def test_data_without_errors_is_taken() -> None:
    assert data_of(200, b'{"data": {"serverTime": "now"}}') == {"serverTime": "now"}


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (502, "<html>", "status 502, not JSON"),
        (200, "\x00", "status 200, not JSON"),
        (200, "[]", "status 200, not an answer of GraphQL"),
        (200, "{}", "status 200 without errors or data"),
        (500, '{"data": {}}', "status 500 without errors or data"),
        (200, '{"errors": [{"message": "secret"}]}', "an error without a code"),
    ],
)
def test_anything_else_is_named_without_its_text(status: int, body: str, text: str) -> None:
    with pytest.raises(Unexpected) as unexpected:
        data_of(status, body.encode())
    assert str(unexpected.value) == text


def test_alike_errors_are_named_once_by_code_and_path() -> None:
    late = {"extensions": {"code": "UPSTREAM_TIMEOUT"}}
    errors = [
        {**late, "path": ["viewer", "rewardChains", 0, "balance"]},
        {**late, "path": ["viewer", "rewardChains", 1, "balance"]},
        {"extensions": {"code": "OVERLOADED"}},
    ]
    with pytest.raises(Unexpected) as unexpected:
        data_of(200, json.dumps({"data": {}, "errors": errors}).encode())
    assert str(unexpected.value) == "OVERLOADED, UPSTREAM_TIMEOUT at viewer.rewardChains.balance"
