"""What follows from a reward chain's facts and the points held: step states, the next step and action, progress.

Everything here is pure. A flag that the upstream sends takes precedence over our own arithmetic.
"""

from bisect import bisect_right
from typing import TypeVar

from msgspec import Struct

from gateway.domain.models import RewardChain, RewardStep
from gateway.domain.rules import NextAction, StepState, percent
from gateway.domain.schedule import Phase, Schedule
from gateway.domain.shared import Shared, alike, derived, keep_popular

T = TypeVar("T")


class RewardStepState(Struct, frozen=True, gc=False):
    """A step of a reward chain, its place from 1, and what players can do with it who have reached the same steps."""

    chain_id: int
    step: RewardStep
    number: int
    state: StepState


class RewardStepProgress(RewardStepState, frozen=True, gc=False):
    """The same for one player's points."""

    points_missing: int


class RewardStates(Struct, frozen=True, gc=False):
    """How far players are in a reward chain who have claimed and reached the same steps."""

    steps: tuple[RewardStepState, ...]
    next_step: RewardStepState | None
    claimed_count: int
    claimable_count: int


class RewardProgress(Struct, frozen=True, gc=False):
    """How far the player with so many points is in a reward chain."""

    points: int
    states: RewardStates

    @property
    def steps(self) -> tuple[RewardStepProgress, ...]:
        """All steps, with the points that the player misses."""
        states = self.states.steps
        return keep_popular(states, ("points", self.points), lambda: [self._with_points(step) for step in states])

    @property
    def next_step(self) -> RewardStepProgress | None:
        """The first step to claim, else the first one still to be reached."""
        step = self.states.next_step
        return None if step is None else self._with_points(step)

    @property
    def is_completed(self) -> bool:
        """Whether all steps are claimed."""
        return self.states.claimed_count == len(self.states.steps)

    @property
    def claimed_count(self) -> int:
        """How many steps are claimed."""
        return self.states.claimed_count

    @property
    def claimable_count(self) -> int:
        """How many steps can be claimed."""
        return self.states.claimable_count

    @property
    def progress_percent(self) -> int:
        """Steps claimed in whole percent."""
        return percent(self.states.claimed_count, len(self.states.steps))

    def _with_points(self, step: RewardStepState) -> RewardStepProgress:
        missing = max(0, step.step.price.amount - self.points) if step.state is StepState.LOCKED else 0
        return RewardStepProgress(step.chain_id, step.step, step.number, step.state, missing)


def reward_progress(chain: RewardChain, points: int, *, is_open: bool) -> RewardProgress:
    """Derive the step states of a reward chain from the points held (client contract, 9: inferred).

    `is_open` says whether the player can take steps of the chain at all; where not, those not claimed are locked.

    `is_claimed` decides; else a step is available from `price.amount` points on. Points are thresholds and are not
    spent; steps may be claimed in any order, because no rule says otherwise. The next step is the first one to claim,
    else the first one still to be reached.
    """
    return RewardProgress(points, _reached(chain, points, is_open=is_open))


def _reached(chain: RewardChain, points: int, *, is_open: bool) -> RewardStates:
    """The step states: the same for all whose points reach the same steps."""
    if not isinstance(chain.steps, Shared):
        return _reward_states(chain, points, is_open=is_open)
    thresholds = derived(chain.steps, "thresholds", lambda: sorted(step.price.amount for step in chain.steps))
    key = (chain.reward_chain_id, bisect_right(thresholds, points), is_open)
    return derived(chain.steps, key, lambda: _reward_states(chain, points, is_open=is_open))


def _reward_states(chain: RewardChain, points: int, *, is_open: bool) -> RewardStates:
    # One expression and not a function for each step: this runs for every step that only one player is shown.
    states = [
        StepState.CLAIMED
        if step.is_claimed
        else StepState.AVAILABLE
        if is_open and points >= step.price.amount
        else StepState.LOCKED
        for step in chain.steps
    ]
    steps = alike(
        [
            RewardStepState(chain.reward_chain_id, step, number, state)
            for number, (step, state) in enumerate(zip(chain.steps, states, strict=True), start=1)
        ],
        chain.steps,
    )
    return RewardStates(
        steps=steps,
        next_step=_first(steps, states, StepState.AVAILABLE) or _first(steps, states, StepState.LOCKED),
        claimed_count=states.count(StepState.CLAIMED),
        claimable_count=states.count(StepState.AVAILABLE),
    )


def _first(steps: tuple[T, ...], states: list[StepState], state: StepState) -> T | None:
    return steps[states.index(state)] if state in states else None


def reward_next_action(
    progress: RewardProgress, schedule: Schedule, *, is_signed_in: bool, needs_clan: bool
) -> NextAction:
    """Say what the player has to do next in a reward chain."""
    if schedule.phase is Phase.ENDED:
        return NextAction.NONE
    if progress.is_completed:
        return NextAction.WAIT if schedule.is_recurrent else NextAction.NONE
    if schedule.phase is Phase.UPCOMING:
        return NextAction.WAIT
    if not is_signed_in:
        return NextAction.SIGN_IN
    if needs_clan:
        return NextAction.JOIN_CLAN
    return NextAction.CLAIM if progress.claimable_count else NextAction.EARN_POINTS
