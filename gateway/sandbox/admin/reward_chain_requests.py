"""Reward chains in publishers' requests (admin contract, 4.4).

How it is read where the contract leaves a choice, mostly after live calls: unknown properties are refused; an update
must not send `value_point`, `clan_type` or `reward_chain_id`, and each of its steps says which one it continues; the
tooltip's texts are accepted on any chain, with two-letter or five-letter codes, and are required on a clan's; a clan
type is only accepted with a value point of clans, and such a value point makes the chain a clan's. A chain has at
least one step.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gateway.sandbox.admin.schedules import Monthly, Weekly
from gateway.sandbox.admin.steps import Conditions, check_continued
from gateway.sandbox.domain.fields import Date, Id, Int32, Localised, Points, Quantity, Sku
from gateway.sandbox.domain.languages import Texts, normalize_texts
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.storage.chain_writes import NewChain, NewReward, NewStep
from gateway.sandbox.storage.chains import Chain, ChainKind

ClanType = Literal[
    "clan",
    "guild",
    "faction",
    "community",
    "team",
    "squad",
    "alliance",
    "association",
    "coalition",
    "union",
    "group",
    "civilizations",
    "dynasty",
    "order",
    "league",
    "brotherhood",
    "kingdom",
    "organization",
    "house",
    "empire",
    "tribe",
    "cartel",
]


class RewardBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reward; with conditions for some players only."""

    sku: Sku
    quantity: Quantity
    attribute_conditions: Conditions = ()


class PriceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many points a step needs."""

    amount: Points


class StepBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new step."""

    name: Localised | None
    price: PriceBody
    image_url: str | None = None
    reward: Annotated[tuple[RewardBody, ...], Meta(min_length=1, max_length=10)]


class StepUpdateBody(StepBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A step that continues an existing one, or with null is new."""

    step_id: Id | None


class ValuePointBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The value point that a chain counts."""

    sku: Sku


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Localised | None
    description: Localised | None = None
    long_description: Localised | None = None
    image_url: str | None = None
    order: Int32 = 1
    date_start: Date
    date_end: Date | None = None
    is_enabled: bool
    recurrent_schedule: Weekly | Monthly | None = None
    attribute_conditions: Conditions = ()
    is_always_visible: bool = True
    popup_header: Localised | UnsetType | None = UNSET
    popup_instruction: Localised | UnsetType | None = UNSET
    popup_image_url: str | None = None


class ChainBody(_Body, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new chain."""

    value_point: ValuePointBody
    clan_type: ClanType | None = None
    steps: Annotated[tuple[StepBody, ...], Meta(min_length=1, max_length=31)]


class ChainUpdateBody(_Body, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A chain's replacement."""

    steps: Annotated[tuple[StepUpdateBody, ...], Meta(min_length=1, max_length=31)]


def new_reward_chain(body: ChainBody, is_clan: bool) -> NewChain:
    """Build a chain; `is_clan` is its value point's. Raises RefusedError, or NotFoundError for an unknown language."""
    if body.clan_type and not is_clan:
        raise RefusedError("The value point of a clan chain must be one of clans", "value_point")
    return _new_chain(body, body.steps, is_clan, body.value_point.sku, body.clan_type)


def changed_reward_chain(body: ChainUpdateBody, known: Chain, is_clan: bool) -> NewChain:
    """Build the replacement of a known chain. Raises RefusedError, or NotFoundError for an unknown language."""
    new = _new_chain(body, body.steps, is_clan, None, None)
    check_continued(new, known)
    return new


def _new_chain(
    body: _Body, steps: tuple[StepBody, ...], is_clan: bool, value_point: str | None, clan_type: str | None
) -> NewChain:
    return NewChain(
        kind=ChainKind.REWARD,
        name=normalize_texts(body.name),
        description=normalize_texts(body.description),
        long_description=normalize_texts(body.long_description),
        image_url=body.image_url,
        order=body.order,
        date_start=body.date_start.isoformat(),
        date_end=body.date_end.isoformat() if body.date_end else None,
        is_enabled=body.is_enabled,
        schedule=body.recurrent_schedule.schedule() if body.recurrent_schedule else None,
        conditions=body.attribute_conditions,
        is_always_visible=body.is_always_visible,
        value_point=value_point,
        clan_type=clan_type,
        popup_header=_popup(body.popup_header, "popup_header", is_clan),
        popup_instruction=_popup(body.popup_instruction, "popup_instruction", is_clan),
        popup_image_url=body.popup_image_url,
        steps=tuple(_step(step) for step in steps),
    )


def _popup(texts: Localised | UnsetType | None, name: str, is_clan: bool) -> Texts | None:
    if isinstance(texts, UnsetType):
        if is_clan:
            raise RefusedError(f"The property `{name}` is required", name)
        return None
    return normalize_texts(texts)


def _step(body: StepBody) -> NewStep:
    return NewStep(
        rewards=tuple(NewReward(reward.sku, reward.quantity, reward.attribute_conditions) for reward in body.reward),
        step_id=body.step_id if isinstance(body, StepUpdateBody) else None,
        points_needed=body.price.amount,
        name=normalize_texts(body.name),
        image_url=body.image_url,
    )
