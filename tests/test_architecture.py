"""Which room may import which: as docs/architecture.md says, and nothing else."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import gateway

ROOT = Path(gateway.__file__).parent

PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"
MAX_LINES = 300

ARROWS: dict[str, set[str]] = {
    room: set(re.findall(r"`(\w+)`", targets))
    for room, targets in re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", PAGE.read_text(), re.MULTILINE)
}
"""The rooms and what each may import, as the page draws them."""


def rooms() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts != ("__init__",):
            found.setdefault(parts[0], []).append(path)
    return found


def imported(path: Path) -> Iterator[str]:
    """The rooms that a file imports from."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= 1 or node.module, f"{path} climbs out of its room"
            if node.level:
                continue
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            room = rest.partition(".")[0]
            if top == "gateway" and room in ARROWS:
                yield room


def test_every_room_is_drawn() -> None:
    assert set(rooms()) == set(ARROWS)


@pytest.mark.parametrize("room", sorted(ARROWS))
def test_a_room_imports_along_the_drawn_arrows_only(room: str) -> None:
    used = {target for path in rooms()[room] for target in imported(path)} - {room}
    assert used == ARROWS[room]


def test_no_arrows_form_a_cycle() -> None:
    TopologicalSorter(ARROWS).prepare()


def test_only_the_settings_read_the_environment_and_only_two_commands_pass_it_to_them() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    }
    assert readers == {"commands/demo.py", "commands/serve.py"}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    assert [path for path in ROOT.rglob("*.py") if len(path.read_text().splitlines()) > MAX_LINES] == []
