"""The whole product over real sockets: sandbox upstream, gateway, and a game that asks."""

import asyncio
import re
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from gateway import sandbox
from gateway.app import Gateway, create_app
from gateway.http.transport import create_transport
from gateway.server.config import ReadyResponses, uncounted
from gateway.server.limits import ServerLimits, limits_from
from gateway.server.serve import uvicorn_config
from gateway.settings import read_settings
from gateway.web.graphiql import GraphiQLSetup, PagePlayer
from tests.support.clock import Clock
from tests.support.httpx_transports import OverOurTransport

ANN, BEN, CLEO = sandbox.DEMO_PLAYERS
"""A fresh player; one in the middle of things; one of the same clan as the second."""

WEBHOOK_SECRET = "webhook-secret-of-the-tests"

LONG_TIMEOUTS = {
    "GATEWAY_QUERY_SECONDS": "60",
    "GATEWAY_MUTATION_SECONDS": "60",
    "GATEWAY_UPSTREAM_CONNECT_SECONDS": "30",
    "GATEWAY_UPSTREAM_READ_SECONDS": "30",
    "GATEWAY_UPSTREAM_WRITE_SECONDS": "30",
    "GATEWAY_WEBHOOK_SECONDS": "60",
    "GATEWAY_REQUEST_HEAD_SECONDS": "60",
    "GATEWAY_REQUEST_BODY_SECONDS": "60",
    "GATEWAY_RESPONSE_STALL_SECONDS": "60",
    "GATEWAY_PLAYER_STREAMS": "off",
    "GATEWAY_PLAYER_ORDERS": "off",
    "GATEWAY_PLAYER_CALLS_PER_SECOND": "off",
    "GATEWAY_PLAYER_MUTATIONS_PER_SECOND": "off",
    "GATEWAY_ADDRESS_CALLS_PER_SECOND": "off",
    "GATEWAY_ADDRESS_MUTATIONS_PER_SECOND": "off",
    "GATEWAY_NEW_TOKEN_CALLS_PER_SECOND": "off",
}
"""Bounds that tests do not reach on a busy machine, or while their clock stands; tests about one set their own."""

NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that speak to this machine without TLS: reading the usual authorities costs more than many a test."""

Fault = Callable[[httpx.Request], Awaitable[httpx.Response | None]]
_ROOT = re.compile(r"^/api/v2/project/\d+")


class SeamTransport(httpx.AsyncBaseTransport):
    """Stands before the real pool: names every call, and lets a test answer or break some of them."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.calls: list[str] = []
        self.requests: list[httpx.Request] = []
        self.faults: list[tuple[re.Pattern[str], Fault]] = []

    def on(self, pattern: str, fault: Fault) -> None:
        """Let `fault` see the calls whose name matches; None passes the call on."""
        self.faults.append((re.compile(pattern), fault))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {_ROOT.sub('', request.url.path)}"
        self.calls.append(name)
        self.requests.append(request)
        for pattern, fault in self.faults:
            if pattern.fullmatch(name):
                answer = await fault(request)
                if answer is not None:
                    return answer
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


def answers(status: int, body: object = None, **headers: str) -> Fault:
    """A fault that answers instead of the upstream."""

    async def fault(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={} if body is None else body, headers=headers)

    return fault


def raises(error: Exception) -> Fault:
    """A fault that breaks the exchange."""

    async def fault(_: httpx.Request) -> httpx.Response:
        raise error

    return fault


def token_of(player: sandbox.DemoPlayer, now: float, *, lifetime_seconds: int = 86_400) -> str:
    """A token that the sandbox takes."""
    return sandbox.mint_token(
        player.id, name=player.name, attributes=player.attributes, lifetime_seconds=lifetime_seconds, now=now
    )


def _on_page(player: sandbox.DemoPlayer, now: float) -> PagePlayer:
    return PagePlayer(player.name, f"Bearer {token_of(player, now)}")


class Stack:
    """Gateway and sandbox, both listening, and how a game talks to the gateway."""

    def __init__(
        self,
        gateway: Gateway,
        seam: SeamTransport,
        clock: Clock,
        gateway_url: str,
        sandbox_url: str,
        http: httpx.AsyncClient,
    ):
        self.gateway = gateway
        self.seam = seam
        self.clock = clock
        self.gateway_url = gateway_url
        self.sandbox_url = sandbox_url
        self.http = http

    def token(self, player: sandbox.DemoPlayer = ANN, *, lifetime_seconds: int = 86_400) -> str:
        return token_of(player, self.clock(), lifetime_seconds=lifetime_seconds)

    async def send(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Post an operation, as a game does."""
        sent = dict(headers or {})
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": variables}
        return await self.http.post(f"{self.gateway_url}/graphql", json=body, headers=sent)

    async def ask(self, query: str, variables: Mapping[str, object] | None = None, **more: Any) -> dict[str, Any]:
        """Post an operation and take its body."""
        response = await self.send(query, variables, **more)
        body: dict[str, Any] = response.json()
        return body

    async def data(self, query: str, variables: Mapping[str, object] | None = None, **more: Any) -> dict[str, Any]:
        """Post an operation that has to succeed and take its data."""
        body = await self.ask(query, variables, **more)
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def pay(self, upstream_order_id: int) -> None:
        """Pay an order, as the player does on the payment page."""
        response = await self.http.post(f"{self.sandbox_url}/_sandbox/orders/{upstream_order_id}/pay")
        assert response.status_code == 200, response.text

    async def figure(self, name: str) -> float:
        """A figure with its labels, if it has any, as a scraper reads it."""
        (value,) = await self.figures(name)
        return value

    async def figures(self, *names: str) -> list[float]:
        """Figures of one moment."""
        page = (await self.http.get(f"{self.gateway_url}/metrics")).text
        found = [re.findall(rf"^{re.escape(name)} (.+)$", page, re.MULTILINE) for name in names]
        return [float(value) for (value,) in found]

    async def until(self, name: str, value: float) -> None:
        """Wait until a figure has a value."""
        async with asyncio.timeout(60):
            while await self.figure(name) != value:
                continue

    def calls(self) -> Counter[str]:
        """The upstream calls since the last time this was asked."""
        counted = Counter(self.seam.calls)
        self.seam.calls.clear()
        return counted

    async def send_webhooks(self) -> None:
        """Let the sandbox send its webhooks to the gateway, as a publisher sets it up."""
        response = await self.http.put(
            f"{self.sandbox_url}/api/v2/project/{sandbox.DEMO_PROJECT_ID}/admin/webhook",
            json={"url": f"{self.gateway_url}/webhooks/xsolla", "secret": WEBHOOK_SECRET, "is_enabled": True},
            auth=(str(sandbox.DEMO_PROJECT_ID), sandbox.DEMO_API_KEY),
        )
        assert response.status_code == 204, response.text


@asynccontextmanager
async def running_stack(
    environment: Mapping[str, str] | None = None,
    *,
    clock: Clock | None = None,
    send_buffer_bytes: int = 0,
    graphiql_player: sandbox.DemoPlayer | None = None,
) -> AsyncIterator[Stack]:
    """Start both servers on free ports; `environment` overrides settings.

    `send_buffer_bytes` are what the system takes of the gateway for a client that reads slowly; 0 leaves it megabytes.
    `graphiql_player` is signed in on the GraphiQL page, as the demo's first player is there.
    """
    clock = clock or Clock()
    async with (
        serving_sandbox(clock) as sandbox_url,
        gateway_before(
            sandbox_url, clock, environment, send_buffer_bytes=send_buffer_bytes, graphiql_player=graphiql_player
        ) as stack,
    ):
        yield stack


@asynccontextmanager
async def serving_sandbox(clock: Clock) -> AsyncIterator[str]:
    """Serve a sandbox that sends its webhooks to this machine; gives its URL."""
    async with (
        httpx.AsyncHTTPTransport(trust_env=False, verify=NO_AUTHORITIES) as transport,
        serving(sandbox.create_sandbox(clock=clock, webhook_transport=transport)) as url,
    ):
        yield url


@asynccontextmanager
async def gateway_before(
    sandbox_url: str,
    clock: Clock,
    environment: Mapping[str, str] | None = None,
    *,
    send_buffer_bytes: int = 0,
    graphiql_player: sandbox.DemoPlayer | None = None,
) -> AsyncIterator[Stack]:
    """Start a gateway before a sandbox that runs already, as a restart does."""
    settings = read_settings(
        {
            **LONG_TIMEOUTS,
            "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
            "GATEWAY_UPSTREAM_URL": f"{sandbox_url}/api",
            "GATEWAY_PAYMENT_MODE": "sandbox",
            "GATEWAY_PAYMENT_URL": f"{sandbox_url}/paystation4/",
            **({"GATEWAY_GRAPHIQL": "on", "GATEWAY_INTROSPECTION": "on"} if graphiql_player else {}),
            **(environment or {}),
        }
    )
    seam = SeamTransport(OverOurTransport(create_transport(connect_timeout_seconds=30, pool_timeout_seconds=30)))
    players = () if graphiql_player is None else (_on_page(graphiql_player, clock()),)
    app = create_app(
        settings,
        transport=seam,
        now=clock,
        monotonic=clock,
        call_later=clock.call_later,
        graphiql=GraphiQLSetup(players) if players else None,
        environment=environment or {},
    )
    async with (
        serving(
            app,
            send_buffer_bytes=send_buffer_bytes,
            limits=limits_from(settings),
            count_refusal=app.count_refusal,
            ready_responses=app.early_responses,
        ) as gateway_url,
        httpx.AsyncClient(timeout=60, verify=NO_AUTHORITIES) as http,
    ):
        yield Stack(app, seam, clock, gateway_url, sandbox_url, http)


@asynccontextmanager
async def serving(
    app: ASGIApp,
    *,
    send_buffer_bytes: int = 0,
    limits: ServerLimits | None = None,
    count_refusal: Callable[[str], None] = uncounted,
    ready_responses: ReadyResponses | None = None,
) -> AsyncIterator[str]:
    """Serve an app on a free port of this machine, as production does; gives its URL."""
    config = uvicorn_config(app, limits, count_refusal, ready_responses)
    config.port = 0
    config.load()
    server = uvicorn.Server(config)
    # Not `serve()`: its main loop looks for the end ten times a second only, and takes the process's signals.
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        listener = server.servers[0].sockets[0]
        if send_buffer_bytes:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
        host, port = listener.getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        # Nor `shutdown()`, which sleeps: all clients have gone by now.
        for listening in server.servers:
            listening.close()
        for connection in list(server.server_state.connections):
            connection.transport.close()
        await server.lifespan.shutdown()
