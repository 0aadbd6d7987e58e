"""Claims of reward steps and changes of clan: requests, refusals, and recovery of lost responses."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gateway.domain.refusals import UserErrorCode, explain_reward_refusal
from gateway.domain.rules import StepState
from gateway.errors import AccessError, GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema.cycles import reward_cycle_error, with_cycle
from gateway.schema.outcomes import (
    ClaimAllOutcome,
    ClanOutcome,
    RewardStepOutcome,
    StepClaimView,
    UserErrorView,
    as_replay,
)
from gateway.schema.reward_views import load_all_points, reward_chain_view

STEP_PATH = ("input", "stepId")
CHAIN_PATH = ("input", "rewardChainId")

CLAIMS_AT_ONCE = 4
"""How many steps of a chain are claimed side by side, so that one player's tap does not take all connections."""

_UNKNOWN = UserErrorView(UserErrorCode.OUTCOME_UNKNOWN, CHAIN_PATH)


def claim(
    chain_id: int, step_id: int, now: datetime, *, cycle: str | None = None
) -> IdempotentWrite[RewardStepOutcome]:
    """Claim a reached step. A claim whose response was lost counts as done if the chain shows the step as taken."""

    async def execute(player: Player, _: WriteJournal[RewardStepOutcome]) -> RewardStepOutcome:
        if error := await reward_cycle_error(player, chain_id, cycle, STEP_PATH):
            return RewardStepOutcome(chain_id, (error,))
        try:
            await player.writes.claim_reward_step(chain_id, step_id, cycle)
        except Refusal as refusal:
            code = await _explained(player, refusal, chain_id, step_id, now)
            return RewardStepOutcome(chain_id, (UserErrorView.of(code, STEP_PATH, refusal),))
        except OutcomeUnknown:
            if step_id not in await _claimed_steps(player, chain_id):
                raise
        return RewardStepOutcome(chain_id)

    async def recover(
        player: Player, _: WriteJournal[RewardStepOutcome], __: PriorState[RewardStepOutcome]
    ) -> RewardStepOutcome:
        if step_id in await _claimed_steps(player, chain_id):
            return RewardStepOutcome(chain_id)
        raise OutcomeUnknown

    return IdempotentWrite(
        "claimRewardChainStep",
        with_cycle((str(chain_id), str(step_id)), cycle),
        RewardStepOutcome,
        execute,
        recover,
        as_replay=as_replay,
    )


def claim_available(chain_id: int, now: datetime, *, cycle: str | None = None) -> IdempotentWrite[ClaimAllOutcome]:
    """Claim every step that is ready, each with its own result; which ones these are is noted before any is sent."""

    async def execute(player: Player, journal: WriteJournal[ClaimAllOutcome]) -> ClaimAllOutcome:
        if error := await reward_cycle_error(player, chain_id, cycle, CHAIN_PATH):
            return ClaimAllOutcome(chain_id, errors=(error,))
        if cycle is None:
            # What the screen was drawn from may be older than what the player has reached since.
            player.reads.expire_reward_chains()
        view = await reward_chain_view(player, chain_id, now, with_points=True)
        if view is None:
            return ClaimAllOutcome(None, errors=(UserErrorView(UserErrorCode.NOT_FOUND, CHAIN_PATH),))
        await load_all_points([view])
        ready = [step.step.step_id for step in view.progress.steps if step.state is StepState.AVAILABLE]
        if not ready:
            return ClaimAllOutcome(chain_id)
        await journal.checkpoint(
            ClaimAllOutcome(chain_id, tuple(StepClaimView(chain_id, step_id, False, _UNKNOWN) for step_id in ready))
        )
        return ClaimAllOutcome(chain_id, await _claim_all(player, chain_id, ready, now, cycle))

    async def recover(
        player: Player, _: WriteJournal[ClaimAllOutcome], prior: PriorState[ClaimAllOutcome]
    ) -> ClaimAllOutcome:
        if prior.checkpoint is None:
            # Without the list of steps nobody can tell which claims were sent.
            raise OutcomeUnknown
        results = _with_claimed(prior.checkpoint.results, await _claimed_steps(player, chain_id))
        return replace(prior.checkpoint, results=results)

    return IdempotentWrite(
        "claimAvailableRewards",
        with_cycle((str(chain_id),), cycle),
        ClaimAllOutcome,
        execute,
        recover,
        is_final=_may_have_claimed,
        as_replay=as_replay,
        checkpoints_first=True,
    )


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


async def _claim_all(
    player: Player, chain_id: int, step_ids: list[int], now: datetime, cycle: str | None
) -> tuple[StepClaimView, ...]:
    places = asyncio.Semaphore(CLAIMS_AT_ONCE)

    async def claim_one(step_id: int) -> UserErrorView | AccessError | None:
        async with places:
            return await _claim_one(player, chain_id, step_id, now, cycle)

    errors = await asyncio.gather(*map(claim_one, step_ids))
    refused = [error for error in errors if isinstance(error, AccessError)]
    if refused and len(refused) == len(errors):
        # The player is refused, and not some step: the same error as for a single claim.
        raise refused[0]
    results = tuple(_result(chain_id, step_id, error) for step_id, error in zip(step_ids, errors, strict=True))
    if any(result.error == _UNKNOWN for result in results):
        return _with_claimed(results, await _claimed_steps(player, chain_id))
    return results


async def _claim_one(
    player: Player, chain_id: int, step_id: int, now: datetime, cycle: str | None
) -> UserErrorView | AccessError | None:
    """Claim one step of many: an error costs this step alone, unless the upstream refuses the player."""
    try:
        await player.writes.claim_reward_step(chain_id, step_id, cycle)
    except AccessError as error:
        return error
    except Refusal as refusal:
        code = await _explained(player, refusal, chain_id, step_id, now)
        return UserErrorView.of(code, STEP_PATH, refusal)
    except OutcomeUnknown:
        return _UNKNOWN
    except GatewayError as error:
        return UserErrorView.of(UserErrorCode.UNAVAILABLE, CHAIN_PATH, error)
    return None


def _result(chain_id: int, step_id: int, error: UserErrorView | AccessError | None) -> StepClaimView:
    if isinstance(error, AccessError):
        error = UserErrorView.of(UserErrorCode.UNAVAILABLE, CHAIN_PATH, error)
    is_claimed = error is None or error.code is UserErrorCode.ALREADY_CLAIMED
    return StepClaimView(chain_id, step_id, is_claimed, None if is_claimed else error)


def _with_claimed(results: Iterable[StepClaimView], claimed: frozenset[int]) -> tuple[StepClaimView, ...]:
    """The results once the chain was read: what it shows as claimed is."""
    return tuple(StepClaimView(one.chain_id, one.step_id, True) if one.step_id in claimed else one for one in results)


def _may_have_claimed(outcome: ClaimAllOutcome) -> bool:
    """Whether anything may have been done. Where no claim was sent, the same key may try again."""
    return any(one.error is None or one.error.code is not UserErrorCode.UNAVAILABLE for one in outcome.results)


async def _claimed_steps(player: Player, chain_id: int) -> frozenset[int]:
    """Steps that the chain itself shows as claimed now: it decides about claims whose responses were lost."""
    player.reads.expire_reward_chains()
    try:
        chains = await player.reads.reward_chains()
    except GatewayError:
        return frozenset()
    found = (chain for chain in chains.listing.items if chain.reward_chain_id == chain_id)
    return frozenset(step.step_id for chain in found for step in chain.steps if step.is_claimed)


async def _explained(player: Player, refusal: Refusal, chain_id: int, step_id: int, now: datetime) -> UserErrorCode:
    """Say why a step was refused. The write that was refused has forgotten what was kept, so this reads afresh."""
    try:
        view = await reward_chain_view(player, chain_id, now, with_points=True)
        await load_all_points([view] if view else ())
    except GatewayError:
        return UserErrorCode.REJECTED
    chain, points, is_in_clan = (view.chain, view.points, view.is_in_clan) if view else (None, 0, None)
    return explain_reward_refusal(refusal, chain, step_id, points=points, is_in_clan=is_in_clan, now=now)
