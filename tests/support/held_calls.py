"""Upstream calls that wait until a test releases them, and clients that hang up meanwhile."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import httpx

from tests.support.stack import Stack


class HeldCall:
    """An upstream call that waits to be released, and tells when it began and ended."""

    def __init__(self) -> None:
        self.opened, self.release, self.left = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def __call__(self, _: httpx.Request) -> httpx.Response:
        self.opened.set()
        try:
            await self.release.wait()
        finally:
            self.left.set()
        return httpx.Response(200, json={"items": []})


async def half_a_request(
    stack: Stack, query: str, variables: Mapping[str, object] | None = None, *, token: str | None = None
) -> Callable[[], Awaitable[None]]:
    """Send an operation over a bare socket; what comes back hangs up."""
    address = urlsplit(stack.gateway_url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    content = json.dumps({"query": query, "variables": variables}).encode()
    head = ["POST /graphql HTTP/1.1", "host: x", "content-type: application/json", f"content-length: {len(content)}"]
    if token:
        head.append(f"authorization: Bearer {token}")
    writer.write("\r\n".join([*head, "", ""]).encode() + content)
    await writer.drain()

    async def hang_up() -> None:
        writer.close()
        await writer.wait_closed()

    return hang_up


class SlowWrite:
    """Passes a write on when released, and tells when it was carried out."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.sent, self.release, self.done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.set()
        await self.release.wait()
        answer = await self.stack.seam.inner.handle_async_request(request)
        self.done.set()
        return answer
