"""The project on which interleavings are played: few steps, so that random acts meet, and every kind of chain."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.sandbox.demo.items import BANNERS, DEMO_ITEMS, EMBERS, POINTS
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.storage.chain_writes import NewReward, NewStep
from gateway.sandbox.storage.database import Transaction
from tests.sandbox.play import DAY, HOUR
from tests.sandbox.proofs.pieces import Catalog, Chain, Period, Step, hourly, never, weekly
from tests.sandbox.publish import date, free, paid, publish_clan_rewards, publish_offer, publish_rewards, reached

CATALOG = Catalog(points=POINTS, contents={item.sku: item.content for item in DEMO_ITEMS if item.content})
SCHEDULES: Mapping[Period, Schedule | None] = {
    never: None,
    hourly: Schedule("hourly"),
    weekly: Schedule("weekly", day_of_week=1, time="06:00:00+02:00"),
}


def open_playground(tx: Transaction) -> tuple[Chain, ...]:
    """Put the chains of the playground in place of the demo's."""
    tx.run("UPDATE chains SET is_enabled = 0")
    ends_at = tx.now + 3 * HOUR
    return (
        _offer(tx, free("gold", 3), paid("wanderer_bundle"), free("ember_key"), paid("moonstones_500")),
        _offer(tx, free("lantern_oil"), paid("supply_crate", 2), period=hourly),
        _offer(tx, paid("storm_lantern"), free("gold"), period=weekly),
        _offer(tx, paid("supply_crate"), free("gold"), ends_at=ends_at),
        _rewards(tx, 20, 140, 400),
        _rewards(tx, 20, 40, period=hourly),
        _rewards(tx, 5, 50, is_clan=True),
        _rewards(tx, 0, 40, is_clan=True, period=weekly),
        _rewards(tx, 20, 100, ends_at=ends_at),
    )


def _offer(tx: Transaction, *steps: NewStep, period: Period = never, ends_at: float | None = None) -> Chain:
    terms = _terms(period, ends_at)
    return _described(tx, publish_offer(tx, *steps, **terms), steps, period, ends_at)


def _rewards(
    tx: Transaction, *points: int, is_clan: bool = False, period: Period = never, ends_at: float | None = None
) -> Chain:
    steps = tuple(reached(needed, NewReward("guild_horn" if is_clan else "gold", 2)) for needed in points)
    publish = publish_clan_rewards if is_clan else publish_rewards
    chain = _described(tx, publish(tx, *steps, **_terms(period, ends_at)), steps, period, ends_at)
    return replace(chain, value_point=BANNERS if is_clan else EMBERS, is_clan=is_clan)


def _terms(period: Period, ends_at: float | None) -> dict[str, Any]:
    return {"schedule": SCHEDULES[period], "date_end": None if ends_at is None else date(ends_at)}


def _described(
    tx: Transaction, chain_id: int, steps: tuple[NewStep, ...], period: Period, ends_at: float | None
) -> Chain:
    rows = tx.all("SELECT step_id FROM steps WHERE chain_id = :chain_id ORDER BY step_number", chain_id=chain_id)
    described = (
        Step(row["step_id"], step.rewards[0].sku, step.rewards[0].quantity, step.is_free, step.points_needed)
        for row, step in zip(rows, steps, strict=True)
    )
    return Chain(chain_id, tuple(described), period, float("inf") if ends_at is None else ends_at)


CLANS = (None, "red", "blue")
LEAPS = (60, HOUR, 3 * HOUR, DAY, 7 * DAY)
