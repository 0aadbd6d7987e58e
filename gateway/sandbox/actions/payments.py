"""Paying, cancelling and refunding an order: what the payment page and the vendor's support do."""

from gateway.sandbox.actions.item_orders import order_points
from gateway.sandbox.actions.offer_steps import payable_step
from gateway.sandbox.domain.rules import OrderStatus, can_transition
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.orders import Order, transition_order
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.points import grant_points, purchase_points, revoke_points
from gateway.sandbox.storage.step_claims import record_claim

TOKEN_SECONDS = 86_400
"""How long a payment token opens the page (client contract, 5.3)."""


def pay_order(tx: Transaction, player: Player, order: Order) -> Order:
    """Pay the player's order and grant what it is for: `paid`, then `done`.

    An order that is paid already stays as it is, so paying twice grants once. One whose step the player cannot take
    any more takes no money: it is cancelled, or stays expired. An expired one that can still be taken is paid: its
    page was open when a newer order replaced it (client contract, 5.2).
    """
    if not can_transition(order.status, OrderStatus.PAID):
        return order
    if order.step_id is None:
        return _pay_item_order(tx, player, order)
    available = payable_step(tx, player, order)
    if available is None:
        return transition_order(tx, order, OrderStatus.CANCELED) if order.status is OrderStatus.NEW else order
    paid = transition_order(tx, order, OrderStatus.PAID)
    record_claim(tx, available.chain, available.step, paid)
    grant_points(tx, player, paid, purchase_points(available.item, available.part.quantity))
    return transition_order(tx, paid, OrderStatus.DONE)


def _pay_item_order(tx: Transaction, player: Player, order: Order) -> Order:
    paid = transition_order(tx, order, OrderStatus.PAID)
    grant_points(tx, player, paid, order_points(tx, paid))
    return transition_order(tx, paid, OrderStatus.DONE)


def cancel_order(tx: Transaction, order: Order) -> Order:
    """Cancel an unpaid order; raises RefusedError for any other."""
    if order.status is not OrderStatus.NEW:
        raise RefusedError(f"The order is {order.status}")
    return transition_order(tx, order, OrderStatus.CANCELED)


def refund_order(tx: Transaction, order: Order) -> Order:
    """Give the money of a paid order back: it is canceled; raises RefusedError for any other.

    What else a refund undoes is not documented. Here the player no longer owns the items, and the points that the
    order gave, where they still count, are taken back. The step stays taken, or a chain would open a step anew behind
    steps taken after it; rewards that the points have unlocked and that were claimed stay as well.
    """
    if order.price is None or order.status is not OrderStatus.DONE:
        raise RefusedError(f"The order is {'free' if order.price is None else order.status}")
    revoke_points(tx, order)
    return transition_order(tx, order, OrderStatus.CANCELED)
