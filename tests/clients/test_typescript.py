"""Generated TypeScript: clients of the upstream's calls play the documented flows, and every example compiles."""

import json
import re
import shutil
from pathlib import Path

import pytest

from gateway.sandbox import DEMO_API_KEY, DEMO_PROJECT_ID, create_sandbox, mint_token
from tests.sandbox.world import Clock
from tests.support.node_tools import FOLDER, TOOLS, run_tool
from tests.support.operations import FOLDER as EXAMPLES
from tests.support.paths import DOCS, REPOSITORY
from tests.support.stack import serving

pytestmark = pytest.mark.slow


async def test_generated_clients_play_the_documented_flows(node: str, tmp_path: Path) -> None:
    build = tmp_path / "flows"
    shutil.copytree(FOLDER / "flows", build)
    (build / "package.json").write_text('{"type": "module"}')
    (build / "node_modules").symlink_to(FOLDER / "node_modules")
    for name in ("admin", "client"):
        document = DOCS / "upstream" / f"{name}-openapi.yaml"
        # What has a default may be left out of a request.
        options = ("--default-non-nullable", "false", "-o", f"{name}.d.ts")
        await run_tool(node, TOOLS / "openapi-typescript", document, *options, cwd=build)
    await run_tool(node, TOOLS / "tsc", "-p", build, "--outDir", build, cwd=build)
    # A clock that stands still: no day ends on the way.
    async with serving(create_sandbox(clock=Clock())) as url:
        token = mint_token("typescript", now=Clock().now)
        printed = await run_tool(node, build / "flows.js", url, str(DEMO_PROJECT_ID), DEMO_API_KEY, token, cwd=build)
    told = json.loads(printed)
    orders = told["offer"].pop("orders")
    assert orders[0] < orders[1]
    assert told == {
        "offer": {"refused": 422, "price": [None, 4.99], "status": ["new", "done"], "next": None},
        "reward": {"balance": [0, 60], "refused": [422, 422, 422]},
        "daily": {"status": [["claimable", "claim_in_future"], ["claimed", "claim_in_future"]], "refused": 422},
        # Of the offers' two steps, the sword, the reward and the day.
        "webhooks": ["order_paid"] * 5,
    }


async def test_the_types_that_are_generated_for_the_examples_compile(node: str, tmp_path: Path) -> None:
    examples = sorted(EXAMPLES.glob("*.graphql"))
    printed = await run_tool(node, FOLDER / "generate.mjs", REPOSITORY / "schema.graphql", *examples, cwd=FOLDER)
    (tmp_path / "gateway.ts").write_text(printed)
    await run_tool(node, TOOLS / "tsc", "--strict", "--noEmit", "gateway.ts", cwd=tmp_path)
    for example in examples:
        kind, name = re.findall(r"^(query|mutation|subscription) (\w+)", example.read_text(), re.MULTILINE)[0]
        assert f"export type {name}{kind.title()} = " in printed
