"""What all players share, built for a process that is alone or for one of a fleet."""

from dataclasses import dataclass, replace

from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.events.bus import LocalBus
from gateway.events.player_directory import PlayerDirectory
from gateway.fleet.guard import FleetGuard
from gateway.fleet.holds import Holds
from gateway.fleet.owner_names import OwnerNames
from gateway.fleet.peer_listener import PeerListener
from gateway.limits_setup import PlayerLimits
from gateway.orders.tracker import OrderTracker
from gateway.player.held_reads import HeldReads
from gateway.player.recent_writes import RecentWrites
from gateway.player.refreshes import Refreshes
from gateway.player.services import Lifetimes, Services
from gateway.records.database import Database
from gateway.records.webhooks import WebhookTable
from gateway.settings import Settings
from gateway.store.local.confirmations import LocalConfirmations
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.local.tickets import LocalTickets
from gateway.store.local.webhooks import LocalWebhooks
from gateway.store.ports import Tickets, WebhookStore
from gateway.store.shared.store import SharedStore
from gateway.store.tags import Tags
from gateway.store.waiting import AnswerSignals, AnswerWaiter
from gateway.telemetry.metrics import Metrics
from gateway.upstream.client import Client
from gateway.upstream_setup import Clocks
from gateway.webhooks.dispatch import Dispatcher


@dataclass(frozen=True, slots=True)
class AppServices:
    """What all players share, how webhooks reach them, and of a process in a fleet its store and what it hears with."""

    services: Services
    dispatcher: Dispatcher
    webhooks: WebhookStore
    guard: FleetGuard | None = None
    store: SharedStore | None = None
    listener: PeerListener | None = None

    def store_state(self) -> str | None:
        """Whether the store is `up` or `down`; None without one."""
        if self.store is None:
            return None
        return "up" if self.store.is_up else "down"

    def start(self) -> None:
        """Begin to hear of the other processes of the fleet, if there is one."""
        if self.store is not None and self.listener is not None:
            self.store.start(self.listener)


def create_services(
    settings: Settings, client: Client, records: Database, metrics: Metrics, clocks: Clocks, limits: PlayerLimits
) -> AppServices:
    """Everything that players share. `records` is what one process remembers; the store of a fleet takes its place."""
    services = _alone(settings, client, records, clocks, limits)
    if settings.store is not None:
        store = SharedStore(
            settings.store, settings.project_id, metrics, monotonic=clocks.monotonic, call_later=clocks.call_later
        )
        return _in_fleet(services, store, settings, clocks)
    return AppServices(services, _dispatcher(services), LocalWebhooks(WebhookTable(records, now=clocks.now)))


def _alone(settings: Settings, client: Client, records: Database, clocks: Clocks, limits: PlayerLimits) -> Services:
    return Services(
        client,
        cache=UserCache(max_bytes=settings.cache_bytes, clock=clocks.monotonic),
        writes_in_flight=SingleFlight(),
        lifetimes=Lifetimes(
            chains_seconds=settings.cache_chains_seconds,
            balance_seconds=settings.cache_balance_seconds,
            terminal_order_seconds=settings.cache_order_seconds,
            contributors_seconds=settings.cache_contributors_seconds,
            catalog_seconds=settings.cache_catalog_seconds,
            stale_seconds=settings.stale_seconds or 0,
        ),
        now=clocks.now,
        monotonic=clocks.monotonic,
        tracker=_tracker(settings, clocks, LocalTickets(clock=clocks.monotonic)),
        read_seconds=settings.query_seconds,
        reads_per_operation=settings.reads_per_operation,
        recent_writes=RecentWrites(clock=clocks.monotonic),
        refreshes=Refreshes(clock=clocks.monotonic),
        held_reads=HeldReads(clock=clocks.monotonic),
        idempotency=SqliteRecords(records, now=clocks.now),
        answers=AnswerWaiter(AnswerSignals(), Tags(), clocks.monotonic, clocks.call_later),
        confirmations=LocalConfirmations(clock=clocks.monotonic),
        order_mode=settings.order_mode,
        catalog_is_personal=settings.personal_catalog,
        rate_limits=limits.rates,
        watched_orders=limits.watched_orders,
        followed_orders=limits.followed_orders,
    )


def _in_fleet(alone: Services, store: SharedStore, settings: Settings, clocks: Clocks) -> AppServices:
    """The services of a process that shares a store with others."""
    names, holds, signals = OwnerNames(store.tags.owner), Holds(clocks.monotonic), AnswerSignals()
    directory, bus = PlayerDirectory(tag_of=store.tags.player), LocalBus(names.of)
    guard = FleetGuard(store.silence, names, holds, directory)
    services = replace(
        alone,
        cache=UserCache(max_bytes=settings.cache_bytes, clock=clocks.monotonic, guard=guard),
        tracker=_tracker(settings, clocks, store.tickets),
        idempotency=store.records,
        shared_recent_writes=store.recent_writes,
        answers=AnswerWaiter(signals, store.tags, clocks.monotonic, clocks.call_later),
        confirmations=store.confirmations,
        peers=store.peers,
        bus=bus,
        directory=directory,
    )
    dispatcher = _dispatcher(services)
    listener = PeerListener(
        cache=services.cache,
        bus=bus,
        directory=directory,
        dispatcher=dispatcher,
        signals=signals,
        names=names,
        holds=holds,
        guard=guard,
        call_later=clocks.call_later,
    )
    return AppServices(services, dispatcher, store.webhooks, guard, store, listener)


def _tracker(settings: Settings, clocks: Clocks, tickets: Tickets) -> OrderTracker:
    return OrderTracker(
        interval_seconds=settings.order_poll_seconds,
        limit_seconds=settings.order_poll_limit_seconds,
        call_later=clocks.call_later,
        tickets=tickets,
    )


def _dispatcher(services: Services) -> Dispatcher:
    return Dispatcher(
        cache=services.cache,
        bus=services.bus,
        directory=services.directory,
        order_notices=services.order_notices,
        watchers=services.tracker,
        lost_orders=services.idempotency,
        peers=services.peers,
    )
