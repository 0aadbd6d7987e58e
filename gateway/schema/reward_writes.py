"""Claims of reward steps and changes of clan: which steps are ready, refusals, and lost responses."""

from datetime import datetime

from gateway.domain.refusals import UserErrorCode, explain_reward_refusal
from gateway.domain.rules import StepState
from gateway.errors import GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema.cycles import reward_cycle_error
from gateway.schema.outcomes import ClanOutcome, UserErrorView, as_replay
from gateway.schema.reward_views import load_all_points, reward_chain_view
from gateway.schema.step_claims import StepClaims

CHAIN_PATH = ("input", "rewardChainId")

CLAIMS_AT_ONCE = 4
"""How many steps of a chain are claimed side by side, so that one player's tap does not take all connections."""


def update_clan() -> IdempotentWrite[ClanOutcome]:
    """Adopt the player's clan. Nothing that can be read tells what a lost response said."""

    async def execute(player: Player, _: WriteJournal[ClanOutcome]) -> ClanOutcome:
        try:
            return ClanOutcome(await player.writes.update_clan())
        except Refusal as refusal:
            return ClanOutcome(errors=(UserErrorView.of(UserErrorCode.REJECTED, (), refusal),))

    async def recover(_: Player, __: WriteJournal[ClanOutcome], ___: PriorState[ClanOutcome]) -> ClanOutcome:
        raise OutcomeUnknown

    return IdempotentWrite("updateClan", (), ClanOutcome, execute, recover, as_replay=as_replay)


async def _ready_steps(player: Player, chain_id: int, now: datetime, cycle: str | None) -> list[int] | UserErrorView:
    if error := await reward_cycle_error(player, chain_id, cycle, CHAIN_PATH):
        return error
    if cycle is None:
        # The screen may be older than what the player has reached since.
        player.reads.expire_reward_chains()
    view = await reward_chain_view(player, chain_id, now, with_points=True)
    if view is None:
        return UserErrorView(UserErrorCode.NOT_FOUND, CHAIN_PATH)
    await load_all_points([view])
    return [step.step.step_id for step in view.progress.steps if step.state is StepState.AVAILABLE]


async def _claimed_steps(player: Player, chain_id: int) -> frozenset[int]:
    player.reads.expire_reward_chains()
    try:
        chains = await player.reads.reward_chains()
    except GatewayError:
        return frozenset()
    found = (chain for chain in chains.listing.items if chain.reward_chain_id == chain_id)
    return frozenset(step.step_id for chain in found for step in chain.steps if step.is_claimed)


async def _explained(player: Player, refusal: Refusal, chain_id: int, step_id: int, now: datetime) -> UserErrorCode:
    """Say why a step was refused. The refused write has emptied the cache, so this reads from the upstream."""
    try:
        view = await reward_chain_view(player, chain_id, now, with_points=True)
        await load_all_points([view] if view else ())
    except GatewayError:
        return UserErrorCode.REJECTED
    chain, points, is_in_clan = (view.chain, view.points, view.is_in_clan) if view else (None, 0, None)
    return explain_reward_refusal(refusal, chain, step_id, points=points, is_in_clan=is_in_clan, now=now)


REWARD_CLAIMS = StepClaims(
    mutation="claimRewardChainStep",
    chain_path=CHAIN_PATH,
    at_once=CLAIMS_AT_ONCE,
    send=lambda player, chain_id, step_id, cycle: player.writes.claim_reward_step(chain_id, step_id, cycle),
    cycle_error=reward_cycle_error,
    explained=_explained,
    ready=_ready_steps,
    claimed=_claimed_steps,
)
