"""How long a request waits: one deadline for all of its waits, and an end when its client leaves."""

import asyncio

import pytest

from gateway.concurrency.deadline import Deadline
from gateway.concurrency.single_flight import SingleFlight
from tests.support.loads import run_ready


def deadline(seconds: float = 3_600) -> Deadline:
    return Deadline(asyncio.get_running_loop().time() + seconds)


async def test_a_wait_that_is_open_at_the_deadline_raises() -> None:
    expired = deadline(0)
    with pytest.raises(TimeoutError):
        await expired.begin()


async def test_expiring_ends_the_waits_that_are_open_and_those_that_begin_later() -> None:
    leaving = deadline()
    open_wait, done = leaving.begin(), leaving.begin()
    done.set_result(None)
    leaving.expire()
    for wait in (open_wait, leaving.begin()):
        with pytest.raises(TimeoutError):
            await wait
    await done


async def test_there_is_a_timer_only_while_somebody_waits() -> None:
    waiting = deadline()
    first, second = waiting.begin(), waiting.begin()
    timer = waiting._timer
    assert timer is not None
    waiting.end(first)
    assert not timer.cancelled()
    waiting.end(second)
    assert timer.cancelled()
    third = waiting.begin()
    assert waiting._timer is not timer
    waiting.end(third)


async def test_a_caller_whose_deadline_expires_leaves_the_run_to_the_others() -> None:
    flights: SingleFlight[str] = SingleFlight()
    gate = asyncio.get_running_loop().create_future()

    async def load() -> str:
        return str(await gate)

    async def join(own: Deadline) -> str:
        return await flights.join("key", load, deadline=own)

    leaving, staying = deadline(), deadline()
    left, stays = asyncio.create_task(join(leaving)), asyncio.create_task(join(staying))
    await run_ready()
    leaving.expire()
    with pytest.raises(TimeoutError):
        await left
    gate.set_result("answer")
    assert await stays == "answer"


async def test_a_run_ends_when_the_deadline_of_its_last_caller_expires() -> None:
    flights: SingleFlight[str] = SingleFlight()
    ended = asyncio.Event()

    async def load() -> str:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.set()
        raise AssertionError

    leaving = deadline()
    task = asyncio.create_task(flights.join("key", load, deadline=leaving))
    await run_ready()
    leaving.expire()
    with pytest.raises(TimeoutError):
        await task
    await ended.wait()
    assert flights.in_flight() == ()
