"""Requests leave nothing in cycles: what they held is freed at once, and collections, which stop all, are few."""

import asyncio
import gc
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from starlette.types import Message

from gateway.app import create_app
from gateway.schema import ids
from gateway.settings import read_settings
from tests.support.stack import LONG_TIMEOUTS

CHAINS = " ".join(
    f'c{number}: offerChain(id: "{ids.encode(ids.IdKind.OFFER_CHAIN, number)}") {{ id }}' for number in range(1, 6)
)
LISTS = "offerChains { id } rewardChains { id }"
LIST = {"items": [], "has_more": False, "total_items_count": 0}


class Upstream(httpx.AsyncBaseTransport):
    """Answers with a status, or breaks where that is 0: at once, once the client is watched, or once it may."""

    def __init__(self, status: int = 200, *, waits: bool = False, until: asyncio.Event | None = None) -> None:
        self.status = status
        self.waits = waits
        self.until = until
        self.is_watched = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.waits:
            self.is_watched.clear()
            await self.is_watched.wait()
        if self.until is not None:
            await self.until.wait()
        if not self.status:
            raise httpx.ReadError("the connection broke")
        return httpx.Response(self.status, json=LIST if self.status == 200 else {"errorCode": 1})


class Game:
    """Sends requests to a gateway, each in a new text."""

    def __init__(self, upstream: Upstream, settings: Mapping[str, str] | None = None) -> None:
        environment = {**LONG_TIMEOUTS, "GATEWAY_PROJECT_ID": "1", **(settings or {})}
        self._app = create_app(read_settings(environment), transport=upstream)
        self._upstream = upstream
        self._sent = 0

    async def ask(self, fields: str, player: str) -> set[str]:
        """The codes of the errors that it gets."""
        self._sent += 1
        body = json.dumps({"query": f"query Q{self._sent} {{ viewer {{ {fields} }} }}"}).encode()
        requests: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            if requests:
                return requests.pop()
            self._upstream.is_watched.set()
            await asyncio.get_running_loop().create_future()
            raise AssertionError

        async def send(message: Message) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {player}".encode())]
        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b""}
        await self._app({**scope, "client": None, "headers": headers}, receive, send)
        return {error["extensions"]["code"] for error in json.loads(sent[1]["body"]).get("errors", [])}

    async def garbage(self, fields: str, *, player: str = "") -> tuple[set[str], int]:
        """The codes that some requests get, each of another player or all of one; and what they leave in cycles."""
        met = await self.ask(fields, player or "first")
        gc.collect()
        gc.disable()
        try:
            for number in range(5):
                met |= await self.ask(fields, player or f"player-{number}")
            return met, gc.collect()
        finally:
            gc.enable()


async def test_answers_leave_none() -> None:
    assert await Game(Upstream()).garbage(LISTS) == (set(), 0)


async def test_a_client_that_was_watched_leaves_none() -> None:
    assert await Game(Upstream(waits=True)).garbage(LISTS) == (set(), 0)


@pytest.mark.parametrize(
    ("status", "codes"), [(404, set()), (401, {"UNAUTHENTICATED"}), (503, {"UPSTREAM_UNAVAILABLE"})]
)
async def test_failed_reads_leave_none(status: int, codes: set[str]) -> None:
    game = Game(Upstream(status))
    for number in range(10):
        await game.ask(CHAINS, f"early-{number}")
    assert await game.garbage(CHAINS) == (codes, 0)


async def test_reads_whose_connection_breaks_leave_none() -> None:
    # So few that the breaker stays closed, and all are sent.
    assert await Game(Upstream(0)).garbage("offerChains { id }") == ({"UPSTREAM_UNAVAILABLE"}, 0)


async def test_refusals_by_a_limit_leave_none() -> None:
    game = Game(Upstream(), {"GATEWAY_PLAYER_CALLS_PER_SECOND": "0.1"})
    assert await game.ask("offerChains { id }", "greedy") == set()
    assert await game.garbage(CHAINS, player="greedy") == ({"RATE_LIMITED"}, 0)


async def test_refusals_for_want_of_room_leave_none() -> None:
    may_answer = asyncio.Event()
    game = Game(Upstream(until=may_answer), {"GATEWAY_UPSTREAM_CONNECTIONS": "4"})
    # Three calls of a kind may be under way then, and three wait.
    held = [asyncio.ensure_future(game.ask(LISTS, f"early-{number}")) for number in range(6)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert await game.garbage(LISTS) == ({"OVERLOADED"}, 0)
    may_answer.set()
    await asyncio.gather(*held)
