"""What a webhook does: it invalidates the player's cached values and notifies their listeners and order watchers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.domain.order_status import CHAIN_CHANGING_STATUSES
from gateway.events.bus import Bus
from gateway.events.changes import Change, ChangeReason
from gateway.events.order_notices import OrderNotices, reason_of
from gateway.events.player_directory import PlayerDirectory
from gateway.store.events import Event, Kind
from gateway.store.ports import Peers, RecordStore
from gateway.webhooks.parse import Webhook


class OrderWatchers(Protocol):
    """The callers who wait for an order's next status."""

    def report_status(self, order_id: int, status: str) -> None:
        """Report a status to them; one older than theirs changes nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Applies webhooks, and publishes them to the other processes of a fleet.

    Applying one twice, late, or in another order gives the same state.

    `lost_orders` holds writes whose answers were lost, so that it is unknown whether their orders exist.
    """

    cache: UserCache
    bus: Bus
    directory: PlayerDirectory
    order_notices: OrderNotices
    watchers: OrderWatchers
    lost_orders: RecordStore
    peers: Peers

    async def apply(self, webhook: Webhook) -> None:
        """Apply a signed webhook. Kinds that ask a question have no effect.

        Listeners are notified before anything is awaited. Raises RecordsFailed.
        """
        if webhook.order_id is not None:
            is_known = bool(self.directory.owners_of_order(webhook.order_id))
            status = _status(webhook)
            self._apply_status(webhook, webhook.order_id, status)
            await self.peers.send(
                Event(Kind.ORDER, player_id=webhook.player_id, order_id=webhook.order_id, status=status)
            )
            # An order that a credential placed or read through the gateway is not a lost one.
            if webhook.player_id is not None and not is_known:
                await self.lost_orders.give_order(webhook.player_id, webhook.order_id, webhook.skus)
        elif webhook.is_event and webhook.player_id is not None:
            reason = ChangeReason.ORDER_CANCELED if webhook.is_refund else ChangeReason.ORDER_PAID
            change = Change(frozenset({reason}))
            self.tell(self.directory.owners(webhook.player_id), change)
            await self.peers.send(Event(Kind.END, player_id=webhook.player_id, change=change))

    def _apply_status(self, webhook: Webhook, order_id: int, status: str) -> None:
        owners = set(self.directory.owners_of_order(order_id))
        if webhook.player_id is not None:
            # An owner who knows the order is this player. Opaque credentials, which name nobody, are found in this way.
            for owner in owners:
                self.directory.link(webhook.player_id, owner)
            owners.update(self.directory.owners(webhook.player_id))
        self.tell_status(owners, order_id, status)

    def tell_status(self, owners: Iterable[Owner], order_id: int, status: str) -> None:
        """Notify owners who do not know this status of an order yet, and everyone who waits for the order."""
        to_notify = [owner for owner in owners if self.order_notices.mark_notified(owner, order_id, status)]
        self.tell(to_notify, Change(frozenset({reason_of(status)})))
        self.watchers.report_status(order_id, status)

    def tell(self, owners: Iterable[Owner], change: Change) -> None:
        """Drop what is cached of owners, and notify their listeners."""
        for owner in owners:
            self.cache.invalidate(owner)
            self.bus.publish(owner, change)


def _status(webhook: Webhook) -> str:
    """The status that an order webhook reports: its own, but at least `paid`; a cancellation is always `canceled`."""
    if webhook.is_refund:
        return "canceled"
    return webhook.status if webhook.status in CHAIN_CHANGING_STATUSES else "paid"
