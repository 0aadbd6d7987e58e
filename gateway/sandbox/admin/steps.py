"""What the steps of all kinds of chains have in common."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.storage.chain_writes import NewChain
from gateway.sandbox.storage.chains import Chain
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.publisher_items import ItemKind, publisher_items_by_sku

Conditions = Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=100)]
"""Which players see a chain, or get a reward; all of them when left out, because an empty list is not allowed."""


def check_step_items(tx: Transaction, project_id: int, new: NewChain) -> None:
    """Check that each SKU in the chain's steps can be granted; raises RefusedError."""
    skus = {reward.sku for step in new.steps for reward in step.rewards}
    known = publisher_items_by_sku(tx, project_id, skus)
    for sku in sorted(skus):
        if sku not in known or known[sku].kind is ItemKind.VALUE_POINT:
            raise RefusedError(f"Item with sku = '{sku}' not found", "steps")


def check_numbers(numbers: Sequence[int]) -> None:
    """Check that no two steps have one number; raises RefusedError."""
    if len(set(numbers)) < len(numbers):
        raise RefusedError("A step number is used twice", "steps")


def check_id(given: int | UnsetType, known: Chain) -> None:
    """Check that a chain's replacement names no other chain; raises RefusedError."""
    if given not in (UNSET, known.chain_id):
        raise RefusedError("The id of a chain cannot be changed", "id")


def check_continued(new: NewChain, known: Chain) -> None:
    """Check that a chain's steps continue those of the chain that it replaces, each once; raises RefusedError."""
    continued = [step.step_id for step in new.steps if step.step_id is not None]
    if len(set(continued)) < len(continued) or not set(continued) <= {step.step_id for step in known.steps}:
        raise RefusedError("The chain has no such step to continue", "steps")
