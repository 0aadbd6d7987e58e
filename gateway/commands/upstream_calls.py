"""Which upstream calls an operation makes, found out by running it for a player of the demo."""

import time
from collections import Counter
from collections.abc import Mapping

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


async def upstream_calls(text: str, name: str | None, variables: Mapping[str, object]) -> list[str]:
    """The upstream calls of an operation, with a new sandbox and an empty cache: how often, and which."""
    transport = _Counting(httpx.ASGITransport(sandbox.create_sandbox()))
    settings = read_settings(
        {"GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID), "GATEWAY_UPSTREAM_URL": "http://sandbox.invalid/api"}
    )
    token = sandbox.mint_token(
        PLAYER.id, name=PLAYER.name, attributes=PLAYER.attributes, lifetime_seconds=60, now=time.time()
    )
    gateway = httpx.ASGITransport(create_app(settings, transport=transport))
    async with httpx.AsyncClient(transport=gateway, base_url="http://gateway.invalid") as http:
        body = {"query": text, "operationName": name, "variables": variables}
        await http.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})
    return [f"{count} x {call}" for call, count in sorted(transport.calls.items())]
