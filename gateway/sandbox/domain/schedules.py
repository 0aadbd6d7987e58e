"""When a renewing chain starts over: pure arithmetic of recurrent schedules (client contract, 9; admin contract, 7).

A period is named by the instant at which it began, in whole seconds since 1970. Progress belongs to a period, so a
chain starts over by itself and nothing has to run at the time of the reset.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import msgspec

_TIME = re.compile(r"([01][0-9]|2[0-3]):00:00([+-])([01][0-9]|2[0-3]):([0-5][0-9])")
_HOUR_SECONDS = 3600
_DAYS: Mapping[str, int] = MappingProxyType({"daily": 1, "weekly": 7})


class Schedule(msgspec.Struct, frozen=True):
    """A schedule in the publisher's words.

    `interval_type` is `weekly` (with `day_of_week` 1 to 7, Monday first), `monthly` (with `day_of_month` 1 to 31; a
    shorter month resets on its last day), `hourly`, or for an item's limits `daily`; `time` is a whole hour with an
    offset, `HH:00:00±HH:MM`.
    Further fields of `hourly` are not documented: here it resets at each full hour and needs no `time`.
    """

    interval_type: str
    day_of_week: int = 1
    day_of_month: int = 1
    time: str = "00:00:00+00:00"


def period_start(schedule: Schedule, now: float) -> int:
    """Find the last reset at or before `now`."""
    if schedule.interval_type == "hourly":
        return int(now // _HOUR_SECONDS) * _HOUR_SECONDS
    hour, zone = _clock(schedule.time)
    local = datetime.fromtimestamp(now, tz=zone)
    if schedule.interval_type == "daily":
        reset = _at(local, hour)
        return _seconds(reset if reset <= local else reset - timedelta(days=1))
    if schedule.interval_type == "weekly":
        reset = _at(local, hour) + timedelta(days=schedule.day_of_week - local.isoweekday())
        return _seconds(reset if reset <= local else reset - timedelta(days=7))
    reset = _in_month(local, schedule.day_of_month, hour)
    return _seconds(reset if reset <= local else _in_month(_month_before(local), schedule.day_of_month, hour))


def next_reset(schedule: Schedule, now: float) -> int:
    """Find the first reset after `now`."""
    start = period_start(schedule, now)
    if schedule.interval_type == "hourly":
        return start + _HOUR_SECONDS
    hour, zone = _clock(schedule.time)
    local = datetime.fromtimestamp(start, tz=zone)
    if schedule.interval_type in _DAYS:
        return _seconds(local + timedelta(days=_DAYS[schedule.interval_type]))
    return _seconds(_in_month(_month_after(local), schedule.day_of_month, hour))


def local_date(schedule: Schedule, instant: int) -> str:
    """Write an instant, in seconds since 1970, in the schedule's own offset."""
    return datetime.fromtimestamp(instant, tz=_clock(schedule.time)[1]).isoformat()


def is_reset_time(text: str) -> bool:
    """Say whether a text is a whole hour with an offset, `HH:00:00±HH:MM`."""
    return _TIME.fullmatch(text) is not None


def _clock(time: str) -> tuple[int, timezone]:
    match = _TIME.fullmatch(time)
    if match is None:
        raise ValueError(f"not a whole hour with an offset: {time!r}")
    hour, sign, offset_hours, offset_minutes = match.groups()
    offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
    return int(hour), timezone(-offset if sign == "-" else offset)


def _at(day: datetime, hour: int) -> datetime:
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def _in_month(month: datetime, day: int, hour: int) -> datetime:
    last_day = calendar.monthrange(month.year, month.month)[1]
    return _at(month.replace(day=min(day, last_day)), hour)


def _month_before(day: datetime) -> datetime:
    return day.replace(day=1) - timedelta(days=1)


def _month_after(day: datetime) -> datetime:
    return day.replace(day=28) + timedelta(days=4)


def _seconds(instant: datetime) -> int:
    return int(instant.astimezone(UTC).timestamp())
