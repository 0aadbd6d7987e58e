"""The exceptions of the gateway: where they are defined, and who raises and catches them, as `gateway/errors` says."""

import ast
import builtins
import re
from pathlib import Path

import pytest

from tests.support.paths import GATEWAY

PUBLIC, INTERNAL = GATEWAY / "errors/__init__.py", GATEWAY / "errors/internal.py"

_STATED = re.compile(r"^Raised in (`[^.;]+`); caught in (`[^.;]+`)\.$", re.MULTILINE)


class Exceptions:
    """The exception classes that the gateway defines, and the rooms that use each by name."""

    def __init__(self) -> None:
        self.known = {name for name, value in vars(builtins).items() if _is_exception(value)}
        self.homes: dict[str, Path] = {}
        self.imported: set[tuple[str, str]] = set()
        self.raised: set[tuple[str, str]] = set()
        self.caught: set[tuple[str, str]] = set()
        nodes = [
            (path, node)
            for path in GATEWAY.rglob("*.py")
            if "sandbox" not in path.parts
            for node in ast.walk(ast.parse(path.read_text()))
        ]
        for path, node in nodes:
            self._note_use(room(path), node)
        classes = [(path, node) for path, node in nodes if isinstance(node, ast.ClassDef)]
        while found := {node.name: path for path, node in classes if self._is_new(node)}:
            self.homes |= found

    def _note_use(self, room: str, node: ast.AST) -> None:
        match node:
            case ast.ImportFrom():
                self.imported |= {(alias.name, room) for alias in node.names}
            case ast.ExceptHandler(type=ast.expr() as caught):
                self.caught |= {(name, room) for name in names(caught)}
            case ast.Call(func=made) | ast.Raise(exc=ast.expr() as made):
                self.raised |= {(name, room) for name in names(made)}

    def _is_new(self, node: ast.ClassDef) -> bool:
        bases = {name for base in node.bases for name in names(base)}
        return node.name not in self.homes and bool(bases & (self.known | self.homes.keys()))


def _is_exception(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def room(path: Path) -> str:
    return path.relative_to(GATEWAY).with_suffix("").parts[0]


def names(node: ast.AST) -> set[str]:
    """The names in a piece of code, also the last part of dotted ones."""
    found = (getattr(one, "id", None) or getattr(one, "attr", None) for one in ast.walk(node))
    return {name for name in found if name}


def rooms_of(name: str, uses: set[tuple[str, str]]) -> set[str]:
    return {room for used, room in uses if used == name}


def classes(path: Path) -> list[ast.ClassDef]:
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]


@pytest.fixture(scope="module")
def exceptions() -> Exceptions:
    return Exceptions()


def test_an_exception_stays_in_its_room_or_is_among_the_errors(exceptions: Exceptions) -> None:
    used = exceptions.imported | exceptions.caught
    abroad = {name: rooms_of(name, used) - {room(home), "errors"} for name, home in exceptions.homes.items()}
    crossing = {name for name, rooms in abroad.items() if rooms and room(exceptions.homes[name]) != "errors"}
    assert crossing == set(), "move them to gateway/errors/internal.py"


@pytest.mark.parametrize("error", classes(INTERNAL), ids=lambda error: str(error.name))
def test_an_exception_between_rooms_says_who_raises_and_who_catches_it(
    exceptions: Exceptions, error: ast.ClassDef
) -> None:
    stated = _STATED.search(ast.get_docstring(error) or "")
    assert stated, "its docstring ends: Raised in `room`; caught in `room`, `room`."
    raised, caught = (set(re.findall(r"`(\w+)`", part)) for part in stated.groups())
    assert raised == rooms_of(error.name, exceptions.raised)
    assert caught == rooms_of(error.name, exceptions.caught)
    assert caught - raised, "an exception that stays in its room is defined there"


def test_the_tree_of_public_errors_is_drawn_whole() -> None:
    page = ast.get_docstring(ast.parse(PUBLIC.read_text())) or ""
    drawn = re.findall(r"^(?:[│ ]*[├└]── )?(\w+)(?: {2,}.*)?$", page, re.MULTILINE)
    assert sorted(drawn) == sorted(node.name for node in classes(PUBLIC) if node.name != "ErrorCode")
