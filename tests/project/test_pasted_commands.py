"""Calls in the pages work when they are pasted, against a sandbox and a gateway that run as the pages say."""

import asyncio
import re
import sys

import pytest

from tests.support.paths import REPOSITORY
from tests.support.stack import Stack, running_stack

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("README.md", "docs/sandbox.md")


def calls(page: str) -> list[str]:
    """The blocks of a page that call the demo's addresses."""
    return [
        block for block in _BLOCK.findall((REPOSITORY / page).read_text("utf-8")) if "http://127.0.0.1:800" in block
    ]


async def pasted(stack: Stack, block: str) -> str:
    """Run a block as a shell does; fails where a call is answered with an error."""
    script = block.replace("http://127.0.0.1:8000", stack.gateway_url).replace(
        "http://127.0.0.1:8001", stack.sandbox_url
    )
    script = script.replace("curl ", "curl --silent --show-error --fail-with-body ")
    script = script.replace(".venv/bin/gateway", f"{sys.executable} -m gateway")
    process = await asyncio.create_subprocess_exec(
        "bash", "-e", "-c", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, errors = await process.communicate()
    assert process.returncode == 0, f"{block}\n{printed.decode()}\n{errors.decode()}"
    return printed.decode()


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
async def test_calls_work_as_pasted(page: str) -> None:
    blocks = calls(page)
    assert blocks
    async with running_stack() as stack:
        for block in blocks:
            printed = await pasted(stack, block)
            assert '"errors"' not in printed
            assert '"errorCode"' not in printed
