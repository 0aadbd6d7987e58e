"""When chains run and start over."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.models import Recurrence
from gateway.domain.schedule import MAX_INT, Phase, reset_time, schedule_of
from tests.support.make import NOW, START, offer_chain

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("start", "end", "phase"),
    [
        (NOW + SECOND, None, Phase.UPCOMING),
        (NOW, None, Phase.ACTIVE),
        (START, NOW + timedelta(hours=24) + SECOND, Phase.ACTIVE),
        (START, NOW + timedelta(hours=24), Phase.ENDING_SOON),
        (START, NOW + SECOND, Phase.ENDING_SOON),
        (START, NOW, Phase.ENDED),
        (NOW + SECOND, NOW, Phase.UPCOMING),
    ],
)
def test_the_phase_follows_from_start_and_end(start: datetime, end: datetime | None, phase: Phase) -> None:
    assert schedule_of(offer_chain(date_start=start, date_end=end), NOW).phase is phase


def test_seconds_left_are_rounded_up_and_stop_at_zero() -> None:
    end = NOW + timedelta(milliseconds=1500)
    assert schedule_of(offer_chain(date_end=end), NOW).seconds_until_end == 2
    assert schedule_of(offer_chain(date_end=end), end).seconds_until_end == 0
    assert schedule_of(offer_chain(date_end=end), end + SECOND).seconds_until_end == 0
    assert schedule_of(offer_chain(), NOW).seconds_until_end is None


def test_seconds_left_fit_a_graphql_int() -> None:
    chain = offer_chain(date_end=datetime(9999, 1, 1, tzinfo=UTC))
    assert schedule_of(chain, NOW).seconds_until_end == MAX_INT


def test_times_are_told_in_utc_and_one_without_an_offset_is_utc_already() -> None:
    east = datetime(2026, 11, 1, 5, 0, tzinfo=timezone(timedelta(hours=5)))
    plan = schedule_of(offer_chain(date_start=east, date_end=datetime(2026, 12, 1, 8, 0)), NOW)
    assert plan.starts_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert plan.starts_at.tzinfo is UTC
    assert plan.ends_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@given(st.datetimes(datetime(1973, 3, 4), datetime(5138, 1, 1), timezones=st.just(UTC)))
def test_a_reset_time_reads_alike_in_seconds_and_in_milliseconds(moment: datetime) -> None:
    seconds = int(moment.timestamp())
    expected = datetime.fromtimestamp(seconds, UTC)
    assert reset_time(Recurrence("weekly", seconds)) == expected
    if seconds * 1000 > 10**11:
        assert reset_time(Recurrence("weekly", seconds * 1000)) == expected


@pytest.mark.parametrize("value", [None, 10**30, -(10**15)])
def test_a_reset_time_that_is_none_is_left_out(value: int | None) -> None:
    plan = schedule_of(offer_chain(recurrence=Recurrence("weekly", value)), NOW)
    assert (plan.resets_at, plan.seconds_until_reset, plan.interval_type) == (None, None, "weekly")


def test_a_reset_in_the_past_says_nothing_about_the_next() -> None:
    at = int(NOW.timestamp())
    assert schedule_of(offer_chain(recurrence=Recurrence("weekly", at)), NOW).resets_at is None
    plan = schedule_of(offer_chain(recurrence=Recurrence("weekly", at + 60)), NOW)
    assert (plan.resets_at, plan.seconds_until_reset) == (NOW + timedelta(seconds=60), 60)
