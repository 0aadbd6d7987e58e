"""Orders of an item by its SKU, outside of any chain: the other way to earn value points.

The upstream has such calls in its catalog, which is not part of the contract; here it is a call of the sandbox's own.
"""

from gateway.sandbox.domain.rules import Price
from gateway.sandbox.errors import NotFoundError, RefusedError
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Part, PointReward, find_item_id, load_items
from gateway.sandbox.storage.orders import NewOrder, Order, place_order
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.points import purchase_points


def order_item(tx: Transaction, player: Player, sku: str, quantity: int, payment_token: str) -> Order:
    """Order units of an item at its price, each; a free one is granted at once and gives no points.

    Raises NotFoundError, or RefusedError for an item that real money does not buy.
    """
    item_id = find_item_id(tx, player.project_id, sku)
    if item_id is None:
        raise NotFoundError(f"Item with sku = '{sku}' not found")
    items = load_items(tx, [item_id])
    item, parts = items[item_id], [Part(item_id, quantity)]
    if item.is_free:
        return place_order(tx, player, NewOrder(None, None, parts, items))
    if item.price is None:
        raise RefusedError("The item cannot be bought", "sku")
    price = Price(item.price.amount * quantity, item.price.currency)
    return place_order(tx, player, NewOrder(None, None, parts, items, price, payment_token))


def order_points(tx: Transaction, order: Order) -> tuple[PointReward, ...]:
    """Add up the points that the ordered items give; items deleted since then give none."""
    bought = {
        item_id: line.quantity
        for line in order.lines
        if not line.is_bundle_content and (item_id := find_item_id(tx, order.project_id, line.sku)) is not None
    }
    items = load_items(tx, bought)
    return tuple(reward for item_id, quantity in bought.items() for reward in purchase_points(items[item_id], quantity))
