"""The C# kit: the file is up to date, compiles for both platforms, and does what every kit does."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.client_kits import csharp
from tests.kits.conformance import SCENARIOS, two_hundred_purchases
from tests.kits.world import example_kit, world
from tests.support.paths import REPOSITORY

KIT = REPOSITORY / "kits/csharp"

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


def test_the_file_is_up_to_date() -> None:
    assert (KIT / "LiveOps.cs").read_text() == csharp.source(example_kit()), "run scripts/format"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_it_does_what_every_kit_does(name: str, game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await SCENARIOS[name](scene)


async def test_two_hundred_purchases_are_two_hundred_orders(game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await two_hundred_purchases(scene)
