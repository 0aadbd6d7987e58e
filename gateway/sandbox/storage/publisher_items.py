"""Items as their publisher reads them: with all texts, prices and details."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum

import msgspec

from gateway.sandbox.domain.item_details import ItemDetails
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Part, id_list, read_texts

PACKAGE = "virtual_currency_package"
_decode_prices = msgspec.json.Decoder(tuple[ItemPrice, ...]).decode
_decode_details = msgspec.json.Decoder(ItemDetails).decode


class ItemKind(Enum):
    """A kind of thing with a SKU; a currency package is a bundle that is listed separately."""

    GOOD = "virtual_good"
    CURRENCY = "virtual_currency"
    PACKAGE = "package"
    BUNDLE = "bundle"
    VALUE_POINT = "value_point"

    @property
    def type(self) -> str:
        """The `type` of items of this kind."""
        return "bundle" if self is ItemKind.PACKAGE else self.value


class PublisherItem(msgspec.Struct, frozen=True):
    """An item of any kind; `content` is a bundle's."""

    item_id: int
    sku: str
    kind: ItemKind
    bundle_type: str | None
    name: Texts | None
    description: Texts | None
    long_description: Texts | None
    image_url: str | None
    prices: tuple[ItemPrice, ...]
    is_free: bool
    is_enabled: bool
    is_clan: bool
    order: int
    details: ItemDetails
    content: tuple[Part, ...] = ()


_OF_KIND = """
    project_id = :project_id AND type = :type AND (coalesce(bundle_type, '') = 'virtual_currency_package') = :is_package
"""
# Groups are stored by name inside the details; the sandbox's catalogs are small enough to scan.
_IN_GROUP = """
    AND (:group IS NULL OR EXISTS (SELECT 1 FROM json_each(details, '$.groups') WHERE value = :group))
"""
_LIST = f"SELECT * FROM items WHERE {_OF_KIND} {_IN_GROUP} ORDER BY sort_order, item_id LIMIT :limit OFFSET :offset"  # noqa: S608 - constants
_ONE = f"SELECT * FROM items WHERE {_OF_KIND} AND sku = :sku"  # noqa: S608 - constants
_CONTENTS = """
    SELECT bundle_id, item_id, quantity FROM bundle_contents
    WHERE bundle_id IN (SELECT value FROM json_each(:item_ids)) ORDER BY bundle_id, position
"""
_BY_SKU = "SELECT * FROM items WHERE project_id = :project_id AND sku IN (SELECT value FROM json_each(:skus))"
_USES = """
    SELECT EXISTS (SELECT 1 FROM step_items WHERE item_id = :item_id)
        OR EXISTS (SELECT 1 FROM bundle_contents WHERE item_id = :item_id)
        OR EXISTS (SELECT 1 FROM chains WHERE value_point_id = :item_id) AS is_used
"""


def list_publisher_items(
    tx: Transaction, project_id: int, kind: ItemKind, window: slice, group: str | None = None
) -> list[PublisherItem]:
    """List a window of the items of a kind in the publisher's order; with a group, of those in it."""
    rows = tx.all(
        _LIST,
        project_id=project_id,
        type=kind.type,
        is_package=kind is ItemKind.PACKAGE,
        group=group,
        limit=window.stop - window.start,
        offset=window.start,
    )
    return _with_content(tx, rows)


def find_publisher_item(tx: Transaction, project_id: int, kind: ItemKind, sku: str) -> PublisherItem | None:
    """Find an item of a kind."""
    row = tx.one(_ONE, project_id=project_id, type=kind.type, is_package=kind is ItemKind.PACKAGE, sku=sku)
    return _with_content(tx, [row])[0] if row else None


def publisher_items_by_sku(tx: Transaction, project_id: int, skus: Iterable[str]) -> Mapping[str, PublisherItem]:
    """Load items of any kind, without their content; SKUs that the project does not have are left out."""
    rows = tx.all(_BY_SKU, project_id=project_id, skus=msgspec.json.encode(list(skus)).decode())
    return {row["sku"]: _publisher_item(row, ()) for row in rows}


def publisher_items_by_id(tx: Transaction, item_ids: Iterable[int]) -> Mapping[int, PublisherItem]:
    """Load items of any kind by their numbers, without their content."""
    rows = tx.all("SELECT * FROM items WHERE item_id IN (SELECT value FROM json_each(:ids))", ids=id_list(item_ids))
    return {row["item_id"]: _publisher_item(row, ()) for row in rows}


def value_points_of_chains(tx: Transaction, chain_ids: Iterable[int]) -> Mapping[int, PublisherItem]:
    """Load the value points that reward chains count, by chain."""
    rows = tx.all(
        "SELECT chain_id, items.* FROM chains JOIN items ON item_id = value_point_id"
        " WHERE chain_id IN (SELECT value FROM json_each(:chain_ids))",
        chain_ids=id_list(chain_ids),
    )
    return {row["chain_id"]: _publisher_item(row, ()) for row in rows}


def group_name(tx: Transaction, project_id: int, group_id: int) -> str | None:
    """Find a group's name by its number."""
    row = tx.one(
        "SELECT external_id FROM item_groups WHERE project_id = :project_id AND group_id = :group_id",
        project_id=project_id,
        group_id=group_id,
    )
    return row["external_id"] if row else None


def is_used(tx: Transaction, item: PublisherItem) -> bool:
    """Say whether a step or a bundle holds the item, or a chain counts it."""
    (row,) = tx.all(_USES, item_id=item.item_id)
    return bool(row["is_used"])


def _with_content(tx: Transaction, rows: list[sqlite3.Row]) -> list[PublisherItem]:
    contents: dict[int, list[Part]] = defaultdict(list)
    for row in tx.all(_CONTENTS, item_ids=id_list(row["item_id"] for row in rows)):
        contents[row["bundle_id"]].append(Part(row["item_id"], row["quantity"]))
    return [_publisher_item(row, tuple(contents[row["item_id"]])) for row in rows]


def _publisher_item(row: sqlite3.Row, content: tuple[Part, ...]) -> PublisherItem:
    return PublisherItem(
        item_id=row["item_id"],
        sku=row["sku"],
        kind=ItemKind.PACKAGE if row["bundle_type"] == PACKAGE else ItemKind(row["type"]),
        bundle_type=row["bundle_type"],
        name=read_texts(row["name"]),
        description=read_texts(row["description"]),
        long_description=read_texts(row["long_description"]),
        image_url=row["image_url"],
        prices=_decode_prices(row["prices"]),
        is_free=bool(row["is_free"]),
        is_enabled=bool(row["is_enabled"]),
        is_clan=bool(row["is_clan"]),
        order=row["sort_order"],
        details=_decode_details(row["details"]),
        content=content,
    )
