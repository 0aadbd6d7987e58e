"""The order of an order's states."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.models import Order, OrderContent
from gateway.domain.order_status import advanced, is_past, is_terminal, rank

STATUSES = ("new", "expired", "paid", "done", "canceled", "tomorrow's")
statuses = st.sampled_from(STATUSES)


def order(status: str) -> Order:
    return Order(7, status)


def seen_in(states: Sequence[str]) -> Order:
    known = order("new")
    for status in states:
        known = advanced(known, order(status))
    return known


@given(st.lists(statuses, max_size=8))
def test_what_is_known_of_an_order_never_moves_back(states: list[str]) -> None:
    known = order("new")
    for status in states:
        before, known = known, advanced(known, order(status))
        assert rank(known.status) >= rank(before.status)
        assert rank(known.status) >= rank(status)


@given(st.lists(st.sampled_from(STATUSES[:-1]), max_size=8))
def test_states_in_any_order_and_number_come_to_the_same(states: list[str]) -> None:
    assert seen_in(states) == seen_in(sorted(states, key=rank)) == seen_in([*reversed(states), *states])


def test_of_equally_far_states_the_one_seen_last_counts() -> None:
    fuller = Order(7, "paid", OrderContent(is_free=True))
    assert advanced(order("paid"), fuller) is fuller
    assert advanced(order("tomorrow's"), order("new")) == order("new")
    assert advanced(order("new"), order("tomorrow's")) == order("tomorrow's")


@pytest.mark.parametrize(
    ("status", "after", "expected"),
    [
        ("new", "new", False),
        ("expired", "new", True),
        ("paid", "new", True),
        ("paid", "expired", True),
        ("canceled", "done", True),
        ("done", "done", False),
        # What the game has seen is ahead of what is known here.
        ("new", "paid", False),
        ("expired", "paid", False),
        ("tomorrow's", "new", True),
        ("tomorrow's", "paid", False),
        ("tomorrow's", "tomorrow's", False),
        # The game only knows that it is none of the contract's.
        ("tomorrow's", "", False),
        ("new", "", True),
        ("paid", "", True),
    ],
)
def test_whether_an_order_has_left_a_status_behind(status: str, after: str, expected: bool) -> None:
    assert is_past(order(status), after) is expected


def test_done_and_canceled_stay() -> None:
    assert [status for status in STATUSES if is_terminal(order(status))] == ["done", "canceled"]
