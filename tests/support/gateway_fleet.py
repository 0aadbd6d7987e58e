"""Several gateways before one sandbox, sharing a store: each with its own sockets, caches and connections."""

import asyncio
import os
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import sandbox
from gateway.app import create_app
from gateway.settings import read_settings
from tests.support.purchase_mutations import CLAIM, FREE
from tests.support.stack import LONG_TIMEOUTS, WEBHOOK_SECRET, serving
from tests.support.webhook_payloads import encoded, signed

CASES = int(os.environ.get("FLEET_CASES", "10"))
"""How many players each test of the fleet has; more for a long run."""

SECRET = "the secret of the whole fleet"

_ROOT = re.compile(r"^/api/v2/project/\d+")


AT_ONCE = 10
"""Players who do something at the same time."""


def batched(tokens: list[str]) -> list[list[str]]:
    """The players' tokens, AT_ONCE at a time."""
    return [tokens[start : start + AT_ONCE] for start in range(0, len(tokens), AT_ONCE)]


@dataclass
class CountedUpstream:
    """The sandbox, with every call counted, and writes held back for a while before they are carried out.

    Calls whose names end as `failing` says are answered with a status instead, and told to come back in a minute.
    """

    app: ASGIApp
    calls: Counter[str] = field(default_factory=Counter)
    of_tokens: Counter[tuple[str, bytes]] = field(default_factory=Counter)
    """The same calls, each with the credential that it came with."""
    write_seconds: float = 0.0
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    """The next call of each of these names is carried out, and its answer waits for the event."""
    failing: dict[str, int] = field(default_factory=dict)
    loses_answers: bool = False
    """Whether writes are carried out and then answered as if nobody knew."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = f"{scope['method']} {_ROOT.sub('', scope['path'])}"
            self.calls[name] += 1
            self.of_tokens[name, dict(scope["headers"]).get(b"authorization", b"")] += 1
            if name.endswith(("/order", "/claim")):
                await asyncio.sleep(self.write_seconds)
                if self.loses_answers:
                    await self.app(scope, receive, _to_nobody)
                    await Response(status_code=504)(scope, receive, send)
                    return
            if (release := self.held.pop(name, None)) is not None:
                send = partial(_after, release, send)
            for ending, status in self.failing.items():
                if name.endswith(ending):
                    await Response(status_code=status, headers={"retry-after": "60"})(scope, receive, send)
                    return
        await self.app(scope, receive, send)


async def _to_nobody(_: Message) -> None:
    """Lose an answer."""


async def _after(release: asyncio.Event, send: Send, message: Message) -> None:
    await release.wait()
    await send(message)


def _later(seconds: float) -> float:
    return time.time() + seconds


@dataclass
class Member:
    """One gateway of the fleet."""

    gateway_url: str


class GatewayFleet:
    """Gateways that share a store, and how games and the vendor talk to them."""

    def __init__(
        self, members: list[Member], upstream: CountedUpstream, sandbox_url: str, http: httpx.AsyncClient
    ) -> None:
        self.members = members
        self.upstream = upstream
        self.sandbox_url = sandbox_url
        self.http = http

    def token(self, player: str) -> str:
        """A token of a player, whom the sandbox makes where it does not know them."""
        return sandbox.mint_token(player, lifetime_seconds=86_400, now=time.time())

    async def ask(self, at: int, query: str, variables: Mapping[str, object], token: str) -> dict[str, Any]:
        """Post an operation to one of the gateways; gives the body without the request's own id."""
        answer = await self.http.post(
            f"{self.members[at].gateway_url}/graphql",
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {token}"},
        )
        body: dict[str, Any] = answer.json()
        for error in body.get("errors", ()):
            del error["extensions"]["requestId"]
        return body

    async def post_webhook(self, at: int, webhook: object) -> int:
        """Send a webhook to one of the gateways, as the vendor does; gives the status."""
        body = encoded(webhook)
        headers = {"authorization": signed(body, WEBHOOK_SECRET), "content-type": "application/json"}
        url = f"{self.members[at].gateway_url}/webhooks/xsolla"
        return (await self.http.post(url, content=body, headers=headers)).status_code

    async def open_shop(self, *players: str) -> list[str]:
        """Let the paid step be each player's next one, by way of the first gateway; gives their tokens."""
        tokens = [self.token(player) for player in players]
        for some in batched(tokens):
            answers = await asyncio.gather(*(self.ask(0, CLAIM, {"step": FREE}, token) for token in some))
            assert [answer["data"]["answer"]["userErrors"] for answer in answers] == [[]] * len(some)
        self.upstream.calls.clear()
        return tokens

    async def figure(self, at: int, name: str) -> float:
        """A figure of one gateway, with its labels as the page has them."""
        page = (await self.http.get(f"{self.members[at].gateway_url}/metrics")).text
        (value,) = re.findall(rf"^{re.escape(name)} (.+)$", page, re.MULTILINE)
        return float(value)

    async def until(self, at: int, name: str, value: float) -> None:
        """Wait until a figure of one gateway has a value."""
        async with asyncio.timeout(60):
            while await self.figure(at, name) != value:
                continue

    async def ready(self, at: int) -> tuple[int, dict[str, str]]:
        """What the readiness probe of one gateway says."""
        answer = await self.http.get(f"{self.members[at].gateway_url}/readyz")
        return answer.status_code, answer.json()


@asynccontextmanager
async def gateway_fleet(
    *store_urls: str,
    clock: Callable[[], float] = time.monotonic,
    hours_ahead: Sequence[float] = (),
    **environment: str,
) -> AsyncIterator[GatewayFleet]:
    """Start one gateway for each way to the store; `environment` has settings without their prefix.

    `clock` says how old what they keep is, in seconds of any origin; `hours_ahead` how wrong each gateway is about the
    time of day.
    """
    async with AsyncExitStack() as opened:
        upstream = CountedUpstream(sandbox.create_sandbox())
        sandbox_url = await opened.enter_async_context(serving(upstream))
        members = []
        for number, url in enumerate(store_urls):
            hours = hours_ahead[number] if hours_ahead else 0
            settings = read_settings(
                {
                    **LONG_TIMEOUTS,
                    "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
                    "GATEWAY_UPSTREAM_URL": f"{sandbox_url}/api",
                    "GATEWAY_STORE_URL": url,
                    "GATEWAY_STORE_SECRET": SECRET,
                    "GATEWAY_STORE_SECONDS": "5",
                    "GATEWAY_ADDRESS_MUTATIONS_PER_SECOND": "off",
                    "GATEWAY_ADDRESS_CALLS_PER_SECOND": "off",
                    "GATEWAY_NEW_TOKEN_CALLS_PER_SECOND": "off",
                    "GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET,
                    **{f"GATEWAY_{name.upper()}": text for name, text in environment.items()},
                }
            )
            app = create_app(settings, now=partial(_later, hours * 3600), monotonic=clock)
            members.append(Member(await opened.enter_async_context(serving(app))))
        http = await opened.enter_async_context(httpx.AsyncClient(timeout=60, trust_env=False))
        yield GatewayFleet(members, upstream, sandbox_url, http)
