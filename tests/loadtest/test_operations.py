"""The load test's operations, against the schema of today."""

import pytest
from graphql import build_schema, parse, validate

from gateway.schema import create_schema
from loadtest.player import OPERATIONS

SCHEMA = build_schema(create_schema().as_str())


def test_each_journey_finds_its_operations() -> None:
    assert set(OPERATIONS) == {"badge", "buy", "claim", "order", "screen"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_fits_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(OPERATIONS[name])) == []
