"""The webhook endpoint on a real socket, with everything behind it in a test's hands."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from starlette.routing import Router

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.events.bus import LocalBus
from gateway.events.order_notices import OrderNotices
from gateway.events.player_directory import PlayerDirectory
from gateway.http.transport import create_transport
from gateway.identity.addresses import Sources
from gateway.orders.tracker import OrderTracker
from gateway.records.database import Database
from gateway.records.webhooks import WebhookTable
from gateway.store.local.peers import LocalPeers
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.local.webhooks import LocalWebhooks
from gateway.telemetry.metrics import Metrics
from gateway.web.webhooks import PATH, WebhookEndpoint
from gateway.webhooks.dispatch import Dispatcher
from gateway.webhooks.inbox import Inbox
from gateway.webhooks.relay import MAX_BACKEND_RESPONSE_BYTES, Relay
from gateway.webhooks.signature import Signature
from tests.support.clock import Clock
from tests.support.stack import serving
from tests.support.webhook_payloads import SECRET, encoded, signed

PHONE, TABLET = Owner("phone"), Owner("tablet")
LONG_TIMEOUT_SECONDS = 60.0
SHORT_TIMEOUT_SECONDS = 0.05


class Receiver:
    """The endpoint twice, over the same inbox: one waits as long as it takes, one gives up nearly at once."""

    def __init__(self, relay: Relay | None, sources: Sources | None, database: Database) -> None:
        self.clock = Clock()
        self.cache = UserCache(max_bytes=100_000, clock=self.clock)
        self.bus, self.directory, self.order_notices = LocalBus(), PlayerDirectory(), OrderNotices()
        self.tracker = OrderTracker(call_later=self.clock.call_later)
        self.database = database
        self.records = WebhookTable(database, now=self.clock)
        self.lost_orders = SqliteRecords(database, now=self.clock)
        dispatcher = Dispatcher(
            cache=self.cache,
            bus=self.bus,
            directory=self.directory,
            order_notices=self.order_notices,
            watchers=self.tracker,
            lost_orders=self.lost_orders,
            peers=LocalPeers(),
        )
        self.inbox = Inbox(dispatcher, LocalWebhooks(self.records), relay)
        self.metrics = Metrics()
        self.with_long_timeout = self._endpoint(sources, self.metrics, LONG_TIMEOUT_SECONDS)
        self.with_short_timeout = self._endpoint(sources, Metrics(), SHORT_TIMEOUT_SECONDS)
        self.http = httpx.AsyncClient()
        self.url = self.short_timeout_url = ""

    def _endpoint(self, sources: Sources | None, metrics: Metrics, seconds: float) -> WebhookEndpoint:
        signature = Signature(SECRET)
        return WebhookEndpoint(
            signature=signature, inbox=self.inbox, sources=sources, metrics=metrics, answer_seconds=seconds
        )

    async def post(
        self, webhook: object, *, headers: Mapping[str, str] | None = None, is_hasty: bool = False
    ) -> httpx.Response:
        """Send a webhook, as the vendor does; bytes go as they are."""
        body = webhook if isinstance(webhook, bytes) else encoded(webhook)
        sent = {"content-type": "application/json", "authorization": signed(body), **(headers or {})}
        return await self.http.post(self.short_timeout_url if is_hasty else self.url, content=body, headers=sent)

    async def status(self, webhook: object, *, is_hasty: bool = False) -> int:
        return (await self.post(webhook, is_hasty=is_hasty)).status_code

    def counted(self) -> dict[tuple[str, str], int]:
        """How often the endpoint with the long timeout counted each kind and outcome."""
        text = self.metrics.exposition("")[0].decode()
        found = {}
        for line in text.splitlines():
            if line.startswith("gateway_webhooks_total{"):
                labels, _, value = line.partition("} ")
                kind, outcome = (label.partition("=")[2].strip('"') for label in labels.partition("{")[2].split(","))
                if float(value):
                    found[kind, outcome] = int(float(value))
        return found


@asynccontextmanager
async def receiving(
    relay_url: str | None = None, *, sources: Sources | None = None, database: Database | None = None
) -> AsyncIterator[Receiver]:
    """Serve the endpoint on free ports, with a relay where an URL is given."""
    pool = create_transport(
        max_body_bytes=MAX_BACKEND_RESPONSE_BYTES, connect_timeout_seconds=30, pool_timeout_seconds=30
    )
    relay = Relay(relay_url, pool, seconds=LONG_TIMEOUT_SECONDS) if relay_url else None
    it = Receiver(relay, sources, database or Database())
    async with AsyncExitStack() as stack:
        stack.push_async_callback(it.database.aclose)
        stack.push_async_callback(it.tracker.aclose)
        stack.push_async_callback(it.with_long_timeout.aclose)
        it.url = await stack.enter_async_context(serving(Router(it.with_long_timeout.routes()))) + PATH
        it.short_timeout_url = await stack.enter_async_context(serving(Router(it.with_short_timeout.routes()))) + PATH
        await stack.enter_async_context(it.http)
        yield it
