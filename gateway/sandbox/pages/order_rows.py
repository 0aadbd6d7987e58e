"""Loads orders as the pages list them: with their players, and what can be done with each."""

import msgspec

from gateway.sandbox.domain.rules import OrderStatus
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.orders import Order, latest_orders
from gateway.sandbox.storage.players import Player, get_player


class OrderRow(msgspec.Struct, frozen=True):
    """An order and its player."""

    order: Order
    player: Player

    @property
    def actions(self) -> tuple[tuple[str, str], ...]:
        """What the order's status allows: code and label."""
        if self.order.status is OrderStatus.NEW:
            return ("pay", "Pay"), ("decline", "Fail the card"), ("cancel", "Cancel")
        if self.order.status is OrderStatus.DONE and self.order.price:
            return (("refund", "Refund"),)
        return ()


def load_order_rows(tx: Transaction, count: int, first: int = 0, player: Player | None = None) -> list[OrderRow]:
    """Load `count` orders, the newest first, after the `first` newest; with a player, theirs."""
    orders = latest_orders(tx, count, first, player)
    return [OrderRow(order, get_player(tx, order.player_number)) for order in orders]
