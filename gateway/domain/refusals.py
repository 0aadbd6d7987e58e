"""Why the upstream refused a claim or an order, told from its code and from the chain as it stands afterwards.

The upstream's generic refusal (422 with 1102) names no reason, and the codes of offer chains were never published
(client contract, 7), so the reason is read off the chain. Everything here is pure.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from gateway.domain.models import OfferChain, RewardChain
from gateway.domain.rules import StepState, offer_progress, reward_progress
from gateway.domain.schedule import Phase, schedule_of
from gateway.errors import NotFound, Refusal


class UserErrorCode(Enum):
    """The closed list of codes in `userErrors`."""

    INVALID_ID = "INVALID_ID"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_CLAIMED = "ALREADY_CLAIMED"
    STEP_LOCKED = "STEP_LOCKED"
    NOT_ENOUGH_POINTS = "NOT_ENOUGH_POINTS"
    STEP_IS_PAID = "STEP_IS_PAID"
    STEP_IS_FREE = "STEP_IS_FREE"
    CHAIN_ENDED = "CHAIN_ENDED"
    IN_PROGRESS = "IN_PROGRESS"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    UNAVAILABLE = "UNAVAILABLE"
    REJECTED = "REJECTED"


MESSAGES: Mapping[UserErrorCode, str] = {
    UserErrorCode.INVALID_ID: "This is not an id of the expected kind. Send an id exactly as the gateway gave it.",
    UserErrorCode.NOT_FOUND: "There is no such chain, step or order for this player.",
    UserErrorCode.ALREADY_CLAIMED: "The player has already taken this step.",
    UserErrorCode.STEP_LOCKED: "An earlier step has to be taken first.",
    UserErrorCode.NOT_ENOUGH_POINTS: "The player does not have enough points for this step.",
    UserErrorCode.STEP_IS_PAID: "This step is bought, not claimed: use orderOfferChainStep.",
    UserErrorCode.STEP_IS_FREE: "This step is free: use claimOfferChainStep.",
    UserErrorCode.CHAIN_ENDED: "This chain is no longer running.",
    UserErrorCode.IN_PROGRESS: "The first request with this idempotency key is still in progress. Send it again later.",
    UserErrorCode.IDEMPOTENCY_CONFLICT: "This idempotency key was used with other arguments. Take a new key.",
    UserErrorCode.OUTCOME_UNKNOWN: "The upstream did not confirm this claim. Read the chain before trying again.",
    UserErrorCode.UNAVAILABLE: "This claim could not be sent. Try again later.",
    UserErrorCode.REJECTED: "The upstream refused for a reason that the chain does not show: see `upstreamCode`.",
}

_CODES: Mapping[int, UserErrorCode] = {
    9911: UserErrorCode.NOT_FOUND,
    9912: UserErrorCode.ALREADY_CLAIMED,
    9913: UserErrorCode.NOT_ENOUGH_POINTS,
}


def explain_offer_refusal(
    refusal: Refusal, chain: OfferChain | None, step_number: int, *, wants_free: bool, now: datetime
) -> UserErrorCode:
    """Say why a step of an offer chain was refused; `chain` is None where the upstream shows it no longer."""
    if chain is None:
        return _unlisted(refusal)
    return offer_obstacle(chain, step_number, wants_free=wants_free, now=now) or _unexplained(refusal)


def offer_obstacle(chain: OfferChain, step_number: int, *, wants_free: bool, now: datetime) -> UserErrorCode | None:
    """The reason why the player cannot take a step; None where none can be seen.

    `wants_free` is true for a claim and false for an order. Reasons that the player cannot change come first: taken,
    wrong mutation, ended, and only then locked.
    """
    steps = {step.step.step_number: step for step in offer_progress(chain).steps}
    step = steps.get(step_number)
    if step is None:
        return UserErrorCode.NOT_FOUND
    if step.state is StepState.CLAIMED:
        return UserErrorCode.ALREADY_CLAIMED
    if step.step.is_free is not wants_free:
        return UserErrorCode.STEP_IS_FREE if step.step.is_free else UserErrorCode.STEP_IS_PAID
    phase = schedule_of(chain, now).phase
    if phase is Phase.ENDED:
        return UserErrorCode.CHAIN_ENDED
    if step.state is StepState.LOCKED or phase is Phase.UPCOMING:
        return UserErrorCode.STEP_LOCKED
    return None


def explain_reward_refusal(
    refusal: Refusal, chain: RewardChain | None, step_id: int, *, points: int, now: datetime
) -> UserErrorCode:
    """Say why a step of a reward chain was refused: from its published code, else from the chain."""
    known = _CODES.get(refusal.upstream_code or 0)
    if known:
        return known
    if chain is None:
        return _unlisted(refusal)
    steps = {step.step.step_id: step for step in reward_progress(chain, points).steps}
    step = steps.get(step_id)
    if step is None:
        return UserErrorCode.NOT_FOUND
    if step.state is StepState.CLAIMED:
        return UserErrorCode.ALREADY_CLAIMED
    phase = schedule_of(chain, now).phase
    if phase is Phase.ENDED:
        return UserErrorCode.CHAIN_ENDED
    if phase is Phase.UPCOMING:
        return UserErrorCode.STEP_LOCKED
    return UserErrorCode.NOT_ENOUGH_POINTS if step.state is StepState.LOCKED else _unexplained(refusal)


def _unlisted(refusal: Refusal) -> UserErrorCode:
    """A chain that the upstream knows (it did not answer 404) but no longer shows has ended or was switched off."""
    return UserErrorCode.NOT_FOUND if isinstance(refusal, NotFound) else UserErrorCode.CHAIN_ENDED


def _unexplained(refusal: Refusal) -> UserErrorCode:
    return UserErrorCode.NOT_FOUND if isinstance(refusal, NotFound) else UserErrorCode.REJECTED
