"""Orders of an item by its SKU, outside of any chain: the other way to earn value points (client contract, 5.6)."""

from gateway.sandbox.domain.schedules import next_reset, period_start
from gateway.sandbox.errors import InvalidItemError, ItemNotFoundError, RefusedError
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Item, Part, PointReward, find_item_id, load_items
from gateway.sandbox.storage.orders import NewOrder, Order, bought_outside_chains, place_order
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.points import purchase_points


def order_item(tx: Transaction, player: Player, sku: str, quantity: int, payment_token: str) -> Order:
    """Order units of an item at its price in the catalog, each; a free one is granted at once and gives no points.

    Raises ItemNotFoundError, InvalidItemError for an item that real money does not buy, or RefusedError where fewer are
    left of a limit.
    """
    item_id = find_item_id(tx, player.project_id, sku)
    if item_id is None:
        raise ItemNotFoundError(sku)
    items = load_items(tx, [item_id])
    item, parts = items[item_id], [Part(item_id, quantity)]
    left = [
        one for one in (left_for_player(tx, item, player), left_for_all(tx, player.project_id, item)) if one is not None
    ]
    if left and quantity > min(left):
        raise RefusedError("The item's purchase limit is reached", "quantity")
    if item.is_free:
        return place_order(tx, player, NewOrder(None, None, parts, items))
    price = item.catalog_price(tx.now)
    if price is None or not item.is_enabled:
        raise InvalidItemError
    return place_order(tx, player, NewOrder(None, None, parts, items, price.times(quantity), payment_token))


def left_for_player(tx: Transaction, item: Item, player: Player | None) -> int | None:
    """How many units a player may still buy, all where nobody is signed in; None without a limit."""
    limits = item.details.limits
    if limits is None or limits.per_user is None:
        return None
    if player is None:
        return limits.per_user
    since = limits.since if limits.schedule is None else max(limits.since, period_start(limits.schedule, tx.now))
    return max(0, limits.per_user - bought_outside_chains(tx, player.project_id, item.sku, since, player))


def left_for_all(tx: Transaction, project_id: int, item: Item) -> int | None:
    """How many units all players together may still buy; None without a limit."""
    limits = item.details.limits
    if limits is None or limits.per_item is None:
        return None
    return max(0, limits.per_item - bought_outside_chains(tx, project_id, item.sku, limits.since))


def limit_reset(item: Item, now: float) -> tuple[str, int] | None:
    """How often, and when next, the count of a player's purchases starts over."""
    limits = item.details.limits
    if limits is None or limits.schedule is None:
        return None
    return limits.schedule.interval_type, next_reset(limits.schedule, now)


def order_points(tx: Transaction, order: Order) -> tuple[PointReward, ...]:
    """Add up the points that the ordered items give; items deleted since then give none."""
    bought = {
        item_id: line.quantity
        for line in order.lines
        if not line.is_bundle_content and (item_id := find_item_id(tx, order.project_id, line.sku)) is not None
    }
    items = load_items(tx, bought)
    return tuple(reward for item_id, quantity in bought.items() for reward in purchase_points(items[item_id], quantity))
