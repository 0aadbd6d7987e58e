"""What one player can wait for: an order's next state, and changes of their chains."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import partial
from typing import TypeVar

from gateway.concurrency.streams import Stream
from gateway.domain.models import Order
from gateway.domain.order_status import NEW, is_past, is_terminal
from gateway.errors import GatewayError
from gateway.errors.internal import TrackingEnded
from gateway.events.changes import Change, ChangeReason
from gateway.orders.tracker import Read
from gateway.player.reads import Reads
from gateway.player.request import NEVER_FRESH, PlayerRequest

T = TypeVar("T")


class Waits:
    """The player's waits: they outlast the request's deadline, and end when it is abandoned or the token expires.

    What is read meanwhile is read as if by a new request, each time with a deadline of its own.
    """

    def __init__(self, request: PlayerRequest, reads: Reads) -> None:
        self._request = request
        self._reads = reads
        self._services = request.services

    async def watch_order(self, order_id: int) -> Stream[Order] | None:
        """An order as it is, then each new state of it up to a terminal one; None where the player has no such order.

        It ends without a terminal one when the order was watched for as long as orders are. Raises what reading the
        order raises; later on only what says that the credential is not accepted any more.
        """
        order = await self._reads.order(order_id)
        if order is None:
            return None
        with ExitStack() as opened:
            opened.enter_context(self._services.watched_orders.take(self._request.caller.owner))
            watch = opened.enter_context(self._services.tracker.watch(order, self._reader(order_id)))
            latest: Order | None = None

            async def take() -> Order:
                nonlocal latest
                if latest is not None and is_terminal(latest):
                    raise StopAsyncIteration
                latest = order if latest is None else self._applied(await self._next(watch.next))
                return latest

            return Stream(take, opened.pop_all())

    async def track_order(self, order_id: int) -> Order | None:
        """Take in an order that was made without the gateway, and follow it; None where the player has none such.

        What happens for an order that is placed here happens for it: the player's cached values are forgotten, and
        their devices are told.
        """
        order = await self._reads.order(order_id)
        if order is None:
            return None
        self._request.forget()
        self._request.publish(Change(frozenset({ChangeReason.ORDER_PLACED})))
        if not is_terminal(order):
            self._follow(order)
        return order

    def follow_order(self, order_id: int) -> None:
        """Follow an order that was just placed."""
        self._follow(Order(order_id, NEW))

    def _follow(self, order: Order) -> None:
        key = (self._request.caller.owner, order.order_id)
        self._services.background_tracking.track(key, lambda: self._track(order))

    async def _track(self, order: Order) -> None:
        """Apply what becomes of an order that perhaps nobody watches, unless the player has too many of them."""
        try:
            with (
                self._services.followed_orders.take(self._request.caller.owner),
                self._services.tracker.watch(order, self._reader(order.order_id)) as watch,
            ):
                while not is_terminal(order):
                    order = self._applied(await watch.next())
        except (TrackingEnded, GatewayError):
            return

    async def wait_for_order(self, order_id: int, after: str | None, timeout_seconds: float) -> Order | None:
        """An order once it is past the status `after`, or terminal, or once so many seconds are over.

        Without `after`, that is the status that it has now; an empty one stands for all that the contract does not
        name. None where the player has no such order. Raises what `watch_order` raises.
        """
        self._request.limit_freshness(NEVER_FRESH)
        self._request.waits_for_order = True
        order = await self._reads.order(order_id)
        if order is None:
            return None
        status = order.status if after is None else after
        with (
            self._services.watched_orders.take(self._request.caller.owner),
            self._services.tracker.watch(order, self._reader(order_id)) as watch,
        ):
            try:
                async with self._request.within(timeout_seconds):
                    while not (is_past(order, status) or is_terminal(order)):
                        order = self._applied(await watch.next())
            except (TimeoutError, TrackingEnded):
                pass
        return order

    async def changes(self) -> Stream[Change]:
        """What changes for the player from now on. Raises what `Reads.confirm` raises."""
        with ExitStack() as opened:
            # Listening begins before the credential is confirmed, so that nothing is missed meanwhile.
            listener = opened.enter_context(self._services.bus.listen(self._request.caller.owner))
            await self._reads.confirm()
            opened.enter_context(self._services.directory.pin(self._request.caller.owner))
            return Stream(partial(self._next, listener.next), opened.pop_all())

    async def _next(self, source: Callable[[], Awaitable[T]]) -> T:
        """The next value of a source. Raises TokenExpired, and StopAsyncIteration when there are no more."""
        try:
            async with self._request.within(float("inf")):
                return await source()
        except (TimeoutError, TrackingEnded):
            raise StopAsyncIteration from None

    def _applied(self, order: Order) -> Order:
        """Apply a status that another watcher, or a webhook, may have brought; gives the order."""
        self._reads.apply_status(order)
        return order

    def _reader(self, order_id: int) -> Read:
        """Reads the order as a new request would: with a deadline of its own."""
        caller, services = self._request.caller, self._services

        def read() -> Awaitable[Order | None]:
            deadline = asyncio.get_running_loop().time() + services.read_seconds
            return Reads(PlayerRequest(caller, services, deadline)).order(order_id)

        return read
