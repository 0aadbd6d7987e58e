"""What tests share is in tests/support, tests/sandbox, tests/chaos and tests/kits; tests import no tests."""

import ast
from collections.abc import Iterator

from tests.support.paths import REPOSITORY

TESTS = REPOSITORY / "tests"
HELPERS = ("support", "sandbox", "chaos", "kits")
KINDS = ("test_", "conftest", "__init__")


def test_helpers_are_in_their_folders() -> None:
    python = (path.relative_to(TESTS) for path in TESTS.rglob("*.py") if "node_modules" not in path.parts)
    assert [str(path) for path in python if path.parts[0] not in HELPERS and not path.name.startswith(KINDS)] == []


def test_no_test_is_imported() -> None:
    assert {name for name in imported() if name.rpartition(".")[2].startswith("test_")} == set()


def imported() -> Iterator[str]:
    """The modules below tests/ that files there import from."""
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests"):
                assert node.module
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
