"""A client of the gateway's event streams."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.websocket_client import Served

EVENTS = "text/event-stream"


@dataclass
class Stream:
    """An open stream."""

    response: httpx.Response
    lines: AsyncIterator[str]

    async def comment(self) -> None:
        """The next thing has to be a comment."""
        assert await anext(self.lines) == ":"
        assert await anext(self.lines) == ""

    async def event(self) -> tuple[str, Any] | None:
        """The next event, past comments: its name and its data; None where the stream ends."""
        while (line := await anext(self.lines, None)) in {":", ""}:
            continue
        if line is None:
            return None
        name = line.removeprefix("event: ")
        data = (await anext(self.lines)).removeprefix("data: ")
        assert await anext(self.lines) == ""
        return name, json.loads(data) if data else None


@asynccontextmanager
async def streaming(
    site: Served,
    query: str,
    variables: object = None,
    *,
    token: str | None = None,
    accept: str = EVENTS,
    method: str = "POST",
) -> AsyncIterator[Stream]:
    headers = {"accept": accept, **({"authorization": f"Bearer {token}"} if token else {})}
    asked = {"query": query, "variables": variables}
    how: dict[str, Any] = {"json": asked} if method == "POST" else {"params": {"query": query}}
    async with (
        httpx.AsyncClient(timeout=60, trust_env=False) as http,
        http.stream(method, f"{site.gateway_url}/graphql", headers=headers, **how) as response,
    ):
        yield Stream(response, response.aiter_lines())
