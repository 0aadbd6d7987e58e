"""How lines of the log are written: as JSON, or as text for people."""

import json
import math
import re
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime
from functools import lru_cache
from textwrap import indent

import msgspec

Line = dict[str, object]
"""The members of a line, in order, with values that JSON can hold."""

_encode = msgspec.json.Encoder().encode
_PLAIN = frozenset({str, int, bool, type(None)})
_NOT_PAIRS = frozenset({"time", "level", "event", "traceback"})
_BARE = re.compile(r"[!#-<>-~]+")
_CONTROL = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def as_json(line: Line) -> str:
    """One JSON object: `time` (UTC), `level`, `event`, `request_id` when there is one, then the fields."""
    try:
        return _encode(line).decode("ascii")
    except UnicodeError:
        return json.dumps(line)  # escapes what is not ASCII: some of it would end the line for some readers


def as_text(line: Line) -> str:
    """`time level event key=value …` on one line; a traceback follows, indented and without control characters.

    So no text that a client sends can look like a log line, or control the terminal that shows it.
    """
    head = f"{line['time']} {line['level']} {_shown(line['event'])}"
    pairs = (f"{_shown(name)}={_shown(value)}" for name, value in line.items() if name not in _NOT_PAIRS)
    text = " ".join([head, *pairs])
    if "traceback" not in line:
        return text
    return f"{text}\n{indent(_CONTROL.sub('?', str(line['traceback'])), '    ')}"


def as_time(created: float) -> str:
    """A time in Unix seconds, as lines show it."""
    second = int(created)
    return f"{_second(second)}.{int((created - second) * 1000):03d}Z"


@lru_cache(maxsize=1)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def plain(value: object) -> object:
    """The value as JSON can hold it."""
    if type(value) in _PLAIN:
        return value
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, Sequence | Set) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    return str(value)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if _BARE.fullmatch(text) else json.dumps(text)
