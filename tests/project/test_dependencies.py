"""What is installed: pinned, above known holes, and without what must not be there."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest

from tests.support.paths import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
PINNED = dict(
    line.split("==")
    for line in (REPOSITORY / "constraints.txt").read_text().lower().splitlines()
    if not line.startswith("#")
)

# The first releases without a known hole that matters here.
FLOORS = {
    "strawberry-graphql": (0, 341, 2),
    "graphql-core": (3, 3, 2),
    "starlette": (1, 3, 1),
    "uvicorn": (0, 52, 1),
    "aiohttp": (3, 14, 4),
    "h11": (0, 16, 0),
    "pyjwt": (2, 13, 0),
    "cryptography": (50, 0, 0),
    "anyio": (4, 14, 2),
    "idna": (3, 15),
}


def numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")[:3]))


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[^A-Za-z0-9-]", one)[0].lower() for one in requirements]


def test_every_direct_dependency_is_pinned() -> None:
    extras = [
        one for name, several in PROJECT["optional-dependencies"].items() if name != "loadtest" for one in several
    ]
    direct = names(PROJECT["dependencies"] + extras)
    assert [name for name in direct if name not in PINNED] == []


def test_contributing_gives_every_runtime_dependency_its_reason() -> None:
    table = (REPOSITORY / "CONTRIBUTING.md").read_text().lower().partition("| dependency |")[2]
    listed = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    assert sorted(name for row in listed for name in row.split(", ") if not name.startswith("-")) == sorted(
        names(PROJECT["dependencies"])
    )


@pytest.mark.parametrize("name", FLOORS)
def test_no_release_with_a_known_hole_is_installed(name: str) -> None:
    assert numbers(version(name)) >= FLOORS[name]
    assert numbers(PINNED[name]) >= FLOORS[name]


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_no_release_with_a_known_hole_is_allowed(requirement: str) -> None:
    (name,) = names([requirement])
    floor = re.search(r">=([0-9.]+)", requirement)
    assert floor, "a dependency without a lower bound may be any release"
    assert numbers(floor[1]) >= FLOORS.get(name, ())
    assert numbers(version(name)) >= numbers(floor[1])
    assert numbers(PINNED[name]) >= numbers(floor[1])


@pytest.mark.parametrize("name", ["python-multipart", "python-jose"])
def test_packages_with_a_history_of_holes_stay_out(name: str) -> None:
    with pytest.raises(PackageNotFoundError):
        version(name)
