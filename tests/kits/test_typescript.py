"""The TypeScript kit: the file is up to date, compiles strictly, and does what every kit does."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.client_kits import typescript
from tests.kits.conformance import FOLLOWING, OVER_SOCKETS, SCENARIOS, two_hundred_purchases
from tests.kits.odd_kit import odd_kit
from tests.kits.world import world
from tests.support.node_tools import FOLDER, TOOLS, installed_node, run_tool
from tests.support.paths import GATEWAY, REPOSITORY

KIT = REPOSITORY / "kits/typescript"
SHOP = GATEWAY / "client_kits/shop"
OPTIONS = ("--module", "nodenext", "--moduleResolution", "nodenext", "--types", "node")

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def game(tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """The command that runs the game."""
    node = installed_node()
    build = tmp_path_factory.mktemp("typescript")
    shutil.copytree(KIT, build, dirs_exist_ok=True)
    (build / "package.json").write_text('{"type": "module"}')
    (build / "node_modules").symlink_to(FOLDER / "node_modules")
    await run_tool(node, TOOLS / "tsc", "-p", build, "--noEmit", cwd=build)
    strict = ("--strict", "--target", "es2020", "--lib", "es2020,dom,dom.iterable", *OPTIONS)
    await run_tool(node, TOOLS / "tsc", *strict, "--outDir", build / "js", "conformance/driver.ts", cwd=build)
    return [node, str(build / "js/conformance/driver.js")]


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def test_the_demo_has_the_shop_as_it_is_here(tmp_path: Path) -> None:
    installed_node()
    await run_tool(REPOSITORY / "scripts/web-shop", tmp_path, cwd=REPOSITORY)
    assert contents(tmp_path) == contents(SHOP), "run scripts/web-shop"


async def test_all_kinds_of_types_compile(tmp_path: Path) -> None:
    node, documents = installed_node(), tmp_path / "documents"
    documents.mkdir()
    (tmp_path / "liveops.ts").write_text(typescript.source(odd_kit(documents)))
    shutil.copy(KIT / "tsconfig.json", tmp_path)
    await run_tool(node, TOOLS / "tsc", "-p", tmp_path, "--noEmit", cwd=tmp_path)


@pytest.mark.parametrize("name", [*SCENARIOS, *FOLLOWING])
async def test_it_does_what_every_kit_does(name: str, game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await (SCENARIOS | FOLLOWING)[name](scene)


@pytest.mark.parametrize("name", OVER_SOCKETS)
async def test_it_uses_sockets_where_they_open(name: str, game: Sequence[str], tmp_path: Path) -> None:
    async with world([*game, "sockets"], tmp_path) as scene:
        await OVER_SOCKETS[name](scene)


async def test_two_hundred_purchases_are_two_hundred_orders(game: Sequence[str], tmp_path: Path) -> None:
    async with world(game, tmp_path) as scene:
        await two_hundred_purchases(scene)
