"""Manifests that the real tools made, and the clients that go with them, against a gateway that runs nothing else."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.support.manifests import trusting
from tests.support.paths import REPOSITORY
from tests.support.stack import ANN, running_stack

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent
MADE_BY_TOOLS = REPOSITORY / "tests" / "documents" / "made_by_tools"
APOLLO, CODEGEN = MADE_BY_TOOLS / "apollo@1.4.0.json", MADE_BY_TOOLS / "codegen@6.2.0.json"
UPDATE_CLAN = "mutation { updateClan { userErrors { code } } }"


async def test_apollo_s_link_and_codegen_s_documents_ask_by_id_and_send_no_text(node: str, tmp_path: Path) -> None:
    for file in MADE_BY_TOOLS.glob("*.json"):
        shutil.copy(file, tmp_path)
    (tmp_path / "tests@1.json").write_text(json.dumps({"clan": UPDATE_CLAN}))
    async with running_stack(trusting(tmp_path, "require")) as stack:
        arguments = (f"{stack.gateway_url}/graphql", stack.token(ANN), str(APOLLO), str(CODEGEN))
        process = await asyncio.create_subprocess_exec(
            *(node, str(FOLDER / "trusted.mjs"), *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        async with asyncio.timeout(60):
            line = await process.stdout.readline()
            assert line, (await process.communicate())[1].decode()
            await stack.until("gateway_subscriptions", 1)
            await stack.data(UPDATE_CLAN, token=stack.token(ANN))
            heard, errors = await process.communicate()
        assert (process.returncode, errors.decode()) == (0, "")
    ids = {one["name"]: one["id"] for one in json.loads(APOLLO.read_text())["operations"]}
    told = json.loads(line)
    assert told["codegen"] == ["serverTime", "viewer"]
    assert sorted(told["apollo"]["fields"]) == ["serverTime", "viewer"]
    assert told["apollo"]["refused"] == ["INVALID_ID"]
    assert (told["apollo"]["texts"], told["apollo"]["ids"]) == (0, [ids["Home"], ids["ClaimOffer"]])
    assert json.loads(heard) == {"heard": ["CLAN"]}
