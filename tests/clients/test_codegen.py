"""GraphQL Code Generator with the config of its page: its types compile, and its manifest is what a gateway runs."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.support.manifests import trusting
from tests.support.markdown import code_blocks
from tests.support.node_tools import FOLDER, TOOLS, run_tool
from tests.support.operations import FOLDER as EXAMPLES
from tests.support.paths import DOCS, REPOSITORY
from tests.support.stack import ANN, running_stack

pytestmark = pytest.mark.slow

GAME = """
import { ask } from "./gateway";
import { HomeDocument, type NextAction } from "./gql/graphql";

function label(action: NextAction): string {
    switch (action) {
        case "CLAIM": return "Claim";
        case "BUY": return "Buy";
        case "WAIT": return "Soon";
        case "EARN_POINTS": return "Earn points";
        case "JOIN_CLAN": return "Join a clan";
        case "NONE": return "";
        case "SIGN_IN": return "Sign in";
        case "OTHER": return "?";
        case "%future added value": return "?";
    }
}

async function show(url: string, token: string): Promise<void> {
    const home = await ask(url, token, HomeDocument, {});
    const chains = home.viewer.offerChains ?? [];
    const paid = chains.flatMap((one) => one.steps).find((one) => one.price?.amount);
    const amount: string | undefined = paid?.price?.amount;
    console.log(JSON.stringify({ actions: chains.map((one) => label(one.nextAction)), amount }));
}

void show(process.argv[2]!, process.argv[3]!);
"""


async def test_the_config_of_its_page_makes_types_that_compile_and_a_manifest(node: str, tmp_path: Path) -> None:
    source, documents = tmp_path / "src", tmp_path / "documents"
    source.mkdir()
    documents.mkdir()
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    shutil.copy(REPOSITORY / "schema.graphql", tmp_path)
    for example in EXAMPLES.glob("*.graphql"):
        shutil.copy(example, source)
    for block in code_blocks(DOCS / "documents.md", "ts"):
        if name := re.match(r"// (\S+\.ts)\n", block):
            (tmp_path / name[1]).write_text(block)
    (source / "game.ts").write_text(GAME)
    await run_tool(node, TOOLS / "graphql-codegen", "--config", "codegen.ts", cwd=tmp_path)
    shutil.copy(source / "gql/persisted-documents.json", documents / "web@1.4.0.json")
    strict = ("--strict", "--target", "es2020", "--lib", "es2020,dom", "--module", "commonjs", "--types", "node")
    await run_tool(node, TOOLS / "tsc", *strict, "--outDir", "js", "src/game.ts", cwd=tmp_path)
    async with running_stack(trusting(documents, "require")) as stack:
        arguments = (f"{stack.gateway_url}/graphql", stack.token(ANN))
        told = json.loads(await run_tool(node, "js/game.js", *arguments, cwd=tmp_path))
    assert "Claim" in told["actions"]
    assert re.fullmatch(r"\d+\.\d+", told["amount"])
