"""What all players share, and for how long what they read is kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.admission.open_limit import OpenLimit
from gateway.admission.rate_limits import RateLimits, Rates
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.domain.payment import OrderMode
from gateway.domain.prices import PriceTexts
from gateway.events.bus import Bus, LocalBus
from gateway.events.order_notices import OrderNotices
from gateway.events.player_directory import PlayerDirectory
from gateway.identity.languages import LanguageReader
from gateway.orders.background import BackgroundTracking
from gateway.orders.tracker import OrderTracker
from gateway.player.balance_prefetch import BalancePrefetch
from gateway.player.chain_boundaries import ChainBoundaries
from gateway.player.held_reads import HeldReads
from gateway.player.recent_writes import RecentWrites, WriteKey
from gateway.player.refreshes import Refreshes
from gateway.records.database import Database
from gateway.store.local.confirmations import LocalConfirmations
from gateway.store.local.peers import LocalPeers
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.ports import Confirmations, Peers, RecordStore
from gateway.store.tags import Tags
from gateway.store.waiting import AnswerSignals, AnswerWaiter
from gateway.upstream.client import Client


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """For how many seconds answers are kept; 0 asks the upstream each time."""

    chains_seconds: float = 15
    balance_seconds: float = 5
    terminal_order_seconds: float = 3600
    contributors_seconds: float = 0
    catalog_seconds: float = 60
    stale_seconds: float = 0
    """For how long from its reading a value is shown in need: where it cannot be read again."""


@dataclass(frozen=True, slots=True)
class Services:
    """What all players share; made once by the composition root.

    `read_seconds` bounds each read of those who wait for longer than a request may take, `reads_per_operation` the
    upstream reads of each operation; None is no bound. `shared_recent_writes` are
    those of a fleet without a key; a process alone goes by its `recent_writes`.
    """

    client: Client
    cache: UserCache
    writes_in_flight: SingleFlight[WriteKey]
    lifetimes: Lifetimes = Lifetimes()
    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    bus: Bus = field(default_factory=LocalBus)
    directory: PlayerDirectory = field(default_factory=PlayerDirectory)
    order_notices: OrderNotices = field(default_factory=OrderNotices)
    tracker: OrderTracker = field(default_factory=OrderTracker)
    read_seconds: float = 3
    reads_per_operation: int | None = None
    recent_writes: RecentWrites = field(default_factory=RecentWrites)
    idempotent_in_flight: SingleFlight[bytes] = field(default_factory=SingleFlight)
    idempotency: RecordStore = field(default_factory=lambda: SqliteRecords(Database()))
    shared_recent_writes: RecordStore | None = None
    answers: AnswerWaiter = field(default_factory=lambda: AnswerWaiter(AnswerSignals(), Tags(), time.monotonic))
    confirmations: Confirmations = field(default_factory=LocalConfirmations)
    peers: Peers = field(default_factory=LocalPeers)
    order_mode: OrderMode = OrderMode.GATEWAY
    catalog_is_personal: bool = False
    background_tracking: BackgroundTracking = field(default_factory=BackgroundTracking)
    price_texts: PriceTexts = field(default_factory=PriceTexts)
    languages: LanguageReader = field(default_factory=LanguageReader)
    refreshes: Refreshes = field(default_factory=Refreshes)
    balance_prefetch: BalancePrefetch = field(default_factory=BalancePrefetch)
    chain_boundaries: ChainBoundaries = field(default_factory=ChainBoundaries)
    held_reads: HeldReads = field(default_factory=HeldReads)
    rate_limits: RateLimits = field(default_factory=lambda: RateLimits(Rates(), time.monotonic))
    watched_orders: OpenLimit = field(default_factory=lambda: OpenLimit("waits for orders", None))
    followed_orders: OpenLimit = field(default_factory=lambda: OpenLimit("orders under way", None))
