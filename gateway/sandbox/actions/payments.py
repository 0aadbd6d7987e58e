"""Pays, cancels and refunds orders, as the payment page and the vendor's support do."""

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

    An order that is paid already stays as it is, so paying twice grants once. An order whose step the player cannot
    claim any more is not charged: it is cancelled, or stays expired. An expired order whose step can still be claimed
    is paid: its page was open when a newer order replaced it (client contract, 5.2).
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
    return transition_order(tx, decline_payment(order), OrderStatus.CANCELED)


def decline_payment(order: Order) -> Order:
    """Let a payment fail: an unpaid order stays as it is, to be paid later; raises RefusedError for any other."""
    if order.status is not OrderStatus.NEW:
        raise RefusedError(f"The order is {order.status}")
    return order


def refund_order(tx: Transaction, order: Order) -> Order:
    """Refund a paid order, which becomes `canceled`; raises RefusedError for any other.

    What else a refund undoes is not documented. Here the player no longer owns the items, and the points that the
    order gave, where they still count, are revoked. The step stays claimed: otherwise a chain would
    offer a step again that comes before claimed ones. Rewards that the points have unlocked and that were claimed stay.
    """
    if order.price is None or order.status is not OrderStatus.DONE:
        raise RefusedError(f"The order is {'free' if order.price is None else order.status}")
    revoke_points(tx, order)
    return transition_order(tx, order, OrderStatus.CANCELED)
