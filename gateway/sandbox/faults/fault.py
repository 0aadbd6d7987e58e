"""Faults on purpose: what goes wrong with a call, as JSON and as a command line option."""

from typing import Annotated

import msgspec
from msgspec import Meta

_Field = Annotated[str, Meta(min_length=1, max_length=200)]


class FaultError(ValueError):
    """A fault cannot be read, or names no call; the text says why."""


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What goes wrong with the calls that `call` names.

    `call` is an operation id of the vendor's, or a pattern of the path below `/api` with `*` for any characters; `*`
    alone is every call. Of the calls it names, a fault hits each with its `probability`, and ends after `count` hits.

    `delay_ms` makes a call wait. `status` returns an error with `error_code` in place of the call, with `retry_after`
    (seconds) as that header; `reset` drops the connection without a response; with `after` both happen after the call
    was carried out, so that its response gets lost. `truncated` breaks the connection in the middle of the body,
    `malformed` sends half of a body as if it were complete. `missing_field` leaves a field out, `unknown_value`
    gives a text field a value that no list of values has, and both find the field at any depth, by its name or by the
    end of its path (`step_price.amount`); `extra_field` adds a field to every object.
    """

    call: _Field
    delay_ms: Annotated[float, Meta(ge=0, le=600_000)] = 0
    status: Annotated[int, Meta(ge=400, le=599)] | None = None
    error_code: Annotated[int, Meta(ge=0)] = 0
    retry_after: Annotated[int, Meta(ge=0)] | None = None
    reset: bool = False
    after: bool = False
    truncated: bool = False
    malformed: bool = False
    missing_field: _Field | None = None
    extra_field: _Field | None = None
    unknown_value: _Field | None = None
    probability: Annotated[float, Meta(gt=0, le=1)] = 1
    count: Annotated[int, Meta(ge=1)] | None = None

    @property
    def loses_response(self) -> bool:
        """Whether the call's own response is never sent."""
        return self.reset or self.status is not None

    @property
    def changes_response(self) -> bool:
        """Whether the call's own response is sent changed."""
        fields = self.missing_field or self.extra_field or self.unknown_value
        return self.truncated or self.malformed or fields is not None

    def __post_init__(self) -> None:
        """Refuse a fault that does nothing: the mistake would stay unnoticed."""
        if not (self.delay_ms or self.loses_response or self.changes_response):
            raise ValueError("a fault has to do something: `delay_ms`, `status`, `reset` …")


def parse_fault(text: str) -> Fault:
    """Parse a fault of the command line: a call, a colon, and fields separated by commas.

    `get-order:status=503,probability=0.1`, `*:delay_ms=200`, `*/user/offer_chain*:reset,count=1`. A switch needs no
    value. Raises FaultError.
    """
    call, colon, rest = text.partition(":")
    if not colon:
        raise FaultError(f"fault {text!r}: expected CALL:FIELD=VALUE,…, for example get-order:status=503")
    fields = {"call": call.strip()}
    for part in rest.split(","):
        name, equals, value = part.partition("=")
        fields[name.strip()] = value.strip() if equals else "true"
    try:
        return msgspec.convert(fields, Fault, strict=False)
    except msgspec.ValidationError as error:
        raise FaultError(f"fault {text!r}: {error}") from error


def validate_fault(fault: Fault) -> Fault:
    """Check the ranges of a fault that was made in code; raises FaultError."""
    try:
        return msgspec.convert(msgspec.to_builtins(fault), Fault)
    except msgspec.ValidationError as error:
        raise FaultError(f"fault of {fault.call!r}: {error}") from error
