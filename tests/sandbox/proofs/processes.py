"""Starts and ends sandboxes in processes of their own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from gateway.sandbox import DEMO_PROJECT_ID, mint_token

_REPOSITORY = Path(__file__).parents[3]


class SandboxProcess:
    """A running sandbox and a client of it."""

    def __init__(self, process: asyncio.subprocess.Process, client: httpx.AsyncClient) -> None:
        self._process = process
        self.client = client

    def kill(self) -> None:
        """End it as the machine's power would: it runs no more code of its own."""
        self._process.kill()

    async def ask(self, method: str, path: str, token: str) -> httpx.Response:
        """Make one of the upstream's calls on the demo project."""
        headers = {"Authorization": f"Bearer {token}"}
        return await self.client.request(method, f"/api/v2/project/{DEMO_PROJECT_ID}{path}", headers=headers)

    async def decide(self, order_id: int, act: str) -> str:
        """Pay, cancel or refund an order and read its status; "refused" when the action is refused."""
        answer = await self.client.post(f"/_sandbox/orders/{order_id}/{act}")
        return str(answer.json().get("status", "refused"))


@asynccontextmanager
async def sandbox_process(file: Path) -> AsyncIterator[SandboxProcess]:
    """Run a sandbox on a database file until the context ends, by when it may have been killed."""
    process = await _start(file)
    try:
        assert process.stdout is not None
        origin = (await process.stdout.readline()).decode().strip()
        assert origin, "the sandbox did not start"
        async with httpx.AsyncClient(base_url=origin, trust_env=False) as client:
            yield SandboxProcess(process, client)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def start_and_kill(file: Path, seconds: float) -> None:
    """Start a sandbox on a database file and kill it so many seconds later, ready or not."""
    process = await _start(file)
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), seconds)
    process.kill()
    await process.communicate()


async def _start(file: Path) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.sandbox.proofs.server", str(file))
    # Unmeasured: what is killed reports no coverage, and what is measured is slow.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, cwd=_REPOSITORY, env=environment
    )


def token_of(player: str, now: float, clan: str = "keepers") -> str:
    """Sign a player in."""
    return mint_token(player, attributes={"clan": clan}, now=now)
