"""Items as chains need them: loaded by number, with the content of bundles and the value points that they give."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from gateway.sandbox.domain.item_details import ItemDetails
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.rules import ItemPrice, Price, default_price
from gateway.sandbox.storage.database import Transaction

_encode = msgspec.json.encode
_decode_prices = msgspec.json.Decoder(tuple[ItemPrice, ...]).decode
_decode_details = msgspec.json.Decoder(ItemDetails).decode
_decode_texts = msgspec.json.Decoder(dict[str, str | None]).decode


class Part(msgspec.Struct, frozen=True):
    """An item in a quantity: content of a bundle, or what a step holds."""

    item_id: int
    quantity: int


class PointReward(msgspec.Struct, frozen=True):
    """Value points that one unit of an item gives when it is bought; all but the amount describe the value point."""

    item_id: int
    sku: str
    name: Texts | None
    image_url: str | None
    is_clan: bool
    amount: int


class Item(msgspec.Struct, frozen=True):
    """A virtual good, a virtual currency or a bundle; `price` None means that real money does not buy it."""

    item_id: int
    sku: str
    type: str
    bundle_type: str | None
    name: Texts | None
    description: Texts | None
    image_url: str | None
    is_free: bool
    prices: tuple[ItemPrice, ...]
    content: tuple[Part, ...]
    points: tuple[PointReward, ...]
    details: ItemDetails
    is_enabled: bool
    order: int

    @property
    def price(self) -> Price | None:
        """What the item costs in a chain."""
        return default_price(self.prices)

    def catalog_price(self, now: float, country: str | None = None) -> Price | None:
        """What the item costs in the catalog, in a country and with the promotion of the moment."""
        price, promotion = default_price(self.prices, country), self.details.promotion
        return price.discounted(promotion.percent) if price and promotion and promotion.is_active(now) else price


Items = Mapping[int, Item]
"""Items by their number, with everything that they contain."""

# Bundles may hold bundles; UNION drops rows that it has already, so that a cycle ends as well.
_LOAD_ITEMS = """
    WITH RECURSIVE wanted (item_id) AS (
        SELECT value FROM json_each(:item_ids)
        UNION
        SELECT bundle_contents.item_id FROM bundle_contents JOIN wanted ON bundle_id = wanted.item_id
    )
    SELECT items.* FROM items JOIN wanted USING (item_id)
"""
_LOAD_CONTENTS = """
    SELECT bundle_id, item_id, quantity FROM bundle_contents
    WHERE bundle_id IN (SELECT value FROM json_each(:item_ids))
    ORDER BY bundle_id, position
"""
_LOAD_POINTS = """
    SELECT item_points.item_id AS giver_id, amount, point.item_id, sku, name, image_url, is_clan
    FROM item_points JOIN items AS point ON point.item_id = value_point_id
    WHERE giver_id IN (SELECT value FROM json_each(:item_ids))
    ORDER BY giver_id, point.sort_order, point.item_id
"""


def load_items(tx: Transaction, item_ids: Iterable[int]) -> Items:
    """Load items and everything inside them: three queries however many they are."""
    rows = tx.all(_LOAD_ITEMS, item_ids=id_list(item_ids))
    loaded = id_list(row["item_id"] for row in rows)
    contents: dict[int, list[Part]] = defaultdict(list)
    for row in tx.all(_LOAD_CONTENTS, item_ids=loaded):
        contents[row["bundle_id"]].append(Part(row["item_id"], row["quantity"]))
    points: dict[int, list[PointReward]] = defaultdict(list)
    for row in tx.all(_LOAD_POINTS, item_ids=loaded):
        points[row["giver_id"]].append(_point_reward(row))
    return {row["item_id"]: _item(row, tuple(contents[row["item_id"]]), tuple(points[row["item_id"]])) for row in rows}


def catalog_item_ids(tx: Transaction, project_id: int) -> list[int]:
    """List what the catalog sells: enabled items that are shown in the store, in the publisher's order."""
    rows = tx.all(
        "SELECT item_id FROM items WHERE project_id = :project_id AND type <> 'value_point' AND is_enabled"
        " AND json_extract(details, '$.is_show_in_store') ORDER BY sort_order, item_id",
        project_id=project_id,
    )
    return [row["item_id"] for row in rows]


def find_item_id(tx: Transaction, project_id: int, sku: str) -> int | None:
    """Find an item's number by its SKU."""
    row = tx.one(
        "SELECT item_id FROM items WHERE project_id = :project_id AND sku = :sku",
        project_id=project_id,
        sku=sku,
    )
    return row["item_id"] if row else None


def require_item_id(tx: Transaction, project_id: int, sku: str) -> int:
    """Find an item's number by its SKU; raises LookupError for an unknown one."""
    item_id = find_item_id(tx, project_id, sku)
    if item_id is None:
        raise LookupError(f"no item {sku!r} in project {project_id}")
    return item_id


def json_text(value: object) -> str | None:
    """Write a value as the JSON that a column holds; None stays NULL."""
    return None if value is None else _encode(value).decode()


def id_list(ids: Iterable[int]) -> str:
    """Write ids as the JSON list that `json_each` reads: one parameter for any number of them."""
    return _encode(list(ids)).decode()


def read_texts(column: str | None) -> Texts | None:
    """Decode a localised text of the database."""
    return None if column is None else _decode_texts(column)


def _item(row: sqlite3.Row, content: tuple[Part, ...], points: tuple[PointReward, ...]) -> Item:
    return Item(
        item_id=row["item_id"],
        sku=row["sku"],
        type=row["type"],
        bundle_type=row["bundle_type"],
        name=read_texts(row["name"]),
        description=read_texts(row["description"]),
        image_url=row["image_url"],
        is_free=bool(row["is_free"]),
        prices=_decode_prices(row["prices"]),
        content=content,
        points=points,
        details=_decode_details(row["details"]),
        is_enabled=bool(row["is_enabled"]),
        order=row["sort_order"],
    )


def _point_reward(row: sqlite3.Row) -> PointReward:
    return PointReward(
        item_id=row["item_id"],
        sku=row["sku"],
        name=read_texts(row["name"]),
        image_url=row["image_url"],
        is_clan=bool(row["is_clan"]),
        amount=row["amount"],
    )
