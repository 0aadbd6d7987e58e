"""The arithmetic of renewal."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sandbox.domain.schedules import Schedule, is_reset_time, next_reset, period_start

hours = st.integers(0, 23)
offsets = st.builds(
    lambda sign, hour, minute: f"{sign}{hour:02}:{minute:02}",
    st.sampled_from("+-"),
    st.integers(0, 14),
    st.sampled_from([0, 30, 45]),
)
times = st.builds(lambda hour, offset: f"{hour:02}:00:00{offset}", hours, offsets)
schedules = st.one_of(
    st.builds(lambda day, time: Schedule("weekly", day_of_week=day, time=time), st.integers(1, 7), times),
    st.builds(lambda day, time: Schedule("monthly", day_of_month=day, time=time), st.integers(1, 31), times),
    st.just(Schedule("hourly")),
    st.builds(lambda time: Schedule("daily", time=time), times),
)
instants = st.floats(min_value=0, max_value=4_000_000_000)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("schedule", "now", "start", "reset"),
    [
        (
            Schedule("weekly", day_of_week=1, time="01:00:00+08:00"),
            "2026-01-07T12:00:00+00:00",
            "2026-01-05T01:00:00+08:00",
            "2026-01-12T01:00:00+08:00",
        ),
        (
            Schedule("weekly", day_of_week=7, time="23:00:00-11:30"),
            "2026-01-05T10:00:00+00:00",
            "2025-12-28T23:00:00-11:30",
            "2026-01-04T23:00:00-11:30",
        ),
        (
            Schedule("monthly", day_of_month=31, time="00:00:00+00:00"),
            "2026-02-28T00:00:00+00:00",
            "2026-02-28T00:00:00+00:00",
            "2026-03-31T00:00:00+00:00",
        ),
        (
            Schedule("monthly", day_of_month=31, time="00:00:00+00:00"),
            "2028-02-28T23:59:59+00:00",
            "2028-01-31T00:00:00+00:00",
            "2028-02-29T00:00:00+00:00",
        ),
        (
            Schedule("monthly", day_of_month=1, time="00:00:00+14:00"),
            "2026-12-31T09:59:59+00:00",
            "2026-12-01T00:00:00+14:00",
            "2027-01-01T00:00:00+14:00",
        ),
        (
            Schedule("daily", time="01:00:00+08:00"),
            "2026-01-07T16:59:59+00:00",
            "2026-01-07T01:00:00+08:00",
            "2026-01-08T01:00:00+08:00",
        ),
        (Schedule("hourly"), "2026-01-07T12:59:59+00:00", "2026-01-07T12:00:00+00:00", "2026-01-07T13:00:00+00:00"),
    ],
    ids=[
        "weekly",
        "weekly, behind UTC",
        "short month",
        "leap day ahead",
        "year's end, ahead of UTC",
        "daily",
        "hourly",
    ],
)
def test_a_period_begins_and_ends_where_the_calendar_says(schedule: Schedule, now: str, start: str, reset: str) -> None:
    assert period_start(schedule, at(now)) == at(start)
    assert next_reset(schedule, at(now)) == at(reset)


@given(schedules, instants)
def test_now_lies_in_its_period(schedule: Schedule, now: float) -> None:
    assert period_start(schedule, now) <= now < next_reset(schedule, now)


@given(schedules, instants)
def test_periods_follow_each_other_without_gap_or_overlap(schedule: Schedule, now: float) -> None:
    start, reset = period_start(schedule, now), next_reset(schedule, now)
    assert period_start(schedule, start) == start
    assert period_start(schedule, reset - 1) == start
    assert period_start(schedule, reset) == reset


@given(schedules, instants)
def test_a_period_has_the_length_of_its_kind(schedule: Schedule, now: float) -> None:
    length = timedelta(seconds=next_reset(schedule, now) - period_start(schedule, now))
    assert {
        "hourly": length == timedelta(hours=1),
        "daily": length == timedelta(days=1),
        "weekly": length == timedelta(days=7),
        "monthly": timedelta(days=28) <= length <= timedelta(days=31),
    }[schedule.interval_type]


@given(st.integers(1, 31), hours, st.integers(-14, 14), instants)
def test_a_month_resets_on_its_day_or_on_its_last(day: int, hour: int, offset: int, now: float) -> None:
    zone = timezone(timedelta(hours=offset))
    text = f"{hour:02}:00:00{'-' if offset < 0 else '+'}{abs(offset):02}:00"
    local = datetime.fromtimestamp(next_reset(Schedule("monthly", day_of_month=day, time=text), now), tz=zone)
    assert (local.hour, local.minute, local.second) == (hour, 0, 0)
    assert local.day == day or (local.day < day and (local + timedelta(days=1)).day == 1)


@given(st.integers(1, 7), times, instants)
def test_a_week_resets_on_its_day(day: int, time: str, now: float) -> None:
    zone = datetime.fromisoformat(f"2026-01-01T{time}").tzinfo
    reset = next_reset(Schedule("weekly", day_of_week=day, time=time), now)
    local = datetime.fromtimestamp(reset, tz=UTC).astimezone(zone)
    assert (local.isoweekday(), local.strftime("%H:%M:%S")) == (day, time[:8])


@pytest.mark.parametrize("time", ["1:00:00+00:00", "24:00:00+00:00", "01:30:00+00:00", "01:00:00", "01:00:00+00:60"])
def test_only_a_whole_hour_with_an_offset_is_a_time(time: str) -> None:
    assert not is_reset_time(time)
    with pytest.raises(ValueError, match="not a whole hour with an offset"):
        period_start(Schedule("weekly", time=time), 0)


@given(times)
def test_every_whole_hour_with_an_offset_is_a_time(time: str) -> None:
    assert is_reset_time(time)
