"""What a player does with a daily chain: claim the step of the day (client contract, 4).

The numbers of the refusals are not published. They are those of offer chains; the text says the reason, for people.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.sandbox.domain.daily_rounds import StepStatus
from gateway.sandbox.errors import NotFoundError, RefusedError
from gateway.sandbox.storage.chains import ChainKind, find_chain
from gateway.sandbox.storage.daily_rounds import daily_rounds
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import load_items
from gateway.sandbox.storage.orders import NewOrder, place_order
from gateway.sandbox.storage.players import Player, Viewer
from gateway.sandbox.storage.step_claims import record_claim

_REASONS: Mapping[StepStatus, str] = MappingProxyType(
    {
        StepStatus.CLAIMED: "The step has been claimed",
        StepStatus.FUTURE: "The step cannot be claimed yet",
        StepStatus.BLOCKED: "The day of the step has passed",
    }
)


def claim_daily_step(tx: Transaction, player: Player, chain_id: int, step_number: int) -> None:
    """Claim a step's items. Raises NotFoundError, or RefusedError for a step that is not the one of the day."""
    chain = find_chain(tx, Viewer(player.project_id, player), ChainKind.DAILY, chain_id)
    if chain is None:
        raise NotFoundError("Daily chain not found")
    step = next((step for step in chain.steps if step.step_number == step_number), None)
    if step is None:
        raise NotFoundError("Daily chain step not found")
    current = daily_rounds(tx, player, [chain])[chain.chain_id]
    status = current.steps[step.step_id].status
    if status is not StepStatus.CLAIMABLE:
        raise RefusedError(_REASONS[status])
    items = load_items(tx, [part.item_id for part in step.items])
    order = place_order(tx, player, NewOrder(chain.chain_id, step.step_id, step.items, items))
    record_claim(tx, chain, step, order, period_start=current.period_start)
