"""What a webhook does: the player's kept answers are forgotten, and whoever listens or waits for him is told."""

from collections.abc import Collection, Iterable
from typing import Protocol

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.domain.order_status import SETTLED_STATUSES
from gateway.events.bus import Bus
from gateway.events.changes import Change, ChangeReason
from gateway.events.order_notices import OrderNotices, reason_of
from gateway.events.player_directory import PlayerDirectory
from gateway.webhooks.parse import Webhook


class Watchers(Protocol):
    """Those who wait for an order's next state."""

    def tell(self, order_id: int, status: str) -> None:
        """Let them know a status; one that is behind what they know changes nothing."""
        ...


class LostOrders(Protocol):
    """Orders whose answer was lost, so that nobody knows their numbers, or whether they were made."""

    async def settle_order(self, player_id: str, order_id: int, skus: Collection[str]) -> bool:
        """Give the order to the player's oldest lost one with these items; answers whether there was one."""
        ...


class Dispatcher:
    """Applies webhooks; doing so twice, late, or in another order ends in the same state."""

    def __init__(
        self,
        *,
        cache: UserCache,
        bus: Bus,
        directory: PlayerDirectory,
        order_notices: OrderNotices,
        watchers: Watchers,
        lost_orders: LostOrders,
    ) -> None:
        self._cache = cache
        self._bus = bus
        self._directory = directory
        self._order_news = order_notices
        self._watchers = watchers
        self._lost_orders = lost_orders

    async def apply(self, webhook: Webhook) -> None:
        """Do what follows from a signed webhook; nothing for kinds that ask something.

        Players are told before anything is awaited. Raises RecordsFailed.
        """
        if webhook.order_id is not None:
            is_known = bool(self._directory.owners_of_order(webhook.order_id))
            self._move_order(webhook, webhook.order_id)
            # An order that a credential placed or read through us is not a lost one, though it may be for the same.
            if webhook.player_id is not None and not is_known:
                await self._lost_orders.settle_order(webhook.player_id, webhook.order_id, webhook.skus)
        elif webhook.is_news and webhook.player_id is not None:
            reason = ChangeReason.ORDER_CANCELED if webhook.is_refund else ChangeReason.ORDER_PAID
            self._tell(self._directory.owners(webhook.player_id), reason)

    def _move_order(self, webhook: Webhook, order_id: int) -> None:
        status = _status(webhook)
        owners = set(self._directory.owners_of_order(order_id))
        if webhook.player_id is not None:
            # Whoever knows the order is this player: that is how opaque credentials, which name nobody, are found.
            for owner in owners:
                self._directory.learn(webhook.player_id, owner)
            owners.update(self._directory.owners(webhook.player_id))
        behind = [owner for owner in owners if self._order_news.is_news(owner, order_id, status)]
        self._tell(behind, reason_of(status))
        self._watchers.tell(order_id, status)

    def _tell(self, owners: Iterable[Owner], reason: ChangeReason) -> None:
        for owner in owners:
            self._cache.invalidate(owner)
            self._bus.publish(owner, Change(frozenset({reason})))


def _status(webhook: Webhook) -> str:
    """The status that an order webhook stands for: its own, and `paid` at least; a cancellation is always one."""
    if webhook.is_refund:
        return "canceled"
    return webhook.status if webhook.status in SETTLED_STATUSES else "paid"
