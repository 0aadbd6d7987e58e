"""Watching orders: one poller for each order, however many watch it, told of what webhooks bring meanwhile.

Short polling is what the vendor gives (client contract, 5.4): every 3 seconds, for 10 minutes, until a terminal status.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from gateway.concurrency.timers import CallLater, Timer, call_later
from gateway.domain.models import Order
from gateway.domain.order_status import advanced, is_terminal
from gateway.errors import Overloaded, RateLimited, Refusal, UpstreamError
from gateway.telemetry.metrics import Sample

Read = Callable[[], Awaitable[Order | None]]
"""Reads an order with one watcher's credential; None where the upstream does not know it."""

LONGEST_BACKOFF_SECONDS = 30
"""Between two reads of an order while they fail, unless the upstream asks for more."""

JITTER = 0.25
"""The part of a pause after a failure that is left to chance, so that pollers do not come back all at once."""


class TrackingEnded(Exception):
    """The order is not watched any more: its time is over, or the tracker was closed."""


class OrderTracker:
    """Watches over orders that are under way; for one event loop, used from its thread only.

    An order is read every `interval_seconds` while somebody watches it, and a watch lasts `limit_seconds` at most.
    `chance` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        *,
        interval_seconds: float = 3,
        limit_seconds: float = 600,
        call_later: CallLater = call_later,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.interval_seconds = interval_seconds
        self.limit_seconds = limit_seconds
        self.call_later = call_later
        self._chance = chance
        self._tracked: dict[int, _Tracked] = {}
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

    def watch(self, order: Order, read: Read) -> "Watch":
        """A watch over an order that the watcher has just read with `read`; it begins when its context is entered."""
        return Watch(self, order, read)

    def tell(self, order_id: int, status: str) -> None:
        """Let an order's watchers know what a webhook says, and read the rest of it at once."""
        tracked = self._tracked.get(order_id)
        if tracked is not None and tracked.see(replace(tracked.order, status=status)):
            tracked.hurry()
            self._settle(tracked)

    async def aclose(self) -> None:
        """End all watches and pollers; watches that begin later end at once."""
        self._is_closed = True
        for tracked in tuple(self._tracked.values()):
            for watch in tuple(tracked.watches):
                watch.end(TrackingEnded())
        await asyncio.gather(*self._pollers, return_exceptions=True)

    def add(self, watch: "Watch") -> None:
        """Let a watch begin."""
        if self._is_closed:
            watch.end(TrackingEnded())
            return
        tracked = self._tracked.setdefault(watch.order.order_id, _Tracked(watch.order))
        tracked.see(watch.order)
        tracked.watches[watch] = None
        watch.hear(tracked.order)
        self._settle(tracked)

    def remove(self, watch: "Watch") -> None:
        """Let a watch be over; harmless when it is."""
        tracked = self._tracked.get(watch.order.order_id)
        if tracked is not None and watch in tracked.watches:
            del tracked.watches[watch]
            self._settle(tracked)

    def _settle(self, tracked: "_Tracked") -> None:
        """Have a poller exactly where one is needed."""
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

    async def _poll(self, tracked: "_Tracked") -> None:
        """Read the order again and again, while anybody watches it."""
        seconds, failures = self.interval_seconds, 0
        while tracked.watches:
            await self._pause(tracked, seconds, is_short=failures == 0)
            # The one who has watched longest; when he has left meanwhile, what he reads still serves the others.
            watch = next(iter(tracked.watches))
            try:
                order = await watch.read()
            except (UpstreamError, Overloaded, Refusal) as error:
                failures += 1
                seconds = self._backoff(failures, error)
            except Exception as error:
                # His credential is not taken any more, and another's may be.
                watch.end(error)
                seconds = 0
            else:
                failures = 0 if order else failures + 1
                seconds = self.interval_seconds if order else self._backoff(failures)
                if order and tracked.see(order):
                    self._settle(tracked)

    async def _pause(self, tracked: "_Tracked", seconds: float, *, is_short: bool) -> None:
        """Wait so long; a short pause ends when somebody hurries, one after a failure does not."""
        if not seconds:
            return
        is_over = tracked.is_due if is_short else asyncio.Event()
        timer = self.call_later(seconds, is_over.set)
        try:
            await is_over.wait()
        finally:
            timer.cancel()
        tracked.is_due.clear()

    def _backoff(self, failures: int, error: Exception | None = None) -> float:
        """How long to wait after so many failures in a row: twice as long each time, or as the upstream asks."""
        longest = min(self.interval_seconds * 2.0 ** min(failures, 10), LONGEST_BACKOFF_SECONDS)
        seconds = max(longest * (1 - JITTER * self._chance()), self.interval_seconds)
        return max(seconds, error.retry_after_seconds) if isinstance(error, RateLimited) else seconds


class Watch:
    """One watcher of an order, from when its context is entered until it is left; `next` is for one waiter at a time.

    Nothing is queued: who comes late finds the latest state.
    """

    def __init__(self, tracker: OrderTracker, order: Order, read: Read) -> None:
        self.order = order
        self.read = read
        self._tracker = tracker
        self._latest = order
        self._news = asyncio.Event()
        self._ended_by: Exception | None = None

    def __enter__(self) -> Self:
        self._timer: Timer = self._tracker.call_later(self._tracker.limit_seconds, self._expire)
        self._tracker.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._tracker.remove(self)

    async def next(self) -> Order:
        """Wait for the order to be other than it was; answers its latest state.

        Raises TrackingEnded, or what the upstream says of the watcher's credential.
        """
        while self.order == self._latest:
            if self._ended_by is not None:
                raise self._ended_by
            self._news.clear()
            await self._news.wait()
        self.order = self._latest
        return self.order

    def hear(self, order: Order) -> None:
        """Take in the order's latest state."""
        self._latest = order
        self._news.set()

    def end(self, error: Exception) -> None:
        """Let the watch be over, and tell the waiter so once he has what was news until now."""
        self._timer.cancel()
        self._tracker.remove(self)
        self._ended_by = error
        self._news.set()

    def _expire(self) -> None:
        self.end(TrackingEnded())


class _Tracked:
    """One order that is watched: the furthest that anybody saw it, its watches in the order they came, its poller."""

    __slots__ = ("is_due", "order", "poller", "watches")

    def __init__(self, order: Order) -> None:
        self.order = order
        self.watches: dict[Watch, None] = {}
        self.poller: asyncio.Task[None] | None = None
        self.is_due = asyncio.Event()

    def see(self, order: Order) -> bool:
        """Take in a state of the order; answers whether it is news."""
        known, self.order = self.order, advanced(self.order, order)
        if self.order == known:
            return False
        for watch in self.watches:
            watch.hear(self.order)
        return True

    def hurry(self) -> None:
        """Let the order be read at once rather than at its time."""
        self.is_due.set()
