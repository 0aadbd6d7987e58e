"""A publisher's server that receives webhooks, and a sandbox that sends them."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox import DEMO_PROJECT_ID, Sandbox, create_sandbox
from gateway.sandbox.storage.webhook_settings import WebhookSettings, set_webhook_settings
from tests.sandbox.world import ORIGIN, Clock, Randomness, World, connect

SECRET = "my_secret"
URL = "http://publisher.test/webhooks"
LONG_TIMEOUT_SECONDS = 5
"""After that a test that waits for what never comes fails."""


class Publisher(httpx.AsyncBaseTransport):
    """Answers webhooks with the statuses it was given, then with 204; a transport, and as `app` a real server."""

    def __init__(self, *answers: int | Exception | Callable[[], Any]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self._reached = asyncio.Event()
        self.app = Starlette(routes=[Route("/webhooks", self._receive, methods=["POST"])])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        self._reached.set()
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, int):
            answer = await answer()
        return answer if isinstance(answer, httpx.Response) else httpx.Response(answer)

    async def reached(self) -> None:
        """Wait for the first request, answered or not."""
        await asyncio.wait_for(self._reached.wait(), LONG_TIMEOUT_SECONDS)

    async def _receive(self, request: Request) -> Response:
        received = httpx.Request("POST", str(request.url), headers=request.headers.raw, content=await request.body())
        answer = await self.handle_async_request(received)
        return Response(answer.content, answer.status_code, dict(answer.headers))

    @property
    def bodies(self) -> list[Any]:
        """What was sent, in order; the signature of each is checked on the way."""
        for request in self.requests:
            signature = hashlib.sha1(request.content + SECRET.encode()).hexdigest()  # noqa: S324 - as documented
            assert request.headers["authorization"] == f"Signature {signature}"
            assert request.headers["content-type"] == "application/json"
        return [json.loads(request.content) for request in self.requests]

    @property
    def told(self) -> list[tuple[str, int]]:
        """Kind and order of what was sent, in order."""
        return [(body["notification_type"], body["order"]["id"]) for body in self.bodies]


def set_url(
    sandbox: Sandbox, url: str = URL, *, version: int = 1, is_enabled: bool = True, project_id: int = DEMO_PROJECT_ID
) -> None:
    """Set where a project's webhooks go."""
    with sandbox.database.write() as tx:
        set_webhook_settings(tx, project_id, WebhookSettings(url, SECRET, is_enabled, version))


@asynccontextmanager
async def sending(
    publisher: httpx.AsyncBaseTransport | None, database: str = ":memory:", clock: Clock | None = None, url: str = URL
) -> AsyncIterator[World]:
    """Run a sandbox with its notifier; without a transport it makes its own."""
    clock = clock or Clock()
    app = create_sandbox(database, clock=clock, random_bytes=Randomness(), webhook_transport=publisher)
    set_url(app.state.sandbox, url)
    async with app.router.lifespan_context(app), connect(app) as client:
        yield World(app, clock, client)


async def attempted(world: World, count: int) -> list[dict[str, Any]]:
    """Wait until so many attempts are in the log; gives the log, the oldest webhook first."""
    return await until(world, lambda log: sum(len(webhook["attempts"]) for webhook in log) >= count)


async def finished(world: World, count: int) -> list[dict[str, Any]]:
    """Wait until so many webhooks have an outcome; gives the log, the oldest webhook first."""
    return await until(world, lambda log: sum(webhook["outcome"] is not None for webhook in log) >= count)


async def until(world: World, is_reached: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Wait for a state of the log."""
    changed = asyncio.Event()
    with world.sandbox.database.watched(changed.set):
        async with asyncio.timeout(LONG_TIMEOUT_SECONDS):
            while not is_reached(log := await webhook_log(world)):
                await changed.wait()
                changed.clear()
    return log


async def webhook_log(world: World) -> list[dict[str, Any]]:
    """Read the log, the oldest webhook first."""
    items: list[dict[str, Any]] = (await world.client.get("/_sandbox/webhooks")).json()["items"]
    return items[::-1]


async def advance(world: World, seconds: float) -> None:
    """Move the sandbox's clock, as a person would."""
    answer = await world.client.post("/_sandbox/clock", json={"advance_seconds": seconds})
    assert answer.status_code == 200


def plain_client(app: Starlette) -> httpx.AsyncClient:
    """Open a client that does not compare responses with the contract."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)
