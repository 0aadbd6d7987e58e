"""The store of a fleet: every port of one process, over one client."""

import os
from collections.abc import Callable

from gateway.concurrency.timers import CallLater
from gateway.store.errors import StoreUnavailable
from gateway.store.fallback import FallbackRecords
from gateway.store.local.memory_records import MemoryRecords
from gateway.store.ports import KEYED_SECONDS, RECENT_SECONDS, EventListener, RecordStore
from gateway.store.settings import StoreSettings
from gateway.store.shared.background import Background
from gateway.store.shared.checks import Finding, StoreCheck, look, unusable
from gateway.store.shared.client import Client
from gateway.store.shared.clock import StoreClock
from gateway.store.shared.confirmations import SharedConfirmations
from gateway.store.shared.epoch import Epoch
from gateway.store.shared.keys import Keys
from gateway.store.shared.metrics import StoreMetrics
from gateway.store.shared.peers import SharedPeers
from gateway.store.shared.publisher import SharedPublisher
from gateway.store.shared.reader import BusReader
from gateway.store.shared.records import SharedRecords
from gateway.store.shared.silence import Silence
from gateway.store.shared.tickets import SharedTickets
from gateway.store.shared.webhooks import SharedWebhooks
from gateway.store.tags import Tags
from gateway.telemetry.metrics import Metrics

SENDER_BYTES = 8


class SharedStore:
    """Everything of a process that talks to the store; nothing is asked of it before `start` or the first call.

    `monotonic` is the clock that loads are timed by.
    """

    def __init__(
        self,
        settings: StoreSettings,
        project_id: int,
        metrics: Metrics,
        *,
        monotonic: Callable[[], float],
        call_later: CallLater,
    ) -> None:
        self._call_later = call_later
        self._sender = os.urandom(SENDER_BYTES)
        self._metrics = StoreMetrics(metrics)
        self._client = Client(settings, StoreClock(), self._metrics)
        self.tags = Tags(settings.secret)
        self._keys = Keys(project_id, self.tags)
        self._epoch = Epoch(self._client, self._keys)
        self._background = Background(self._metrics)
        self._reader: BusReader | None = None
        self.silence = Silence(settings.stale_seconds, clock=monotonic)
        self.confirmations = SharedConfirmations(self._client, self._keys)
        publisher = SharedPublisher(self._client, self._keys, sender=self._sender)
        self.peers = SharedPeers(publisher, self.confirmations, self._background)
        is_local = settings.down == "local"
        self.records = self._records("k", KEYED_SECONDS, is_local=is_local)
        self.recent_writes = self._records("w", RECENT_SECONDS, is_local=is_local)
        self.webhooks = SharedWebhooks(self._client, self._keys, sender=self._sender)
        self.tickets = SharedTickets(self._client, self._keys, sender=self._sender)

    @property
    def is_up(self) -> bool:
        """Whether the store answered the last command."""
        return self._metrics.is_up

    def start(self, listener: EventListener) -> None:
        """Begin to receive the other processes' events."""
        self._reader = BusReader(
            self._client,
            self._keys,
            self._epoch,
            self.silence,
            listener,
            sender=self._sender,
            call_later=self._call_later,
        )
        self._reader.start()

    async def aclose(self) -> None:
        """Stop receiving, finish what is being published, and close all connections."""
        if self._reader is not None:
            await self._reader.aclose()
        await self.peers.aclose()
        await self._background.aclose()
        await self._client.aclose()

    def _records(self, table: str, seconds: float, *, is_local: bool) -> RecordStore:
        shared = SharedRecords(
            self._client,
            self._keys,
            self._epoch,
            self._background,
            sender=self._sender,
            remembered_seconds=seconds,
            table=table,
        )
        if not is_local:
            return shared
        return FallbackRecords(shared, MemoryRecords(remembered_seconds=seconds), self.peers, self._metrics)


async def check_store(settings: StoreSettings, project_id: int) -> None:
    """Look at a store before it is used. Raises StoreUnusable."""
    client = Client(settings, StoreClock(), StoreMetrics(Metrics()))
    try:
        epoch = Epoch(client, Keys(project_id, Tags(settings.secret)))
        await StoreCheck(client, epoch, settings).run()
    finally:
        await client.aclose()


async def look_at_store(settings: StoreSettings) -> list[Finding]:
    """What is wrong with a store, found without writing anything. Raises StoreUnusable where it does not answer."""
    client = Client(settings, StoreClock(), StoreMetrics(Metrics()))
    try:
        return await look(client)
    except StoreUnavailable as error:
        raise unusable(error) from None
    finally:
        await client.aclose()
