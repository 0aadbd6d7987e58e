"""Which statuses of an order an owner was told, so that polls, several devices and webhooks tell each only once."""

from cachetools import LRUCache

from gateway.cache.keys import Owner
from gateway.domain.order_status import CHAIN_CHANGING_STATUSES, rank
from gateway.events.changes import ChangeReason


class OrderNotices:
    """The furthest status that each owner was told, for the latest `most_orders` of them."""

    def __init__(self, *, most_orders: int = 10_000) -> None:
        self._notified: LRUCache[tuple[Owner, int], int] = LRUCache(most_orders)

    def mark_notified(self, owner: Owner, order_id: int, status: str) -> bool:
        """Note that the owner is told the status; False where it changes no chains, or the owner knows it already."""
        if status not in CHAIN_CHANGING_STATUSES or rank(status) <= self._notified.get((owner, order_id), -1):
            return False
        self._notified[owner, order_id] = rank(status)
        return True


def reason_of(status: str) -> ChangeReason:
    """Why chains change with an order of this status."""
    if status in {"paid", "done"}:
        return ChangeReason.ORDER_PAID
    return ChangeReason.ORDER_CANCELED if status == "canceled" else ChangeReason.OTHER
