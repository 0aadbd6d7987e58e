"""What one player can wait for: an order's next state, and changes of his chains."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from typing import TypeVar

from gateway.concurrency.streams import Stream
from gateway.domain.models import Order
from gateway.domain.order_status import SETTLED_STATUSES, is_past, is_terminal
from gateway.errors import GatewayError, TokenExpired
from gateway.events.changes import Change, ChangeReason
from gateway.orders.tracker import Read, TrackingEnded
from gateway.player.reads import NEVER_FRESH, Reads

T = TypeVar("T")


class Listening(Reads):
    """The waiting doors: they outlast the request's deadline, and end when the player leaves or his token does.

    What is read meanwhile is read through the other doors, each time with a deadline of its own.
    """

    async def watch_order(self, order_id: int) -> Stream[Order] | None:
        """An order as it is, then each new state of it up to a terminal one; None where the player has no such order.

        It ends without a terminal one when the order was watched for as long as orders are. Raises what reading the
        order raises; later on only what says that the credential is not taken any more.
        """
        order = await self.order(order_id)
        if order is None:
            return None
        with ExitStack() as opened:
            watch = opened.enter_context(self._services.tracker.watch(order, self._reader(order_id)))
            told: Order | None = None

            async def take() -> Order:
                nonlocal told
                if told is not None and is_terminal(told):
                    raise StopAsyncIteration
                told = order if told is None else self._noticed(await self._next(watch.next))
                return told

            return Stream(take, opened.pop_all())

    async def track_order(self, order_id: int) -> Order | None:
        """Take in an order that was made without the gateway, and watch over it; None where the player has none such.

        What an order placed here does is done for it: the player's answers are forgotten, and his devices are told.
        """
        order = await self.order(order_id)
        if order is None:
            return None
        self._forget()
        self._tell(Change(frozenset({ChangeReason.ORDER_PLACED})))
        if not is_terminal(order):
            self._services.followers.follow((self.caller.owner, order_id), lambda: self._follow(order))
        return order

    async def _follow(self, order: Order) -> None:
        """Notice what becomes of an order that perhaps nobody watches."""
        with self._services.tracker.watch(order, self._reader(order.order_id)) as watch:
            while not is_terminal(order):
                try:
                    order = self._noticed(await watch.next())
                except (TrackingEnded, GatewayError):
                    return

    async def wait_for_order(self, order_id: int, after: str | None, timeout_seconds: float) -> Order | None:
        """An order once it is past the status `after`, or terminal, or once so many seconds are over.

        Without `after`, that is the status that it has now; an empty one stands for all that the contract does not
        name. None where the player has no such order. Raises what `watch_order` raises.
        """
        self._note(NEVER_FRESH)
        order = await self.order(order_id)
        if order is None:
            return None
        status = order.status if after is None else after
        with self._services.tracker.watch(order, self._reader(order_id)) as watch:
            try:
                async with self._while_wanted(timeout_seconds):
                    while not (is_past(order, status) or is_terminal(order)):
                        order = self._noticed(await watch.next())
            except (TimeoutError, TrackingEnded):
                pass
        return order

    async def changes(self) -> Stream[Change]:
        """What changes for the player from now on. Raises what `confirm` raises."""
        with ExitStack() as opened:
            # Heard from before the credential is confirmed, so that nothing is missed meanwhile.
            listener = opened.enter_context(self._services.bus.listen(self.caller.owner))
            await self.confirm()
            opened.enter_context(self._services.directory.hold(self.caller.owner))
            return Stream(partial(self._next, listener.next), opened.pop_all())

    async def _next(self, source: Callable[[], Awaitable[T]]) -> T:
        """The next value of a source. Raises TokenExpired, and StopAsyncIteration when there are no more."""
        try:
            async with self._while_wanted():
                return await source()
        except (TimeoutError, TrackingEnded):
            raise StopAsyncIteration from None

    @asynccontextmanager
    async def _while_wanted(self, seconds: float = float("inf")) -> AsyncIterator[None]:
        """Bound what is awaited inside. Raises TimeoutError then, and when the player leaves; TokenExpired."""
        try:
            async with self._while_here(min(seconds, self._token_seconds_left())):
                yield
        except TimeoutError:
            if self._token_seconds_left() <= 0:
                raise TokenExpired from None
            raise

    def _noticed(self, order: Order) -> Order:
        """Forget the chains that an order has changed: it may not have been this player who read it."""
        if order.status in SETTLED_STATUSES:
            self._settle(order)
        return order

    def _reader(self, order_id: int) -> Read:
        """Reads the order as its own door does, each time as if the player had just come."""
        return lambda: type(self)(
            self.caller, self._services, deadline=asyncio.get_running_loop().time() + self._services.read_seconds
        ).order(order_id)
