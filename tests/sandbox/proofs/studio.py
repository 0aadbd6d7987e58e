"""A publisher's studio on real sockets: its own project, its players, and the server that takes its webhooks."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox import create_sandbox, mint_token
from tests.sandbox.admin.publisher import Publisher
from tests.sandbox.play import CheckedTransport, Clock, Game
from tests.support.stack import serving

_SECRET = "my_secret"
_PATIENCE_SECONDS = 5
"""After that a test that waits for a webhook which never comes fails."""


class Inbox:
    """The publisher's server: takes webhooks, and checks who has signed them."""

    def __init__(self) -> None:
        self.heard: set[tuple[str, int]] = set()
        self._received: asyncio.Queue[Any] = asyncio.Queue()
        self.app = Starlette(routes=[Route("/webhooks", self._receive, methods=["POST"])])

    async def next(self) -> Any:
        """Wait for the next webhook."""
        return await asyncio.wait_for(self._received.get(), _PATIENCE_SECONDS)

    async def hear(self, expected: Iterable[tuple[object, ...]]) -> None:
        """Wait until these kinds of webhooks have come, each for its order, at least once."""
        missing: set[tuple[object, ...]] = set(expected) - self.heard
        while missing:
            await self.next()
            missing -= self.heard

    async def _receive(self, request: Request) -> Response:
        body = await request.body()
        signature = hashlib.sha1(body + _SECRET.encode()).hexdigest()  # noqa: S324 - as documented
        if request.headers["authorization"] != f"Signature {signature}":
            return Response(status_code=400)
        webhook = json.loads(body)
        self.heard.add((webhook["notification_type"], webhook["order"]["id"]))
        self._received.put_nowait(webhook)
        return Response(status_code=204)


class Studio:
    """A project with nothing in it, its publisher, and its inbox."""

    def __init__(self, http: httpx.AsyncClient, project: dict[str, Any], inbox: Inbox) -> None:
        self.http = http
        self.inbox = inbox
        self.project_id: int = project["id"]
        self.publisher = Publisher(http, project["api_key"], self.project_id)
        self._login_secret: str = project["login_secret"]

    def game(self, player: str, **attributes: str) -> Game:
        """Sign a player in."""
        token = mint_token(
            player,
            secret=self._login_secret,
            project_id=self.project_id,
            name=player.title(),
            attributes=attributes,
            now=Clock().now,
        )
        return Game(self.http, token, self.project_id)

    async def pay(self, token: str) -> str:
        """Open the payment page and pay, as a person does; gives the page before."""
        page = (await self.http.get("/paystation4/", params={"token": token})).text
        paid = await self.http.post("/paystation4/", data={"token": token, "action": "pay"}, follow_redirects=True)
        assert "Payment received" in paid.text
        return page

    async def buy(self, player: str, sku: str) -> None:
        """Buy one item in the store, outside of any chain, and take the webhook that tells of it."""
        body = {"player_id": player, "sku": sku}
        order = (await self.http.post(f"/_sandbox/projects/{self.project_id}/orders", json=body)).json()
        await self.pay(order["token"])
        assert (await self.inbox.next())["order"]["id"] == order["order_id"]


def settings(inbox_url: str) -> dict[str, object]:
    """Write the webhook settings that lead to an inbox."""
    return {"url": f"{inbox_url}/webhooks", "secret": _SECRET, "is_enabled": True}


@asynccontextmanager
async def open_studio() -> AsyncIterator[Studio]:
    """Start the sandbox and the publisher's server, make a project, and tell where its webhooks go."""
    inbox = Inbox()
    hooks = {"response": [_check]}
    async with (
        serving(inbox.app) as inbox_url,
        serving(create_sandbox(clock=Clock(), seed_demo=False)) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, event_hooks=hooks) as http,
    ):
        project = (await http.post("/_sandbox/projects", json={"name": "Lanternfall"})).json()
        studio = Studio(http, project, inbox)
        assert (await studio.publisher.put("/webhook", settings(inbox_url))).status_code == 204
        yield studio


async def _check(response: httpx.Response) -> None:
    """Compare a vendor's call with its document: the answer, and the body that led to it."""
    body = await response.aread()
    request = response.request
    for operation in CheckedTransport.operations:
        if operation.method == request.method and operation.pattern.fullmatch(request.url.path):
            operation.check(response.status_code, body, response.json() if body else None)
            if response.is_success:
                operation.check_accepted(json.loads(request.content) if request.content else None)
