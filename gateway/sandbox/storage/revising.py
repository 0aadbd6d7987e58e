"""What a publisher changes and takes away; what players own already stays theirs (admin contract, sections 3 and 4)."""

from collections.abc import Mapping

from gateway.sandbox.storage.chains import Chain
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import find_item_id
from gateway.sandbox.storage.publishing import (
    NewChain,
    NewItem,
    NewStep,
    chain_columns,
    create_step,
    item_columns,
    step_columns,
    write_content,
    write_step_items,
)

# Numbers of steps are unique in a chain; moved out of the way first, two steps can change places.
_NUMBER_SHIFT = 2**40


def update_item(tx: Transaction, project_id: int, item_id: int, new: NewItem) -> None:
    """Replace all that is said of an item; raises LookupError for unknown content."""
    columns = item_columns(new)
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    tx.run(f"UPDATE items SET {assignments} WHERE item_id = :item_id", item_id=item_id, **columns)  # noqa: S608 - our own names
    tx.run("DELETE FROM bundle_contents WHERE bundle_id = :item_id", item_id=item_id)
    write_content(tx, project_id, item_id, new)


def set_item_shown(tx: Transaction, item_id: int, is_shown: bool) -> None:
    """Show an item in the store, or hide it there."""
    tx.run(
        "UPDATE items SET details = json_set(details, '$.is_show_in_store', json(:is_shown)) WHERE item_id = :item_id",
        item_id=item_id,
        is_shown="true" if is_shown else "false",
    )


def delete_item(tx: Transaction, item_id: int) -> None:
    """Take an item out of the catalog; the database refuses one that a step, bundle or chain still uses."""
    tx.run("DELETE FROM items WHERE item_id = :item_id", item_id=item_id)


def change_item_points(tx: Transaction, project_id: int, value_point: str, amounts: Mapping[str, int]) -> None:
    """Say how many of a value point these items give, and leave the others as they are; 0 means none."""
    value_point_id = find_item_id(tx, project_id, value_point)
    for sku, amount in amounts.items():
        item_id = find_item_id(tx, project_id, sku)
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


def update_chain(tx: Transaction, project_id: int, chain: Chain, new: NewChain) -> None:
    """Replace all that is said of a chain but its kind, value point and clan type.

    A step that names the one it continues keeps its players' progress; steps that nobody continues are gone with it.
    """
    columns = chain_columns(new)
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
            create_step(tx, project_id, chain.chain_id, new_step, position)
        else:
            _continue_step(tx, project_id, new_step.step_id, new_step, position)


def toggle_chain(tx: Transaction, chain: Chain) -> None:
    """Switch a chain on, or off; progress stays."""
    tx.run("UPDATE chains SET is_enabled = NOT is_enabled WHERE chain_id = :chain_id", chain_id=chain.chain_id)


def delete_chain(tx: Transaction, chain: Chain) -> None:
    """Take a chain away with everybody's progress in it."""
    tx.run("DELETE FROM chains WHERE chain_id = :chain_id", chain_id=chain.chain_id)


def reset_chain(tx: Transaction, chain: Chain) -> None:
    """Wipe everybody's progress in a reward chain, and the whole balance of its value point.

    Other chains on the same value point lose that balance as well, and keep their progress.
    """
    tx.run(
        "UPDATE items SET counted_after = (SELECT coalesce(max(entry_id), 0) FROM point_ledger)"
        " WHERE item_id = (SELECT value_point_id FROM chains WHERE chain_id = :chain_id)",
        chain_id=chain.chain_id,
    )
    tx.run("DELETE FROM step_claims WHERE chain_id = :chain_id", chain_id=chain.chain_id)


def _continue_step(tx: Transaction, project_id: int, step_id: int, new: NewStep, position: int) -> None:
    tx.run(
        "UPDATE steps SET step_number = :step_number, is_free = :is_free, points_needed = :points_needed,"
        " name = :name, image_url = :image_url WHERE step_id = :step_id",
        step_id=step_id,
        **step_columns(new, position),
    )
    tx.run("DELETE FROM step_items WHERE step_id = :step_id", step_id=step_id)
    write_step_items(tx, project_id, step_id, new)
