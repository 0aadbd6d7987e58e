"""Watching the client of a query that has to wait: begun once the wait is long, and ended with the answer."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.types import Message

from gateway.app import create_app
from gateway.settings import read_settings
from tests.support.stack import LONG_TIMEOUTS

LIST = {"items": [], "has_more": False, "total_items_count": 0}


class Held(httpx.AsyncBaseTransport):
    """An upstream that answers once the client is watched."""

    def __init__(self, watched: asyncio.Event) -> None:
        self._watched = watched

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._watched.wait()
        return httpx.Response(200, json=LIST)


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_client_is_watched_while_its_query_waits_for_long_and_not_any_longer(method: str) -> None:
    watched, let_go = asyncio.Event(), asyncio.Event()
    app = create_app(read_settings({**LONG_TIMEOUTS, "GATEWAY_PROJECT_ID": "1"}), transport=Held(watched))
    query = "{ viewer { offerChains { name } } }"
    body = json.dumps({"query": query}).encode() if method == "POST" else b""
    requests: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if requests:
            return requests.pop()
        watched.set()
        try:
            await asyncio.get_running_loop().create_future()  # the client stays
        finally:
            let_go.set()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    target = urlencode({"query": query}).encode() if method == "GET" else b""
    scope: dict[str, Any] = {"type": "http", "method": method, "path": "/graphql", "query_string": target}
    await app({**scope, "client": None, "headers": headers}, receive, send)
    assert json.loads(sent[1]["body"]) == {"data": {"viewer": {"offerChains": []}}}
    await let_go.wait()
