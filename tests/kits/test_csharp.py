"""The C# kit: its file compiles with its sample, and does what every kit does."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.client_kits import csharp
from tests.kits.conformance import FOLLOWING, SCENARIOS, two_hundred_purchases
from tests.kits.json_texts import HALF, INVALID, VALID
from tests.kits.odd_kit import odd_kit
from tests.kits.world import world
from tests.support.paths import REPOSITORY

KIT = REPOSITORY / "kits/csharp"
STUBS = Path(__file__).with_name("UnityEngine.cs")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("mcs") is None, reason="there is no C# compiler (mono-mcs)"),
]


def compiled(into: Path, *arguments: str | Path) -> None:
    """Compile to a file; warnings are errors."""
    command = ["mcs", "-langversion:7", "-warnaserror", "-warn:4", f"-out:{into}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def game(tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """The command that runs the game."""
    into = tmp_path_factory.mktemp("csharp") / "driver.exe"
    compiled(into, "-r:System.Net.Http", KIT / "LiveOps.cs", KIT / "Driver.cs")
    return ["mono", str(into)]


@pytest.mark.parametrize("defined", ["UNITY_2019_4_OR_NEWER", "UNITY_2019_4_OR_NEWER;UNITY_2020_2_OR_NEWER"])
def test_it_and_its_sample_compile_for_unity(defined: str, tmp_path: Path) -> None:
    sources = (STUBS, KIT / "LiveOps.cs", KIT / "ShopScene.cs")
    compiled(tmp_path / "unity.dll", "-target:library", f"-define:{defined}", *sources)


def test_all_kinds_of_types_compile(tmp_path: Path) -> None:
    documents, file = tmp_path / "documents", tmp_path / "Odd.cs"
    documents.mkdir()
    file.write_text(csharp.source(odd_kit(documents)))
    compiled(tmp_path / "odd.dll", "-target:library", "-r:System.Net.Http", file)


def test_json_is_read_and_written(tmp_path: Path) -> None:
    compiled(tmp_path / "echo.exe", "-r:System.Net.Http", KIT / "LiveOps.cs", STUBS.with_name("JsonEcho.cs"))
    texts = "".join(f"{text}\n" for text in (*VALID, HALF, *INVALID))
    command = ["mono", str(tmp_path / "echo.exe")]
    echoed = subprocess.run(command, input=texts, capture_output=True, text=True, check=True).stdout  # noqa: S603
    lines = echoed.splitlines()
    for text, line in zip(VALID, lines, strict=False):
        assert json.loads(line, parse_int=str, parse_float=str) == json.loads(text, parse_int=str, parse_float=str)
    assert json.loads(lines[len(VALID)]) == json.loads(HALF)
    assert lines[len(VALID) + 1 :] == ["error"] * len(INVALID)


@pytest.mark.parametrize("name", [*SCENARIOS, *FOLLOWING])
async def test_it_does_what_every_kit_does(name: str, game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await (SCENARIOS | FOLLOWING)[name](scene)


async def test_two_hundred_purchases_are_two_hundred_orders(game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await two_hundred_purchases(scene)
