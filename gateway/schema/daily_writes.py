"""Claims of daily steps: requests, refusals, and recovery of lost responses."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gateway.domain.daily_rules import CLAIMED
from gateway.domain.refusals import UserErrorCode, explain_daily_refusal
from gateway.domain.rules import StepState
from gateway.errors import AccessError, GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema.cycles import cycle_error, daily_cycle_error, with_cycle
from gateway.schema.daily_chains import DailyChainView
from gateway.schema.outcomes import ClaimAllOutcome, DailyStepOutcome, StepClaimView, UserErrorView, as_replay

STEP_PATH = ("input", "stepId")
CHAIN_PATH = ("input", "dailyChainId")

_UNKNOWN = UserErrorView(UserErrorCode.OUTCOME_UNKNOWN, CHAIN_PATH)


def claim(chain_id: int, number: int, now: datetime, *, cycle: str | None = None) -> IdempotentWrite[DailyStepOutcome]:
    """Claim the step of the day. A claim whose response was lost counts as done if the chain shows it as claimed."""

    async def execute(player: Player, _: WriteJournal[DailyStepOutcome]) -> DailyStepOutcome:
        if error := await daily_cycle_error(player, chain_id, cycle, STEP_PATH):
            return DailyStepOutcome(chain_id, (error,))
        try:
            await player.writes.claim_daily_step(chain_id, number, cycle)
        except Refusal as refusal:
            code = await _explained(player, refusal, chain_id, number, now)
            return DailyStepOutcome(chain_id, (UserErrorView.of(code, STEP_PATH, refusal),))
        except OutcomeUnknown:
            if number not in await _claimed_steps(player, chain_id):
                raise
        return DailyStepOutcome(chain_id)

    async def recover(
        player: Player, _: WriteJournal[DailyStepOutcome], __: PriorState[DailyStepOutcome]
    ) -> DailyStepOutcome:
        if number in await _claimed_steps(player, chain_id):
            return DailyStepOutcome(chain_id)
        raise OutcomeUnknown

    return IdempotentWrite(
        "claimDailyChainStep",
        with_cycle((str(chain_id), str(number)), cycle),
        DailyStepOutcome,
        execute,
        recover,
        as_replay=as_replay,
    )


def claim_available(chain_id: int, now: datetime, *, cycle: str | None = None) -> IdempotentWrite[ClaimAllOutcome]:
    """Claim every step that is ready, one after the other; which ones these are is noted before any is sent."""

    async def execute(player: Player, journal: WriteJournal[ClaimAllOutcome]) -> ClaimAllOutcome:
        # What the screen was drawn from may be of the day before.
        chain = await player.daily.fresh_chain(chain_id)
        if error := cycle_error(chain, cycle, CHAIN_PATH):
            return ClaimAllOutcome(chain_id, errors=(error,), is_daily=True)
        steps = DailyChainView.of(chain, player, now).progress.steps if chain else ()
        ready = [step.step.step_number for step in steps if step.state is StepState.AVAILABLE]
        if not ready:
            return ClaimAllOutcome(chain_id, is_daily=True)
        await journal.checkpoint(_outcome(chain_id, [_result(chain_id, number, _UNKNOWN) for number in ready]))
        return _outcome(chain_id, await _claim_all(player, chain_id, ready, now, cycle))

    async def recover(
        player: Player, _: WriteJournal[ClaimAllOutcome], prior: PriorState[ClaimAllOutcome]
    ) -> ClaimAllOutcome:
        if prior.checkpoint is None:
            # Without the list of steps nobody can tell which claims were sent.
            raise OutcomeUnknown
        return _outcome(chain_id, _with_claimed(prior.checkpoint.results, await _claimed_steps(player, chain_id)))

    return IdempotentWrite(
        "claimAvailableRewards",
        with_cycle(("daily", str(chain_id)), cycle),
        ClaimAllOutcome,
        execute,
        recover,
        is_final=_may_have_claimed,
        as_replay=as_replay,
        checkpoints_first=True,
    )


async def _claim_all(
    player: Player, chain_id: int, numbers: list[int], now: datetime, cycle: str | None
) -> list[StepClaimView]:
    """Claim steps in order, because the upstream takes them in no other (client contract, 4)."""
    results: list[StepClaimView] = []
    for number in numbers:
        try:
            error = await _claim_one(player, chain_id, number, now, cycle)
        except AccessError as refused:
            if not results:
                # The player is refused, and not some step: the same error as for a single claim.
                raise
            error = UserErrorView.of(UserErrorCode.UNAVAILABLE, CHAIN_PATH, refused)
        results.append(_result(chain_id, number, error))
    if any(result.error == _UNKNOWN for result in results):
        return _with_claimed(results, await _claimed_steps(player, chain_id))
    return results


async def _claim_one(
    player: Player, chain_id: int, number: int, now: datetime, cycle: str | None
) -> UserErrorView | None:
    """Claim one step of several: an error costs this step alone, unless the upstream refuses the player."""
    try:
        await player.writes.claim_daily_step(chain_id, number, cycle)
    except AccessError:
        raise
    except Refusal as refusal:
        code = await _explained(player, refusal, chain_id, number, now)
        return None if code is UserErrorCode.ALREADY_CLAIMED else UserErrorView.of(code, STEP_PATH, refusal)
    except OutcomeUnknown:
        return _UNKNOWN
    except GatewayError as error:
        return UserErrorView.of(UserErrorCode.UNAVAILABLE, CHAIN_PATH, error)
    return None


def _outcome(chain_id: int, results: Iterable[StepClaimView]) -> ClaimAllOutcome:
    return ClaimAllOutcome(chain_id, tuple(results), is_daily=True)


def _result(chain_id: int, number: int, error: UserErrorView | None) -> StepClaimView:
    return StepClaimView(chain_id, number, error is None, error, is_daily=True)


def _with_claimed(results: Iterable[StepClaimView], claimed: frozenset[int]) -> list[StepClaimView]:
    """The results once the chain was read: what it shows as claimed is."""
    return [replace(one, is_claimed=True, error=None) if one.step_id in claimed else one for one in results]


def _may_have_claimed(outcome: ClaimAllOutcome) -> bool:
    """Whether anything may have been done. Where no claim was sent, the same key may try again."""
    return any(one.error is None or one.error.code is not UserErrorCode.UNAVAILABLE for one in outcome.results)


async def _claimed_steps(player: Player, chain_id: int) -> frozenset[int]:
    """Steps that the chain itself shows as claimed now: it decides about claims whose responses were lost."""
    try:
        chain = await player.daily.fresh_chain(chain_id)
    except GatewayError:
        return frozenset()
    return frozenset(step.step_number for step in (chain.steps if chain else ()) if step.status == CLAIMED)


async def _explained(player: Player, refusal: Refusal, chain_id: int, number: int, now: datetime) -> UserErrorCode:
    try:
        chain = await player.daily.fresh_chain(chain_id)
    except GatewayError:
        return UserErrorCode.REJECTED
    return explain_daily_refusal(refusal, chain, number, now=now)
