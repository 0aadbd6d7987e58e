"""Timeouts by a clock that is moved by hand."""

import asyncio

import pytest

from gateway.concurrency.timeouts import LONGEST_TIMER_SECONDS, expire, within
from tests.support.clock import Clock


async def wait(clock: Clock, *, passing: float = 0, is_expired: bool = False) -> None:
    """Wait for something that never comes, for 5 seconds at most."""
    async with within(5, clock.call_later) as timeout:
        clock.advance(passing)
        if is_expired:
            expire(timeout)
        try:
            await asyncio.Event().wait()
        finally:
            # One that has ended already is left alone.
            expire(timeout)


@pytest.mark.parametrize(("passing", "is_expired"), [(5, False), (0, True), (5, True)])
async def test_a_wait_ends_when_the_time_is_up_and_when_it_is_ended_early(passing: float, is_expired: bool) -> None:
    clock = Clock()
    with pytest.raises(TimeoutError):
        await wait(clock, passing=passing, is_expired=is_expired)
    assert clock.alarms == []


@pytest.mark.parametrize(("seconds", "timer"), [(5, 5), (float("inf"), LONGEST_TIMER_SECONDS)])
async def test_what_ends_in_time_leaves_no_timer(seconds: float, timer: float) -> None:
    clock = Clock()
    async with within(seconds, clock.call_later):
        assert clock.alarms == [timer]
    assert clock.alarms == []
