"""What a publisher writes about items: create, update and delete them, and set the value points that they give.

The functions write what they are given. The database's own constraints refuse what cannot be: a bundle in itself, or
the deletion of an item that a step, a bundle or a chain still uses.
"""

from collections.abc import Mapping

import msgspec

from gateway.sandbox.domain.item_details import ItemDetails, ItemPromotion
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import json_text, require_item_id


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item, or with type `value_point` a value point; `content` names the SKUs inside a bundle."""

    sku: str
    type: str
    name: Texts | None
    description: Texts | None = None
    long_description: Texts | None = None
    image_url: str | None = None
    bundle_type: str | None = None
    content: Mapping[str, int] = {}
    prices: tuple[ItemPrice, ...] = ()
    is_free: bool = False
    is_clan: bool = False
    is_enabled: bool = True
    order: int = 1
    details: ItemDetails = ItemDetails()


def create_item(tx: Transaction, project_id: int, new: NewItem) -> int:
    """Add an item to the project's catalog and return its number; raises LookupError for unknown content."""
    item_id = tx.run(
        "INSERT INTO items (project_id, sku, type, bundle_type, name, description, long_description, image_url,"
        " prices, is_free, is_clan, is_enabled, sort_order, details)"
        " VALUES (:project_id, :sku, :type, :bundle_type, :name, :description, :long_description, :image_url,"
        " :prices, :is_free, :is_clan, :is_enabled, :sort_order, :details)",
        project_id=project_id,
        **_columns(new),
    )
    _write_content(tx, project_id, item_id, new)
    return item_id


def update_item(tx: Transaction, project_id: int, item_id: int, new: NewItem) -> None:
    """Replace an item; raises LookupError for unknown content."""
    columns = _columns(new)
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    tx.run(f"UPDATE items SET {assignments} WHERE item_id = :item_id", item_id=item_id, **columns)  # noqa: S608 - our own names
    tx.run("DELETE FROM bundle_contents WHERE bundle_id = :item_id", item_id=item_id)
    _write_content(tx, project_id, item_id, new)


def set_item_shown(tx: Transaction, item_id: int, is_shown: bool) -> None:
    """Show an item in the store, or hide it there."""
    tx.run(
        "UPDATE items SET details = json_set(details, '$.is_show_in_store', json(:is_shown)) WHERE item_id = :item_id",
        item_id=item_id,
        is_shown="true" if is_shown else "false",
    )


def set_item_promotion(tx: Transaction, project_id: int, sku: str, promotion: ItemPromotion | None) -> None:
    """Put a discount on an item in the catalog, in place of another, or take it off. Raises LookupError."""
    tx.run(
        "UPDATE items SET details = json_set(details, '$.promotion', json(:promotion)) WHERE item_id = :item_id",
        item_id=require_item_id(tx, project_id, sku),
        promotion=json_text(promotion) or "null",
    )


def delete_item(tx: Transaction, item_id: int) -> None:
    """Delete an item; the database refuses one that a step, bundle or chain still uses."""
    tx.run("DELETE FROM items WHERE item_id = :item_id", item_id=item_id)


def set_item_points(tx: Transaction, project_id: int, value_point: str, amounts: Mapping[str, int]) -> None:
    """Set how many of a value point each item gives, by SKU, in place of all that was set before.

    Raises LookupError for an unknown SKU.
    """
    value_point_id = require_item_id(tx, project_id, value_point)
    tx.run("DELETE FROM item_points WHERE value_point_id = :value_point_id", value_point_id=value_point_id)
    for sku, amount in amounts.items():
        tx.run(
            "INSERT INTO item_points (item_id, value_point_id, amount) VALUES (:item_id, :value_point_id, :amount)",
            item_id=require_item_id(tx, project_id, sku),
            value_point_id=value_point_id,
            amount=amount,
        )


def change_item_points(tx: Transaction, project_id: int, value_point: str, amounts: Mapping[str, int]) -> None:
    """Set how many of a value point these items give, and leave the others as they are; 0 means none.

    Raises LookupError for an unknown SKU.
    """
    value_point_id = require_item_id(tx, project_id, value_point)
    for sku, amount in amounts.items():
        item_id = require_item_id(tx, project_id, sku)
        tx.run(
            "DELETE FROM item_points WHERE item_id = :item_id AND value_point_id = :value_point_id",
            item_id=item_id,
            value_point_id=value_point_id,
        )
        if amount:
            tx.run(
                "INSERT INTO item_points (item_id, value_point_id, amount) VALUES (:item_id, :value_point_id, :amount)",
                item_id=item_id,
                value_point_id=value_point_id,
                amount=amount,
            )


def _columns(new: NewItem) -> dict[str, object]:
    """Return the columns of an item."""
    return {
        "sku": new.sku,
        "type": new.type,
        "bundle_type": new.bundle_type,
        "name": json_text(new.name),
        "description": json_text(new.description),
        "long_description": json_text(new.long_description),
        "image_url": new.image_url,
        "prices": json_text(new.prices),
        "is_free": new.is_free,
        "is_clan": new.is_clan,
        "is_enabled": new.is_enabled,
        "sort_order": new.order,
        "details": json_text(new.details),
    }


def _write_content(tx: Transaction, project_id: int, item_id: int, new: NewItem) -> None:
    """Fill a new or emptied bundle, and create the groups that an item names; raises LookupError for an unknown SKU."""
    for position, (sku, quantity) in enumerate(new.content.items()):
        tx.run(
            "INSERT INTO bundle_contents (bundle_id, position, item_id, quantity)"
            " VALUES (:bundle_id, :position, :item_id, :quantity)",
            bundle_id=item_id,
            position=position,
            item_id=require_item_id(tx, project_id, sku),
            quantity=quantity,
        )
    for external_id in new.details.groups:
        tx.run(
            "INSERT INTO item_groups (project_id, external_id) VALUES (:project_id, :external_id)"
            " ON CONFLICT DO NOTHING",
            project_id=project_id,
            external_id=external_id,
        )
