"""Chains for tests, with only what a test is about spelled out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import UNSET, UnsetType

from gateway.domain.models import (
    DailyChain,
    DailyStep,
    Item,
    Money,
    OfferChain,
    OfferStep,
    Recurrence,
    RewardChain,
    RewardStep,
    StepPrice,
    ValuePoint,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
START = datetime(2026, 11, 1, tzinfo=UTC)


def offer_step(
    number: int, *, is_free: bool = True, is_claimed: bool | None = False, price: Money | None = None
) -> OfferStep:
    return OfferStep(number, is_free, is_claimed, price, (Item(f"item-{number}"),))


def offer_chain(
    *steps: OfferStep,
    next_step: int | UnsetType | None = UNSET,
    chain_id: int = 9,
    order: int = 1,
    date_start: datetime = START,
    date_end: datetime | None = None,
    recurrence: Recurrence | None = None,
) -> OfferChain:
    return OfferChain(
        id=chain_id,
        name=f"Chain {chain_id}",
        date_start=date_start,
        date_end=date_end,
        steps=steps,
        order=order,
        next_step_number=next_step,
        recurrent_schedule=recurrence,
    )


def reward_chain(
    prices: Sequence[int],
    *,
    claimed: Sequence[int] = (),
    points: int | None = 0,
    chain_id: int = 10,
    date_start: datetime = START,
    date_end: datetime | None = None,
    clan_type: str | None = None,
    recurrence: Recurrence | None = None,
) -> RewardChain:
    """A reward chain with one step a price; step ids count from 1, and `claimed` names them."""
    steps = tuple(
        RewardStep(number, StepPrice(price), f"Step {number}", number in claimed, None, (Item("box"),))
        for number, price in enumerate(prices, start=1)
    )
    return RewardChain(
        reward_chain_id=chain_id,
        name=f"Rewards {chain_id}",
        date_start=date_start,
        date_end=date_end,
        steps=steps,
        value_point=ValuePoint("stars", "Stars", amount=points),
        clan_type=clan_type,
        recurrent_schedule=recurrence,
    )


def daily_chain(
    *statuses: str,
    chain_id: int = 11,
    today: int | None = None,
    date_start: datetime = START,
    date_end: datetime | None = None,
    is_recurrent: bool | None = None,
) -> DailyChain:
    """A daily chain with one step for each status; the step `today` (from 1) opened at the midnight before NOW."""
    midnight = NOW.replace(hour=0)
    steps = tuple(
        DailyStep(
            number,
            status,
            None if today is None else int((midnight + timedelta(days=number - today)).timestamp()),
            (Item(f"day-{number}"),),
        )
        for number, status in enumerate(statuses, start=1)
    )
    return DailyChain(
        id=chain_id,
        name=f"Days {chain_id}",
        date_start=date_start,
        date_end=date_end,
        steps=steps,
        type="calendar_hard",
        is_recurrent=is_recurrent,
    )
