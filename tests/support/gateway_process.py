"""Gateways in processes of their own, before a sandbox of the test's."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import httpx

from gateway.sandbox import DEMO_PROJECT_ID
from tests.support.killed_gateway import serve
from tests.support.stack import LONG_TIMEOUTS

_processes = multiprocessing.get_context("forkserver")
# What all of them need is loaded once: starting one takes a third of the time.
_processes.set_forkserver_preload(["tests.support.killed_gateway"])


class GatewayProcess:
    """A running gateway and how a game asks it."""

    def __init__(self, process: ForkServerProcess, http: httpx.AsyncClient) -> None:
        self._process = process
        self._http = http

    async def ask(
        self, query: str, variables: Mapping[str, object], token: str, *, kill_after: int | None = None
    ) -> dict[str, Any] | None:
        """Post an operation; gives the body without the request's own id, or None where the process died before."""
        headers = {"authorization": f"Bearer {token}"}
        if kill_after is not None:
            headers["kill-after"] = str(kill_after)
        try:
            answer = await self._http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        except httpx.TransportError:
            return None
        body: dict[str, Any] = answer.json()
        for error in body.get("errors", ()):
            del error["extensions"]["requestId"]
        return body

    def send(self, name: signal.Signals) -> None:
        """Send a signal: SIGSTOP freezes the process, SIGCONT lets it go on."""
        assert self._process.pid is not None
        os.kill(self._process.pid, name)

    async def has_died(self) -> bool:
        """Whether it has killed itself: the next request tells."""
        try:
            return not (await self._http.get("/livez")).is_success
        except httpx.TransportError:
            await asyncio.to_thread(self._process.join)
            assert self._process.exitcode == -signal.SIGKILL
            return True


@asynccontextmanager
async def gateway_process(
    sandbox_url: str, records: Path | None = None, environment: Mapping[str, str] | None = None
) -> AsyncIterator[GatewayProcess]:
    """Run a gateway, on a records file if there is one, until the context ends, by when it may be dead."""
    settings = {
        **LONG_TIMEOUTS,
        "GATEWAY_PROJECT_ID": str(DEMO_PROJECT_ID),
        "GATEWAY_UPSTREAM_URL": f"{sandbox_url}/api",
        **({} if records is None else {"GATEWAY_RECORDS_FILE": str(records)}),
        **(environment or {}),
    }
    told, tells = _processes.Pipe(duplex=False)
    process = _processes.Process(target=serve, args=(settings, tells), daemon=True)
    await asyncio.to_thread(process.start)
    tells.close()
    try:
        origin = await asyncio.to_thread(told.recv)
        async with httpx.AsyncClient(base_url=origin, trust_env=False, timeout=60) as http:
            yield GatewayProcess(process, http)
    finally:
        told.close()
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()
