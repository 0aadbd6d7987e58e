"""What a webhook does: the player's cached values are forgotten, and their listeners and order watchers are told."""

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
from gateway.records.idempotency import IdempotencyRecords
from gateway.webhooks.parse import Webhook


class OrderWatchers(Protocol):
    """Those who wait for an order's next state."""

    def report_status(self, order_id: int, status: str) -> None:
        """Let them know a status; one that is behind what they know changes nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Applies webhooks; doing so twice, late, or in another order ends in the same state.

    `lost_orders` holds writes whose answer was lost, so that nobody knows whether their orders were made.
    """

    cache: UserCache
    bus: Bus
    directory: PlayerDirectory
    order_notices: OrderNotices
    watchers: OrderWatchers
    lost_orders: IdempotencyRecords

    async def apply(self, webhook: Webhook) -> None:
        """Apply a signed webhook; nothing for kinds that ask something.

        Players are told before anything is awaited. Raises RecordsFailed.
        """
        if webhook.order_id is not None:
            is_known = bool(self.directory.owners_of_order(webhook.order_id))
            self._apply_status(webhook, webhook.order_id)
            # An order that a credential placed or read through us is not a lost one, though it may be for the same.
            if webhook.player_id is not None and not is_known:
                await self.lost_orders.assign_order(webhook.player_id, webhook.order_id, webhook.skus)
        elif webhook.is_event and webhook.player_id is not None:
            reason = ChangeReason.ORDER_CANCELED if webhook.is_refund else ChangeReason.ORDER_PAID
            self._notify(self.directory.owners(webhook.player_id), reason)

    def _apply_status(self, webhook: Webhook, order_id: int) -> None:
        status = _status(webhook)
        owners = set(self.directory.owners_of_order(order_id))
        if webhook.player_id is not None:
            # An owner who knows the order is this player: that is how opaque credentials, which name nobody, are found.
            for owner in owners:
                self.directory.link(webhook.player_id, owner)
            owners.update(self.directory.owners(webhook.player_id))
        untold = [owner for owner in owners if self.order_notices.mark_told(owner, order_id, status)]
        self._notify(untold, reason_of(status))
        self.watchers.report_status(order_id, status)

    def _notify(self, owners: Iterable[Owner], reason: ChangeReason) -> None:
        for owner in owners:
            self.cache.invalidate(owner)
            self.bus.publish(owner, Change(frozenset({reason})))


def _status(webhook: Webhook) -> str:
    """The status that an order webhook stands for: its own, and `paid` at least; a cancellation is always one."""
    if webhook.is_refund:
        return "canceled"
    return webhook.status if webhook.status in CHAIN_CHANGING_STATUSES else "paid"
