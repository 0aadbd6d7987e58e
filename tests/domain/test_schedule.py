"""When chains run and start over."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.badge import badge
from gateway.domain.boundaries import boundaries_of
from gateway.domain.models import Recurrence
from gateway.domain.reward_rules import reward_progress
from gateway.domain.rules import offer_progress
from gateway.domain.schedule import MAX_INT, Phase, cycle_of, reset_time, schedule_of, utc
from tests.support.make import NOW, START, offer_chain, offer_step, reward_chain

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


@pytest.mark.parametrize("value", [None, 10**30, 10**400, -(10**15), -1, 0, 1_800_000_000 * 10**9])
def test_a_reset_time_that_is_none_is_left_out(value: int | None) -> None:
    plan = schedule_of(offer_chain(recurrence=Recurrence("weekly", value)), NOW)
    assert (plan.resets_at, plan.seconds_until_reset, plan.interval_type) == (None, None, "weekly")


def test_a_reset_that_has_passed_is_due_and_still_one() -> None:
    at = int(NOW.timestamp())
    for passed in (NOW, NOW + timedelta(days=3)):
        plan = schedule_of(offer_chain(recurrence=Recurrence("weekly", at)), passed)
        assert (plan.resets_at, plan.seconds_until_reset) == (NOW, 0)
    plan = schedule_of(offer_chain(recurrence=Recurrence("weekly", at + 60)), NOW)
    assert (plan.resets_at, plan.seconds_until_reset) == (NOW + timedelta(seconds=60), 60)


def test_a_cycle_has_a_name_that_changes_with_each_reset_in_whatever_unit_it_is_told() -> None:
    at = int(NOW.timestamp())
    this, same, following = (offer_chain(recurrence=Recurrence("weekly", value)) for value in (at, at * 1000, at + 7))
    assert cycle_of(this) == cycle_of(same) == schedule_of(this, NOW).cycle
    assert cycle_of(following) not in {cycle_of(this), None}


@pytest.mark.parametrize("recurrence", [None, Recurrence("weekly"), Recurrence("weekly", 0)])
def test_a_chain_without_a_known_reset_has_no_cycle(recurrence: Recurrence | None) -> None:
    chain = offer_chain(recurrence=recurrence)
    assert cycle_of(chain) is schedule_of(chain, NOW).cycle is None


# Every date that JSON can carry


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59.999999+00:00"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
        ("2026-11-20T00:30:00-00:30", "2026-11-20T01:00:00+00:00"),
    ],
)
def test_a_moment_that_its_offset_moves_out_of_the_years_is_the_first_or_the_last(text: str, moment: str) -> None:
    assert utc(datetime.fromisoformat(text)).isoformat() == moment


def offsets() -> st.SearchStrategy[tzinfo | None]:
    limit = timedelta(hours=23, minutes=59)
    return st.none() | st.builds(timezone, st.timedeltas(-limit, limit))


moments = st.builds(
    lambda moment, offset: moment.replace(tzinfo=offset),
    st.datetimes() | st.sampled_from([datetime.min, datetime.max]),  # noqa: DTZ901 - an offset is added to them
    offsets(),
)
resets = st.integers(-(2**63), 2**63 - 1) | st.sampled_from(
    [-1, 0, 10**11, 10**11 + 1, 1_800_000_000 * 10**6, 1_800_000_000 * 10**9, 10**30, 10**400, 253_402_300_799_000]
)


@given(moments, st.none() | moments, st.none() | resets, st.datetimes(timezones=st.just(UTC)))
def test_no_date_raises_anything_or_takes_a_list_or_the_badge_down(
    start: datetime, end: datetime | None, reset: int | None, now: datetime
) -> None:
    recurrence = Recurrence("weekly", reset)
    offer = offer_chain(offer_step(1), date_start=start, date_end=end, recurrence=recurrence)
    reward = reward_chain([1], date_start=start, date_end=end, recurrence=recurrence)
    plan = schedule_of(offer, now)
    same = schedule_of(reward, now)
    for name in ("starts_at", "ends_at", "phase", "resets_at", "seconds_until_end", "seconds_until_reset", "cycle"):
        assert getattr(plan, name) == getattr(same, name)
    for seconds in (plan.seconds_until_end, plan.seconds_until_reset):
        assert seconds is None or 0 <= seconds <= MAX_INT
    assert plan.is_recurrent
    for shown in (plan.starts_at, plan.ends_at, plan.resets_at):
        assert shown is None or shown.tzinfo is UTC
    boundaries = boundaries_of([offer, reward], now.timestamp())
    assert boundaries.seconds_left(now.timestamp()) > 0
    healthy = offer_chain(offer_step(1))
    offers = [
        (offer_progress(chain, is_open=found.phase.is_running), found)
        for chain in (offer, healthy)
        for found in (schedule_of(chain, now),)
    ]
    rewards = [(reward_progress(reward, 5, is_open=plan.phase.is_running), plan)]
    assert badge(offers, rewards, [], now).claimable_offer_steps >= (now >= START)
