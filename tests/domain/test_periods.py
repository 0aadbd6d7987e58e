"""For how long what chains show is true."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.models import OfferChain, Recurrence
from gateway.domain.periods import Period, period_of
from tests.support.make import NOW, START, offer_chain, reward_chain

AT = NOW.timestamp()
HOUR = timedelta(hours=1)


def weekly(reset_at: float) -> Recurrence:
    return Recurrence("weekly", int(reset_at))


@pytest.mark.parametrize(
    ("chain", "period"),
    [
        pytest.param(offer_chain(), Period(), id="nothing to come"),
        pytest.param(offer_chain(date_start=NOW + HOUR), Period(AT + 3600), id="a start"),
        pytest.param(offer_chain(date_end=NOW + HOUR), Period(AT + 3600), id="an end"),
        pytest.param(offer_chain(recurrence=weekly(AT + 60)), Period(AT + 60), id="a reset"),
        pytest.param(offer_chain(recurrence=weekly(AT)), Period(overdue_since=AT), id="a reset that is due"),
        pytest.param(offer_chain(date_end=NOW - HOUR), Period(overdue_since=AT - 3600), id="an end that has passed"),
        pytest.param(
            offer_chain(date_end=NOW + HOUR, recurrence=weekly(AT - 5)), Period(AT + 3600, AT - 5), id="both kinds"
        ),
        pytest.param(offer_chain(recurrence=Recurrence("weekly")), Period(), id="a reset that nobody knows"),
    ],
)
def test_a_period_ends_at_the_next_boundary(chain: OfferChain, period: Period) -> None:
    assert period_of([chain], AT) == period


def test_the_first_boundary_of_all_chains_counts() -> None:
    offers = (offer_chain(date_end=NOW + HOUR), offer_chain())
    assert period_of((*offers, reward_chain([1], recurrence=weekly(AT + 7))), AT) == Period(AT + 7)
    assert period_of([], AT) == Period()


def test_a_value_is_kept_up_to_the_boundary_and_not_longer() -> None:
    assert Period().seconds_left(AT) == inf
    assert Period(AT + 3).seconds_left(AT, spread=0.9) == 3


@pytest.mark.parametrize("period", [Period(AT), Period(AT + 10**6, AT)], ids=["passed since", "passed when read"])
@pytest.mark.parametrize(("late", "seconds"), [(0, 1), (9, 1), (20, 2), (150, 15), (86_400, 8_640)])
def test_an_upstream_that_is_late_is_asked_often_at_first_and_less_and_less(
    period: Period, late: float, seconds: float
) -> None:
    assert period.seconds_left(AT + late) == pytest.approx(seconds)
    assert period.seconds_left(AT + late, spread=0.5) == pytest.approx(seconds * 1.5)


@given(st.floats(0, 1), st.floats(0, 3600))
def test_spreading_never_keeps_a_value_beyond_its_period(spread: float, seconds: float) -> None:
    chain = offer_chain(date_start=START, date_end=datetime.fromtimestamp(AT + seconds, UTC))
    period = period_of([chain], AT)
    assert seconds < 1e-6 or AT + period.seconds_left(AT, spread=spread) <= period.ends_at
