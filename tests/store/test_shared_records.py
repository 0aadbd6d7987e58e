"""Records in a real server while it fails: nothing is sent twice, and no key stays stuck."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from gateway.records.sealing import digest
from gateway.store.errors import StoreUnavailable
from gateway.store.events import Event, Kind, decode
from gateway.store.ports import Begun, Found, RecordKey
from gateway.store.shared import background
from gateway.store.shared.connections import Reply
from tests.support.store_records import ARGUMENTS, KEY, ME, YOU
from tests.support.store_servers import Fleet, Redis, redis, until

EVENT = Event(Kind.BEGIN, player_id="p-1", record=(KEY.kind, KEY.scope, KEY.key))


async def events(fleet: Fleet) -> list[Kind | None]:
    entries: Reply = await fleet.raw("XRANGE", fleet.keys.bus, "-", "+")
    heard = [decode(fields[1]) for _, fields in entries]
    return [one.known_kind for one in heard if one is not None]


@pytest.fixture
def own(server: Redis) -> Iterator[Redis]:
    """A server that a test may freeze; `server` skips where there is none."""
    yield from redis()


async def test_others_hear_of_a_write_that_begins_and_of_one_that_ends_and_of_no_other(fleet: Fleet) -> None:
    records = await fleet.records()
    await records.begin(KEY, ARGUMENTS, ME, announce=EVENT)
    await records.begin(KEY, ARGUMENTS, YOU, announce=EVENT)
    assert await events(fleet) == [Kind.BEGIN]
    await records.renew(KEY, ME)
    await records.finish(KEY, ME, b"answer", announce=Event(Kind.END))
    assert not await records.finish(KEY, ME, b"answer", announce=Event(Kind.DONE))
    assert await events(fleet) == [Kind.BEGIN, Kind.END, Kind.DONE]


async def test_a_begin_that_comes_too_late_makes_nothing(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    records = await fleet.records()
    monkeypatch.setattr(fleet.client.clock, "deadline", lambda _: 1)
    with pytest.raises(StoreUnavailable, match="late"):
        await records.begin(KEY, ARGUMENTS, ME)
    assert await fleet.raw("KEYS", "*:k:*") == []


async def test_a_record_of_a_newer_release_is_left_alone(fleet: Fleet) -> None:
    records = await fleet.records()
    await fleet.raw("SET", fleet.keys.record(KEY, "k"), b"\x02what a later format has")
    assert await records.begin(KEY, ARGUMENTS, ME) == Begun(Found.NEWER, b"")
    assert not await records.finish(KEY, b"", b"answer")


async def test_fields_that_a_newer_release_appended_stay(fleet: Fleet) -> None:
    records, name = await fleet.records(), fleet.keys.record(KEY, "k")
    await records.begin(KEY, ARGUMENTS, ME)
    await fleet.raw("APPEND", name, b"appended")
    await records.checkpoint(KEY, ME, b"checkpoint")
    value: Reply = await fleet.raw("GET", name)
    assert value.endswith(b"checkpointappended")


async def test_a_recent_write_is_forgotten_once_it_took_longer_than_it_is_remembered(fleet: Fleet) -> None:
    records = await fleet.records(remembered_seconds=0.001, table="w")
    await records.begin(KEY, ARGUMENTS, ME)
    await asyncio.sleep(0.002)
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.BUSY
    assert await records.finish(KEY, ME, b"answer")
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE


async def test_a_hung_server_costs_a_deadline_and_the_key_is_free_once_it_goes_on(own: Redis) -> None:
    fleet = Fleet(own)
    fleet.client = fleet.new_client(seconds=0.25)
    records = await fleet.records()
    await fleet.epoch.refresh()
    own.send(signal.SIGSTOP)
    started = asyncio.get_running_loop().time()
    with pytest.raises(StoreUnavailable, match="timeout"):
        await records.begin(KEY, ARGUMENTS, ME)
    assert asyncio.get_running_loop().time() - started < 1
    assert [sample.value for sample in fleet.metrics.samples()] == [0, 0, 1]
    own.send(signal.SIGCONT)

    async def is_dropped() -> bool:
        return not fleet.metrics.pending

    await until(is_dropped)
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE
    assert [sample.value for sample in fleet.metrics.samples()] == [1, 0, 0]
    await fleet.aclose()


async def test_a_begin_whose_caller_leaves_is_dropped(own: Redis) -> None:
    fleet = Fleet(own)
    records = await fleet.records()
    await fleet.epoch.refresh()
    own.send(signal.SIGSTOP)
    caller = asyncio.create_task(records.begin(KEY, ARGUMENTS, ME))
    await asyncio.sleep(0.05)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    assert caller.cancelled()
    own.send(signal.SIGCONT)

    async def is_dropped() -> bool:
        return not fleet.metrics.pending

    await until(is_dropped)
    # No reply of the cancelled command is taken for another's.
    assert await fleet.raw("ECHO", "mine") == b"mine"
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE
    await fleet.aclose()


async def test_an_answer_is_kept_as_soon_as_the_store_is_back(own: Redis) -> None:
    fleet = Fleet(own)
    fleet.client = fleet.new_client(seconds=0.25)
    records = await fleet.records()
    await records.begin(KEY, ARGUMENTS, ME)
    own.send(signal.SIGSTOP)
    assert await records.finish(KEY, ME, b"answer")
    own.send(signal.SIGCONT)

    async def is_done() -> bool:
        return not fleet.metrics.pending

    await until(is_done)
    assert (await records.begin(KEY, ARGUMENTS, YOU)).answer == b"answer"
    await fleet.aclose()


async def test_what_the_store_never_takes_is_given_up(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "PAUSES", (0.0, 0.0))
    tries = 0

    async def fail() -> None:
        nonlocal tries
        tries += 1
        raise StoreUnavailable("connect")

    fleet.background.repeat("drop", fail)
    await asyncio.gather(*fleet.background._tasks)
    assert tries == 2


async def test_a_write_is_not_sent_where_too_few_replicas_have_its_record(fleet: Fleet) -> None:
    fleet.client = fleet.new_client(replicas=1)
    records = await fleet.records()
    with pytest.raises(StoreUnavailable, match="replicas"):
        await records.begin(KEY, ARGUMENTS, ME)

    async def is_dropped() -> bool:
        return await fleet.raw("KEYS", "*:k:*") == []

    await until(is_dropped)


async def test_a_store_of_unknown_time_is_never_late(fleet: Fleet) -> None:
    assert fleet.new_client().clock.deadline(1) == 2**53


async def test_nothing_can_be_read_from_keys_and_values(fleet: Fleet) -> None:
    records = await fleet.records()
    key = RecordKey("player", "player-of-a-test", "key-of-a-test")
    await records.begin(
        key, digest("a"), ME, announce=Event(Kind.BEGIN, player_id=key.scope, record=(key.kind, key.scope, key.key))
    )
    await records.expect_order(key, ME, ["sku-of-a-test"])
    everything = b""
    names: Reply = await fleet.raw("KEYS", "*")
    for name in names:
        dump: Reply = await fleet.raw("DUMP", name)
        everything += name + dump
    assert len(names) == 4
    assert b"of-a-test" not in everything


async def test_hundreds_of_identical_taps_send_one_write(fleet: Fleet) -> None:
    here, there = await fleet.records(), await fleet.records()
    taps = [
        records.begin(KEY, ARGUMENTS, f"{number:04}{letter}".ljust(8).encode())
        for number in range(100)
        for letter, records in (("a", here), ("b", there))
    ]
    found = [begun.found for begun in await asyncio.gather(*taps)]
    assert (found.count(Found.MINE), found.count(Found.BUSY)) == (1, 199)
