"""How many generated cases are compared, and what is written and sent in them for the gateway's schema."""

import json
import os
from collections.abc import Sequence
from typing import Any, cast

from graphql import GraphQLArgument, get_named_type

from gateway.execution.engine import Result
from gateway.execution.limits import Limits
from gateway.schema import create_schema, ids
from gateway.web.errors import present
from tests.support.generated_documents import MISSING

CASES = int(os.environ.get("GATEWAY_DIFFERENTIAL_CASES", "6000"))
"""Cases in all: a document, a state and variables each. A long run sets the variable."""

SEED = int(os.environ.get("GATEWAY_DIFFERENTIAL_SEED", "1"))
"""Where the cases begin. The same number and seed are the same cases where the same modules are loaded: Hypothesis also
draws constants that it finds in them. A failure prints what repeats it anywhere (`reproduce_failure`)."""

CASES_IN_ONE = 8
"""Sets of variables, in as many states of the world, that each document is tried with."""

SCHEMA = create_schema()._schema

IDS = [ids.encode(kind, number) for kind, number in (
    (ids.IdKind.OFFER_CHAIN, 1), (ids.IdKind.REWARD_CHAIN, 2), (ids.IdKind.OFFER_CHAIN, 77), (ids.IdKind.ORDER, 656),
)]  # fmt: skip

VALUES: tuple[object, ...] = (*IDS * 2, "PAID", 20, "x", 656, 1.5, MISSING, None, True, [], {"a": 1})

LITERALS: dict[str, Sequence[str]] = {
    "OrderStatus": ("NEW", "PAID", "OTHER", "null"),
    "Boolean": ("true", "false", "false"),
    "Int": ("20", "1", "55", "0", "56", "null"),
    "String": ('"DE"', '"ja"', '"de_AT"', '"xx"', "null", "1"),
    "ID": [*(json.dumps(text) for text in IDS), '"x"', "656"],
}
"""What to write for an argument, by the name of its type."""


SELDOM = ("display", "locale", "refresh")
"""Fields whose argument makes a document invalid half of the time, and which too many types have; and arguments of
`viewer` that decide for a whole operation whether and what it reads."""


def literals(argument: GraphQLArgument) -> Sequence[str]:
    return LITERALS[get_named_type(argument.type).name]


WIDE = Limits(
    depth=100,
    introspection_depth=100,
    fields=100_000,
    root_fields=1_000,
    aliases=1_000,
    directives=1_000,
    comparisons=1_000_000,
)
"""What is compared is how documents run, so all of them do."""


def told_at_nulls(result: Result) -> set[str]:
    """The errors as clients see them, but of those that took a whole part of the answer with them, only that part.

    Where several would have, the one that comes first is told; calls that fail decide which of them that is.
    """
    found = set()
    for error in present(result.errors, "request"):
        path = cast("list[str | int]", error.get("path") or [])
        lost = null_above(result.data, path)
        found.add(json.dumps(error if lost is None else lost, sort_keys=True))
    return found


def null_above(data: Any, path: Sequence[str | int]) -> list[str | int] | None:
    """The path of the null that stands above another path, if there is one."""
    for number, key in enumerate(path):
        if data is None:
            return list(path[:number])
        data = data[key]
    return None
