"""What follows from a daily chain's facts, and for how long it is true."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from msgspec import structs

from gateway.domain.badge import badge
from gateway.domain.boundaries import Boundaries, boundaries_of
from gateway.domain.daily_rules import DailyProgress, daily_progress
from gateway.domain.images import image_urls
from gateway.domain.models import DailyChain, Item
from gateway.domain.refusals import UserErrorCode, daily_obstacle, explain_daily_refusal
from gateway.domain.rules import StepState
from gateway.domain.schedule import cycle_of, schedule_of
from gateway.errors import NotFound, Refusal
from tests.support.make import NOW, START, daily_chain

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = daily_chain("blocked", "claimed", "claimable", "claim_in_future", "claim_in_future", today=3)


def progress_of(chain: DailyChain) -> DailyProgress:
    return daily_progress(chain, is_open=True)


def test_the_statuses_become_states_and_a_missed_step_is_passed_over() -> None:
    progress = progress_of(OPEN)
    states = [step.state for step in progress.steps]
    assert states == [
        StepState.LOCKED,
        StepState.CLAIMED,
        StepState.AVAILABLE,
        StepState.LOCKED,
        StepState.LOCKED,
    ]
    assert [step.is_missed for step in progress.steps] == [True, False, False, False, False]
    assert progress.next_step is progress.steps[2]
    assert [step.unlocks_at for step in progress.steps[2:4]] == [MIDNIGHT, MIDNIGHT + DAY]
    assert progress.next_unlock_at == MIDNIGHT + DAY
    assert (progress.claimed_count, progress.claimable_count, progress.progress_percent) == (1, 1, 20)
    assert not progress.is_completed


def test_steps_are_in_the_order_of_their_numbers() -> None:
    shuffled = structs.replace(OPEN, steps=tuple(reversed(OPEN.steps)))
    assert progress_of(shuffled) == progress_of(OPEN)
    assert cycle_of(shuffled) == cycle_of(OPEN) is not None


def test_the_cycle_is_named_by_the_first_steps_day_and_moves_with_it() -> None:
    later = daily_chain("claimable", "claim_in_future", today=1)
    assert schedule_of(later, NOW).cycle == cycle_of(later) == f"{int(MIDNIGHT.timestamp()):x}"
    assert cycle_of(OPEN) != cycle_of(later)
    assert cycle_of(daily_chain("claimable")) is None
    assert cycle_of(daily_chain()) is None


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        pytest.param(OPEN, Boundaries((MIDNIGHT + DAY).timestamp(), -inf), id="the next step opens"),
        pytest.param(
            daily_chain("claimed", "claim_in_future", today=2),
            Boundaries(inf, MIDNIGHT.timestamp()),
            id="the upstream is late with it",
        ),
        pytest.param(daily_chain("claimable", "claim_in_future"), Boundaries(inf, -inf), id="it does not say when"),
        pytest.param(
            structs.replace(OPEN, date_end=NOW + timedelta(hours=1)),
            Boundaries((NOW + timedelta(hours=1)).timestamp(), -inf),
            id="the chain ends before",
        ),
    ],
)
def test_what_is_shown_is_true_until_the_next_step_opens(chain: DailyChain, expected: Boundaries) -> None:
    assert boundaries_of([structs.replace(chain, date_start=START)], NOW.timestamp()) == expected


def test_a_step_without_a_possible_moment_is_no_boundary() -> None:
    zero = structs.replace(OPEN, steps=(structs.replace(OPEN.steps[3], unlocked_date=0),))
    assert boundaries_of([zero], NOW.timestamp()) == Boundaries(inf, -inf)
    assert progress_of(zero).steps[0].unlocks_at is None


@pytest.mark.parametrize(
    ("chain", "claimable", "expiry"),
    [
        pytest.param(OPEN, 1, MIDNIGHT + DAY, id="the step of the day is missed tomorrow"),
        pytest.param(daily_chain("claimed", "claim_in_future", today=1), 0, None, id="claimed already"),
        pytest.param(daily_chain("claimable", "claim_in_future", today=2), 1, None, id="tomorrow is overdue"),
        pytest.param(daily_chain("claimable", today=1, date_end=NOW + DAY), 1, NOW + DAY, id="the last day"),
        pytest.param(daily_chain("claimable", today=1, date_end=NOW), 0, None, id="ended"),
    ],
)
def test_the_badge_counts_daily_steps_and_tells_when_one_is_missed(
    chain: DailyChain, claimable: int, expiry: datetime | None
) -> None:
    found = badge([], [], [(progress_of(chain), schedule_of(chain, NOW))], NOW)
    assert (found.claimable_daily_steps, found.next_expiry) == (claimable, expiry)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (1, UserErrorCode.STEP_MISSED),
        (2, UserErrorCode.ALREADY_CLAIMED),
        (3, None),
        (4, UserErrorCode.STEP_LOCKED),
        (9, UserErrorCode.NOT_FOUND),
    ],
)
def test_the_chain_shows_why_a_step_was_refused(number: int, code: UserErrorCode | None) -> None:
    assert daily_obstacle(OPEN, number, now=NOW) is code
    expected = code or UserErrorCode.REJECTED
    assert explain_daily_refusal(Refusal(upstream_code=1102), OPEN, number, now=NOW) is expected


def test_a_chain_that_is_not_shown_has_ended_or_never_was() -> None:
    assert explain_daily_refusal(Refusal(), None, 1, now=NOW) is UserErrorCode.CHAIN_ENDED
    assert explain_daily_refusal(NotFound(), None, 1, now=NOW) is UserErrorCode.NOT_FOUND


def test_pictures_of_daily_steps_are_among_the_pictures() -> None:
    item = Item("box", image_url="https://a", content=(Item("inside", image_url="https://b"),))
    chain = structs.replace(OPEN, steps=(structs.replace(OPEN.steps[0], items=(item,)),))
    assert image_urls([], [], [chain]) == ("https://a", "https://b")
