"""How a fault changes the body of a response. Pure."""

from collections.abc import Sequence

import msgspec

from gateway.sandbox.faults.fault import Fault

UNKNOWN_VALUE = "sandbox_unknown_value"
EXTRA_VALUE = "sandbox_extra_value"


def change_body(body: bytes, faults: Sequence[Fault]) -> bytes:
    """Change a JSON body as all of the faults say, its fields first; an empty one stays empty."""
    if not body:
        return body
    for fault in faults:
        if fault.missing_field or fault.extra_field or fault.unknown_value:
            body = msgspec.json.encode(_change(msgspec.json.decode(body), (), fault))
    return first_half(body) if any(fault.malformed for fault in faults) else body


def first_half(body: bytes) -> bytes:
    """Keep the first half, which is not valid JSON any more."""
    return body[: len(body) // 2]


def _change(value: object, path: tuple[str, ...], fault: Fault) -> object:
    if isinstance(value, list):
        return [_change(one, path, fault) for one in value]
    if not isinstance(value, dict):
        return value
    fields = {
        name: _field(inner, (*path, name), fault)
        for name, inner in value.items()
        if not _is(fault.missing_field, (*path, name))
    }
    return {**fields, fault.extra_field: EXTRA_VALUE} if fault.extra_field else fields


def _field(value: object, path: tuple[str, ...], fault: Fault) -> object:
    if isinstance(value, str) and _is(fault.unknown_value, path):
        return UNKNOWN_VALUE
    return _change(value, path, fault)


def _is(field: str | None, path: tuple[str, ...]) -> bool:
    """Say whether a field's name, or the end of its path with dots, names the field at this path."""
    if field is None:
        return False
    names = tuple(field.split("."))
    return path[-len(names) :] == names
