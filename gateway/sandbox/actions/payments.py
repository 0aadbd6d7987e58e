"""Paying, cancelling and refunding an order: what the payment page and the vendor's support do."""

from gateway.sandbox.actions.item_orders import points_of_items
from gateway.sandbox.actions.offer_steps import step_to_pay
from gateway.sandbox.domain.rules import OrderStatus, can_move
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.orders import Order, move_order
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.points import earn_points, points_of_step, take_points_back
from gateway.sandbox.storage.step_claims import record_claim

TOKEN_SECONDS = 86_400
"""How long a payment token opens the page (client contract, 5.3)."""


def pay_order(tx: Transaction, player: Player, order: Order) -> Order:
    """Pay the player's order and grant what it is for: `paid`, then `done`.

    An order that is paid already stays as it is, so paying twice grants once. One whose step the player cannot take
    any more takes no money: it is cancelled, or stays expired. An expired one that can still be taken is paid: its
    page was open when a newer order replaced it (client contract, 5.2).
    """
    if not can_move(order.status, OrderStatus.PAID):
        return order
    if order.step_id is None:
        return _pay_item_order(tx, player, order)
    opened = step_to_pay(tx, player, order)
    if opened is None:
        return move_order(tx, order, OrderStatus.CANCELED) if order.status is OrderStatus.NEW else order
    paid = move_order(tx, order, OrderStatus.PAID)
    record_claim(tx, opened.chain, opened.step, paid)
    earn_points(tx, player, paid, points_of_step(opened.item, opened.part.quantity))
    return move_order(tx, paid, OrderStatus.DONE)


def _pay_item_order(tx: Transaction, player: Player, order: Order) -> Order:
    paid = move_order(tx, order, OrderStatus.PAID)
    earn_points(tx, player, paid, points_of_items(tx, paid))
    return move_order(tx, paid, OrderStatus.DONE)


def cancel_order(tx: Transaction, order: Order) -> Order:
    """Cancel an unpaid order; raises RefusedError for any other."""
    if order.status is not OrderStatus.NEW:
        raise RefusedError(f"The order is {order.status}")
    return move_order(tx, order, OrderStatus.CANCELED)


def refund_order(tx: Transaction, order: Order) -> Order:
    """Give the money of a paid order back: it is canceled; raises RefusedError for any other.

    What else a refund undoes is not documented. Here the player no longer owns the items, and the points that the
    order gave, where they still count, are taken back. The step stays taken, or a chain would open a step anew behind
    steps taken after it; rewards that the points have unlocked and that were claimed stay as well.
    """
    if order.price is None or order.status is not OrderStatus.DONE:
        raise RefusedError(f"The order is {'free' if order.price is None else order.status}")
    take_points_back(tx, order)
    return move_order(tx, order, OrderStatus.CANCELED)
