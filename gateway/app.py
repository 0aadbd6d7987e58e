"""The composition root: builds every object once, and lists the routes and the middleware."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Any

import httpx
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import __version__
from gateway.admission.player_turns import PlayerTurns
from gateway.cache.metrics import cache_samples
from gateway.cache.response_cache import ResponseCache
from gateway.concurrency.timers import CallLater, call_later
from gateway.documents.automatic import AutomaticDocuments
from gateway.documents.library import DocumentLibrary
from gateway.domain.payment import PaymentPage
from gateway.execution.engine import GraphQLEngine
from gateway.http.httpx_adapter import HTTPXAdapter
from gateway.http.transport import create_transport
from gateway.identity.addresses import Sources
from gateway.identity.stream_tokens import StreamTokens
from gateway.identity.token_verifier import KeySetVerifier, SharedSecretVerifier
from gateway.identity_setup import create_identity, create_verifier, trusted_proxies
from gateway.limits_setup import create_limits
from gateway.records.database import Database
from gateway.secret_reload import SecretReload
from gateway.server.error_responses import REASONS
from gateway.services_setup import AppServices, create_services
from gateway.settings import Settings
from gateway.telemetry import log
from gateway.telemetry.loop_lag import LoopLag
from gateway.telemetry.metrics import Metrics
from gateway.traces_setup import create_traces
from gateway.upstream_setup import Clocks, create_admission, create_client, create_pool
from gateway.web.browser_redirect import BrowserRedirect
from gateway.web.cors import with_cors
from gateway.web.graphiql import PATH as GRAPHIQL_PATH
from gateway.web.graphiql import GraphiQL, GraphiQLSetup, load_examples
from gateway.web.graphql.calls import SubscriptionSlots
from gateway.web.graphql.connections import Connections
from gateway.web.graphql.early_refusals import EarlyRefusals
from gateway.web.graphql.early_responses import EarlyResponses
from gateway.web.graphql.endpoint import GraphQLEndpoint
from gateway.web.graphql.operations import Deadlines, Operations
from gateway.web.graphql.response_caching import Responses
from gateway.web.graphql.stream_tokens import StreamTokenEndpoint
from gateway.web.graphql.streams import Streams
from gateway.web.graphql.websocket import SocketEndpoint
from gateway.web.health import Health
from gateway.web.metrics import MetricsPage, OperationMetrics
from gateway.web.middleware import DirectRoute, OptionsResponder, RequestEnvelope
from gateway.web.webhooks import WebhookEndpoint
from gateway.webhooks.inbox import Inbox
from gateway.webhooks.relay import MAX_BACKEND_RESPONSE_BYTES, Relay
from gateway.webhooks.signature import Signature
from gateway.workers.metrics import WorkerMetrics
from gateway.workers.worker import Worker

EXAMPLES = Path(__file__).parent / "examples"
RELAY_CONNECTIONS = 20

DOCUMENT_BYTES = 6 * 2**20
"""Memory for parsed documents, about 100 of the size of a whole screen, and again for about 40 programs of those."""


AUTOMATIC_BYTES = 4 * 2**20
"""Memory for the texts of automatic persisted queries: a few hundred of a whole screen."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """The ASGI application, and another one for the admin port, where there is one.

    A server calls `begin_drain` when it is told to end: from then on it is not ready. It awaits `drain` before it
    closes connections: listeners are told to reconnect. It tells `count_refusal` why it refused a connection.
    `reload` reads again what may change while it serves: the trusted documents and the files of secrets.
    `early_responses` finds the responses that it may send without calling the application.
    """

    app: ASGIApp
    admin: ASGIApp
    begin_drain: Callable[[], None]
    drain: Callable[[], Awaitable[None]]
    count_refusal: Callable[[str], None]
    reload: Callable[[], Coroutine[None, None, None]]
    early_responses: EarlyResponses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        await self.app(scope, receive, send)


def create_app(
    settings: Settings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    now: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    call_later: CallLater = call_later,
    graphiql: GraphiQLSetup | None = None,
    worker: Worker | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Gateway:
    """Build the gateway.

    `transport` replaces the pool to the upstream and is closed with the app; `now` is in Unix seconds, `monotonic` in
    seconds of any origin, and `call_later` waits in both; `graphiql` is what GraphiQL's page has besides, and makes
    `/` lead there; `worker` is which of several processes this is; `environment` names the files of secrets that are
    read again at a reload, and says where traces go. Raises RecordsUnusable and DocumentsUnusable.
    """
    records = Database(settings.records_file)
    metrics = Metrics()
    workers = WorkerMetrics(worker, metrics) if worker is not None else None
    pool = HTTPXAdapter(transport) if transport else create_pool(settings)
    clocks = Clocks(now, monotonic, call_later)
    limits = create_limits(settings, metrics, monotonic)
    traces = create_traces(settings, environment)
    admission = create_admission(settings, metrics, clocks)
    client = create_client(settings, pool, metrics, clocks, admission, is_traced=traces is not None)
    shared = create_services(settings, client, records, metrics, clocks, limits)
    services = shared.services
    metrics.watch(lambda: cache_samples(services.cache.stats))
    metrics.watch(services.tracker.samples)
    metrics.watch(log.samples)
    loop_lag = LoopLag(metrics)
    metrics.watch(records.samples)
    verifier = create_verifier(settings, pool, metrics, now)
    signature = Signature(*settings.webhook_secret)
    webhooks = _webhooks(settings, signature, shared, metrics) if settings.webhook_secret else None
    taken: dict[str, Callable[[Any], None]] = {"webhook_secret": signature.change}
    if isinstance(verifier, SharedSecretVerifier):
        taken["token_secret"] = verifier.change
    secrets = SecretReload(settings, environment, taken)
    health = Health("liveops-gateway", __version__, lambda: {"store": shared.store_state(), "records": records.trouble})
    connections = Connections(limit=settings.subscriptions, of_players=limits.streams, call_later=call_later)
    metrics.watch(connections.samples)

    async def reload() -> None:
        secrets.reload()
        await documents.reload()

    async def drain() -> None:
        health.set_unready()
        await connections.drain()
        await services.tracker.aclose()

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            # Closed from the last to the first, each even where another fails: what is used by others comes first.
            closing.push_async_callback(records.aclose)
            if shared.store is not None:
                closing.push_async_callback(shared.store.aclose)
            closing.push_async_callback(pool.aclose)
            if traces is not None:
                closing.push_async_callback(traces.aclose)
            if isinstance(verifier, KeySetVerifier):
                closing.push_async_callback(verifier.aclose)
            for service in (
                services.cache,
                services.writes_in_flight,
                services.idempotent_in_flight,
                services.background_tracking,
            ):
                closing.push_async_callback(service.aclose)
            if webhooks is not None:
                closing.push_async_callback(webhooks.aclose)
            closing.push_async_callback(drain)
            if workers is not None:
                await closing.enter_async_context(workers.shared())
            await closing.enter_async_context(loop_lag.measured())
            shared.start()
            health.is_ready = True
            yield

    operation_metrics = OperationMetrics(metrics)
    executor = GraphQLEngine(
        document_bytes=DOCUMENT_BYTES,
        allow_suggestions=settings.graphiql,
        allow_introspection=settings.introspection,
    )
    documents = _documents(settings, executor)
    metrics.watch(documents.usage.samples)
    identity = create_identity(settings, verifier)
    operations = Operations(
        executor=executor,
        documents=documents,
        identity=identity,
        services=services,
        payment_page=PaymentPage(settings.payment_mode, settings.payment_url),
        deadlines=Deadlines(settings.query_seconds, settings.mutation_seconds),
        metrics=operation_metrics,
        subscriptions=SubscriptionSlots(settings.subscriptions, limits.subscriptions),
    )
    metrics.watch(operations.samples)
    responses: Responses = ResponseCache(max_bytes=settings.response_bytes, clock=monotonic, guard=shared.guard)
    metrics.watch(responses.samples)
    refusals = EarlyRefusals(identity, services, admission, metrics, PlayerTurns(), limits.count_request)
    early_responses = EarlyResponses(
        "/graphql",
        operations,
        responses,
        refusals,
        operation_metrics,
        monotonic,
        root_path=settings.root_path,
        traces=traces,
    )
    stream_tokens = StreamTokens(stream_secret(settings), settings.project_id, clock=now)
    endpoint = GraphQLEndpoint(
        operations, responses, refusals, Streams(connections), stream_tokens, operation_metrics, monotonic
    )
    proxies = trusted_proxies(settings)
    sockets = SocketEndpoint(operations, connections, origins=settings.cors_origins, proxies=proxies, traces=traces)
    graphql = BrowserRedirect(endpoint, GRAPHIQL_PATH) if settings.graphiql else endpoint
    routes: list[BaseRoute] = [
        Route("/graphql", graphql),
        Route("/graphql/", graphql),
        *StreamTokenEndpoint(operations, stream_tokens).routes(),
        Route("/graphql/{document_id}", endpoint),
        WebSocketRoute("/graphql", sockets),
    ]
    admin_routes = [*health.routes(), *(MetricsPage(metrics, workers).routes() if settings.metrics else ())]
    if settings.admin_port is None:
        routes += admin_routes
    if webhooks is not None:
        routes += webhooks.routes()
    if settings.graphiql:
        routes += GraphiQL(examples=load_examples(EXAMPLES), setup=graphiql).routes()
    if graphiql is not None:
        routes.append(Route("/", RedirectResponse("graphiql")))
    router = Router(routes, redirect_slashes=False, lifespan=lifespan)
    others = OptionsResponder(router, routes)
    direct = DirectRoute("/graphql", graphql, sockets, others, root_path=settings.root_path)
    admin = RequestEnvelope(OptionsResponder(Router(admin_routes, redirect_slashes=False), admin_routes))
    return Gateway(
        RequestEnvelope(with_cors(direct, settings.cors_origins, settings.cors_headers), traces=traces),
        admin,
        health.set_unready,
        drain,
        metrics.tally("gateway_connections_refused", "Connections that the server refused.", reason=REASONS).count,
        reload,
        early_responses,
    )


def stream_secret(settings: Settings) -> str:
    """The secret of stream tokens: the one that is set, or that of the store, or a new one."""
    return settings.stream_secret or settings.store_secret or token_urlsafe()


def _documents(settings: Settings, executor: GraphQLEngine) -> DocumentLibrary:
    is_required = settings.documents == "require"
    documents = DocumentLibrary(
        executor,
        folder=settings.documents_dir if settings.documents != "off" else None,
        is_required=is_required,
        automatic=AutomaticDocuments(max_bytes=AUTOMATIC_BYTES) if settings.apq and not is_required else None,
    )
    documents.load()
    return documents


def _webhooks(settings: Settings, signature: Signature, shared: AppServices, metrics: Metrics) -> WebhookEndpoint:
    relay = sources = None
    if settings.webhook_addresses:
        sources = Sources(settings.webhook_addresses, trusted_proxies(settings))
    if settings.webhook_relay_url:
        pool = create_transport(max_connections=RELAY_CONNECTIONS, max_body_bytes=MAX_BACKEND_RESPONSE_BYTES)
        relay = Relay(settings.webhook_relay_url, pool)
    return WebhookEndpoint(
        signature=signature,
        inbox=Inbox(shared.dispatcher, shared.webhooks, relay, is_shared=shared.store is not None),
        sources=sources,
        metrics=metrics,
        answer_seconds=settings.webhook_seconds,
    )
