"""JSON of values that many players are shown: encoded once in each place, and copied into each response as it is."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Raw

from gateway.domain.shared import Shared

ENTRY_OVERHEAD_BYTES = 400
"""Charged for each piece of JSON on top of its bytes; a test measures it."""

_encode = msgspec.json.Encoder().encode


def encode_shared(place: int, value: Shared[Any], project: Callable[[Any], object]) -> Raw:
    """The JSON of what `project` makes of a value, kept with it for that place. Raises what `project` raises."""
    json = Raw(_encode(project(value)))
    value.budget.keep(value.kept, place, json, len(json) + ENTRY_OVERHEAD_BYTES)
    return json
