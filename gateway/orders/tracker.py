"""Watching orders: one poller for each order, however many watch it; webhooks bring statuses in between.

Short polling is what the vendor gives (client contract, 5.4): every 3 seconds, for 10 minutes, until a terminal status.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from gateway.concurrency.timers import CallLater, Timer, call_later
from gateway.domain.models import Order
from gateway.domain.order_status import advanced, is_terminal
from gateway.errors import GatewayError, Overloaded, Refusal, UpstreamError
from gateway.errors.internal import TrackingEnded
from gateway.store.ports import Tickets
from gateway.telemetry.metrics import Sample

Read = Callable[[], Awaitable[Order | None]]
"""Reads an order with one watcher's credential; None where the upstream does not know it."""

LONGEST_BACKOFF_SECONDS = 30
"""Between two reads of an order while they fail, unless the upstream asks for more."""

LONGEST_ASKED_SECONDS = 300
"""Between two reads when the upstream asks for more than that (`Retry-After`); clients are told all of it."""

TICKET_SHORTER_SECONDS = 0.2
"""By how much a poll's ticket is shorter than the interval, so that the same process is on time for its next one."""

JITTER = 0.25
"""The part of a pause after a failure that is left to chance, so that pollers do not all return at once."""


class OrderTracker:
    """Watches over orders that are under way; for one event loop, used from its thread only.

    An order is read every `interval_seconds` while somebody watches it, and a watch lasts `limit_seconds` at most.
    `chance` gives numbers from 0 to 1. With `tickets` one process of a fleet reads an order in an
    interval.
    """

    def __init__(
        self,
        *,
        interval_seconds: float = 3,
        limit_seconds: float = 600,
        call_later: CallLater = call_later,
        chance: Callable[[], float] = random.random,
        tickets: Tickets | None = None,
    ) -> None:
        self._tickets = tickets
        self.interval_seconds = interval_seconds
        self.limit_seconds = limit_seconds
        self.call_later = call_later
        self._chance = chance
        self._tracked: dict[int, _TrackedOrder] = {}
        self._pollers: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def orders(self) -> int:
        """How many orders are watched now."""
        return len(self._tracked)

    @property
    def pollers(self) -> int:
        """How many pollers run, those included that are about to end."""
        return len(self._pollers)

    def samples(self) -> Iterable[Sample]:
        """How many orders are watched, and by how many."""
        watches = sum(len(tracked.watches) for tracked in self._tracked.values())
        yield Sample("gateway_watched_orders", "Orders that somebody waits for.", len(self._tracked))
        yield Sample("gateway_order_watches", "Waits for an order, any number for each.", watches)

    @contextmanager
    def watch(self, order: Order, read: Read) -> "Iterator[Watch]":
        """Watch an order, which the watcher has just read with `read`, until the context is left."""
        watch = Watch(order, read)
        watch.timer = self.call_later(self.limit_seconds, lambda: self._end(watch, TrackingEnded()))
        self._add(watch)
        try:
            yield watch
        finally:
            self._remove(watch)

    def report_status(self, order_id: int, status: str) -> None:
        """Let an order's watchers know what a webhook says, and read the rest of the order at once."""
        tracked = self._tracked.get(order_id)
        if tracked is not None and tracked.advance(replace(tracked.order, status=status)):
            tracked.is_due.set()
            self._adjust_poller(tracked)

    async def aclose(self) -> None:
        """End all watches and pollers; watches that begin later end at once."""
        self._is_closed = True
        for tracked in tuple(self._tracked.values()):
            for watch in tuple(tracked.watches):
                self._end(watch, TrackingEnded())
        await asyncio.gather(*self._pollers, return_exceptions=True)

    def _add(self, watch: "Watch") -> None:
        if self._is_closed:
            self._end(watch, TrackingEnded())
            return
        tracked = self._tracked.setdefault(watch.order.order_id, _TrackedOrder(watch.order))
        tracked.advance(watch.order)
        tracked.watches[watch] = None
        watch.update(tracked.order)
        self._adjust_poller(tracked)

    def _remove(self, watch: "Watch") -> None:
        """Stop updating a watch; harmless when that is done."""
        watch.timer.cancel()
        tracked = self._tracked.get(watch.order.order_id)
        if tracked is not None and watch in tracked.watches:
            del tracked.watches[watch]
            self._adjust_poller(tracked)

    def _end(self, watch: "Watch", error: Exception) -> None:
        self._remove(watch)
        watch.fail(error)

    def _adjust_poller(self, tracked: "_TrackedOrder") -> None:
        """Run a poller exactly where one is needed."""
        if not tracked.watches:
            del self._tracked[tracked.order.order_id]
        if not tracked.watches or is_terminal(tracked.order):
            if tracked.poller is not None:
                tracked.poller.cancel()
                tracked.poller = None
        elif tracked.poller is None:
            tracked.poller = asyncio.create_task(self._poll(tracked))
            self._pollers.add(tracked.poller)
            tracked.poller.add_done_callback(self._pollers.discard)

    async def _poll(self, tracked: "_TrackedOrder") -> None:
        """Read the order again and again, while anybody watches it."""
        seconds, failures = self.interval_seconds, 0
        while tracked.watches:
            is_hurried = await self._pause(tracked, seconds, is_short=failures == 0)
            if not is_hurried and not await self._may_read(tracked.order.order_id):
                seconds = self.interval_seconds
                continue
            # The one who has watched longest; when they leave meanwhile, what they read still serves the others.
            watch = next(iter(tracked.watches))
            try:
                order = await watch.read()
            except (UpstreamError, Overloaded, Refusal) as error:
                failures += 1
                seconds = await self._backed_off(tracked.order.order_id, self._backoff(failures, error))
            except Exception as error:
                # This watcher's credential is not accepted any more, and another's may be.
                self._end(watch, error)
                seconds = 0
            else:
                failures = 0 if order else failures + 1
                seconds = self.interval_seconds if order else self._backoff(failures)
                if order and tracked.advance(order):
                    self._adjust_poller(tracked)

    async def _may_read(self, order_id: int) -> bool:
        """Whether no other process reads the order in this interval."""
        if self._tickets is None:
            return True
        return await self._tickets.take(order_id, max(self.interval_seconds - TICKET_SHORTER_SECONDS, 0.1))

    async def _backed_off(self, order_id: int, seconds: float) -> float:
        """Let no process read the order for so many seconds."""
        if self._tickets is not None:
            await self._tickets.hold(order_id, seconds - TICKET_SHORTER_SECONDS)
        return seconds

    async def _pause(self, tracked: "_TrackedOrder", seconds: float, *, is_short: bool) -> bool:
        """Wait so long, and say whether the pause ended early, because a webhook reports a status.

        A pause after a failure does not.
        """
        if not seconds:
            return True
        is_over, is_early = tracked.is_due if is_short else asyncio.Event(), True

        def end() -> None:
            nonlocal is_early
            is_early = False
            is_over.set()

        timer = self.call_later(seconds, end)
        try:
            await is_over.wait()
        finally:
            timer.cancel()
        tracked.is_due.clear()
        return is_early

    def _backoff(self, failures: int, error: Exception | None = None) -> float:
        """How long to wait after so many failures in a row: twice as long each time, or as the upstream asks."""
        longest = min(self.interval_seconds * 2.0 ** min(failures, 10), LONGEST_BACKOFF_SECONDS)
        seconds = max(longest * (1 - JITTER * self._chance()), self.interval_seconds)
        asked = error.retry_after_seconds if isinstance(error, GatewayError) else None
        return max(seconds, min(asked or 0, LONGEST_ASKED_SECONDS))


class Watch:
    """One watcher of an order; `next` is for one waiter at a time.

    Nothing is queued: a slow watcher finds the latest state.
    """

    timer: Timer
    """Ends the watch when it has lasted long enough."""

    def __init__(self, order: Order, read: Read) -> None:
        self.order = order
        self.read = read
        self._latest = order
        self._has_changed = asyncio.Event()
        self._error: Exception | None = None

    async def next(self) -> Order:
        """Wait for the order to be other than it was; gives its latest state.

        Raises TrackingEnded, or what the upstream says of the watcher's credential.
        """
        while self.order == self._latest:
            if self._error is not None:
                raise self._error
            self._has_changed.clear()
            await self._has_changed.wait()
        self.order = self._latest
        return self.order

    def update(self, order: Order) -> None:
        """Take in the order's latest state."""
        self._latest = order
        self._has_changed.set()

    def fail(self, error: Exception) -> None:
        """Raise this error to the waiter, once they were given the latest state."""
        self._error = error
        self._has_changed.set()


class _TrackedOrder:
    """One order that is watched: the furthest that anybody saw it, its watches in the order they came, its poller."""

    __slots__ = ("is_due", "order", "poller", "watches")

    def __init__(self, order: Order) -> None:
        self.order = order
        self.watches: dict[Watch, None] = {}
        self.poller: asyncio.Task[None] | None = None
        self.is_due = asyncio.Event()
        """Set when the order is to be read at once rather than at its time."""

    def advance(self, order: Order) -> bool:
        """Take in a state of the order, and tell the watches; False where nothing is new in it."""
        known, self.order = self.order, advanced(self.order, order)
        if self.order == known:
            return False
        for watch in self.watches:
            watch.update(self.order)
        return True
