"""What a player does with a reward chain: claim the steps that the points reach (client contract, 2.3).

Points are thresholds, any reached step may be claimed in any order, and each member of a clan claims separately. A
claim is the player's, not the clan's: players who change clans keep it. All of this is our reading of the guides.
"""

from collections.abc import Sequence

from gateway.sandbox.errors import AlreadyClaimedError, NotEnoughPointsError, RefusedError, RewardStepNotFoundError
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, StepItem, find_chain
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import load_items
from gateway.sandbox.storage.orders import NewOrder, place_order
from gateway.sandbox.storage.players import Player, Viewer
from gateway.sandbox.storage.points import point_balances, value_points
from gateway.sandbox.storage.step_claims import claimed_steps, record_claim


def claim_reward_step(tx: Transaction, player: Player, chain_id: int, step_id: int) -> None:
    """Claim a step's rewards.

    Raises RewardStepNotFoundError, AlreadyClaimedError, NotEnoughPointsError, or RefusedError outside the chain's
    dates (our reading; the upstream's response is not documented).
    """
    chain = find_chain(tx, Viewer(player.project_id, player), ChainKind.REWARD, chain_id)
    step = next((step for step in chain.steps if step.step_id == step_id), None) if chain else None
    if chain is None or step is None:
        raise RewardStepNotFoundError
    if step_id in claimed_steps(tx, player, [chain]):
        raise AlreadyClaimedError
    if not chain.is_active(tx.now):
        raise RefusedError("The reward chain is not active")
    if step not in reached_steps(tx, player, chain):
        raise NotEnoughPointsError
    grant_rewards(tx, player, chain, step)


def reached_steps(tx: Transaction, player: Player, chain: Chain) -> Sequence[Step]:
    """List the steps that the points reach, claimed or not; of a clan chain none for a player without a clan."""
    if player.clan is None and is_clan_chain(tx, chain):
        return ()
    points = point_balances(tx, player, [chain])[chain.chain_id].amount
    return tuple(step for step in chain.steps if step.points_needed <= points)


def grant_rewards(tx: Transaction, player: Player, chain: Chain, step: Step) -> Sequence[StepItem]:
    """Grant the rewards of the step that are meant for this player, and return them."""
    rewards = step.items_for(player.attributes)
    items = load_items(tx, [reward.item_id for reward in rewards])
    order = place_order(tx, player, NewOrder(chain.chain_id, step.step_id, rewards, items))
    record_claim(tx, chain, step, order)
    return rewards


def is_clan_chain(tx: Transaction, chain: Chain) -> bool:
    """Say whether the chain counts a clan's points; the value point says so, the clan type is only a word."""
    return value_points(tx, [chain])[chain.chain_id].is_clan
