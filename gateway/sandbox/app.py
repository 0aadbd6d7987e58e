"""The sandbox as an ASGI application: every object is created and every route is mounted here."""

import os
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount

from gateway.sandbox.admin.routes import admin_routes_v2, admin_routes_v3
from gateway.sandbox.client.catalog import CatalogCalls
from gateway.sandbox.client.clans import ClanCalls
from gateway.sandbox.client.daily_chains import DailyChainCalls
from gateway.sandbox.client.offer_chains import OfferChainCalls
from gateway.sandbox.client.orders import OrderCalls
from gateway.sandbox.client.player_calls import PlayerCalls
from gateway.sandbox.client.reward_chains import RewardChainCalls
from gateway.sandbox.controls.clock import ClockControls
from gateway.sandbox.controls.faults import FaultControls
from gateway.sandbox.controls.guard import ControlGuard
from gateway.sandbox.controls.health import health_route
from gateway.sandbox.controls.orders import OrderControls
from gateway.sandbox.controls.projects import ProjectControls
from gateway.sandbox.controls.promotions import PromotionControls
from gateway.sandbox.controls.reset import reset_route
from gateway.sandbox.controls.webhooks import WebhookControls
from gateway.sandbox.demo.seed import seed_demo_projects
from gateway.sandbox.domain.payment_tokens import PaymentTokens
from gateway.sandbox.faults.active_faults import ActiveFaults
from gateway.sandbox.faults.connections import ConnectionMiddleware
from gateway.sandbox.faults.fault import Fault
from gateway.sandbox.faults.middleware import FaultMiddleware
from gateway.sandbox.http.error_responses import exception_handlers
from gateway.sandbox.http.images import image_route
from gateway.sandbox.http.operations import Operations
from gateway.sandbox.pages.clock_page import ClockPage
from gateway.sandbox.pages.faults_page import FaultsPage
from gateway.sandbox.pages.orders_page import OrdersPage
from gateway.sandbox.pages.overview_page import OverviewPage
from gateway.sandbox.pages.payment_page import PaymentPage
from gateway.sandbox.pages.players_page import PlayersPage
from gateway.sandbox.pages.rendering import PageRenderer, style_route
from gateway.sandbox.pages.webhooks_page import WebhooksPage
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.webhooks.sender import WebhookSender


def create_sandbox(
    database: str = ":memory:",
    *,
    clock: Callable[[], float] = time.time,
    seed_demo: bool = True,
    random_bytes: Callable[[int], bytes] = os.urandom,
    latency_ms: float = 0,
    faults: Sequence[Fault] = (),
    seed: int | None = None,
    webhook_transport: httpx.AsyncBaseTransport | None = None,
    changed: Callable[[float], None] = lambda _: None,
    links: Mapping[str, str] | None = None,
) -> Starlette:
    """Build the application; `app.state.sandbox` is its Sandbox.

    `database` is a file, created when it is missing, or ":memory:"; `clock` returns seconds since 1970. A file keeps
    its demo projects: they are seeded once. `latency_ms` delays every call of the vendor's, `faults` are switched on
    from the start, and `seed` makes their probability repeatable. During its lifespan the application sends webhooks,
    through `webhook_transport` or a transport of its own that uses no proxy. `changed` is called after each of the
    sandbox's own calls that changed something, with the seconds by which its clock is ahead of `clock`. The pages
    lead to `links`, by their names. Raises DatabaseUnusableError, FaultError.
    """
    payment_tokens = PaymentTokens(random_bytes)

    def fill(tx: Transaction) -> None:
        if seed_demo:
            seed_demo_projects(tx, payment_tokens)

    sandbox = Sandbox(Database(database, clock), random_bytes, fill)
    player_calls = PlayerCalls(sandbox.database)
    calls = [
        *OfferChainCalls(player_calls, payment_tokens).routes(),
        *RewardChainCalls(player_calls).routes(),
        *DailyChainCalls(player_calls).routes(),
        *ClanCalls(player_calls).routes(),
        *OrderCalls(player_calls).routes(),
        *CatalogCalls(player_calls, payment_tokens).routes(),
    ]
    projects = [
        Mount("/v2/project/{project_id}", routes=[admin_routes_v2(sandbox.database), *calls]),
        Mount("/v3/project/{project_id}", routes=[admin_routes_v3(sandbox.database)]),
    ]
    operations = Operations(projects)
    latency = [Fault(call="*", delay_ms=latency_ms)] if latency_ms else []
    # Randomness for tests, not for secrets.
    active_faults = ActiveFaults(operations.names, random.Random(seed), [*latency, *faults])  # noqa: S311

    renderer = PageRenderer(sandbox.database, active_faults, links or {})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(sandbox.close)
            transport = webhook_transport
            if transport is None:
                transport = await stack.enter_async_context(httpx.AsyncHTTPTransport(trust_env=False))
            await stack.enter_async_context(WebhookSender(sandbox.database, transport).running())
            yield

    handlers = exception_handlers(random_bytes)
    # A separate application, so that browsers may read its error responses too, also those of unknown paths.
    api = Starlette(
        routes=projects,
        middleware=[
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]),
            Middleware(FaultMiddleware, active_faults, operations),
        ],
        exception_handlers=handlers,
    )
    app = Starlette(
        routes=[
            Mount("/api", api),
            *PaymentPage(sandbox, renderer).routes(),
            health_route(sandbox),
            reset_route(sandbox),
            *ClockControls(sandbox.database).routes(),
            *OrderControls(sandbox).routes(),
            *ProjectControls(sandbox).routes(),
            *PromotionControls(sandbox.database).routes(),
            *FaultControls(active_faults).routes(),
            *WebhookControls(sandbox.database).routes(),
            *OverviewPage(sandbox.database, renderer).routes(),
            *ClockPage(sandbox, renderer).routes(),
            *PlayersPage(sandbox, renderer).routes(),
            *OrdersPage(sandbox, renderer).routes(),
            *WebhooksPage(sandbox.database, renderer, webhook_transport).routes(),
            *FaultsPage(active_faults, operations, renderer).routes(),
            style_route(),
            image_route(),
        ],
        middleware=[Middleware(ControlGuard, lambda: changed(sandbox.clock_offset()))],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    # Outside of Starlette's own middleware, which replaces the server's `send`.
    app.middleware_stack = ConnectionMiddleware(app.build_middleware_stack())
    return app
