"""Admission of calls: at once, after a moment in a fair queue, or not at all. The clock is moved by hand."""

import asyncio
from collections.abc import Hashable, Iterable

import pytest

from gateway.admission.admission import Admission
from gateway.admission.call_gate import MOST_WAITING, SHORT_WAIT_SECONDS
from gateway.errors import Overloaded
from tests.support.clock import Clock

CALLS = ("orders", "chains", "balances")


class Calls:
    """Calls through an admission, told by names in the order in which they went."""

    def __init__(self, connections: int = 40) -> None:
        self.clock = Clock()
        self.admission = Admission(CALLS, connections=connections, clock=self.clock, call_later=self.clock.call_later)
        self.gone: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, names: Iterable[str], call: str = "orders") -> None:
        """Start calls; the first letter of each name is its owner."""
        for name in names:
            self.tasks[name] = asyncio.ensure_future(self._enter(call, name, name[0]))
            # Not every test looks at every refusal: asyncio would log the others, into a later test's log at times.
            self.tasks[name].add_done_callback(lambda task: task.cancelled() or task.exception())
        await turn()

    async def _enter(self, call: str, name: str, owner: Hashable) -> None:
        if not self.admission.gates[call].try_enter():
            await self.admission.wait(call, owner)
        self.gone.append(name)

    async def end(self, count: int, call: str = "orders", *, seconds: float = 0.01) -> None:
        """End so many calls that took so long."""
        for _ in range(count):
            self.admission.leave(call, seconds, is_answered=True)
        await turn()

    def refused(self) -> list[str]:
        return [name for name, task in self.tasks.items() if task.done() and isinstance(task.exception(), Overloaded)]

    async def make_fast(self, call: str = "orders", *, seconds: float = 0.02) -> None:
        """Let a call be known as one that takes so long."""
        for _ in range(20):
            self.clock.advance(0.02)
            assert self.admission.gates[call].try_enter()
            await self.end(1, call, seconds=seconds)

    def figures(self) -> dict[str, float]:
        return {
            " ".join([one.name, *(value for _, value in one.labels)]): one.value for one in self.admission.samples()
        }


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def names(owner: str, count: int) -> list[str]:
    return [f"{owner}{number}" for number in range(count)]


async def test_calls_go_at_once_while_there_is_room() -> None:
    calls = Calls()
    await calls.start(names("a", 15))
    assert len(calls.gone) == 15
    assert calls.figures()["gateway_upstream_under_way orders"] == 15
    assert calls.clock.alarms == []


async def test_those_who_wait_take_turns_and_go_as_others_end() -> None:
    calls = Calls()
    await calls.start([*names("a", 18), "b0"])
    assert calls.gone == names("a", 15)
    await calls.end(2)
    assert calls.gone[15:] == ["a15", "b0"]
    assert calls.figures()["gateway_upstream_waits"] == 4


async def test_nobody_overtakes_those_who_wait() -> None:
    calls = Calls()
    await calls.start(names("a", 16))
    calls.admission.gates["orders"].leave(0, is_answered=False)
    await calls.start(["b0"])
    assert calls.gone == names("a", 15)
    await calls.end(1)
    assert calls.gone[15:] == ["a15", "b0"]


async def test_a_call_that_is_slow_leaves_room_for_the_others() -> None:
    calls = Calls(connections=16)
    await calls.start(names("a", 40), "orders")
    assert len(calls.gone) == 10
    await calls.start(names("b", 6), "chains")
    assert calls.gone[10:] == names("b", 6)


async def test_room_that_becomes_free_goes_to_the_kind_with_the_fewest_under_way() -> None:
    calls = Calls(connections=16)
    await calls.start(names("a", 12), "orders")
    await calls.start(names("b", 8), "chains")
    assert calls.gone == [*names("a", 10), *names("b", 6)]
    await calls.start(names("c", 2), "balances")
    await calls.end(3, "orders")
    assert calls.gone[16:] == ["c0", "c1", "b6"]


async def test_while_the_upstream_is_slow_a_call_waits_for_a_moment_and_is_then_refused() -> None:
    calls = Calls()
    await calls.start(names("a", 16))
    calls.clock.advance(SHORT_WAIT_SECONDS - 0.001)
    await turn()
    assert calls.refused() == []
    calls.clock.advance(SHORT_WAIT_SECONDS / 2)
    await turn()
    assert calls.refused() == ["a15"]
    assert calls.figures()["gateway_upstream_refusals"] == 1
    assert calls.clock.alarms == []


async def test_who_asks_for_most_makes_room_and_is_told_at_once_when_to_come_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    calls = Calls()
    await calls.start(names("a", 40))
    assert calls.refused() == names("a", 40)[30:]
    await calls.start(["b0"])
    assert calls.refused() == names("a", 40)[29:]
    error = calls.tasks["a39"].exception()
    assert isinstance(error, Overloaded)
    assert error.retry_after_seconds == 1
    assert {record.message for record in caplog.records} == {"overloaded"}


@pytest.mark.parametrize(("latency", "seconds"), [(0.2, 1), (1.5, 2), (100.0, 10)])
async def test_the_slower_the_upstream_the_later_one_is_told_to_come_back(latency: float, seconds: int) -> None:
    calls = Calls()
    await calls.make_fast(seconds=latency)
    await calls.start(names("a", 100))
    error = calls.tasks["a99"].exception()
    assert isinstance(error, Overloaded)
    assert error.retry_after_seconds == seconds


async def test_a_burst_waits_for_longer_while_the_upstream_is_as_fast_as_usual() -> None:
    calls = Calls()
    await calls.make_fast()
    await calls.start(names("a", 100))
    for _ in range(10):
        calls.clock.advance(0.02)
        await calls.end(9, seconds=0.02)
    assert calls.refused() == []
    assert len(calls.gone) == 100


async def test_a_burst_is_refused_soon_when_the_upstream_stops_answering() -> None:
    calls = Calls()
    await calls.make_fast()
    await calls.start(names("a", 100))
    calls.clock.advance(0.1)
    await turn()
    assert len(calls.refused()) == 85


async def test_no_more_wait_than_will_be_served_in_time() -> None:
    calls = Calls()
    await calls.make_fast(seconds=0.16)
    await calls.start(names("a", 100))
    # 15 go, and while they take 0.16 seconds each, 23 more have begun after 0.4.
    assert len(calls.refused()) == 100 - 15 - 23


async def test_so_many_may_wait_at_most() -> None:
    calls = Calls()
    await calls.make_fast(seconds=0.0)
    await calls.start(names("a", MOST_WAITING + 30))
    assert calls.admission.gates["orders"].waiting == MOST_WAITING


async def test_who_leaves_while_waiting_leaves_nothing() -> None:
    calls = Calls()
    await calls.start(names("a", 17))
    calls.tasks["a15"].cancel()
    await turn()
    await calls.end(1)
    assert calls.gone[15:] == ["a16"]
    await calls.end(15)
    assert calls.figures()["gateway_upstream_under_way orders"] == 0


async def test_who_leaves_in_the_moment_of_being_let_go_gives_the_room_to_the_next() -> None:
    calls = Calls()
    await calls.start(names("a", 17))
    calls.admission.leave("orders", 0.0, is_answered=True)
    calls.tasks["a15"].cancel()
    await turn()
    assert calls.gone[15:] == ["a16"]


async def test_room_that_becomes_free_when_a_call_has_just_left_goes_to_the_next() -> None:
    calls = Calls()
    await calls.start(names("a", 17))
    calls.tasks["a15"].cancel()
    calls.admission.leave("orders", 0.0, is_answered=True)
    await turn()
    assert calls.gone[15:] == ["a16"]
    assert calls.figures()["gateway_upstream_under_way orders"] == 15


async def test_who_has_just_left_is_not_refused() -> None:
    calls = Calls()
    await calls.start(names("a", 16))
    calls.tasks["a15"].cancel()
    calls.clock.advance(2 * SHORT_WAIT_SECONDS)
    await turn()
    assert calls.tasks["a15"].cancelled()
    assert calls.figures()["gateway_upstream_refusals"] == 0


async def test_a_coroutine_that_is_closed_while_it_waits_leaves_nothing() -> None:
    calls = Calls()
    await calls.start(names("a", 15))
    waiting = calls.admission.wait("orders", "b")
    waiting.send(None)
    waiting.close()
    assert calls.figures()["gateway_upstream_waiting orders"] == 0
    await calls.end(15)
    assert calls.figures()["gateway_upstream_under_way orders"] == 0


async def test_who_leaves_in_the_moment_of_being_refused_takes_no_room() -> None:
    calls = Calls()
    await calls.start(names("a", 16))
    calls.clock.advance(2 * SHORT_WAIT_SECONDS)
    calls.tasks["a15"].cancel()
    await turn()
    assert calls.figures()["gateway_upstream_under_way orders"] == 15
