"""The process that keeps the workers."""

import signal
from collections.abc import Callable, Iterator

import pytest

from gateway.errors import UsageError
from gateway.workers.process import ANSWER_SECONDS
from gateway.workers.supervisor import Supervisor
from tests.support.worker_processes import PlayedProcess, PlayedSlots


class Supervised:
    """A supervisor of played workers, and what it announced."""

    def __init__(self, slots: PlayedSlots) -> None:
        self.slots = slots
        self.announced: list[bool] = []
        self.supervisor = Supervisor(slots.slots, lambda: self.announced.append(True), slots.clock)

    def look(self, *numbers: int) -> None:
        """What uvicorn does twice a second, after signals with these numbers."""
        self.supervisor.signal_queue += numbers
        self.supervisor.handle_signals()
        self.supervisor.keep_subprocess_alive()

    def make_ready(self, *processes: PlayedProcess) -> None:
        self.slots.make_ready(*processes, look=self.look)


@pytest.fixture
def supervised(played: Callable[[int], PlayedSlots]) -> Iterator[Supervised]:
    numbers = signal.valid_signals()
    before = [(number, signal.getsignal(number)) for number in numbers]
    supervised = Supervised(played(2))
    supervised.supervisor.init_processes()
    yield supervised
    for number, handler in before:
        if signal.getsignal(number) is not handler and handler is not None:
            signal.signal(number, handler)


@pytest.fixture
def ready(supervised: Supervised) -> Supervised:
    supervised.make_ready(*supervised.slots.started)
    return supervised


def test_it_announces_once_all_are_ready(supervised: Supervised) -> None:
    first, second = supervised.slots.started
    supervised.make_ready(first)
    assert supervised.announced == []
    second.answer()
    supervised.look()
    supervised.look()
    assert supervised.announced == [True]


def test_settings_that_a_worker_cannot_start_with_end_all(supervised: Supervised) -> None:
    supervised.look()
    first, _ = supervised.slots.started
    first.answer("Set another port.")
    first.die(2)
    supervised.look()
    assert supervised.supervisor.should_exit.is_set()
    with pytest.raises(UsageError, match=r"Set another port\."):
        supervised.supervisor.serve()


def test_a_worker_that_dies_later_ends_no_other(ready: Supervised) -> None:
    first, second = ready.slots.started
    second.answer("Set another port.")
    second.die(2)
    ready.look()
    assert not ready.supervisor.should_exit.is_set()
    assert first.exitcode is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_all_at_a_signal(supervised: Supervised, number: signal.Signals) -> None:
    supervised.look(number)
    assert supervised.supervisor.serve() == 0
    assert [one.exitcode for one in supervised.slots.started[-2:]] == [0, 0]


def test_it_ends_all_at_once_at_the_second_signal(ready: Supervised, caplog: pytest.LogCaptureFixture) -> None:
    for one in ready.slots.started:
        one.ends_when_told = False
    ready.supervisor.terminate_all()
    ready.supervisor.signal_queue += [signal.SIGHUP, signal.SIGINT]
    ready.supervisor.join_all()
    assert [one.exitcode for one in ready.slots.started] == [-signal.SIGKILL] * 2
    assert ready.supervisor._exit_code == 128 + signal.SIGINT
    assert "stopped_at_once" in [record.message for record in caplog.records]


def test_workers_that_do_not_end_in_time_are_killed(ready: Supervised, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in ready.slots.started:
        one.ends_when_told = False
        monkeypatch.setattr(one, "join", lambda _: ready.slots.clock.advance(1))
    ready.supervisor.terminate_all()
    ready.supervisor.join_all()
    assert [one.exitcode for one in ready.slots.started] == [-signal.SIGKILL] * 2


def test_workers_are_replaced_one_after_the_other(ready: Supervised) -> None:
    first, second = ready.slots.started
    first.answer()
    second.answer()
    ready.look(signal.SIGHUP)
    assert len(ready.slots.started) == 3
    ready.look()
    assert (len(ready.slots.started), first.is_replaced) == (3, False)
    ready.slots.last.answer()
    ready.look()
    assert (first.is_replaced, second.is_replaced) == (True, False)
    ready.look()
    assert len(ready.slots.started) == 3
    first.die(0)
    ready.look()
    assert len(ready.slots.started) == 4
    ready.make_ready()
    assert second.is_replaced
    second.die(0)
    ready.look()
    ready.look()
    assert len(ready.slots.started) == 4


def test_no_more_are_replaced_once_one_replacement_fails(ready: Supervised) -> None:
    ready.look(signal.SIGHUP)
    ready.slots.last.die()
    ready.look()
    ready.look()
    assert len(ready.slots.started) == 3
    assert [one.is_replaced for one in ready.slots.started[:2]] == [False, False]


@pytest.mark.parametrize("number", [signal.SIGTTIN, signal.SIGTTOU])
def test_the_number_of_workers_is_a_setting(
    ready: Supervised, caplog: pytest.LogCaptureFixture, number: signal.Signals
) -> None:
    ready.look(number)
    assert len(ready.slots.started) == 2
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == ["signal_ignored"]


def test_workers_live_through_a_pause_of_the_whole_machine(ready: Supervised) -> None:
    ready.slots.clock.advance(ANSWER_SECONDS * 10)
    ready.look()
    assert [one.exitcode for one in ready.slots.started] == [None, None]
