"""Why the upstream refused a claim or an order: from its code and from the chain as it is afterwards.

The upstream's generic refusal (422 with 1102) names no reason, and the codes of offer chains were never published
(client contract, 7), so the chain has to show the reason. Everything here is pure.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from gateway.domain.daily_rules import daily_progress
from gateway.domain.models import DailyChain, OfferChain, RewardChain
from gateway.domain.reward_rules import reward_progress
from gateway.domain.rules import StepState, is_open, needs_clan, offer_progress
from gateway.domain.schedule import Phase, schedule_of
from gateway.errors import NotFound, Refusal


class UserErrorCode(Enum):
    """All codes in `userErrors`."""

    INVALID_ID = "INVALID_ID"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_CLAIMED = "ALREADY_CLAIMED"
    STEP_LOCKED = "STEP_LOCKED"
    STEP_MISSED = "STEP_MISSED"
    NOT_ENOUGH_POINTS = "NOT_ENOUGH_POINTS"
    NOT_IN_CLAN = "NOT_IN_CLAN"
    STEP_IS_PAID = "STEP_IS_PAID"
    STEP_IS_FREE = "STEP_IS_FREE"
    LIMIT_REACHED = "LIMIT_REACHED"
    NOT_FOR_SALE = "NOT_FOR_SALE"
    CHAIN_ENDED = "CHAIN_ENDED"
    CYCLE_CHANGED = "CYCLE_CHANGED"
    IN_PROGRESS = "IN_PROGRESS"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    UNAVAILABLE = "UNAVAILABLE"
    REJECTED = "REJECTED"
    OTHER = "OTHER"
    """For what a later version adds, so that clients of today have a value for it."""


MESSAGES: Mapping[UserErrorCode, str] = {
    UserErrorCode.INVALID_ID: "This is not an id of the expected kind. Send the id exactly as the gateway returned it.",
    UserErrorCode.NOT_FOUND: "There is no such chain, step, item or order for this player.",
    UserErrorCode.ALREADY_CLAIMED: "The player has already claimed or bought this.",
    UserErrorCode.STEP_LOCKED: "This step is locked: an earlier step or its day comes first, or the chain's start.",
    UserErrorCode.STEP_MISSED: "The day of this step has passed. It cannot be claimed any more.",
    UserErrorCode.NOT_ENOUGH_POINTS: "The player does not have enough points for this step.",
    UserErrorCode.NOT_IN_CLAN: "The player has to join a clan first. Send updateClan once they have.",
    UserErrorCode.STEP_IS_PAID: "This step has a price. Use orderOfferChainStep.",
    UserErrorCode.STEP_IS_FREE: "This step is free. Use claimOfferChainStep.",
    UserErrorCode.LIMIT_REACHED: "The player cannot buy more of this item now: see `limits`.",
    UserErrorCode.NOT_FOR_SALE: "This item cannot be bought for real money now.",
    UserErrorCode.CHAIN_ENDED: "This chain has ended.",
    UserErrorCode.CYCLE_CHANGED: "The chain has started over. Nothing was sent. Show the chain as it is now.",
    UserErrorCode.IN_PROGRESS: "The first request with this idempotency key is still in progress. Send it again later.",
    UserErrorCode.IDEMPOTENCY_CONFLICT: "This key was used for another mutation or other arguments. Use a new key.",
    UserErrorCode.OUTCOME_UNKNOWN: "The upstream did not confirm this claim. Read the chain before you try again.",
    UserErrorCode.UNAVAILABLE: "This claim could not be sent. Try again later.",
    UserErrorCode.REJECTED: "The upstream refused for a reason that it does not show: see `upstreamCode`.",
    UserErrorCode.OTHER: "A reason that this schema does not define yet: see `message`.",
}

_CODES: Mapping[int, UserErrorCode] = {
    9911: UserErrorCode.NOT_FOUND,
    9912: UserErrorCode.ALREADY_CLAIMED,
    9913: UserErrorCode.NOT_ENOUGH_POINTS,
}


def explain_offer_refusal(
    refusal: Refusal, chain: OfferChain | None, step_number: int, *, wants_free: bool, now: datetime
) -> UserErrorCode:
    """Say why a step of an offer chain was refused. `chain` is None if the upstream no longer shows it."""
    if chain is None:
        return _unlisted(refusal)
    return offer_obstacle(chain, step_number, wants_free=wants_free, now=now) or _unexplained(refusal)


def offer_obstacle(chain: OfferChain, step_number: int, *, wants_free: bool, now: datetime) -> UserErrorCode | None:
    """The reason why the player cannot take a step; None if the chain shows none.

    `wants_free` is true for a claim and false for an order. Reasons that the player cannot change come first: taken,
    wrong mutation, ended, and only then locked.
    """
    plan = schedule_of(chain, now)
    progress = offer_progress(chain, is_open=is_open(plan, is_signed_in=True))
    steps = {step.step.step_number: step for step in progress.steps}
    step = steps.get(step_number)
    if step is None:
        return UserErrorCode.NOT_FOUND
    if step.state is StepState.CLAIMED:
        return UserErrorCode.ALREADY_CLAIMED
    if step.step.is_free is not wants_free:
        return UserErrorCode.STEP_IS_FREE if step.step.is_free else UserErrorCode.STEP_IS_PAID
    if step.state is StepState.AVAILABLE:
        return None
    return UserErrorCode.CHAIN_ENDED if plan.phase is Phase.ENDED else UserErrorCode.STEP_LOCKED


def explain_reward_refusal(
    refusal: Refusal,
    chain: RewardChain | None,
    step_id: int,
    *,
    points: int,
    is_in_clan: bool | None,
    now: datetime,
) -> UserErrorCode:
    """Say why a step of a reward chain was refused: from its published code, else from the chain."""
    code = _CODES.get(refusal.upstream_code or 0)
    if chain is None:
        return code or _unlisted(refusal)
    if code is UserErrorCode.NOT_ENOUGH_POINTS and needs_clan(chain, points, is_in_clan=is_in_clan):
        return UserErrorCode.NOT_IN_CLAN
    obstacle = reward_obstacle(chain, step_id, points=points, is_in_clan=is_in_clan, now=now)
    return code or obstacle or _unexplained(refusal)


def reward_obstacle(
    chain: RewardChain, step_id: int, *, points: int, is_in_clan: bool | None, now: datetime
) -> UserErrorCode | None:
    """The reason why the player cannot claim a step; None where none can be seen.

    Reasons that the player cannot change come first: claimed, ended, not started, and only then clan and points.
    """
    plan, lacks_clan = schedule_of(chain, now), needs_clan(chain, points, is_in_clan=is_in_clan)
    progress = reward_progress(chain, points, is_open=is_open(plan, is_signed_in=True, needs_clan=lacks_clan))
    step = next((step for step in progress.steps if step.step.step_id == step_id), None)
    if step is None:
        return UserErrorCode.NOT_FOUND
    if step.state is StepState.CLAIMED:
        return UserErrorCode.ALREADY_CLAIMED
    if step.state is StepState.AVAILABLE:
        return None
    if not plan.phase.is_running:
        return UserErrorCode.CHAIN_ENDED if plan.phase is Phase.ENDED else UserErrorCode.STEP_LOCKED
    return UserErrorCode.NOT_IN_CLAN if lacks_clan else UserErrorCode.NOT_ENOUGH_POINTS


def explain_daily_refusal(
    refusal: Refusal, chain: DailyChain | None, step_number: int, *, now: datetime
) -> UserErrorCode:
    """Say why a step of a daily chain was refused. `chain` is None if the upstream no longer shows it."""
    if chain is None:
        return _unlisted(refusal)
    return daily_obstacle(chain, step_number, now=now) or _unexplained(refusal)


def daily_obstacle(chain: DailyChain, step_number: int, *, now: datetime) -> UserErrorCode | None:
    """The reason why the player cannot claim a step; None if the chain shows none."""
    plan = schedule_of(chain, now)
    progress = daily_progress(chain, is_open=is_open(plan, is_signed_in=True))
    step = next((step for step in progress.steps if step.step.step_number == step_number), None)
    if step is None:
        return UserErrorCode.NOT_FOUND
    if step.state is StepState.CLAIMED:
        return UserErrorCode.ALREADY_CLAIMED
    if step.state is StepState.AVAILABLE:
        return None
    if plan.phase is Phase.ENDED:
        return UserErrorCode.CHAIN_ENDED
    return UserErrorCode.STEP_MISSED if step.is_missed else UserErrorCode.STEP_LOCKED


def _unlisted(refusal: Refusal) -> UserErrorCode:
    """A chain that the upstream knows (it did not answer 404) but no longer shows has ended or was disabled."""
    return UserErrorCode.NOT_FOUND if isinstance(refusal, NotFound) else UserErrorCode.CHAIN_ENDED


def _unexplained(refusal: Refusal) -> UserErrorCode:
    return UserErrorCode.NOT_FOUND if isinstance(refusal, NotFound) else UserErrorCode.REJECTED
