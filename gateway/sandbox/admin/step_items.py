"""What a step may hold: items of the project, and no value points."""

from gateway.sandbox.database import Transaction
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.publishing import NewChain
from gateway.sandbox.stock import Kind, stock_by_sku


def check_step_items(tx: Transaction, project_id: int, new: NewChain) -> None:
    """Check that each SKU in the chain's steps is one that can be handed out; raises RefusedError."""
    skus = {reward.sku for step in new.steps for reward in step.rewards}
    known = stock_by_sku(tx, project_id, skus)
    for sku in sorted(skus):
        if sku not in known or known[sku].kind is Kind.VALUE_POINT:
            raise RefusedError(f"Item with sku = '{sku}' not found", "steps")
