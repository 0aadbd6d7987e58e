"""Errors of one operation, as they are answered and logged."""

import logging

import pytest
from graphql import GraphQLError

from gateway.errors import UpstreamTimeout
from gateway.web.errors import MAX_ERRORS, MAX_LOGGED, present


def failed(count: int, original: Exception) -> list[GraphQLError]:
    return [GraphQLError("x", path=["chains", number], original_error=original) for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, MAX_LOGGED, MAX_LOGGED + 1, 1_405])
def test_however_many_fields_fail_few_lines_are_logged(count: int, caplog: pytest.LogCaptureFixture) -> None:
    present(failed(count, ValueError("boom")), "request")
    lines = [one.getMessage() for one in caplog.records]
    assert lines.count("unexpected_error") == min(count, MAX_LOGGED)
    more = [vars(one)["event_fields"] for one in caplog.records if one.getMessage() == "more_unexpected_errors"]
    assert more == ([{"count": count - MAX_LOGGED}] if count > MAX_LOGGED else [])


@pytest.mark.parametrize(("count", "told"), [(MAX_ERRORS, MAX_ERRORS), (MAX_ERRORS + 7, MAX_ERRORS + 1)])
def test_errors_beyond_a_number_are_counted_in_the_last(
    count: int, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    errors = present(failed(count, UpstreamTimeout()), "request")
    assert len(errors) == told
    assert [one["path"] for one in errors[:MAX_ERRORS]] == [["chains", number] for number in range(MAX_ERRORS)]
    for error in errors[MAX_ERRORS:]:
        assert error["message"] == "7 more errors are left out. Ask for less at a time."
        assert error["extensions"] == {"code": "LIMIT_EXCEEDED", "retryable": False, "requestId": "request"}
    assert caplog.records == []


def test_the_place_of_an_unexpected_error_is_masked_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    wrapped = GraphQLError("x", path=["a", 1], original_error=GraphQLError("y", original_error=ValueError("secret")))
    (error,) = present([wrapped], "request")
    assert "secret" not in str(error)
    (line,) = caplog.records
    assert line.exc_info is not None
    assert line.exc_info[0] is ValueError
    assert vars(line)["event_fields"] == {"path": "a.1"}
