"""Which upstream calls an operation makes, found out by running it for a player of the demo."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from gateway import sandbox
from gateway.app import create_app
from gateway.settings import read_settings

PLAYER = sandbox.DEMO_PLAYERS[1]
"""The caller: a player with progress, who is in a clan."""


class _Counting(httpx.AsyncBaseTransport):
    """Counts the calls to the sandbox behind it."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.calls: Counter[str] = Counter()
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls[f"{request.method} {request.url.path.partition(str(sandbox.DEMO_PROJECT_ID))[2]}"] += 1
        return await self._inner.handle_async_request(request)


@dataclass(frozen=True, slots=True)
class Execution:
    """One executed operation: its upstream calls with how often each was made, and the response."""

    calls: Counter[str]
    response: dict[str, Any]


class DemoProject:
    """A new sandbox with the demo's project. Each operation gets a gateway of its own, so that nothing is cached."""

    def __init__(self) -> None:
        self._sandbox = httpx.ASGITransport(sandbox.create_sandbox())

    async def execute(self, text: str, name: str | None = None, variables: Mapping[str, object] = {}) -> Execution:
        """Execute an operation for `PLAYER`."""
        transport = _Counting(self._sandbox)
        settings = read_settings(
            {"GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID), "GATEWAY_UPSTREAM_URL": "http://sandbox.invalid/api"}
        )
        token = sandbox.mint_token(
            PLAYER.id, name=PLAYER.name, attributes=PLAYER.attributes, lifetime_seconds=60, now=time.time()
        )
        gateway = httpx.ASGITransport(create_app(settings, transport=transport))
        async with httpx.AsyncClient(transport=gateway, base_url="http://gateway.invalid") as http:
            body = {"query": text, "operationName": name, "variables": variables}
            answer = await http.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})
        return Execution(transport.calls, answer.json())


async def upstream_calls(text: str, name: str | None, variables: Mapping[str, object]) -> list[str]:
    """The upstream calls of an operation, with a new sandbox and an empty cache: how often, and which."""
    executed = await DemoProject().execute(text, name, variables)
    return [f"{count} x {call}" for call, count in sorted(executed.calls.items())]
