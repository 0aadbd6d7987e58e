"""The vendor's published samples: request and response bodies, with personal details and texts replaced."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.paths import REPOSITORY

_LANGUAGE = re.compile("[a-z]{2}(-[A-Z]{2})?")
_OPAQUE = "custom_attributes"
"""The publisher's own JSON."""
FOLDER = REPOSITORY / "tests" / "upstream" / "published"


@dataclass(frozen=True)
class PublishedSample:
    """One body. `part` is `request` or an HTTP status, with a word where there are several."""

    file: Path
    operation: str
    part: str
    source: str
    date: str
    # Any: each sample is of a shape of its own.
    body: Any
    staying: Sequence[str] = ()
    """Differences of the sandbox that stay, as `differences` names them; `docs/upstream/samples.md` has the reasons."""

    def __str__(self) -> str:
        """The operation and the part, for the ids of tests."""
        return f"{self.operation} {self.part}"

    @property
    def status(self) -> int | None:
        """The status of a response, None for a request."""
        first = self.part.split()[0]
        return None if first == "request" else int(first)


@cache
def published_samples() -> tuple[PublishedSample, ...]:
    """Every sample that is kept, by file."""
    return tuple(
        PublishedSample(path, content["operation"], **one)
        for path in sorted(FOLDER.glob("*.json"))
        for content in (json.loads(path.read_text("utf-8")),)
        for one in content["samples"]
    )


def published(operation: str, part: str) -> Any:
    """The body of one sample."""
    (found,) = (one.body for one in published_samples() if (one.operation, one.part) == (operation, part))
    return found


def differences(sample: object, answer: object, path: str = "$") -> set[str]:
    """Where a sample and our answer differ in keys and kinds of values; elements of arrays count as one.

    `- path` is only in the sample, `+ path` only in the answer, and `path: kinds` says which kinds a sample has that
    the answer has not. A null tells no kind, and an empty array tells none of its elements.
    """
    found: set[str] = set()
    samples, answers = _merged([sample]), _merged([answer])
    if samples.kinds and answers.kinds and not samples.kinds <= answers.kinds:
        found.add(f"{path}: {', '.join(sorted(samples.kinds - answers.kinds))}")
    if samples.fields and answers.fields:
        found |= {f"- {path}.{key}" for key in samples.fields.keys() - answers.fields.keys()}
        found |= {f"+ {path}.{key}" for key in answers.fields.keys() - samples.fields.keys()}
        for key in samples.fields.keys() & answers.fields.keys():
            found |= differences(_Together(samples.fields[key]), _Together(answers.fields[key]), f"{path}.{key}")
    if samples.elements and answers.elements:
        found |= differences(_Together(samples.elements), _Together(answers.elements), f"{path}[]")
    return found


@dataclass(frozen=True)
class _Together:
    """Values that stand at the same place."""

    values: list[Any]


@dataclass(frozen=True)
class _Merged:
    kinds: set[str]
    fields: dict[str, list[Any]]
    elements: list[Any]


def _merged(values: list[Any]) -> _Merged:
    values = [one for value in values for one in (value.values if isinstance(value, _Together) else [value])]
    fields: dict[str, list[Any]] = {}
    for value in values:
        for key, inner in value.items() if _kind(value) == "object" else ():
            fields.setdefault(key, []).append({} if key == _OPAQUE else inner)
    elements = [inner for value in values if isinstance(value, list) for inner in value]
    return _Merged({_kind(value) for value in values if value is not None}, fields, elements)


def _kind(value: object) -> str:
    if isinstance(value, dict) and value and all(map(_LANGUAGE.fullmatch, value)):
        return "texts by language"
    kinds = {bool: "boolean", int: "number", float: "number", str: "text", dict: "object", list: "array"}
    return kinds.get(type(value), "null")
