"""Recurrent schedules in publishers' requests and responses (admin contract, 7)."""

import msgspec

from gateway.sandbox.domain.fields import DayOfMonth, DayOfWeek, ResetTime
from gateway.sandbox.domain.schedules import Schedule, local_date, next_reset

_Absent = msgspec.UnsetType


class Daily(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="interval_type", tag="daily"):
    """Every day; only an item's limits have it."""

    time: ResetTime

    def schedule(self) -> Schedule:
        """Return the schedule that this describes."""
        return Schedule("daily", time=self.time)


class Weekly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="interval_type", tag="weekly"):
    """Every week on a day, 1 for Monday."""

    day_of_week: DayOfWeek
    time: ResetTime

    def schedule(self) -> Schedule:
        """Return the schedule that this describes."""
        return Schedule("weekly", day_of_week=self.day_of_week, time=self.time)


class Monthly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="interval_type", tag="monthly"):
    """Every month on a day, or on the last one of a shorter month."""

    day_of_month: DayOfMonth
    time: ResetTime

    def schedule(self) -> Schedule:
        """Return the schedule that this describes."""
        return Schedule("monthly", day_of_month=self.day_of_month, time=self.time)


class Hourly(msgspec.Struct, frozen=True, tag_field="interval_type", tag="hourly"):
    """Every full hour. Its other fields are not documented, so all of them are accepted and ignored."""

    def schedule(self) -> Schedule:
        """Return the schedule that this describes."""
        return Schedule("hourly")


class ScheduleResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A schedule with its next reset, in seconds since 1970, and the first one after it was last written.

    The contract's text shows milliseconds, its samples seconds.
    """

    interval_type: str
    reset_next_date: int
    displayable_reset_start_date: str
    displayable_reset_next_date: str
    day_of_week: int | _Absent = msgspec.UNSET
    day_of_month: int | _Absent = msgspec.UNSET
    time: str | _Absent = msgspec.UNSET


def schedule_response(schedule: Schedule | None, since: float, now: float) -> ScheduleResponse | None:
    """Describe a schedule that was written at `since`, with the fields of its interval type."""
    if schedule is None:
        return None
    kind, following = schedule.interval_type, next_reset(schedule, now)
    return ScheduleResponse(
        interval_type=kind,
        reset_next_date=following,
        displayable_reset_start_date=local_date(schedule, next_reset(schedule, since)),
        displayable_reset_next_date=local_date(schedule, following),
        day_of_week=schedule.day_of_week if kind == "weekly" else msgspec.UNSET,
        day_of_month=schedule.day_of_month if kind == "monthly" else msgspec.UNSET,
        time=msgspec.UNSET if kind == "hourly" else schedule.time,
    )


def chain_schedule_response(schedule: Schedule | None, since: float, now: float) -> ScheduleResponse | None:
    """Describe a chain's schedule, whose displayed next reset is never the first one.

    So it is in the samples of chains: until the first reset, `reset_next_date` is the first and the displayed one the
    second. In those of items' limits both are the same.
    """
    response = schedule_response(schedule, since, now)
    if schedule is None or response is None:
        return None
    displayed = next_reset(schedule, max(now, next_reset(schedule, since)))
    return msgspec.structs.replace(response, displayable_reset_next_date=local_date(schedule, displayed))
