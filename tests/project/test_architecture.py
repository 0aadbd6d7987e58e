"""Which room may import which: as docs/architecture.md and docs/sandbox.md say, and nothing else."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.support.paths import GATEWAY, REPOSITORY

MAX_LINES = 300

PAGES = {"gateway": REPOSITORY / "docs/architecture.md", "gateway.sandbox": REPOSITORY / "docs/sandbox.md"}
"""Packages that are divided into rooms, and the pages whose tables say which room may import which."""


def drawn(package: str) -> dict[str, set[str]]:
    """The rooms of a package and what each may import, from the rows of its page."""
    rows = re.findall(r"^\| `(\w+)` \| .* \| ((?:`\w+`(?:, )?)+|none) \|$", PAGES[package].read_text(), re.MULTILINE)
    return {room: set(re.findall(r"`(\w+)`", targets)) for room, targets in rows}


def rooms(package: str) -> dict[str, list[Path]]:
    """The files of each room: a folder or a single file below the package."""
    folder = REPOSITORY / package.replace(".", "/")
    found: dict[str, list[Path]] = {}
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder).with_suffix("").parts
        if parts != ("__init__",):
            found.setdefault(parts[0], []).append(path)
    return found


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, and what it imports from them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_rooms(package: str, path: Path) -> set[str]:
    """The rooms of a package that a file imports from."""
    below = (name.removeprefix(f"{package}.") for name in imported(path) if name.startswith(f"{package}."))
    return {name.partition(".")[0] for name in below} & drawn(package).keys()


@pytest.mark.parametrize("package", PAGES)
def test_every_room_is_drawn(package: str) -> None:
    assert set(rooms(package)) == set(drawn(package))


@pytest.mark.parametrize(("package", "room"), [(package, room) for package in PAGES for room in sorted(drawn(package))])
def test_a_room_imports_along_the_drawn_arrows_only(package: str, room: str) -> None:
    used = {target for path in rooms(package)[room] for target in imported_rooms(package, path)} - {room}
    assert used == drawn(package)[room]


@pytest.mark.parametrize("package", PAGES)
def test_no_arrows_form_a_cycle(package: str) -> None:
    TopologicalSorter(drawn(package)).prepare()


def test_the_sandbox_imports_nothing_of_the_gateway() -> None:
    names = {name for path in (GATEWAY / "sandbox").rglob("*.py") for name in imported(path)}
    ours = {name for name in names if name.partition(".")[0] == "gateway"}
    assert ours
    assert {name for name in ours if not name.startswith("gateway.sandbox.")} == set()


def test_only_commands_read_the_environment() -> None:
    readers = {
        path.relative_to(GATEWAY).as_posix()
        for path in GATEWAY.rglob("*.py")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    }
    assert readers == {f"commands/{name}.py" for name in ("config", "demo", "doctor", "sandbox_import", "serve")}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    assert [path for path in GATEWAY.rglob("*.py") if len(path.read_text().splitlines()) > MAX_LINES] == []
