"""The limit in a simulation: an upstream with so many places, more calls than it can take, and a moved clock."""

import heapq
import math
from collections.abc import Callable

import pytest

from gateway.admission.adaptive_limit import LEAST, AdaptiveLimit
from gateway.admission.call_gate import CallGate, TotalCount
from tests.support.clock import Clock

MOST = 75


class Upstream:
    """Serves so many calls at a time, each for so many seconds; the others wait in it."""

    def __init__(self, clock: Clock, places: int, seconds: float) -> None:
        self.clock = clock
        self.seconds = seconds
        self._free_at = [0.0] * places

    def serve(self, done: Callable[[], None]) -> None:
        begins_at = max(self.clock(), heapq.heappop(self._free_at))
        heapq.heappush(self._free_at, begins_at + self.seconds)
        self.clock.call_later(begins_at + self.seconds - self.clock(), done)


class Simulation:
    """Calls at a steady rate; one that finds no room is dropped."""

    def __init__(self, *, places: int, seconds: float = 0.05) -> None:
        self.clock = Clock(0.0)
        self.gate = CallGate(MOST, TotalCount(MOST), self.clock)
        self.upstream = Upstream(self.clock, places, seconds)
        self.latencies: list[float] = []

    @property
    def limit(self) -> int:
        return self.gate.limit.value

    def run(self, seconds: float, *, calls_per_second: float) -> float:
        """Let it run, and give the mean latency meanwhile."""
        self.latencies.clear()
        for _ in range(int(seconds * calls_per_second)):
            self.clock.advance(1 / calls_per_second)
            if self.gate.try_enter():
                self.upstream.serve(self._finisher(self.clock()))
        return sum(self.latencies) / len(self.latencies)

    def _finisher(self, began_at: float) -> Callable[[], None]:
        def finish() -> None:
            self.latencies.append(self.clock() - began_at)
            self.gate.leave(self.clock() - began_at, is_answered=True)

        return finish


def test_a_limit_grows_to_the_most_while_latency_stays() -> None:
    simulation = Simulation(places=1_000)
    assert simulation.limit == MOST // 2
    simulation.run(10, calls_per_second=1_000)
    assert simulation.limit == MOST


def test_an_upstream_that_lost_most_of_its_places_gets_few_calls_at_a_time_and_stays_fast() -> None:
    simulation = Simulation(places=1_000)
    simulation.run(10, calls_per_second=1_000)
    simulation.upstream = Upstream(simulation.clock, 8, 0.05)
    simulation.run(3, calls_per_second=1_000)
    latency = simulation.run(5, calls_per_second=1_000)
    # With all 75 it would be 75 / 8 turns of 0.05 seconds each: 0.47 seconds.
    assert simulation.limit <= 30
    assert latency < 0.2


def test_a_limit_comes_back_when_the_upstream_does() -> None:
    simulation = Simulation(places=8)
    simulation.run(5, calls_per_second=1_000)
    simulation.upstream = Upstream(simulation.clock, 1_000, 0.05)
    simulation.run(10, calls_per_second=1_000)
    assert simulation.limit == MOST


def test_latency_that_stays_higher_becomes_the_usual_one() -> None:
    simulation = Simulation(places=1_000)
    simulation.run(5, calls_per_second=1_000)
    simulation.upstream.seconds = 0.2
    simulation.run(5, calls_per_second=1_000)
    assert simulation.limit < MOST // 2
    simulation.run(60, calls_per_second=1_000)
    assert simulation.limit == MOST


def test_few_calls_under_way_say_nothing_of_what_more_would_do() -> None:
    simulation = Simulation(places=1_000)
    simulation.run(5, calls_per_second=100)
    simulation.upstream.seconds = 0.15
    simulation.run(5, calls_per_second=100)
    assert simulation.limit == MOST // 2
    assert simulation.gate.limit.is_degraded


def record(limit: AdaptiveLimit, clock: Clock, seconds: float, *, is_late: bool = False) -> None:
    for _ in range(10):
        clock.advance(0.05)
        limit.record(seconds, limit.value, is_late=is_late)


def test_calls_without_an_answer_in_time_shrink_the_limit_down_to_the_least() -> None:
    clock = Clock()
    limit = AdaptiveLimit(MOST, clock)
    for _ in range(100):
        record(limit, clock, 1.5, is_late=True)
    assert limit.value == LEAST
    assert limit.latency == pytest.approx(1.5)


@pytest.mark.parametrize(("most", "first"), [(1, 1), (5, 5), (12, 10), (300, 150)])
def test_a_limit_begins_with_half_of_the_most_but_not_below_the_least(most: int, first: int) -> None:
    clock = Clock()
    limit = AdaptiveLimit(most, clock)
    assert (limit.value, limit.latency, limit.is_degraded) == (first, math.inf, False)
    for _ in range(100):
        record(limit, clock, 0.0)
    assert limit.value == most
