"""The names that the glossary gives are defined where it says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import REPOSITORY

GATEWAY = REPOSITORY / "gateway"
_TOKEN = re.compile(r"`([^`]+)`")


def entries() -> Iterator[tuple[str, str]]:
    """The rooms and names in the last column, as in `cache/` `CacheKey`; the room is empty where none is given."""
    for line in (REPOSITORY / "docs" / "glossary.md").read_text().splitlines():
        if not line.startswith("| **"):
            continue
        room = ""
        for token in _TOKEN.findall(line.split("|")[-2]):
            if token.endswith("/") or (GATEWAY / f"{token}.py").is_file():
                room = token.rstrip("/")
            elif not token.startswith("GATEWAY_"):
                yield room, token


def defined(path: Path) -> Iterator[str]:
    """Names of classes, functions and values at the top of a file, and after a dot those in its classes."""
    for node in ast.parse(path.read_text()).body:
        yield from _names(node)
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for inner in node.body for name in _names(inner))


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case _:
            pass


@pytest.mark.parametrize(("room", "name"), sorted(set(entries())))
def test_a_name_is_defined_in_its_room(room: str, name: str) -> None:
    files = [GATEWAY / f"{room}.py"] if (GATEWAY / f"{room}.py").is_file() else (GATEWAY / room).rglob("*.py")
    assert any(name in defined(path) for path in files)


def test_no_word_has_two_meanings() -> None:
    words = re.findall(r"^\| \*\*([^|]+?)\*\*", (REPOSITORY / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert len(words) == len(set(words)) > 0
