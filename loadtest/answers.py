"""What an answer of the gateway says, and what is wrong with it. Texts name codes and paths, and nothing of a body."""

import json
from typing import Any

Data = dict[str, Any]
"""The `data` of an answer: shaped by the operation that asked for it."""


class Unexpected(Exception):
    """An answer that a player should not get; the text says in what way."""


def data_of(status: int, body: bytes) -> Data:
    """The data of an answer without errors. Raises Unexpected."""
    try:
        answer = json.loads(body)
    except ValueError:
        raise Unexpected(f"status {status}, not JSON") from None
    if not isinstance(answer, dict):
        raise Unexpected(f"status {status}, not an answer of GraphQL")
    if answer.get("errors"):
        raise Unexpected(", ".join(sorted({_named(error) for error in answer["errors"]})))
    data = answer.get("data")
    if status != 200 or not isinstance(data, dict):
        raise Unexpected(f"status {status} without errors or data")
    return data


def _named(error: dict[str, Any]) -> str:
    """The error's code, and where it stands: without indices, so that alike ones are counted together."""
    code = str(error.get("extensions", {}).get("code", "an error without a code"))
    path = ".".join(part for part in error.get("path") or () if isinstance(part, str))
    return f"{code} at {path}" if path else code
