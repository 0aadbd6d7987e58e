"""The pages about other clients: what runs in Node is run as it stands there, by ids that the clients' tools made."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.manifests import manifest, trusting
from tests.support.markdown import code_blocks
from tests.support.node_tools import FOLDER, TOOLS, run_tool
from tests.support.operations import CHAINS_CHANGED, UPDATE_CLAN
from tests.support.operations import FOLDER as EXAMPLES
from tests.support.paths import DOCS, REPOSITORY
from tests.support.stack import ANN, running_stack

pytestmark = pytest.mark.slow

FIRST_LINE = re.compile(r"// (\S+\.mjs)\n")


def examples() -> list[dict[str, Any]]:
    """A write, a subscription, and all queries that need no order, with their variables."""
    found = []
    for file in sorted(EXAMPLES.glob("*.graphql")):
        text, variables = file.read_text(), file.with_suffix(".variables.json")
        if re.search(r"^query (?!Order|WaitForOrder)", text, re.MULTILINE):
            found.append({"text": text, "variables": json.loads(variables.read_text()) if variables.exists() else {}})
    return [{"text": UPDATE_CLAN, "variables": {}}, {"text": CHAINS_CHANGED, "variables": {}}, *found]


def build_folder(tmp_path: Path, page: str) -> Path:
    """A folder with the modules that a page shows, and what plays them."""
    build = tmp_path / page
    build.mkdir()
    (build / "node_modules").symlink_to(FOLDER / "node_modules")
    (build / "package.json").write_text('{"type": "module"}')
    shutil.copy(FOLDER / "pages" / f"{page}.mjs", build)
    for block in code_blocks(DOCS / "clients" / f"{page}.md", "js"):
        name = FIRST_LINE.match(block)
        assert name is not None
        (build / name[1]).write_text(block)
    return build


async def play(node: str, build: Path, given: object, *arguments: str) -> dict[str, Any]:
    """Run the folder's program with what it reads."""
    command = [node, str(build / f"{build.name}.mjs"), *arguments]
    done = await run_tool(*command, cwd=build, given=json.dumps(given))
    told: dict[str, Any] = json.loads(done)
    return told


async def played(node: str, build: Path, folder: Path, given: object, *arguments: str) -> dict[str, Any]:
    """Run it against a gateway that takes nothing but the documents of that folder."""
    async with running_stack(trusting(folder, "require")) as stack:
        return await play(node, build, given, *arguments, f"{stack.gateway_url}/graphql", stack.token(ANN))


async def test_the_urql_of_its_page_asks_by_id_and_knows_every_type(node: str, tmp_path: Path) -> None:
    build, folder = build_folder(tmp_path, "urql"), tmp_path / "documents"
    folder.mkdir()
    manifest(folder, "web@1.4.0", await play(node, build, examples(), "manifest"))
    told = await played(node, build, folder, examples(), "play")
    assert all(isinstance(one, list) for one in told["told"]), told
    assert (told["heard"], told["warnings"]) == (["CLAN"], [])


async def test_the_relay_of_its_page_compiles_the_examples_and_asks_by_id(node: str, tmp_path: Path) -> None:
    build, folder = build_folder(tmp_path, "relay"), tmp_path / "documents"
    (build / "src").mkdir()
    folder.mkdir()
    (build / "schema.graphql").write_text((REPOSITORY / "schema.graphql").read_text())
    (config,) = code_blocks(DOCS / "clients" / "relay.md", "json")
    (build / "relay.config.json").write_text(config)
    texts = [file.read_text() for file in sorted(EXAMPLES.glob("*.graphql"))]
    named = [re.sub(r"^(query|mutation|subscription) (\w+)", renamed, text, flags=re.MULTILINE) for text in texts]
    tags = "".join(f"graphql`{text}`;\n" for text in named)
    (build / "src" / "shop.js").write_text(f'import {{ graphql }} from "relay-runtime";\n{tags}')
    (build / "persisted.json").write_text("{}")
    await run_tool(TOOLS / "relay-compiler", cwd=build)
    manifest(folder, "web@1.4.0", (build / "persisted.json").read_text())
    write, changes, *queries = ({"name": renamed_in(one["text"]), "variables": one["variables"]} for one in examples())
    told = await played(node, build, folder, {"queries": queries, "changes": changes, "write": write})
    assert told["told"].keys() == {one["name"] for one in queries}
    assert told["heard"] == ["CLAN"]


def renamed(found: re.Match[str]) -> str:
    """An operation named as Relay wants it."""
    return f"{found[1]} shop{found[2]}{found[1].title()}"


def renamed_in(text: str) -> str:
    """The name of an operation in Relay's way."""
    found = re.search(r"^(query|mutation|subscription) (\w+)", text, re.MULTILINE)
    assert found is not None
    return renamed(found).partition(" ")[2]
