"""The breaker of one call, second by second on a clock that the test moves."""

import pytest

from gateway.resilience.breaker import Breaker, NotAdmitted, State
from tests.support.clock import Clock


class Tried:
    """A breaker, and calls that succeed or fail."""

    def __init__(self, percent: int | None = 50, random: float = 0.0) -> None:
        self.clock = Clock()
        self.changes: list[State] = []
        self.breaker = Breaker(percent, 5, random=lambda: random, on_change=self.changes.append)

    def succeed(self, count: int) -> None:
        for _ in range(count):
            self.breaker.rates.count(self.clock())

    def fail(self, count: int) -> None:
        for _ in range(count):
            self.breaker.failed(self.clock(), is_probe=False)

    def admit(self, *, is_write: bool = False) -> bool:
        return self.breaker.admit(self.clock(), is_write=is_write)

    def refusal(self) -> tuple[str, int | None]:
        with pytest.raises(NotAdmitted) as refused:
            self.admit()
        return refused.value.reason, refused.value.error.retry_after_seconds

    def admitted(self, seconds: float) -> int:
        """How many calls get through of 100,000 a second."""
        count = 0
        for _ in range(int(seconds * 1_000)):
            self.clock.advance(0.001)
            for _ in range(100):
                try:
                    self.admit()
                except NotAdmitted:
                    break
                count += 1
        return count


def test_it_opens_when_half_of_at_least_twenty_calls_failed() -> None:
    tried = Tried()
    tried.succeed(10)
    tried.fail(9)
    assert tried.changes == []
    tried.fail(1)
    assert tried.changes == [State.OPEN]


def test_fewer_than_twenty_calls_and_fewer_than_half_of_them_leave_it_closed() -> None:
    few, third = Tried(), Tried()
    few.fail(19)
    third.succeed(70)
    third.fail(30)
    assert (few.breaker.state, third.breaker.state) == (State.CLOSED, State.CLOSED)


def test_failures_of_more_than_ten_seconds_ago_do_not_count() -> None:
    tried = Tried()
    tried.fail(19)
    tried.clock.advance(10)
    tried.fail(19)
    tried.clock.advance(9)
    assert tried.changes == []
    tried.fail(1)
    assert tried.changes == [State.OPEN]


def test_switched_off_it_never_opens() -> None:
    tried = Tried(percent=None)
    tried.fail(1_000)
    assert tried.breaker.state is State.CLOSED


def test_while_it_is_open_one_probe_is_sent_after_each_pause() -> None:
    tried = Tried()
    tried.fail(20)
    assert tried.refusal() == ("breaker", 5)
    tried.clock.advance(4.5)
    assert tried.refusal() == ("breaker", 1)
    tried.clock.advance(0.5)
    assert tried.admit()
    assert tried.refusal() == ("breaker", 1)
    tried.breaker.failed(tried.clock(), is_probe=True)
    assert tried.refusal() == ("breaker", 5)
    assert tried.changes == [State.OPEN]


def test_the_pause_is_shorter_by_chance_so_that_processes_do_not_probe_together() -> None:
    tried = Tried(random=1.0)
    tried.fail(20)
    tried.clock.advance(4)
    assert tried.admit()


def test_a_probe_that_tells_nothing_leaves_its_place_to_the_next_call() -> None:
    tried = Tried()
    tried.fail(20)
    tried.clock.advance(5)
    assert tried.admit()
    tried.breaker.probe_ended()
    assert tried.admit()


def test_late_failures_of_calls_that_were_sent_before_do_not_postpone_the_probe() -> None:
    tried = Tried()
    tried.fail(20)
    tried.clock.advance(5)
    tried.fail(20)
    assert tried.admit()


def test_after_a_probe_calls_come_back_by_and_by_measured_by_what_was_normal() -> None:
    tried = Tried()
    for _ in range(9):
        tried.succeed(111)
        tried.clock.advance(1)
    tried.fail(999)
    assert tried.breaker.state is State.OPEN
    tried.clock.advance(5)
    assert tried.admit()
    tried.breaker.probe_succeeded(tried.clock())
    normal = 99.9
    first, second, third = tried.admitted(1), tried.admitted(1), tried.admitted(1)
    assert first == pytest.approx(1.5 * normal, abs=2)
    assert second == pytest.approx(2.5 * normal, abs=2)
    assert third >= 3.5 * normal
    tried.clock.advance(0.01)
    assert not tried.admit()
    assert tried.changes == [State.OPEN, State.RECOVERING, State.CLOSED]


def test_while_calls_come_back_writes_are_let_through() -> None:
    tried = Tried()
    tried.fail(20)
    tried.clock.advance(5)
    tried.admit()
    tried.breaker.probe_succeeded(tried.clock())
    tried.admit()
    assert tried.refusal() == ("recovery", 3)
    assert not tried.admit(is_write=True)


def test_it_opens_again_when_calls_fail_while_they_come_back() -> None:
    tried = Tried()
    tried.fail(20)
    tried.clock.advance(5)
    tried.admit()
    tried.breaker.probe_succeeded(tried.clock())
    tried.fail(20)
    assert tried.changes == [State.OPEN, State.RECOVERING, State.OPEN]
