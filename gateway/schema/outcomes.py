"""Outcomes of mutations: the views behind their payloads, which are recorded under an idempotency key.

`is_replay` of each says that it comes from the record of an earlier request; it is not recorded itself.
"""

from dataclasses import dataclass, replace
from typing import TypeVar

from gateway.domain import models
from gateway.domain.catalog import ItemOrder
from gateway.domain.refusals import UserErrorCode
from gateway.errors import GatewayError


@dataclass(frozen=True, slots=True)
class UserErrorView:
    """A refusal as it is shown."""

    code: UserErrorCode
    path: tuple[str, ...]
    upstream_code: int | None = None
    upstream_message: str | None = None

    @classmethod
    def of(cls, code: UserErrorCode, path: tuple[str, ...], error: GatewayError) -> "UserErrorView":
        """What an error of the upstream's means for one input field."""
        return cls(code, path, error.upstream_code, error.upstream_message)


Errors = tuple[UserErrorView, ...]


@dataclass(frozen=True, slots=True)
class OfferStepOutcome:
    """The outcome of a claim or an order of an offer step; `chain_id` is None where the input named none.

    `order_id` is the order that granted a claimed step, `order` one that was just made, `settled_order_id` one whose
    response was lost, and `direct_number` the step that may be ordered from the player's device.
    """

    chain_id: int | None
    errors: Errors = ()
    order_id: int | None = None
    order: models.PlacedOrder | None = None
    settled_order_id: int | None = None
    direct_number: int | None = None
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class ItemOrderOutcome:
    """The outcome of an order of an item; `direct` is one that may be sent from the player's device.

    The rest is as for steps.
    """

    errors: Errors = ()
    order: models.PlacedOrder | None = None
    settled_order_id: int | None = None
    direct: ItemOrder | None = None
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class StepClaimOutcome:
    """The outcome of a claim of a reward step or of a daily step."""

    chain_id: int | None
    errors: Errors = ()
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class StepClaimView:
    """The result for one step when every ready step was claimed; a daily step goes by its number."""

    chain_id: int
    step_id: int
    is_claimed: bool
    error: UserErrorView | None = None
    is_daily: bool = False


@dataclass(frozen=True, slots=True)
class ClaimAllOutcome:
    """The result of claiming every ready step of a reward chain or of a daily chain."""

    chain_id: int | None
    results: tuple[StepClaimView, ...] = ()
    errors: Errors = ()
    is_replay: bool = False
    is_daily: bool = False


@dataclass(frozen=True, slots=True)
class ClanOutcome:
    """What a change of clan granted."""

    rewards: tuple[models.Item, ...] = ()
    errors: Errors = ()
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class TrackedOutcome:
    """The order that the game reported; `order` is the order itself, where it was read just now."""

    order_id: int | None = None
    order: models.Order | None = None
    errors: Errors = ()
    is_replay: bool = False


A = TypeVar(
    "A",
    OfferStepOutcome,
    ItemOrderOutcome,
    StepClaimOutcome,
    ClaimAllOutcome,
    ClanOutcome,
    TrackedOutcome,
)


def as_replay(outcome: A) -> A:
    """The outcome, marked as one that comes from the record of an earlier request."""
    return replace(outcome, is_replay=True)
