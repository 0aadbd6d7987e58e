"""Which room may import which; an arrow that is not drawn here fails."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import gateway

ROOT = Path(gateway.__file__).parent

ARROWS: dict[str, set[str]] = {
    # The shared few: vocabulary and pure rules.
    "errors": set(),
    "models": set(),
    "payment": set(),
    "schedule": {"models"},
    "rules": {"models", "schedule"},
    "refusals": {"errors", "models", "rules", "schedule"},
    "telemetry": set(),
    # What a player is made of.
    "cache": {"telemetry"},
    "public_keys": set(),
    "token_checks": {"errors"},
    "verification": {"cache", "errors", "public_keys", "telemetry", "token_checks"},
    "identity": {"cache", "errors", "verification"},
    "upstream": {"errors", "models", "telemetry"},
    "records": set(),
    "orders": {"errors", "models", "telemetry"},
    "events": {"cache", "orders", "records", "telemetry"},
    "player": {
        "cache", "errors", "events", "identity", "models", "orders", "payment", "records", "telemetry", "upstream",
    },
    # GraphQL and HTTP.
    "schema": {"errors", "events", "models", "orders", "payment", "player", "refusals", "rules", "schedule"},
    "execution": {"cache", "errors", "player", "schema", "telemetry"},
    "web": {"errors", "events", "execution", "identity", "orders", "payment", "player", "schema", "telemetry"},
    # Putting it together.
    "settings": {"identity", "payment"},
    "app": {
        "cache", "events", "execution", "identity", "orders", "payment", "player", "records", "settings", "telemetry",
        "token_checks", "upstream", "verification", "web",
    },
    "sandbox": set(),
    "server": set(),
    "explain": {"app", "execution", "sandbox", "settings"},
    "cli": {"app", "explain", "records", "sandbox", "schema", "server", "settings", "telemetry"},
    "__main__": {"cli"},
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


def test_only_the_settings_read_the_environment_and_only_the_command_line_hands_it_over() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    }
    assert readers == {"cli.py"}
