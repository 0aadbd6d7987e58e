"""What a publisher makes: items, value points, and chains with their steps.

The functions write what they are given; the database's own constraints keep out what cannot be (an item in no
project, two steps with one number, a bundle in itself).
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from gateway.sandbox.domain.item_details import ItemDetails
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.storage.chains import ChainKind
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import find_item_id

_encode = msgspec.json.encode


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


class NewReward(msgspec.Struct, frozen=True):
    """A SKU in a quantity; with conditions, for some players only. `order` None means its place in the step."""

    sku: str
    quantity: int = 1
    conditions: tuple[Condition, ...] = ()
    order: int | None = None


class NewStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step: of an offer chain with its `is_free` switch, of a reward chain with name and points.

    `step_number` None means its place in the chain; `step_id` names the step that it continues, when there is one.
    """

    rewards: tuple[NewReward, ...]
    step_number: int | None = None
    step_id: int | None = None
    is_free: bool = False
    points_needed: int = 0
    name: Texts | None = None
    image_url: str | None = None


class NewChain(msgspec.Struct, frozen=True, kw_only=True):
    """A chain; dates are ISO 8601 with an offset, a reward chain names the SKU of its value point."""

    kind: ChainKind
    name: Texts | None
    date_start: str
    steps: tuple[NewStep, ...]
    description: Texts | None = None
    long_description: Texts | None = None
    image_url: str | None = None
    order: int = 1
    date_end: str | None = None
    is_enabled: bool = True
    is_always_visible: bool = True
    conditions: tuple[Condition, ...] = ()
    schedule: Schedule | None = None
    value_point: str | None = None
    clan_type: str | None = None
    popup_header: Texts | None = None
    popup_instruction: Texts | None = None
    popup_image_url: str | None = None
    is_reset_on_completion: bool = False


def create_item(tx: Transaction, project_id: int, new: NewItem) -> int:
    """Add an item to the project's catalog and return its number; raises LookupError for unknown content."""
    item_id = tx.run(
        "INSERT INTO items (project_id, sku, type, bundle_type, name, description, long_description, image_url,"
        " prices, is_free, is_clan, is_enabled, sort_order, details)"
        " VALUES (:project_id, :sku, :type, :bundle_type, :name, :description, :long_description, :image_url,"
        " :prices, :is_free, :is_clan, :is_enabled, :sort_order, :details)",
        project_id=project_id,
        **item_columns(new),
    )
    write_content(tx, project_id, item_id, new)
    return item_id


def item_columns(new: NewItem) -> dict[str, object]:
    """Write an item as its row has it."""
    return {
        "sku": new.sku,
        "type": new.type,
        "bundle_type": new.bundle_type,
        "name": _json(new.name),
        "description": _json(new.description),
        "long_description": _json(new.long_description),
        "image_url": new.image_url,
        "prices": _json(new.prices),
        "is_free": new.is_free,
        "is_clan": new.is_clan,
        "is_enabled": new.is_enabled,
        "sort_order": new.order,
        "details": _json(new.details),
    }


def write_content(tx: Transaction, project_id: int, item_id: int, new: NewItem) -> None:
    """Fill a new or emptied bundle, and note the groups that an item names; raises LookupError for an unknown SKU."""
    for position, (sku, quantity) in enumerate(new.content.items()):
        tx.run(
            "INSERT INTO bundle_contents (bundle_id, position, item_id, quantity)"
            " VALUES (:bundle_id, :position, :item_id, :quantity)",
            bundle_id=item_id,
            position=position,
            item_id=_item_id(tx, project_id, sku),
            quantity=quantity,
        )
    for external_id in new.details.groups:
        tx.run(
            "INSERT INTO item_groups (project_id, external_id) VALUES (:project_id, :external_id)"
            " ON CONFLICT DO NOTHING",
            project_id=project_id,
            external_id=external_id,
        )


def set_item_points(tx: Transaction, project_id: int, value_point: str, amounts: Mapping[str, int]) -> None:
    """Say how many of a value point each item gives, by SKU, in place of what was said before.

    Raises LookupError for an unknown SKU.
    """
    value_point_id = _item_id(tx, project_id, value_point)
    tx.run("DELETE FROM item_points WHERE value_point_id = :value_point_id", value_point_id=value_point_id)
    for sku, amount in amounts.items():
        tx.run(
            "INSERT INTO item_points (item_id, value_point_id, amount) VALUES (:item_id, :value_point_id, :amount)",
            item_id=_item_id(tx, project_id, sku),
            value_point_id=value_point_id,
            amount=amount,
        )


def create_chain(tx: Transaction, project_id: int, new: NewChain) -> int:
    """Add a chain with its steps and return its id; raises LookupError for an unknown SKU."""
    chain_id = tx.run(
        "INSERT INTO chains (project_id, kind, name, description, long_description, image_url, sort_order,"
        " date_start, date_end, starts_at, ends_at, is_enabled, is_always_visible, attribute_conditions,"
        " recurrent_schedule, schedule_since, is_reset_on_completion, value_point_id, clan_type, popup_header,"
        " popup_instruction, popup_image_url)"
        " VALUES (:project_id, :kind, :name, :description, :long_description, :image_url, :sort_order,"
        " :date_start, :date_end, :starts_at, :ends_at, :is_enabled, :is_always_visible, :attribute_conditions,"
        " :recurrent_schedule, :now, :is_reset_on_completion, :value_point_id, :clan_type, :popup_header,"
        " :popup_instruction, :popup_image_url)",
        project_id=project_id,
        kind=new.kind,
        value_point_id=new.value_point and _item_id(tx, project_id, new.value_point),
        clan_type=new.clan_type,
        now=tx.now,
        **chain_columns(new),
    )
    for position, step in enumerate(new.steps, start=1):
        create_step(tx, project_id, chain_id, step, position)
    return chain_id


def create_step(tx: Transaction, project_id: int, chain_id: int, new: NewStep, position: int) -> None:
    """Add a step to a chain; raises LookupError for an unknown SKU."""
    step_id = tx.run(
        "INSERT INTO steps (chain_id, step_number, is_free, points_needed, name, image_url)"
        " VALUES (:chain_id, :step_number, :is_free, :points_needed, :name, :image_url)",
        chain_id=chain_id,
        **step_columns(new, position),
    )
    write_step_items(tx, project_id, step_id, new)


def chain_columns(new: NewChain) -> dict[str, object]:
    """Write what can be changed of a chain as its row has it; raises ValueError for a date without an offset."""
    return {
        "name": _json(new.name),
        "description": _json(new.description),
        "long_description": _json(new.long_description),
        "image_url": new.image_url,
        "sort_order": new.order,
        "date_start": new.date_start,
        "date_end": new.date_end,
        "starts_at": _instant(new.date_start),
        "ends_at": new.date_end and _instant(new.date_end),
        "is_enabled": new.is_enabled,
        "is_always_visible": new.is_always_visible,
        "attribute_conditions": _json(new.conditions or None),
        "recurrent_schedule": _json(new.schedule),
        "is_reset_on_completion": new.is_reset_on_completion,
        "popup_header": _json(new.popup_header),
        "popup_instruction": _json(new.popup_instruction),
        "popup_image_url": new.popup_image_url,
    }


def step_columns(new: NewStep, position: int) -> dict[str, object]:
    """Write a step as its row has it."""
    return {
        "step_number": position if new.step_number is None else new.step_number,
        "is_free": new.is_free,
        "points_needed": new.points_needed,
        "name": _json(new.name),
        "image_url": new.image_url,
    }


def write_step_items(tx: Transaction, project_id: int, step_id: int, new: NewStep) -> None:
    """Fill a new or emptied step; raises LookupError for an unknown SKU."""
    for position, reward in enumerate(new.rewards):
        tx.run(
            "INSERT INTO step_items (step_id, position, item_id, quantity, sort_order, attribute_conditions)"
            " VALUES (:step_id, :position, :item_id, :quantity, :sort_order, :attribute_conditions)",
            step_id=step_id,
            position=position,
            item_id=_item_id(tx, project_id, reward.sku),
            quantity=reward.quantity,
            sort_order=position + 1 if reward.order is None else reward.order,
            attribute_conditions=_json(reward.conditions or None),
        )


def _item_id(tx: Transaction, project_id: int, sku: str) -> int:
    item_id = find_item_id(tx, project_id, sku)
    if item_id is None:
        raise LookupError(f"no item {sku!r} in project {project_id}")
    return item_id


def _json(value: object) -> str | None:
    return None if value is None else _encode(value).decode()


def _instant(date: str) -> float:
    instant = datetime.fromisoformat(date)
    if instant.tzinfo is None:
        raise ValueError(f"date without an offset: {date!r}")
    return instant.timestamp()
