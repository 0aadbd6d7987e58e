"""Writes that go on without the store, each process by its own memory."""

import pytest

from gateway.store.errors import StoreUnavailable
from gateway.store.events import Event, Kind
from gateway.store.fallback import FallbackRecords
from gateway.store.local.memory_records import MemoryRecords
from gateway.store.local.peers import LocalPeers
from gateway.store.ports import Begun, Found, RecordKey
from gateway.store.shared.metrics import StoreMetrics
from gateway.telemetry.metrics import Metrics
from tests.support.clock import Clock
from tests.support.store_records import ARGUMENTS, KEY, ME, YOU

ENDED = Event(Kind.END)


class Away(MemoryRecords):
    """A store that refuses to begin while it has a reason."""

    reason: str | None = "timeout"

    async def begin(self, key: RecordKey, arguments: bytes, attempt: bytes, *, announce: Event | None = None) -> Begun:
        if self.reason is not None:
            raise StoreUnavailable(self.reason)
        return await super().begin(key, arguments, attempt, announce=announce)


class Told(LocalPeers):
    """Peers that keep what they are told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, event: Event) -> None:
        self.events.append(event)


class Case:
    def __init__(self) -> None:
        self.clock = Clock()
        self.shared = Away(now=self.clock, remembered_seconds=1_000)
        self.local = MemoryRecords(now=self.clock, remembered_seconds=1_000)
        self.peers = Told()
        self.records = FallbackRecords(self.shared, self.local, self.peers, StoreMetrics(Metrics()))


@pytest.fixture
def case() -> Case:
    return Case()


async def test_a_write_that_began_without_the_store_ends_in_memory_and_the_others_are_told_later(case: Case) -> None:
    records = case.records
    assert (await records.begin(KEY, ARGUMENTS, ME)).found is Found.MINE
    case.shared.reason = None
    assert await records.renew(KEY, ME)
    assert await records.checkpoint(KEY, ME, b"checkpoint")
    assert await records.expect_order(KEY, ME, ["sword"])
    assert await records.finish(KEY, ME, b"answer", announce=ENDED)
    assert case.peers.events == [ENDED]
    assert (await case.local.begin(KEY, ARGUMENTS, YOU)).answer == b"answer"


async def test_a_write_that_began_in_the_store_ends_there(case: Case) -> None:
    case.shared.reason = None
    assert (await case.records.begin(KEY, ARGUMENTS, ME)).found is Found.MINE
    assert await case.records.drop(KEY, ME, announce=ENDED)
    assert case.peers.events == []
    assert (await case.shared.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE


async def test_a_write_that_was_lost_in_memory_is_found_out_and_taken_over_there(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    assert await case.records.release(KEY, ME, announce=ENDED)
    assert (await case.records.begin(KEY, ARGUMENTS, YOU)).found is Found.LOST
    assert await case.records.take_over(KEY, ME, YOU)
    assert await case.records.release(KEY, YOU)
    assert await case.records.recover(KEY, YOU, b"found out")
    assert (await case.local.begin(KEY, ARGUMENTS, ME)).answer == b"found out"


async def test_an_order_is_given_to_whom_it_was_lost(case: Case) -> None:
    await case.records.begin(KEY, ARGUMENTS, ME)
    await case.records.expect_order(KEY, ME, ["sword"])
    assert await case.records.give_order(KEY.scope, 7, ["sword"])
    assert not await case.records.give_order(KEY.scope, 8, ["sword"])
    case.shared.reason = None
    assert await case.records.take_over(KEY, b"nobody's", YOU) is False


async def test_a_store_that_lost_its_records_is_not_passed_over(case: Case) -> None:
    case.shared.reason = "lost_records"
    with pytest.raises(StoreUnavailable):
        await case.records.begin(KEY, ARGUMENTS, ME)
