"""For how long what chains show is true."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.boundaries import Boundaries, boundaries_of
from gateway.domain.models import OfferChain, Recurrence
from tests.support.make import NOW, START, offer_chain, reward_chain

AT = NOW.timestamp()
HOUR = timedelta(hours=1)


def weekly(reset_at: float) -> Recurrence:
    return Recurrence("weekly", int(reset_at))


@pytest.mark.parametrize(
    ("chain", "boundaries"),
    [
        pytest.param(offer_chain(), Boundaries(), id="nothing to come"),
        pytest.param(offer_chain(date_start=NOW + HOUR), Boundaries(AT + 3600), id="a start"),
        pytest.param(offer_chain(date_end=NOW + HOUR), Boundaries(AT + 3600), id="an end"),
        pytest.param(
            offer_chain(date_start=START.replace(tzinfo=None), date_end=(NOW + HOUR).replace(tzinfo=None)),
            Boundaries(AT + 3600),
            id="an end without an offset",
        ),
        pytest.param(offer_chain(recurrence=weekly(AT + 60)), Boundaries(AT + 60), id="a reset"),
        pytest.param(offer_chain(recurrence=weekly(AT)), Boundaries(overdue_since=AT), id="a reset that is due"),
        pytest.param(
            offer_chain(date_end=NOW - HOUR), Boundaries(overdue_since=AT - 3600), id="an end that has passed"
        ),
        pytest.param(
            offer_chain(date_end=NOW + HOUR, recurrence=weekly(AT - 5)), Boundaries(AT + 3600, AT - 5), id="both kinds"
        ),
        pytest.param(offer_chain(recurrence=Recurrence("weekly")), Boundaries(), id="a reset that nobody knows"),
    ],
)
def test_the_next_boundary_and_the_one_that_is_overdue(chain: OfferChain, boundaries: Boundaries) -> None:
    assert boundaries_of([chain], AT) == boundaries


def test_the_first_boundary_of_all_chains_counts() -> None:
    offers = (offer_chain(date_end=NOW + HOUR), offer_chain())
    assert boundaries_of((*offers, reward_chain([1], recurrence=weekly(AT + 7))), AT) == Boundaries(AT + 7)
    assert boundaries_of([], AT) == Boundaries()


def test_a_value_is_kept_up_to_the_boundary_and_not_longer() -> None:
    assert Boundaries().seconds_left(AT) == inf
    assert Boundaries(AT + 3).seconds_left(AT, spread=0.9) == 3


@pytest.mark.parametrize(
    "boundaries", [Boundaries(AT), Boundaries(AT + 10**6, AT)], ids=["passed since", "passed when read"]
)
@pytest.mark.parametrize(("late", "seconds"), [(0, 1), (9, 1), (20, 2), (150, 15), (86_400, 8_640)])
def test_an_upstream_that_is_late_is_asked_often_at_first_and_less_and_less(
    boundaries: Boundaries, late: float, seconds: float
) -> None:
    assert boundaries.seconds_left(AT + late) == pytest.approx(seconds)
    assert boundaries.seconds_left(AT + late, spread=0.5) == pytest.approx(seconds * 1.5)


@given(st.floats(0, 1), st.floats(0, 3600))
def test_spreading_never_keeps_a_value_beyond_the_next_boundary(spread: float, seconds: float) -> None:
    chain = offer_chain(date_start=START, date_end=datetime.fromtimestamp(AT + seconds, UTC))
    boundaries = boundaries_of([chain], AT)
    assert seconds < 1e-6 or AT + boundaries.seconds_left(AT, spread=spread) <= boundaries.next_at
