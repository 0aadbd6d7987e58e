"""Writes of the last seconds: joined for so long, bounded, and known by who began them."""

import pytest

from gateway.cache.keys import Owner
from gateway.errors import OutcomeUnknown
from gateway.player.recent_writes import JOINED_SECONDS, Outcome, RecentWrites
from tests.support.clock import Clock

PHONE = Owner("phone")
WRITE = ("player", "ann", "order", 1, 2)


def test_an_outcome_is_kept_for_some_seconds_from_the_writes_beginning() -> None:
    clock = Clock()
    recent = RecentWrites(clock=clock)
    recent.start(WRITE, PHONE)
    clock.advance(1)
    assert (recent.outcome(WRITE), recent.owner(WRITE)) == (None, PHONE)
    recent.finish(WRITE, Outcome("done"))
    clock.advance(JOINED_SECONDS - 1.1)
    found = recent.outcome(WRITE)
    assert found is not None
    assert (found.result(), recent.owner(WRITE)) == ("done", PHONE)
    clock.advance(0.1)
    assert (recent.outcome(WRITE), recent.owner(WRITE)) == (None, None)


def test_a_write_that_took_longer_is_not_kept() -> None:
    clock = Clock()
    recent = RecentWrites(clock=clock)
    recent.start(WRITE, PHONE)
    clock.advance(JOINED_SECONDS)
    assert recent.owner(WRITE) == PHONE
    recent.finish(WRITE, Outcome("done"))
    assert (recent.outcome(WRITE), recent.owner(WRITE)) == (None, None)


def test_a_write_that_changed_nothing_is_not_kept() -> None:
    recent = RecentWrites(clock=Clock())
    recent.start(WRITE, PHONE)
    recent.finish(WRITE, None)
    assert (recent.outcome(WRITE), recent.owner(WRITE)) == (None, None)


def test_an_unknown_outcome_is_told_as_one() -> None:
    with pytest.raises(OutcomeUnknown):
        Outcome(is_unknown=True).result()


def test_only_so_many_are_kept() -> None:
    recent = RecentWrites(clock=Clock(), most_writes=2)
    for number in range(3):
        recent.start((number,), PHONE)
        recent.finish((number,), Outcome(number))
    assert [recent.outcome((number,)) is not None for number in range(3)] == [False, True, True]
