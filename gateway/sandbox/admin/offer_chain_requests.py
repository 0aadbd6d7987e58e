"""Offer chains in publishers' requests (admin contract, 3.1 and 3.2).

How it is read where the contract leaves a choice: a chain has at least one step; step numbers may have gaps and never
repeat; `is_reset_on_completion`, which only live chains were seen to have, is stored and returned, and does nothing.
Virtual currency is not an item for chains in the guide, and is one in the reference: it is accepted. So is one item in
several steps, which the guide forbids and the published sample has. Unknown SKUs, and
SKUs of value points, are 422/1102.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gateway.sandbox.admin.schedules import Hourly, Monthly, Weekly
from gateway.sandbox.admin.steps import Conditions, check_continued, check_id, check_numbers
from gateway.sandbox.domain.fields import Date, Id, Int32, Localised, Quantity, Sku
from gateway.sandbox.domain.languages import normalize_texts
from gateway.sandbox.storage.chain_writes import NewChain, NewReward, NewStep
from gateway.sandbox.storage.chains import Chain, ChainKind


class ItemBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The item of a step."""

    sku: Sku
    quantity: Quantity
    order: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None


class StepBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new step."""

    step_number: Annotated[int, Meta(ge=1, le=1_000_000)]
    is_free: bool
    items: Annotated[tuple[ItemBody, ...], Meta(min_length=1, max_length=1)]


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
    is_enabled: bool
    recurrent_schedule: Weekly | Monthly | Hourly | None = None
    steps: Annotated[tuple[StepBody, ...], Meta(min_length=1, max_length=30)]
    is_always_visible: bool = True
    attribute_conditions: Conditions = ()
    is_reset_on_completion: bool = False


class ChainUpdateBody(ChainBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A chain's replacement."""

    id: Id | UnsetType = UNSET
    steps: Annotated[tuple[StepUpdateBody, ...], Meta(min_length=1, max_length=30)]


def new_offer_chain(body: ChainBody) -> NewChain:
    """Check what the field types do not cover, and build a chain.

    Raises RefusedError, or NotFoundError for an unknown language.
    """
    check_numbers([step.step_number for step in body.steps])
    return NewChain(
        kind=ChainKind.OFFER,
        name=normalize_texts(body.name),
        description=normalize_texts(body.description),
        order=body.order,
        date_start=body.date_start.isoformat(),
        date_end=body.date_end.isoformat() if body.date_end else None,
        is_enabled=body.is_enabled,
        schedule=body.recurrent_schedule.schedule() if body.recurrent_schedule else None,
        steps=tuple(_step(step) for step in body.steps),
        is_always_visible=body.is_always_visible,
        conditions=body.attribute_conditions,
        is_reset_on_completion=body.is_reset_on_completion,
    )


def changed_offer_chain(body: ChainUpdateBody, known: Chain) -> NewChain:
    """Build the replacement of a known chain; raises as `new_offer_chain` does."""
    check_id(body.id, known)
    new = new_offer_chain(body)
    check_continued(new, known)
    return new


def _step(body: StepBody) -> NewStep:
    return NewStep(
        rewards=tuple(NewReward(item.sku, item.quantity, order=item.order) for item in body.items),
        step_number=body.step_number,
        step_id=body.step_id if isinstance(body, StepUpdateBody) else None,
        is_free=body.is_free,
    )
