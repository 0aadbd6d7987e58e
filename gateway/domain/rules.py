"""What follows from a chain's facts: step states, the next step and action, progress.

Everything here is pure. Where the contract leaves a choice, the docstring says
which reading is taken. A flag that the upstream sends takes precedence over our own arithmetic.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct, UnsetType

from gateway.domain.models import OfferChain, OfferStep, RewardChain
from gateway.domain.schedule import Phase, Schedule
from gateway.domain.shared import alike, derived

T = TypeVar("T")


class StepState(Enum):
    """What a player can do with a step now."""

    LOCKED = "LOCKED"
    AVAILABLE = "AVAILABLE"
    CLAIMED = "CLAIMED"
    # Of this and the next enumeration: for what a later version adds, so that clients of today have a value for it.
    OTHER = "OTHER"


class NextAction(Enum):
    """What a player has to do to get further in a chain."""

    CLAIM = "CLAIM"
    BUY = "BUY"
    EARN_POINTS = "EARN_POINTS"
    JOIN_CLAN = "JOIN_CLAN"
    SIGN_IN = "SIGN_IN"
    WAIT = "WAIT"
    NONE = "NONE"
    OTHER = "OTHER"


class OfferStepProgress(Struct, frozen=True, gc=False):
    """A step of an offer chain and what the player can do with it."""

    chain_id: int
    step: OfferStep
    state: StepState


class OfferProgress(Struct, frozen=True, gc=False):
    """How far the player is in an offer chain; `claimable_count` is 1 where the next step is free and available."""

    steps: tuple[OfferStepProgress, ...]
    next_step: OfferStepProgress | None
    is_completed: bool
    claimed_count: int
    claimable_count: int
    progress_percent: int


def is_open(schedule: Schedule, *, is_signed_in: bool, needs_clan: bool = False) -> bool:
    """Whether the player can take steps of a chain at all, once it is their turn or they have the points."""
    return schedule.phase.is_running and is_signed_in and not needs_clan


def is_in_clan(chains: Iterable[RewardChain]) -> bool | None:
    """Whether a signed-in player is in a clan, told from their reward chains; None where these do not tell.

    No call says it. The list of a clan's contributors is empty for a player without a clan (client contract, 3), so a
    clan chain that lists a contributor or holds points says yes, and clan chains that list nobody and hold nothing say
    no. The reading taken: a clan in which nobody has contributed to any chain is told as none, because the upstream
    shows no difference. Chains that leave the contributors out say nothing.
    """
    clan_chains = [chain for chain in chains if chain.clan_type is not None]
    if any(chain.top_contributors or (chain.value_point.amount or 0) > 0 for chain in clan_chains):
        return True
    return False if any(chain.top_contributors is not None for chain in clan_chains) else None


def needs_clan(chain: RewardChain, points: int, *, is_in_clan: bool | None) -> bool:
    """Whether a signed-in player has to join a clan first. Points held show that they are in one."""
    return chain.clan_type is not None and is_in_clan is False and points <= 0


def offer_progress(chain: OfferChain, *, is_open: bool) -> OfferProgress:
    """Derive the step states of an offer chain (client contract, 9: the mapping is inferred).

    `is_open` says whether the player can take steps of the chain at all; where not, those not claimed are locked.

    `is_claimed` decides; else the step with `next_step_number` is available; the rest is locked. A step that has no
    `is_claimed` (one vendor sample) counts as claimed when it lies before the next step. Where the next step's number
    is absent, the first step that is not claimed is next: steps are taken strictly in order.
    """
    key = (chain.id, chain.next_step_number, is_open)
    return derived(chain.steps, key, lambda: _offer_progress(chain, is_open=is_open))


def _offer_progress(chain: OfferChain, *, is_open: bool) -> OfferProgress:
    ordered = sorted(chain.steps, key=attrgetter("step_number"))
    number = _next_number(chain.next_step_number, ordered)
    states = [_offer_state(step, number, is_open=is_open) for step in ordered]
    progress = [OfferStepProgress(chain.id, step, state) for step, state in zip(ordered, states, strict=True)]
    steps = alike(progress, chain.steps)
    claimed = states.count(StepState.CLAIMED)
    next_step = next((step for step in steps if step.step.step_number == number and not _is_claimed(step)), None)
    return OfferProgress(
        steps=steps,
        next_step=next_step,
        is_completed=number is None,
        claimed_count=claimed,
        claimable_count=int(next_step is not None and _is_claimable(next_step)),
        progress_percent=percent(claimed, len(steps)),
    )


def _is_claimable(step: OfferStepProgress) -> bool:
    return step.step.is_free and step.state is StepState.AVAILABLE


def _is_claimed(step: OfferStepProgress) -> bool:
    return step.state is StepState.CLAIMED


def _next_number(said: int | UnsetType | None, ordered: Sequence[OfferStep]) -> int | None:
    if not isinstance(said, UnsetType):
        return said
    return next((step.step_number for step in ordered if not step.is_claimed), None)


def _offer_state(step: OfferStep, next_number: int | None, *, is_open: bool) -> StepState:
    is_claimed = step.is_claimed
    if is_claimed is None:
        is_claimed = next_number is None or step.step_number < next_number
    if is_claimed:
        return StepState.CLAIMED
    return StepState.AVAILABLE if is_open and step.step_number == next_number else StepState.LOCKED


def percent(part: int, whole: int) -> int:
    """Whole percent, rounded down so that 100 means all; an empty chain is complete."""
    return 100 * part // whole if whole else 100


def offer_next_action(progress: OfferProgress, schedule: Schedule, *, is_signed_in: bool) -> NextAction:
    """Say what the player has to do next in an offer chain."""
    if schedule.phase is Phase.ENDED:
        return NextAction.NONE
    if progress.is_completed:
        return NextAction.WAIT if schedule.is_recurrent else NextAction.NONE
    if schedule.phase is Phase.UPCOMING:
        return NextAction.WAIT
    if not is_signed_in:
        return NextAction.SIGN_IN
    if progress.next_step is None:
        # The upstream names a next step that it does not list, so there is nothing that the player could do.
        return NextAction.WAIT
    return NextAction.CLAIM if progress.next_step.step.is_free else NextAction.BUY


def localised(texts: Mapping[str, str | None] | None, languages: Sequence[str]) -> str | None:
    """Pick the text in the first language that has one, then English, then any (fallback not found in the contract)."""
    if not texts:
        return None
    for language in (*languages, "en"):
        if texts.get(language):
            return texts[language]
    return next((text for text in texts.values() if text), None)
