"""Reads request bodies: decodes, checks and refuses them in the upstream's words (admin contract, 11).

The upstream checks bodies with a JSON Schema validator whose wording shows in its refusals. What is checked here is
the types of the bodies themselves; the decoder's complaints are put into that wording.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

import msgspec
from starlette.requests import Request

from gateway.sandbox.errors import RefusedError
from gateway.sandbox.http.request_body import read_limited

LARGEST_BODY = 1 << 20
_Body = TypeVar("_Body")

_COMPLAINT = re.compile(r"(?P<what>.*?)(?: - at `(?:key` in `)?\$(?P<path>[^`]*)`)?", re.DOTALL)
_FOUND: Mapping[str, str] = MappingProxyType(
    {
        "int": "Integer",
        "float": "Double",
        "str": "String",
        "bool": "Boolean",
        "null": "NULL",
        "array": "Array",
        "object": "Object",
    }
)
_REQUIRED: Mapping[str, str] = MappingProxyType(
    {
        "int": "an integer",
        "float": "a number",
        "str": "a string",
        "datetime": "a string",
        "bool": "a boolean",
        "array": "an array",
        "object": "an object",
    }
)
# The name that a complaint of these two kinds holds belongs to its path.
_PROPERTY: Mapping[str, str] = MappingProxyType(
    {
        r"Object missing required field `(.+)`": "The property `{}` is required",
        r"Object contains unknown field `(.+)`": (
            "The property `{}` is not defined and the definition does not allow additional properties"
        ),
    }
)
_PHRASES: Mapping[str, str] = MappingProxyType(
    {
        r"Expected `str` of length >= (\d+)": "Must be at least {} characters long",
        r"Expected `str` of length <= (\d+)": "Must be at most {} characters long",
        r"Expected `str` matching regex '(.*)'": "Does not match the regex pattern {}",
        r"Expected `array` of length >= (\d+)": "There must be a minimum of {} items in the array",
        r"Expected `array` of length <= (\d+)": "There must be a maximum of {} items in the array",
        r"Expected `object` of length >= (\d+)": "Must contain a minimum of {} properties",
        r"Expected `\w+` >= (\S+)": "Must have a minimum value of {}",
        r"Expected `\w+` <= (\S+)": "Must have a maximum value of {}",
        r"Expected `\w+` > (\S+)": "Must have a minimum value greater than boundary value of {}",
        r"Invalid (?:enum )?value (.+)": "Does not have a value in the enumeration: {}",
        r"Expected `datetime` with a timezone component|Invalid RFC3339 encoded datetime": (
            "Invalid date-time, expected format YYYY-MM-DDThh:mm:ss+hh:mm"
        ),
    }
)
_WRONG_TYPE = re.compile(r"Expected `(?P<required>[^`]+)`(?:, got `(?P<found>[^`]+)`)?")


async def read_body(request: Request, decode: Callable[[bytes], _Body]) -> _Body:
    """Read a JSON body with a decoder; raises RefusedError, which says what is wrong with it."""
    body = await read_limited(request, LARGEST_BODY)
    if body is None:
        raise RefusedError(f"The body is longer than {LARGEST_BODY} bytes", "")
    try:
        return decode(body)
    except msgspec.ValidationError as error:
        raise refusal(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError("The body is not JSON", "") from error


def refusal(complaint: str) -> RefusedError:
    """Put a decoder's error into the upstream's words, with the path of the wrong property."""
    match = _COMPLAINT.fullmatch(complaint)
    assert match is not None  # noqa: S101 - everything matches
    what, path = match["what"], (match["path"] or "").removeprefix(".")
    for pattern, phrase in _PROPERTY.items():
        if named := re.fullmatch(pattern, what):
            return RefusedError(phrase.format(named[1]), f"{path}.{named[1]}".removeprefix("."))
    for pattern, phrase in _PHRASES.items():
        if found := re.fullmatch(pattern, what):
            # A pattern is quoted with its backslashes doubled.
            return RefusedError(phrase.format(*found.groups()).replace("\\\\", "\\"), path)
    return RefusedError(_wrong_type(what), path)


def _wrong_type(what: str) -> str:
    match = _WRONG_TYPE.fullmatch(what)
    if match is None:
        return what
    # Of a choice of types the last one counts; that null would do as well the upstream does not say.
    *_, required = (name for name in match["required"].split(" | ") if name != "null")
    found = _FOUND[match["found"]] if match["found"] else "Another"
    return f"{found} value found, but {_REQUIRED[required]} is required"
