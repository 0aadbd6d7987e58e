"""Leases that are kept alive, and waiting for answers of writes under way elsewhere."""

import asyncio

import pytest

from gateway.errors.internal import RecordsFailed
from gateway.store.lease import renewing
from gateway.store.local.memory_records import MemoryRecords
from gateway.store.ports import Begun, Found, RecordKey
from gateway.store.tags import Tags
from gateway.store.waiting import AnswerSignals, AnswerWaiter
from tests.support.clock import Clock
from tests.support.store_records import ARGUMENTS, KEY, ME, YOU

TAGS = Tags()
TAG = TAGS.record(*KEY)


class FailingOnce(MemoryRecords):
    """Records that do not answer the first renewal."""

    renewals = 0

    async def renew(self, key: RecordKey, attempt: bytes) -> bool:
        self.renewals += 1
        if self.renewals == 1:
            raise RecordsFailed("no answer")
        return await super().renew(key, attempt)


async def test_a_long_write_counts_as_under_way_until_it_is_over() -> None:
    clock = Clock()
    records = FailingOnce(now=clock, remembered_seconds=1000)
    await records.begin(KEY, ARGUMENTS, ME)
    async with renewing(records, KEY, ME, call_later=clock.call_later):
        for _ in range(10):
            await clock.until_alarm(3)
            clock.advance(3)
        await clock.until_alarm(3)
        assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.BUSY
    assert clock.alarms == []
    clock.advance(10)
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.LOST
    assert records.renewals == 10


async def test_a_lease_that_another_took_over_is_not_renewed() -> None:
    clock = Clock()
    records = MemoryRecords(now=clock, remembered_seconds=1000)
    await records.begin(KEY, ARGUMENTS, ME)
    clock.advance(10)
    await records.take_over(KEY, ME, YOU)
    async with renewing(records, KEY, ME, call_later=clock.call_later):
        await clock.until_alarm(3)
        clock.advance(3)
        for _ in range(5):
            await asyncio.sleep(0)
        assert clock.alarms == []


class Look:
    """Finds a write under way until it is told what it came to."""

    def __init__(self) -> None:
        self.found = Begun(Found.BUSY, ME)
        self.times = 0

    async def __call__(self) -> Begun:
        self.times += 1
        return self.found


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_an_answer_that_is_there_is_not_waited_for(clock: Clock) -> None:
    look = Look()
    look.found = Begun(Found.DONE, ME, b"answer")
    assert (
        await AnswerWaiter(AnswerSignals(), TAGS, clock, clock.call_later).wait(KEY, look, clock.now + 5) == look.found
    )
    assert look.times == 1


@pytest.mark.parametrize("by", ["the answer", "a gap"])
async def test_waiters_are_woken_by_an_event(clock: Clock, by: str) -> None:
    signals, look = AnswerSignals(), Look()
    waiter = AnswerWaiter(signals, TAGS, clock, clock.call_later)
    waiting = [asyncio.create_task(waiter.wait(KEY, look, clock.now + 5)) for _ in range(2)]
    await clock.until_alarm(0.5)
    signals.answered(b"tag of another")
    look.found = Begun(Found.DONE, ME, b"answer")
    signals.answered(TAG) if by == "the answer" else signals.wake_all()
    assert await asyncio.gather(*waiting) == [look.found] * 2
    assert look.times == 4
    assert signals._waiting == {}


async def test_without_events_the_record_is_looked_at_again_until_the_deadline(clock: Clock) -> None:
    look = Look()
    waiter = AnswerWaiter(AnswerSignals(), TAGS, clock, clock.call_later)
    waiting = asyncio.create_task(waiter.wait(KEY, look, clock.now + 1.25))
    for seconds in (0.5, 0.5, 0.25):
        await clock.until_alarm(seconds)
        clock.advance(seconds)
    assert (await waiting).found is Found.BUSY
    assert look.times == 4


async def test_a_write_that_was_dropped_may_be_sent_by_who_waited(clock: Clock) -> None:
    records, signals = MemoryRecords(now=clock), AnswerSignals()
    await records.begin(KEY, ARGUMENTS, ME)
    waiter = AnswerWaiter(signals, TAGS, clock, clock.call_later)
    waiting = asyncio.create_task(waiter.wait(KEY, lambda: records.begin(KEY, ARGUMENTS, YOU), clock.now + 5))
    await clock.until_alarm(0.5)
    await records.drop(KEY, ME)
    signals.answered(TAG)
    assert await waiting == Begun(Found.MINE, YOU)
