"""Which step of a daily chain opens when, and what became of it: pure arithmetic (client contract, 4).

How it is read where the contract leaves a choice:

- A day has 24 hours and begins at the time of day at which the chain starts.
- `calendar_hard`: step by step, one opens each day from the chain's start on, for all players alike. A step that is not
  claimed on its day is `blocked`. A recurrent chain starts over on the day after its last one.
- `rolling`: days in a row, counted for each player from their own first claim. A claim opens the next step for the day
  after it, and a day without a claim breaks the streak: the player starts over with the first step. So they do after
  the last step where the chain is recurrent, on the next day; and at once after a reset.
- `unlocked_date` of a claimed step stays the moment at which it opened. Once the chain has ended, every step that is
  not claimed is `blocked`.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from math import floor

import msgspec

DAY_SECONDS = 24 * 3600


class DailyType(StrEnum):
    """How a daily chain counts its days, in the upstream's words."""

    CALENDAR = "calendar_hard"
    ROLLING = "rolling"


class StepStatus(StrEnum):
    """What a player can do with a step, in the upstream's words."""

    CLAIMED = "claimed"
    CLAIMABLE = "claimable"
    FUTURE = "claim_in_future"
    BLOCKED = "blocked"


class DailyPlan(msgspec.Struct, frozen=True):
    """What a chain's days follow from; instants are seconds since 1970, and the step ids are in the chain's order."""

    type: DailyType
    is_recurrent: bool
    starts_at: int
    ends_at: float | None
    reset_at: int | None
    step_ids: tuple[int, ...]

    def day_start(self, instant: float) -> int:
        """When the day began that an instant lies in."""
        return self.starts_at + floor((instant - self.starts_at) / DAY_SECONDS) * DAY_SECONDS

    def has_ended(self, now: float) -> bool:
        """Whether the chain is over."""
        return self.ends_at is not None and now >= self.ends_at


class DailyClaim(msgspec.Struct, frozen=True):
    """A step that a player has claimed, in the round that began at `period_start`."""

    step_id: int
    period_start: int
    claimed_at: float


class DailyStep(msgspec.Struct, frozen=True):
    """A step of a round: what can be done with it, and when it opens or has opened, in seconds since 1970."""

    status: StepStatus
    unlocked_at: int


class DailyRound(msgspec.Struct, frozen=True):
    """A player's way through the chain from the first step on, and when it began; steps are by their ids."""

    period_start: int
    steps: Mapping[int, DailyStep]


def daily_round(plan: DailyPlan, claims: Sequence[DailyClaim], now: float) -> DailyRound:
    """The round that a player with these claims is in now."""
    began_at = _calendar_start(plan, now) if plan.type is DailyType.CALENDAR else _streak_start(plan, claims, now)
    claimed = {one.step_id: one.claimed_at for one in claims if one.period_start == began_at}
    steps = _calendar_steps if plan.type is DailyType.CALENDAR else _streak_steps
    return DailyRound(began_at, dict(steps(plan, began_at, claimed, now)))


def _calendar_start(plan: DailyPlan, now: float) -> int:
    days = floor((now - plan.starts_at) / DAY_SECONDS)
    count = len(plan.step_ids)
    rounds = max(0, days // count) if plan.is_recurrent else 0
    return plan.starts_at + rounds * count * DAY_SECONDS


def _calendar_steps(
    plan: DailyPlan, began_at: int, claimed: Mapping[int, float], now: float
) -> Iterator[tuple[int, DailyStep]]:
    for place, step_id in enumerate(plan.step_ids):
        opens_at = began_at + place * DAY_SECONDS
        if step_id in claimed:
            status = StepStatus.CLAIMED
        elif now >= opens_at + DAY_SECONDS or plan.has_ended(now):
            status = StepStatus.BLOCKED
        else:
            status = StepStatus.CLAIMABLE if now >= opens_at else StepStatus.FUTURE
        yield step_id, DailyStep(status, opens_at)


def _streak_start(plan: DailyPlan, claims: Sequence[DailyClaim], now: float) -> int:
    if not claims:
        return max(plan.starts_at, plan.reset_at or 0)
    last = max(claims, key=lambda claim: claim.claimed_at)
    next_day = plan.day_start(last.claimed_at) + DAY_SECONDS
    if last.step_id == plan.step_ids[-1]:
        return next_day if plan.is_recurrent and now >= next_day else last.period_start
    missed_at = next_day + DAY_SECONDS
    return missed_at if now >= missed_at else last.period_start


def _streak_steps(
    plan: DailyPlan, began_at: int, claimed: Mapping[int, float], now: float
) -> Iterator[tuple[int, DailyStep]]:
    opens_at = plan.day_start(max(claimed.values())) + DAY_SECONDS if claimed else began_at
    left = [step_id for step_id in plan.step_ids if step_id not in claimed]
    for place, step_id in enumerate(plan.step_ids):
        if step_id in claimed:
            opened_at = plan.day_start(claimed[step_id]) if place else began_at
            yield step_id, DailyStep(StepStatus.CLAIMED, opened_at)
            continue
        days_left = left.index(step_id)
        unlocked_at = plan.day_start(max(opens_at, now)) + days_left * DAY_SECONDS if days_left else opens_at
        is_open = not days_left and now >= opens_at
        status = StepStatus.CLAIMABLE if is_open else StepStatus.FUTURE
        yield step_id, DailyStep(StepStatus.BLOCKED if plan.has_ended(now) else status, unlocked_at)
