"""What follows from a daily chain's facts: step states, the next step and action, when the next step opens.

Everything here is pure. The upstream computes what can be done with each step (client contract, 4); here it becomes the
states that all kinds of chains share. A status that is not known is a step that cannot be taken now.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from msgspec import Struct

from gateway.domain.models import DailyChain, DailyStep
from gateway.domain.rules import NextAction, StepState, percent
from gateway.domain.schedule import Phase, Schedule, unix_moment
from gateway.domain.shared import alike, derived

CLAIMED = "claimed"
CLAIMABLE = "claimable"
CLAIM_IN_FUTURE = "claim_in_future"
BLOCKED = "blocked"


class DailyStepProgress(Struct, frozen=True, gc=False):
    """A step of a daily chain, what the player can do with it, and when it opens or opened."""

    chain_id: int
    step: DailyStep
    state: StepState
    is_missed: bool
    unlocks_at: datetime | None


class DailyProgress(Struct, frozen=True, gc=False):
    """How far the player is in a daily chain; `next_unlock_at` is when the first step opens that has not yet."""

    steps: tuple[DailyStepProgress, ...]
    next_step: DailyStepProgress | None
    next_unlock_at: datetime | None
    is_completed: bool
    claimed_count: int
    claimable_count: int
    progress_percent: int


def daily_progress(chain: DailyChain, *, is_open: bool) -> DailyProgress:
    """Derive the step states of a daily chain.

    `is_open` says whether the player can take steps of the chain at all; where not, those not claimed are locked. A
    missed step stays locked, and the next step is the first one to claim, else the first one that is still to open.
    """
    return derived(chain.steps, (chain.id, is_open), lambda: _daily_progress(chain, is_open=is_open))


def _daily_progress(chain: DailyChain, *, is_open: bool) -> DailyProgress:
    ordered = sorted(chain.steps, key=attrgetter("step_number"))
    steps = alike([_step(chain.id, step, is_open=is_open) for step in ordered], chain.steps)
    left = [step for step in steps if step.state is not StepState.CLAIMED and not step.is_missed]
    available = [step for step in left if step.state is StepState.AVAILABLE]
    claimed = sum(step.state is StepState.CLAIMED for step in steps)
    return DailyProgress(
        steps=steps,
        next_step=_first(available) or _first(left),
        next_unlock_at=next((step.unlocks_at for step in left if step.step.status == CLAIM_IN_FUTURE), None),
        is_completed=not left,
        claimed_count=claimed,
        claimable_count=len(available),
        progress_percent=percent(claimed, len(steps)),
    )


def daily_next_action(
    progress: DailyProgress, schedule: Schedule, *, is_signed_in: bool, is_recurrent: bool
) -> NextAction:
    """Say what the player has to do next in a daily chain."""
    if schedule.phase is Phase.ENDED:
        return NextAction.NONE
    if progress.is_completed:
        return NextAction.WAIT if is_recurrent else NextAction.NONE
    if schedule.phase is Phase.UPCOMING:
        return NextAction.WAIT
    if not is_signed_in:
        return NextAction.SIGN_IN
    return NextAction.CLAIM if progress.claimable_count else NextAction.WAIT


def _step(chain_id: int, step: DailyStep, *, is_open: bool) -> DailyStepProgress:
    if step.status == CLAIMED:
        state = StepState.CLAIMED
    else:
        state = StepState.AVAILABLE if is_open and step.status == CLAIMABLE else StepState.LOCKED
    unlocks_at = None if step.unlocked_date is None else unix_moment(step.unlocked_date)
    return DailyStepProgress(chain_id, step, state, step.status == BLOCKED, unlocks_at)


def _first(steps: Sequence[DailyStepProgress]) -> DailyStepProgress | None:
    return steps[0] if steps else None
