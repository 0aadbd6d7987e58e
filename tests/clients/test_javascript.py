"""The clients that games and web shops use, in Node: graphql-ws, graphql-sse, Apollo Client and urql."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.stack import ANN, Stack

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent
CLAN = "mutation { updateClan { userErrors { code } } }"


class Visit:
    """A client in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def hear(self) -> dict[str, Any]:
        """What happened next."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            _, errors = await self.process.communicate()
            raise AssertionError(errors.decode())
        happened: dict[str, Any] = json.loads(line)
        return happened

    async def go_on(self) -> None:
        """Let it take the next step."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        await self.process.stdin.drain()


@pytest.mark.parametrize("adapter", ["graphql-ws", "graphql-sse", "apollo", "apollo-multipart", "urql", "urql-events"])
async def test_a_client_asks_hears_what_others_do_stops_listening_and_writes(
    stack: Stack, node: str, adapter: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(node, str(FOLDER / "play.mjs"), adapter, f"{stack.gateway_url}/graphql", stack.token(ANN)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    visit = Visit(process)
    try:
        async with asyncio.timeout(60):
            assert await visit.hear() == {"query": True}
            await stack.until("gateway_subscriptions", 1)
            await stack.data(CLAN, token=stack.token(ANN, lifetime_seconds=60))
            assert await visit.hear() == {"event": ["CLAN"]}
            assert await visit.hear() == {"unsubscribed": True}
            await stack.until("gateway_subscriptions", 0)
            await visit.go_on()
            assert await visit.hear() == {"mutation": []}
            _, errors = await process.communicate()
            assert (process.returncode, errors.decode()) == (0, "")
            await stack.until("gateway_connections", 0)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_the_default_cache_of_apollo_merges_what_three_parts_of_a_screen_ask_of_the_viewer(
    stack: Stack, node: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(node, str(FOLDER / "cache.mjs"), f"{stack.gateway_url}/graphql", stack.token(ANN)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        shown, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (0, "")
    assert json.loads(shown) == {
        "sent": ["Menu", "Offers", "Rewards", "Time"],
        "isLoading": False,
        "isKept": True,
        "hasTime": True,
        "viewers": 1,
    }
