"""The kit for Unreal: its header compiles with its sample, and does what every kit does."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.client_kits import unreal
from tests.kits.conformance import FOLLOWING, SCENARIOS, two_hundred_purchases
from tests.kits.json_texts import HALF, INVALID, VALID
from tests.kits.odd_kit import odd_kit
from tests.kits.world import world
from tests.support.paths import REPOSITORY

KIT = REPOSITORY / "kits/unreal"
STUBS = Path(__file__).with_name("unreal")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("g++") is None, reason="there is no C++ compiler (g++)"),
]


def compiled(*arguments: str | Path, includes: Sequence[Path] = (STUBS, KIT)) -> None:
    """Compile as Unreal does, without exceptions and RTTI; warnings are errors."""
    checks = ("-std=c++14", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-fno-exceptions", "-fno-rtti", "-pthread")
    command = ["g++", *checks, *(f"-I{one}" for one in includes), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def game(tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """The command that runs the game."""
    into = tmp_path_factory.mktemp("unreal") / "driver"
    compiled(KIT / "Driver.cpp", "-o", into)
    return [str(into)]


@pytest.mark.parametrize(("major", "minor"), [(4, 27), (5, 2), (5, 3), (6, 0)])
def test_the_sample_compiles_for_each_engine(major: int, minor: int, tmp_path: Path) -> None:
    engine = (f"-DENGINE_MAJOR_VERSION={major}", f"-DENGINE_MINOR_VERSION={minor}")
    compiled("-fsyntax-only", *engine, KIT / "LiveOpsShop.cpp")


def test_all_kinds_of_types_compile(tmp_path: Path) -> None:
    documents, source = tmp_path / "documents", tmp_path / "source"
    documents.mkdir()
    source.mkdir()
    (source / "LiveOps.h").write_text(unreal.source(odd_kit(documents, with_inputs=False)))
    (source / "odd.cpp").write_text('#include "LiveOps.h"\n')
    compiled("-fsyntax-only", source / "odd.cpp", includes=(STUBS, source))


def test_json_is_read_and_written(tmp_path: Path) -> None:
    echo = tmp_path / "echo"
    compiled(STUBS.with_name("JsonEcho.cpp"), "-o", echo)
    texts = "".join(f"{text}\n" for text in (*VALID, HALF, *INVALID))
    lines = subprocess.run([echo], input=texts, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603
    for text, line in zip(VALID, lines, strict=False):
        assert json.loads(line, parse_int=str, parse_float=str) == json.loads(text, parse_int=str, parse_float=str)
    assert lines[len(VALID)] == '"\ufffd \ufffdx \ufffdA"'
    assert lines[len(VALID) + 1 :] == ["error"] * len(INVALID)


@pytest.mark.parametrize("name", [*SCENARIOS, *FOLLOWING])
async def test_it_does_what_every_kit_does(name: str, game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await (SCENARIOS | FOLLOWING)[name](scene)


async def test_two_hundred_purchases_are_two_hundred_orders(game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await two_hundred_purchases(scene)
