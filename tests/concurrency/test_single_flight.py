"""One run for everybody who asks at the same time, and goes on when some of them leave."""

import asyncio
import gc
import sys
from contextvars import ContextVar

import pytest

from gateway.concurrency.single_flight import SingleFlight
from gateway.errors.internal import FlightEnded
from tests.support.loads import Gate, run_ready


class Lost(Exception):
    """What a run fails with in these tests."""


def unretrieved_errors() -> list[dict[str, object]]:
    """What the running loop reports from now on."""
    reports: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, report: reports.append(report))
    return reports


async def test_callers_of_one_key_share_one_run() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    callers = [asyncio.create_task(flights.join("a", gate)) for _ in range(50)]
    await run_ready()
    gate.answer("value")
    assert await asyncio.gather(*callers) == ["value"] * 50
    assert gate.runs == 1


async def test_a_run_that_has_ended_is_not_joined() -> None:
    flights: SingleFlight[str] = SingleFlight()

    async def first() -> int:
        return 1

    async def second() -> int:
        return 2

    assert await flights.join("a", first) == 1
    assert await flights.join("a", second) == 2


async def test_a_run_is_detached_with_its_last_step_and_not_when_its_callers_are_told() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    caller = asyncio.create_task(flights.join("a", gate))
    await run_ready()
    gate.answer("value")
    await asyncio.sleep(0)
    assert (flights.is_in_flight("a"), caller.done()) == (False, False)
    assert await caller == "value"


async def test_other_keys_and_other_groups_have_runs_of_their_own() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    callers = [
        asyncio.create_task(flights.join("a", gate)),
        asyncio.create_task(flights.join("b", gate)),
        asyncio.create_task(flights.join("a", gate, group="mine")),
    ]
    await run_ready()
    assert (flights.in_flight(), flights.in_flight("mine"), flights.in_flight("yours")) == (("a", "b"), ("a",), ())
    for run in range(3):
        gate.answer(run, run)
    assert await asyncio.gather(*callers) == [0, 1, 2]
    assert (flights.in_flight(), flights.in_flight("mine")) == ((), ())


@pytest.mark.parametrize("leaving", [0, 1], ids=["the leader", "a follower"])
async def test_the_others_get_the_answer_when_a_caller_is_cancelled(leaving: int) -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    callers = [asyncio.create_task(flights.join("a", gate)) for _ in range(3)]
    await run_ready()
    callers.pop(leaving).cancel()
    await run_ready()
    gate.answer("value")
    assert await asyncio.gather(*callers) == ["value", "value"]
    assert (gate.runs, gate.cancelled) == (1, 0)


async def test_the_run_is_cancelled_when_its_last_caller_is() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    callers = [asyncio.create_task(flights.join("a", gate)) for _ in range(3)]
    await run_ready()
    for caller in callers:
        caller.cancel()
    await run_ready()
    assert gate.cancelled == 1
    assert not flights.is_in_flight("a")


async def test_a_run_that_is_being_cancelled_is_not_joined() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    gone = asyncio.create_task(flights.join("a", gate))
    await run_ready()
    gone.cancel()
    await asyncio.sleep(0)
    assert gate.cancelled == 0
    late = asyncio.create_task(flights.join("a", gate))
    await run_ready()
    gate.answer("fresh", run=1)
    assert await late == "fresh"
    assert (gate.runs, gate.cancelled) == (2, 1)


async def test_a_caller_cancelled_at_once_leaves_nothing_behind() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    caller = asyncio.create_task(flights.join("a", gate))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await run_ready()
    await run_ready()
    assert (gate.runs, gate.cancelled) == (1, 1)
    assert not flights.is_in_flight("a")
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_run_that_is_kept_running_outlives_its_callers_and_can_be_joined_again() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    gone = asyncio.create_task(flights.join("a", gate, keep_running=True))
    await run_ready()
    gone.cancel()
    await run_ready()
    late = asyncio.create_task(flights.join("a", gate))
    await run_ready()
    gate.answer("value")
    assert await late == "value"
    assert (gate.runs, gate.cancelled) == (1, 0)


async def test_every_caller_gets_the_error_of_the_run() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    error = Lost()
    callers = [asyncio.create_task(flights.join("a", gate)) for _ in range(3)]
    await run_ready()
    gate.fail(error)
    assert await asyncio.gather(*callers, return_exceptions=True) == [error, error, error]
    assert not flights.is_in_flight("a")


async def test_an_error_that_nobody_waits_for_is_not_reported_as_never_retrieved() -> None:
    reports = unretrieved_errors()
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    gone = asyncio.create_task(flights.join("a", gate, keep_running=True))
    await run_ready()
    gone.cancel()
    await run_ready()
    gate.fail(Lost())
    await run_ready()
    del gone, gate
    gc.collect()
    assert reports == []


@pytest.mark.parametrize("steps", range(3))
async def test_a_caller_cancelled_in_the_moment_of_an_error_leaves_no_report(steps: int) -> None:
    reports = unretrieved_errors()
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    callers = [asyncio.create_task(flights.join("a", gate)) for _ in range(2)]
    await run_ready()
    gate.fail(Lost())
    for _ in range(steps):
        await asyncio.sleep(0)
    callers[0].cancel()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, Lost]
    gc.collect()
    assert reports == []


async def test_a_detached_run_answers_its_callers_and_nobody_else() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    stored: list[object] = []
    early = asyncio.create_task(flights.join("a", gate, on_result=stored.append))
    await run_ready()
    flights.detach("a")
    late = asyncio.create_task(flights.join("a", gate, on_result=stored.append))
    await run_ready()
    gate.answer("new", run=1)
    gate.answer("old", run=0)
    assert await early == "old"
    assert await late == "new"
    assert stored == ["new"]


async def test_a_detached_run_is_still_cancelled_with_its_last_caller() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    caller = asyncio.create_task(flights.join("a", gate))
    await run_ready()
    flights.detach("a")
    caller.cancel()
    await run_ready()
    assert gate.cancelled == 1


async def test_detaching_what_is_not_in_flight_does_nothing() -> None:
    flights: SingleFlight[str] = SingleFlight()
    flights.detach("a", "mine")
    assert flights.in_flight("mine") == ()


async def test_a_result_is_stored_before_any_caller_sees_it() -> None:
    flights: SingleFlight[str] = SingleFlight()
    order: list[str] = []

    async def run() -> str:
        return "value"

    async def caller(name: str) -> None:
        await flights.join("a", run, on_result=lambda value: order.append(f"stored {value}"))
        order.append(name)

    await asyncio.gather(caller("first"), caller("second"))
    assert order == ["stored value", "first", "second"]


async def test_closing_ends_every_run_and_tells_the_callers() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    callers = [asyncio.create_task(flights.join(key, gate)) for key in ("a", "a", "b")]
    await run_ready()
    flights.detach("b")
    await flights.aclose()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [FlightEnded] * 3
    assert gate.cancelled == 2
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_run_that_is_closed_before_its_first_step_ends_too() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    caller = asyncio.create_task(flights.join("a", gate))
    await asyncio.sleep(0)
    await flights.aclose()
    with pytest.raises(FlightEnded):
        await caller
    assert gate.runs == 0


async def test_a_run_that_an_outsider_cancels_before_its_first_step_can_be_started_again() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = Gate()
    caller = asyncio.create_task(flights.join("a", gate))
    await asyncio.sleep(0)
    (run,) = asyncio.all_tasks() - {asyncio.current_task(), caller}
    run.cancel()
    with pytest.raises(FlightEnded):
        await caller
    assert not flights.is_in_flight("a")


async def test_nothing_starts_after_closing() -> None:
    flights: SingleFlight[str] = SingleFlight()
    await flights.aclose()
    gate = Gate()
    with pytest.raises(FlightEnded):
        await flights.join("a", gate)
    assert gate.runs == 0


async def test_a_run_that_cancels_itself_does_not_look_like_a_cancelled_caller() -> None:
    flights: SingleFlight[str] = SingleFlight()

    async def run() -> object:
        raise asyncio.CancelledError

    with pytest.raises(FlightEnded):
        await flights.join("a", run)


async def test_a_run_sees_the_context_of_the_caller_who_started_it() -> None:
    request: ContextVar[str] = ContextVar("request")
    flights: SingleFlight[str] = SingleFlight()

    async def run() -> str:
        await run_ready()
        return request.get()

    async def caller(name: str) -> str:
        request.set(name)
        return await flights.join("a", run)

    callers = [caller("first"), caller("second")]
    assert await asyncio.gather(*callers) == ["first", "first"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="tasks start at once from Python 3.12 on, where asked to")
async def test_a_run_that_ends_while_its_task_is_made_is_answered_too() -> None:
    flights: SingleFlight[str] = SingleFlight()

    async def run() -> str:
        return "value"

    loop = asyncio.get_running_loop()
    loop.set_task_factory(getattr(asyncio, "eager_task_factory"))  # noqa: B009 - unknown to the checker's Python 3.11
    try:
        assert await flights.join("a", run) == "value"
    finally:
        loop.set_task_factory(None)
    assert not flights.is_in_flight("a")
