"""When a chain runs and when it starts over, seen from one moment. Pure; time comes in as an aware `datetime`."""

from datetime import MINYEAR, UTC, datetime, timedelta
from enum import Enum
from operator import attrgetter

from msgspec import Struct

from gateway.domain.models import Chain, DailyChain, Recurrence

ENDING_SOON = timedelta(hours=24)
"""How long before its end a chain counts as ending soon."""

MILLISECONDS_ABOVE = 10**11
"""Reset times above this are milliseconds: in seconds it would be the year 5138 (client contract, 9)."""


MAX_INT = 2**31 - 1

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_END_SECONDS = 253_402_300_800
"""The end of the year 9999, in Unix time."""


class Phase(Enum):
    """Where a chain stands in its own time."""

    UPCOMING = "UPCOMING"
    ACTIVE = "ACTIVE"
    ENDING_SOON = "ENDING_SOON"
    ENDED = "ENDED"

    def __init__(self, value: str) -> None:
        self.is_running = value in {"ACTIVE", "ENDING_SOON"}
        """Whether steps can be taken now."""


class Schedule(Struct, frozen=True, gc=False):
    """When a chain runs and when it starts over, seen from one moment."""

    chain: Chain
    now: datetime
    starts_at: datetime
    ends_at: datetime | None
    phase: Phase
    opens_or_closes_at: datetime | None
    """When the chain begins to run, or ceases to; None where it never does, or has ended."""

    # What follows is worked out when it is read: the phase is needed for each chain of each answer, and little else.

    @property
    def seconds_until_end(self) -> int | None:
        """Whole seconds until the end, 0 when it is over."""
        return seconds_until(self.ends_at, self.now)

    @property
    def interval_type(self) -> str | None:
        """How often the chain starts over, as the upstream names it."""
        recurrence = recurrence_of(self.chain)
        return recurrence.interval_type if recurrence else None

    @property
    def resets_at(self) -> datetime | None:
        """When the chain starts over next, or should have; None where that is not known."""
        recurrence = recurrence_of(self.chain)
        return reset_time(recurrence) if recurrence else None

    @property
    def seconds_until_reset(self) -> int | None:
        """Whole seconds until the reset, 0 when it is due."""
        return seconds_until(self.resets_at, self.now)

    @property
    def cycle(self) -> str | None:
        """The name of the cycle that the chain is in."""
        return cycle_of(self.chain)

    @property
    def is_recurrent(self) -> bool:
        """Whether the chain starts over, also where the moment of the next reset is not known."""
        return bool(self.interval_type) or self.resets_at is not None


def schedule_of(chain: Chain, now: datetime) -> Schedule:
    """Place a chain in time.

    The end itself is outside: at `date_end` the chain has ended. A reset time that has passed is shown with 0 seconds
    left: the reset is due, and the upstream does not show the new cycle yet. Times without an offset are read as UTC.
    """
    # For each chain of each answer: lists have their dates in UTC already, and a call costs more than the test.
    starts_at, ends_at = chain.date_start, chain.date_end
    if starts_at.tzinfo is not UTC:
        starts_at = utc(starts_at)
    if ends_at is not None and ends_at.tzinfo is not UTC:
        ends_at = utc(ends_at)
    if now < starts_at:
        return Schedule(chain, now, starts_at, ends_at, Phase.UPCOMING, starts_at)
    if ends_at is None:
        return Schedule(chain, now, starts_at, None, Phase.ACTIVE, None)
    if now >= ends_at:
        return Schedule(chain, now, starts_at, ends_at, Phase.ENDED, None)
    phase = Phase.ENDING_SOON if ends_at - now <= ENDING_SOON else Phase.ACTIVE
    return Schedule(chain, now, starts_at, ends_at, phase, ends_at)


def recurrence_of(chain: Chain) -> Recurrence | None:
    """How a chain starts over; daily chains do not say."""
    return None if isinstance(chain, DailyChain) else chain.recurrent_schedule


def cycle_of(chain: Chain) -> str | None:
    """The name of the cycle that a chain is in: it changes with each reset. None where no reset is known.

    Nothing tells when a daily chain starts over. When its first step opened changes as it does, so that is its name.
    """
    if isinstance(chain, DailyChain):
        return _cycle(_first_unlock(chain))
    recurrence = chain.recurrent_schedule
    return _cycle(reset_time(recurrence) if recurrence else None)


def _first_unlock(chain: DailyChain) -> datetime | None:
    first = min(chain.steps, key=attrgetter("step_number"), default=None)
    return None if first is None or first.unlocked_date is None else unix_moment(first.unlocked_date)


def _cycle(moment: datetime | None) -> str | None:
    return None if moment is None else f"{round(moment.timestamp()):x}"


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without an offset is taken as UTC already.

    A moment that its offset moves out of the years 1 to 9999 becomes the first or the last one of them.
    """
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == MINYEAR else _LAST


def reset_time(recurrence: Recurrence) -> datetime | None:
    """The next reset as a moment, or None where none is given or it cannot be a time."""
    return None if recurrence.reset_next_date is None else unix_moment(recurrence.reset_next_date)


def unix_moment(value: int) -> datetime | None:
    """Unix time as a moment, or None where it cannot be one."""
    seconds = unix_seconds(value)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def unix_seconds(value: int) -> float | None:
    """Unix time in seconds, or None where it is beyond the year 9999 or none at all.

    The vendor's text shows milliseconds and its samples show seconds (client contract, 9), so the size decides. Some
    serialisers write 0 for no time, so nothing up to it is one.
    """
    if not 0 < value < _END_SECONDS * 1000:
        return None
    seconds = value / 1000 if value > MILLISECONDS_ABOVE else value
    return seconds if seconds < _END_SECONDS else None


def seconds_until(moment: datetime | None, now: datetime) -> int | None:
    """Whole seconds left, rounded up so that 0 means over; at most what a GraphQL Int holds (68 years)."""
    if moment is None:
        return None
    return min(max(0, -((now - moment) // timedelta(seconds=1))), MAX_INT)
