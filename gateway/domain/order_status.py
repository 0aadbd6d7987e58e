"""The sequence of an order's states, whether a webhook or a read reports them (client contract, 5.2)."""

from gateway.domain.models import Order

NEW = "new"
"""What an order is when it was placed."""

TERMINAL_STATUSES = frozenset({"done", "canceled"})
"""Statuses that never change; `expired` may still turn into `paid`."""

CHAIN_CHANGING_STATUSES = TERMINAL_STATUSES | {"paid"}
"""Statuses that come with a change in the player's chains."""

_RANKS = {NEW: 0, "expired": 1, "paid": 2, "done": 3, "canceled": 4}
"""A canceled order was paid or granted before: the payment was returned."""


def rank(status: str) -> int:
    """How far a status is; one that the vendor added later may still come before any other."""
    return _RANKS.get(status, _RANKS[NEW])


def is_known(status: str) -> bool:
    """Whether the contract names the status."""
    return status in _RANKS


def is_terminal(order: Order) -> bool:
    """Whether the order stays as it is."""
    return order.status in TERMINAL_STATUSES


def advanced(known: Order, seen: Order) -> Order:
    """The newer of two states of an order: an earlier state tells nothing new.

    A webhook and a read may overtake each other, and a webhook may come twice. Of two states that are equally far the
    one seen last counts.
    """
    return seen if rank(seen.status) >= rank(known.status) else known


def is_past(order: Order, status: str) -> bool:
    """Whether the order has left a status behind; an empty one stands for all that the contract does not name.

    An order that is still before the status has not: another source reported the status earlier than this one.
    """
    if is_known(order.status):
        return order.status != status and rank(order.status) >= rank(status)
    return bool(status) and rank(status) == rank(order.status) and order.status != status
