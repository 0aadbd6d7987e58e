"""A worker's place: when its process is started, ended and replaced."""

import logging
import signal
from collections.abc import Callable

import pytest

from gateway.workers.process import ANSWER_SECONDS, START_SECONDS
from gateway.workers.slot import STEADY_SECONDS
from gateway.workers.worker import SlotFigures
from tests.support.worker_processes import PlayedProcess, PlayedSlots


def pauses(slots: PlayedSlots, seconds: float) -> bool:
    """Whether the next process is started after so many seconds and not before."""
    slots.look()
    before = len(slots.started)
    slots.clock.advance(seconds - 0.1)
    slots.look()
    if len(slots.started) > before:
        return False
    slots.clock.advance(0.2)
    slots.look()
    return len(slots.started) > before


def is_running(process: PlayedProcess) -> bool:
    return process.exitcode is None


def test_a_worker_is_ready_when_it_says_so(played: Callable[[int], PlayedSlots]) -> None:
    slots = played(1)
    (slot,) = slots.slots
    slot.begin()
    slots.look()
    assert slots.last.answer(False) == [SlotFigures(False, 0)]
    slots.look()
    assert slot.figures == SlotFigures(False, 0)
    slots.last.answer(True)
    slots.look()
    assert slot.figures == SlotFigures(True, 0)
    slots.last.answer(True)
    slots.look()
    assert slots.last.answer(True) == [SlotFigures(True, 0)]


def test_a_worker_that_died_is_replaced_at_once(one: PlayedSlots, caplog: pytest.LogCaptureFixture) -> None:
    one.clock.advance(STEADY_SECONDS)
    one.last.die(-signal.SIGKILL)
    one.look()
    one.look()
    assert len(one.started) == 2
    assert one.slots[0].figures == SlotFigures(False, 1)
    assert [record.message for record in caplog.records] == ["worker_died"]


def test_workers_that_die_at_their_start_are_started_again_after_longer_and_longer(one: PlayedSlots) -> None:
    for seconds in (1, 2, 4, 8, 16, 30, 30):
        one.last.die()
        assert pauses(one, seconds)
    one.make_ready()
    one.clock.advance(STEADY_SECONDS)
    one.last.die()
    assert pauses(one, 0)
    one.last.die()
    assert pauses(one, 1)


def test_what_a_worker_said_of_the_settings_before_it_died_is_kept(one: PlayedSlots) -> None:
    one.look()
    one.last.answer("Set another port.")
    one.last.die(2)
    one.look()
    assert one.slots[0].refusal == "Set another port."


def test_a_worker_that_does_not_answer_is_killed(one: PlayedSlots, caplog: pytest.LogCaptureFixture) -> None:
    one.clock.advance(ANSWER_SECONDS)
    one.look()
    assert is_running(one.last)
    one.clock.advance(0.1)
    one.look()
    assert one.last.exitcode == -signal.SIGKILL
    assert [record.message for record in caplog.records] == ["worker_killed"]


def test_time_in_which_nobody_asked_does_not_count(one: PlayedSlots) -> None:
    one.clock.advance(ANSWER_SECONDS * 2)
    one.slots[0].forgive()
    one.look()
    one.last.answer()
    one.look()
    assert one.last.exitcode is None


def test_a_worker_that_is_asked_nothing_has_nothing_to_be_forgiven(one: PlayedSlots) -> None:
    one.last.answer()
    process = one.slots[0]._current
    assert process is not None
    process._asked_at = None
    one.slots[0].forgive()
    assert process._asked_at is None


def test_a_worker_that_does_not_get_ready_is_killed(played: Callable[[int], PlayedSlots]) -> None:
    slots = played(1)
    slots.slots[0].begin()
    slots.look()
    slots.clock.advance(START_SECONDS)
    slots.look()
    assert is_running(slots.last)
    slots.clock.advance(0.1)
    slots.look()
    assert slots.last.exitcode == -signal.SIGKILL


# Replacing


def test_a_worker_is_told_to_end_when_its_replacement_is_ready(one: PlayedSlots) -> None:
    (slot,), (old,) = one.slots, one.started
    slot.replace()
    one.look()
    assert (slot.is_replacing, slot.figures.is_ready, old.is_replaced) == (True, True, False)
    one.make_ready()
    assert (slot.is_replacing, slot.figures.is_ready, old.is_replaced) == (True, True, True)
    old.die(0)
    one.look()
    assert (slot.is_replacing, slot.figures) == (False, SlotFigures(True, 0))


def test_a_worker_that_does_not_end_is_killed(one: PlayedSlots, caplog: pytest.LogCaptureFixture) -> None:
    (old,) = one.started
    one.slots[0].replace()
    one.make_ready()
    one.clock.advance(12)
    one.look()
    assert is_running(old)
    one.clock.advance(0.1)
    one.look()
    assert old.exitcode == -signal.SIGKILL
    assert [record.message for record in caplog.records if record.levelno == logging.WARNING] == ["worker_killed"]


@pytest.mark.parametrize("says", ["", "Set another port."])
def test_the_worker_stays_where_its_replacement_dies(
    one: PlayedSlots, caplog: pytest.LogCaptureFixture, says: str
) -> None:
    (slot,), (old,) = one.slots, one.started
    slot.replace()
    one.look()
    if says:
        one.last.answer(says)
    one.last.die(2)
    one.look()
    assert (slot.replacement_failed, slot.is_replacing, slot.figures.is_ready) == (True, False, True)
    assert not old.is_replaced
    assert [record.message for record in caplog.records] == ["replacement_failed"]


def test_a_replacement_that_does_not_get_ready_is_killed(one: PlayedSlots) -> None:
    (old,) = one.started
    one.slots[0].replace()
    one.look()
    old.answer()
    one.clock.advance(START_SECONDS + 1)
    one.slots[0].forgive()
    one.look()
    assert one.last.exitcode == -signal.SIGKILL
    assert (one.slots[0].replacement_failed, old.exitcode) == (True, None)


def test_a_worker_that_dies_while_it_is_replaced_is_not_started_twice(one: PlayedSlots) -> None:
    (slot,), (old,) = one.slots, one.started
    slot.replace()
    one.look()
    old.die()
    one.look()
    one.clock.advance(60)
    slot.forgive()
    one.look()
    assert (len(one.started), slot.figures.is_ready) == (2, False)
    one.last.answer()
    one.look()
    assert (len(one.started), slot.figures.is_ready, slot.is_replacing) == (2, True, False)


def test_one_that_died_just_before_its_replacement_was_ready_is_told_nothing(one: PlayedSlots) -> None:
    (slot,), (old,) = one.slots, one.started
    slot.replace()
    one.look()
    one.last.answer()
    old.die()
    one.look()
    assert (slot.is_replacing, slot.figures.is_ready, slot.restarts) == (True, True, 0)
    one.look()
    assert not slot.is_replacing


# Ending


def test_all_processes_of_a_place_end_together(one: PlayedSlots) -> None:
    (slot,) = one.slots
    slot.replace()
    for process in one.started:
        process.ends_when_told = False
    slot.end()
    assert [process.was_terminated for process in one.started] == [True, True]
    one.started[0].die(0)
    assert not slot.has_ended()
    slot.kill_late(now=True)
    assert slot.has_ended()
