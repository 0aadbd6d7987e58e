"""Daily chains in publishers' requests (admin contract, 9).

How it is read where the contract leaves a choice: without a type a new chain is `calendar_hard`, and it is switched on
unless the body says otherwise; step numbers may have gaps and never repeat; one item may be in several steps, as in the
published sample; in an update a step may name the one that it continues. Unknown SKUs, and SKUs of value points, are
422/1102.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gateway.sandbox.admin.steps import check_continued, check_id, check_numbers
from gateway.sandbox.domain.daily_rounds import DailyType
from gateway.sandbox.domain.fields import Date, Id, Int32, Localised, Quantity, Sku
from gateway.sandbox.domain.languages import normalize_texts
from gateway.sandbox.storage.chain_writes import NewChain, NewReward, NewStep
from gateway.sandbox.storage.chains import Chain, ChainKind


class ItemBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of a step."""

    sku: Sku
    quantity: Quantity = 1


class StepBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new step."""

    step_number: Annotated[int, Meta(ge=1, le=1_000_000)]
    items: Annotated[tuple[ItemBody, ...], Meta(min_length=1, max_length=100)]


class StepUpdateBody(StepBody, frozen=True, forbid_unknown_fields=True):
    """A step; with an id it continues an existing step."""

    step_id: Id | None = None


class ChainBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new chain."""

    name: Localised | None
    description: Localised | None = None
    order: Int32 = 1
    date_start: Date
    date_end: Date | None = None
    is_enabled: bool = True
    is_recurrent: bool = False
    type: DailyType = DailyType.CALENDAR
    steps: Annotated[tuple[StepBody, ...], Meta(min_length=1, max_length=366)]


class ChainUpdateBody(ChainBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A chain's replacement."""

    id: Id | UnsetType = UNSET
    type: DailyType
    steps: Annotated[tuple[StepUpdateBody, ...], Meta(min_length=1, max_length=366)]


def new_daily_chain(body: ChainBody) -> NewChain:
    """Check what the field types do not cover, and build a chain.

    Raises RefusedError, or NotFoundError for an unknown language.
    """
    check_numbers([step.step_number for step in body.steps])
    return NewChain(
        kind=ChainKind.DAILY,
        name=normalize_texts(body.name),
        description=normalize_texts(body.description),
        order=body.order,
        date_start=body.date_start.isoformat(),
        date_end=body.date_end.isoformat() if body.date_end else None,
        is_enabled=body.is_enabled,
        steps=tuple(_step(step) for step in body.steps),
        daily_type=body.type,
        is_recurrent=body.is_recurrent,
    )


def changed_daily_chain(body: ChainUpdateBody, known: Chain) -> NewChain:
    """Build the replacement of a known chain; raises as `new_daily_chain` does."""
    check_id(body.id, known)
    new = new_daily_chain(body)
    check_continued(new, known)
    return new


def _step(body: StepBody) -> NewStep:
    return NewStep(
        rewards=tuple(NewReward(item.sku, item.quantity) for item in body.items),
        step_number=body.step_number,
        step_id=body.step_id if isinstance(body, StepUpdateBody) else None,
    )
