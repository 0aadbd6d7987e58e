"""Which room may import which; an arrow that is not drawn here fails."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import gateway

ROOT = Path(gateway.__file__).parent

ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "http": set(),
    "concurrency": set(),
    "telemetry": set(),
    "sandbox": set(),
    "records": {"errors"},
    "domain": {"errors"},
    "cache": {"concurrency", "telemetry"},
    "upstream": {"domain", "errors", "http", "telemetry"},
    "orders": {"concurrency", "domain", "errors", "telemetry"},
    "identity": {"cache", "concurrency", "errors", "telemetry"},
    "events": {"cache", "domain"},
    "store": {"cache", "concurrency", "errors", "events", "records", "telemetry"},
    "settings": {"domain", "errors", "identity"},
    "webhooks": {"cache", "concurrency", "domain", "events", "records", "telemetry"},
    "player": {
        "cache", "concurrency", "domain", "errors", "events", "identity", "orders", "records", "telemetry",
        "upstream",
    },
    "schema": {"concurrency", "domain", "errors", "events", "player"},
    "execution": {"concurrency", "errors", "schema"},
    "web": {
        "cache", "concurrency", "domain", "errors", "execution", "identity", "player", "schema", "telemetry",
        "webhooks",
    },
    "app": {
        "cache", "concurrency", "domain", "execution", "http", "identity", "orders", "player", "records",
        "settings", "telemetry", "upstream", "web", "webhooks",
    },
    "commands": {"app", "errors", "execution", "sandbox", "schema", "settings", "telemetry"},
    "__main__": {"commands"},
}  # fmt: skip


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


def test_only_the_shared_store_imports_redis() -> None:
    users = {
        path.relative_to(ROOT).parent.as_posix()
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if name.split(".")[0] in {"redis", "hiredis"}
    }
    assert users == {"store/shared"}
