"""Orders: their items, price, status and status history (client contract, 5).

Free claims make orders as well, finished from the start, so that everything a player owns is the content of some order.
Each change that the publisher's server has to learn of enqueues its webhook in the same transaction.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

import msgspec

from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.rules import OrderStatus, Price, can_transition
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Items, Part, read_texts
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.webhook_outbox import WebhookKind, enqueue_webhook

_encode = msgspec.json.encode
_WEBHOOK_KINDS: Mapping[OrderStatus, WebhookKind] = MappingProxyType(
    {OrderStatus.PAID: WebhookKind.ORDER_PAID, OrderStatus.CANCELED: WebhookKind.ORDER_CANCELED}
)


class OrderLine(msgspec.Struct, frozen=True):
    """An item of an order as it was at that time; what a bundle holds follows it as content."""

    sku: str
    type: str
    name: Texts | None
    quantity: int
    is_bundle_content: bool


class Order(msgspec.Struct, frozen=True):
    """An order; `price` None means free, `chain_id` and `step_id` say what it was made for."""

    order_id: int
    project_id: int
    player_number: int
    status: OrderStatus
    chain_id: int | None
    step_id: int | None
    price: Price | None
    payment_token: str | None
    created_at: float
    lines: tuple[OrderLine, ...]

    def __repr__(self) -> str:
        """Show the order without its payment token."""
        return f"Order({self.order_id}, {self.status})"


class NewOrder(msgspec.Struct, frozen=True):
    """What to order: parts of the loaded items, for a step of a chain or for none, at a price or free."""

    chain_id: int | None
    step_id: int | None
    parts: Sequence[Part]
    items: Items
    price: Price | None = None
    payment_token: str | None = None


def place_order(tx: Transaction, player: Player, new: NewOrder) -> Order:
    """Create an order: unpaid when it has a price, finished when it is free."""
    status = OrderStatus.NEW if new.price else OrderStatus.DONE
    order_id = tx.run(
        "INSERT INTO orders"
        " (project_id, player_number, status, chain_id, step_id, amount, full_amount, currency, payment_token,"
        " created_at)"
        " VALUES (:project_id, :player_number, :status, :chain_id, :step_id, :amount, :full_amount, :currency,"
        " :payment_token, :now)",
        project_id=player.project_id,
        player_number=player.player_number,
        status=status,
        chain_id=new.chain_id,
        step_id=new.step_id,
        amount=new.price and str(new.price.amount),
        full_amount=None if new.price is None or new.price.full_amount is None else str(new.price.full_amount),
        currency=new.price and new.price.currency,
        payment_token=new.payment_token,
        now=tx.now,
    )
    for position, line in enumerate(_lines(new.parts, new.items)):
        tx.run(
            "INSERT INTO order_items (order_id, position, sku, type, name, quantity, is_bundle_content)"
            " VALUES (:order_id, :position, :sku, :type, :name, :quantity, :is_bundle_content)",
            order_id=order_id,
            position=position,
            sku=line.sku,
            type=line.type,
            name=line.name and _encode(line.name).decode(),
            quantity=line.quantity,
            is_bundle_content=line.is_bundle_content,
        )
    _append_history(tx, order_id, status)
    if new.price is None:
        # Free orders have a webhook as well, or the publisher would not learn of claims (client contract, 8.5).
        enqueue_webhook(tx, player.project_id, order_id, WebhookKind.ORDER_PAID)
    return get_order(tx, order_id)


def transition_order(tx: Transaction, order: Order, status: OrderStatus) -> Order:
    """Change the order's status by an allowed transition; raises ValueError for any other."""
    if not can_transition(order.status, status):
        raise ValueError(f"order {order.order_id} cannot go from {order.status} to {status}")
    tx.run("UPDATE orders SET status = :status WHERE order_id = :order_id", status=status, order_id=order.order_id)
    _append_history(tx, order.order_id, status)
    if status in _WEBHOOK_KINDS:
        enqueue_webhook(tx, order.project_id, order.order_id, _WEBHOOK_KINDS[status])
    return msgspec.structs.replace(order, status=status)


def latest_orders(tx: Transaction, count: int, first: int = 0, player: Player | None = None) -> tuple[Order, ...]:
    """List `count` orders, the newest first, after skipping the `first` newest; with a player, theirs."""
    rows = tx.all(
        "SELECT order_id FROM orders WHERE player_number = coalesce(:player_number, player_number)"
        " ORDER BY order_id DESC LIMIT :count OFFSET :first",
        player_number=player and player.player_number,
        count=count,
        first=first,
    )
    return tuple(get_order(tx, row["order_id"]) for row in rows)


def count_orders(tx: Transaction, player: Player | None = None) -> int:
    """Count all orders; with a player, theirs."""
    (row,) = tx.all(
        "SELECT count(*) AS total FROM orders WHERE player_number = coalesce(:player_number, player_number)",
        player_number=player and player.player_number,
    )
    total: int = row["total"]
    return total


def expire_unpaid(tx: Transaction, player: Player, step_id: int) -> None:
    """Expire the player's unpaid orders for a step, because a newer one takes their place."""
    rows = tx.all(
        "SELECT order_id FROM orders WHERE player_number = :player_number AND step_id = :step_id AND status = :unpaid",
        player_number=player.player_number,
        step_id=step_id,
        unpaid=OrderStatus.NEW,
    )
    for row in rows:
        transition_order(tx, get_order(tx, row["order_id"]), OrderStatus.EXPIRED)


def find_order(tx: Transaction, order_id: int) -> Order | None:
    """Find an order by its number."""
    row = tx.one("SELECT * FROM orders WHERE order_id = :order_id", order_id=order_id)
    return _order(tx, row) if row else None


def get_order(tx: Transaction, order_id: int) -> Order:
    """Load an order that is known to exist; raises LookupError when it does not."""
    order = find_order(tx, order_id)
    if order is None:
        raise LookupError(f"no order {order_id}")
    return order


def find_order_by_token(tx: Transaction, payment_token: str) -> Order | None:
    """Find the order that a payment token was made for."""
    row = tx.one("SELECT * FROM orders WHERE payment_token = :payment_token", payment_token=payment_token)
    return _order(tx, row) if row else None


def order_history(tx: Transaction, order_id: int) -> tuple[OrderStatus, ...]:
    """List the statuses that the order has had, oldest first."""
    rows = tx.all("SELECT status FROM order_history WHERE order_id = :order_id ORDER BY entry_id", order_id=order_id)
    return tuple(OrderStatus(row["status"]) for row in rows)


def bought_outside_chains(
    tx: Transaction, project_id: int, sku: str, since: float, player: Player | None = None
) -> int:
    """Count the units of an item that were bought in the catalog and not given back; without a player, by everybody."""
    (row,) = tx.all(
        "SELECT coalesce(sum(quantity), 0) AS quantity FROM orders JOIN order_items USING (order_id)"
        " WHERE project_id = :project_id AND sku = :sku AND NOT is_bundle_content AND chain_id IS NULL"
        " AND status IN ('paid', 'done') AND created_at >= :since"
        " AND (:player_number IS NULL OR player_number = :player_number)",
        project_id=project_id,
        sku=sku,
        since=since,
        player_number=player and player.player_number,
    )
    quantity: int = row["quantity"]
    return quantity


def owned_items(tx: Transaction, player: Player) -> dict[str, int]:
    """Add up what the player owns, by SKU."""
    rows = tx.all(
        "SELECT sku, sum(quantity) AS quantity FROM orders JOIN order_items USING (order_id)"
        " WHERE player_number = :player_number AND status = :granted GROUP BY sku ORDER BY sku",
        player_number=player.player_number,
        granted=OrderStatus.DONE,
    )
    return {row["sku"]: row["quantity"] for row in rows}


def _lines(parts: Sequence[Part], items: Items, outer: tuple[int, ...] = (), times: int = 1) -> Iterator[OrderLine]:
    for part in parts:
        # Bundles that contain each other in a cycle are granted once.
        if part.item_id in outer:
            continue
        item, quantity = items[part.item_id], part.quantity * times
        yield OrderLine(item.sku, item.type, item.name, quantity, is_bundle_content=bool(outer))
        yield from _lines(item.content, items, (*outer, item.item_id), quantity)


def _append_history(tx: Transaction, order_id: int, status: OrderStatus) -> None:
    tx.run(
        "INSERT INTO order_history (order_id, status, at) VALUES (:order_id, :status, :now)",
        order_id=order_id,
        status=status,
        now=tx.now,
    )


def _price(row: sqlite3.Row) -> Price | None:
    if row["amount"] is None:
        return None
    full = row["full_amount"]
    return Price(Decimal(row["amount"]), row["currency"], None if full is None else Decimal(full))


def _order(tx: Transaction, row: sqlite3.Row) -> Order:
    lines = tx.all("SELECT * FROM order_items WHERE order_id = :order_id ORDER BY position", order_id=row["order_id"])
    return Order(
        order_id=row["order_id"],
        project_id=row["project_id"],
        player_number=row["player_number"],
        status=OrderStatus(row["status"]),
        chain_id=row["chain_id"],
        step_id=row["step_id"],
        price=_price(row),
        payment_token=row["payment_token"],
        created_at=row["created_at"],
        lines=tuple(
            OrderLine(
                sku=line["sku"],
                type=line["type"],
                name=read_texts(line["name"]),
                quantity=line["quantity"],
                is_bundle_content=bool(line["is_bundle_content"]),
            )
            for line in lines
        ),
    )
