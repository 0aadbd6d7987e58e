"""What a publisher writes about chains and their steps: create, update, switch on and off, delete, reset.

The functions write what they are given. The database's own constraints refuse what cannot be: an item of no project,
or two steps with one number.
"""

from datetime import datetime

import msgspec

from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.storage.chains import Chain, ChainKind
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import json_text, require_item_id

# Step numbers are unique in a chain. Moved out of the way first, two steps can exchange theirs.
_NUMBER_SHIFT = 2**40


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
    """A chain; dates are ISO 8601 with an offset.

    A reward chain names the SKU of its value point, a daily chain its type.
    """

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
    daily_type: str | None = None
    is_recurrent: bool = False


def create_chain(tx: Transaction, project_id: int, new: NewChain) -> int:
    """Add a chain with its steps and return its id; raises LookupError for an unknown SKU."""
    chain_id = tx.run(
        "INSERT INTO chains (project_id, kind, name, description, long_description, image_url, sort_order,"
        " date_start, date_end, starts_at, ends_at, is_enabled, is_always_visible, attribute_conditions,"
        " recurrent_schedule, schedule_since, is_reset_on_completion, value_point_id, clan_type, popup_header,"
        " popup_instruction, popup_image_url, daily_type, is_recurrent)"
        " VALUES (:project_id, :kind, :name, :description, :long_description, :image_url, :sort_order,"
        " :date_start, :date_end, :starts_at, :ends_at, :is_enabled, :is_always_visible, :attribute_conditions,"
        " :recurrent_schedule, :now, :is_reset_on_completion, :value_point_id, :clan_type, :popup_header,"
        " :popup_instruction, :popup_image_url, :daily_type, :is_recurrent)",
        project_id=project_id,
        kind=new.kind,
        value_point_id=new.value_point and require_item_id(tx, project_id, new.value_point),
        clan_type=new.clan_type,
        now=tx.now,
        **_chain_columns(new),
    )
    for position, step in enumerate(new.steps, start=1):
        _create_step(tx, project_id, chain_id, step, position)
    return chain_id


def update_chain(tx: Transaction, project_id: int, chain: Chain, new: NewChain) -> None:
    """Replace everything of a chain except its kind, value point and clan type.

    A step that names the one it continues keeps its players' progress; steps that are not continued are deleted with
    their progress.
    """
    columns = _chain_columns(new)
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    tx.run(
        f"UPDATE chains SET {assignments}, schedule_since = :now WHERE chain_id = :chain_id",  # noqa: S608 - our own names
        chain_id=chain.chain_id,
        now=tx.now,
        **columns,
    )
    kept = {step.step_id for step in new.steps}
    for step in chain.steps:
        if step.step_id not in kept:
            tx.run("DELETE FROM steps WHERE step_id = :step_id", step_id=step.step_id)
    tx.run(
        "UPDATE steps SET step_number = step_number + :shift WHERE chain_id = :chain_id",
        shift=_NUMBER_SHIFT,
        chain_id=chain.chain_id,
    )
    for position, new_step in enumerate(new.steps, start=1):
        if new_step.step_id is None:
            _create_step(tx, project_id, chain.chain_id, new_step, position)
        else:
            _continue_step(tx, project_id, new_step.step_id, new_step, position)


def toggle_chain(tx: Transaction, chain: Chain) -> None:
    """Switch a chain on, or off; progress stays."""
    tx.run("UPDATE chains SET is_enabled = NOT is_enabled WHERE chain_id = :chain_id", chain_id=chain.chain_id)


def delete_chain(tx: Transaction, chain: Chain) -> None:
    """Delete a chain and all players' progress in it."""
    tx.run("DELETE FROM chains WHERE chain_id = :chain_id", chain_id=chain.chain_id)


def reset_chain(tx: Transaction, chain: Chain) -> None:
    """Delete all players' progress in a chain, and all balances of a reward chain's value point.

    Other chains on the same value point lose these balances as well, and keep their progress.
    """
    tx.run(
        "UPDATE items SET counted_after = (SELECT coalesce(max(entry_id), 0) FROM point_ledger)"
        " WHERE item_id = (SELECT value_point_id FROM chains WHERE chain_id = :chain_id)",
        chain_id=chain.chain_id,
    )
    tx.run("DELETE FROM step_claims WHERE chain_id = :chain_id", chain_id=chain.chain_id)
    tx.run("UPDATE chains SET reset_at = :now WHERE chain_id = :chain_id", now=tx.now, chain_id=chain.chain_id)


def _create_step(tx: Transaction, project_id: int, chain_id: int, new: NewStep, position: int) -> None:
    """Add a step to a chain; raises LookupError for an unknown SKU."""
    step_id = tx.run(
        "INSERT INTO steps (chain_id, step_number, is_free, points_needed, name, image_url)"
        " VALUES (:chain_id, :step_number, :is_free, :points_needed, :name, :image_url)",
        chain_id=chain_id,
        **_step_columns(new, position),
    )
    _write_step_items(tx, project_id, step_id, new)


def _continue_step(tx: Transaction, project_id: int, step_id: int, new: NewStep, position: int) -> None:
    tx.run(
        "UPDATE steps SET step_number = :step_number, is_free = :is_free, points_needed = :points_needed,"
        " name = :name, image_url = :image_url WHERE step_id = :step_id",
        step_id=step_id,
        **_step_columns(new, position),
    )
    tx.run("DELETE FROM step_items WHERE step_id = :step_id", step_id=step_id)
    _write_step_items(tx, project_id, step_id, new)


def _write_step_items(tx: Transaction, project_id: int, step_id: int, new: NewStep) -> None:
    """Fill a new or emptied step; raises LookupError for an unknown SKU."""
    for position, reward in enumerate(new.rewards):
        tx.run(
            "INSERT INTO step_items (step_id, position, item_id, quantity, sort_order, attribute_conditions)"
            " VALUES (:step_id, :position, :item_id, :quantity, :sort_order, :attribute_conditions)",
            step_id=step_id,
            position=position,
            item_id=require_item_id(tx, project_id, reward.sku),
            quantity=reward.quantity,
            sort_order=position + 1 if reward.order is None else reward.order,
            attribute_conditions=json_text(reward.conditions or None),
        )


def _chain_columns(new: NewChain) -> dict[str, object]:
    """Return the columns of a chain that can be changed; raises ValueError for a date without an offset."""
    return {
        "name": json_text(new.name),
        "description": json_text(new.description),
        "long_description": json_text(new.long_description),
        "image_url": new.image_url,
        "sort_order": new.order,
        "date_start": new.date_start,
        "date_end": new.date_end,
        "starts_at": _instant(new.date_start),
        "ends_at": new.date_end and _instant(new.date_end),
        "is_enabled": new.is_enabled,
        "is_always_visible": new.is_always_visible,
        "attribute_conditions": json_text(new.conditions or None),
        "recurrent_schedule": json_text(new.schedule),
        "is_reset_on_completion": new.is_reset_on_completion,
        "popup_header": json_text(new.popup_header),
        "popup_instruction": json_text(new.popup_instruction),
        "popup_image_url": new.popup_image_url,
        "daily_type": new.daily_type,
        "is_recurrent": new.is_recurrent,
    }


def _step_columns(new: NewStep, position: int) -> dict[str, object]:
    """Return the columns of a step."""
    return {
        "step_number": position if new.step_number is None else new.step_number,
        "is_free": new.is_free,
        "points_needed": new.points_needed,
        "name": json_text(new.name),
        "image_url": new.image_url,
    }


def _instant(date: str) -> float:
    instant = datetime.fromisoformat(date)
    if instant.tzinfo is None:
        raise ValueError(f"date without an offset: {date!r}")
    return instant.timestamp()
