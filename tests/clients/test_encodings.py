"""Clients that others wrote get the same bytes in every encoding: curl, Unity's (curl as well), Java's and .NET's."""

import asyncio
import base64
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.stack import BEN, Stack

FILES = Path(__file__).with_name("encodings")
QUERY = "{ viewer { offerChains { id name steps { id state items { sku quantity content { name description } } } } } }"
BODY = json.dumps({"query": QUERY})
UNITY = ("--header", "X-Unity-Version: 2022.3.1f1", "--header", "Accept-Encoding: deflate, gzip", "--compressed")

pytestmark = pytest.mark.slow


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"there is no {program}")


async def run(*command: str | Path) -> bytes:
    """What a program prints."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return printed


async def expected(stack: Stack) -> bytes:
    """The response without an encoding."""
    headers = {"authorization": f"Bearer {stack.token(BEN)}", "accept-encoding": "identity"}
    response = await stack.http.post(f"{stack.gateway_url}/graphql", headers=headers, json={"query": QUERY})
    assert "content-encoding" not in response.headers
    assert len(response.content) > 1_000
    return response.content


@needs("curl")
@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--compressed",),
        UNITY,
        ("--http1.0",),
        ("--http1.0", "--compressed"),
        ("--http2", "--compressed"),
        ("--header", "Expect: 100-continue", "--compressed"),
        ("--header", "Transfer-Encoding: chunked", "--compressed"),
    ],
    ids=" ".join,
)
async def test_curl_and_unity_get_the_right_bytes(stack: Stack, options: Sequence[str], tmp_path: Path) -> None:
    credential = ("--header", f"Authorization: Bearer {stack.token(BEN)}")
    url, head = f"{stack.gateway_url}/graphql", tmp_path / "head"
    ask = ["curl", "--silent", "--show-error", "--fail", "--dump-header", str(head), *credential, *options]
    posted = await run(*ask, "--header", "Content-Type: application/json", "--data", BODY, url)
    is_compressed = "--compressed" in options
    assert ("content-encoding: gzip" in head.read_text().lower()) == is_compressed
    assert posted == await expected(stack)
    if "Transfer-Encoding: chunked" not in options:
        assert await run(*ask, "--get", "--data-urlencode", f"query={QUERY}", url) == posted


@needs("javac")
async def test_both_of_javas_clients_get_the_right_bytes(stack: Stack) -> None:
    asked = (f"{stack.gateway_url}/graphql", stack.token(BEN), BODY)
    lines = (await run("java", FILES / "Encodings.java", *asked)).decode().split()
    encodings, bodies = lines[::2], {base64.b64decode(one) for one in lines[1::2]}
    assert encodings == ["identity"] * 2 + ["gzip"] * 4
    assert bodies == {await expected(stack)}


@needs("mcs")
async def test_both_of_dot_nets_clients_get_the_right_bytes(stack: Stack, tmp_path: Path) -> None:
    program = tmp_path / "encodings.exe"
    await run("mcs", "-langversion:7", "-warnaserror", f"-out:{program}", "-r:System.Net.Http", FILES / "Encodings.cs")
    printed = await run("mono", program, f"{stack.gateway_url}/graphql", stack.token(BEN), BODY)
    bodies = [base64.b64decode(one) for one in printed.split()]
    assert bodies == [await expected(stack)] * 6
