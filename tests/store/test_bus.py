"""Events: one contract within a process and for a fleet, and what a fleet's process hears, misses and forgets."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from functools import partial

import msgspec
import pytest

from gateway.cache.keys import Owner
from gateway.events.changes import Change, ChangeReason
from gateway.store.events import MOST_IDS, VERSION, Event, Kind, ReceivedEvent, encode
from gateway.store.local.peers import LocalPeers
from gateway.store.merging import merge
from gateway.store.ports import Peers
from gateway.store.settings import StoreSettings, parse_url
from gateway.store.shared import reader
from gateway.store.shared.silence import Silence
from gateway.store.shared.store import SharedStore
from gateway.telemetry.metrics import Metrics
from tests.support.bus_listener import RecordingListener
from tests.support.clock import Clock
from tests.support.store_servers import Fleet, Process, Redis, a_fleet, redis, until

OWNER = Owner("owner-of-a-test")
CLAIMED = Change(frozenset({ChangeReason.CLAIM}), frozenset({7}))
ENDED = Event(Kind.END, owner=OWNER, player_id="p-1", record=("player", "p-1", "key-1"), change=CLAIMED)


@pytest.fixture(autouse=True)
def short_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "BLOCK_SECONDS", 0.02)


@pytest.fixture
def own(server: Redis) -> Iterator[Redis]:
    """A server that a test may freeze; `server` skips where there is none."""
    yield from redis()


@pytest.fixture(params=["local", "redis"])
async def peers(request: pytest.FixtureRequest) -> AsyncIterator[Peers]:
    if request.param == "local":
        yield LocalPeers()
        return
    async with a_fleet(request.getfixturevalue("server")) as fleet:
        yield Process(fleet, b"here").peers


@pytest.mark.parametrize("kind", Kind)
async def test_an_event_of_each_kind_is_on_its_way(peers: Peers, kind: Kind) -> None:
    assert await peers.publish(Event(kind, owner=OWNER))
    await peers.send(Event(kind, owner=OWNER))
    peers.tell(Event(kind, owner=OWNER))
    peers.reject(OWNER)


@pytest.mark.parametrize(("kind", "later"), [(Kind.BEGIN, 0), (Kind.END, 1)])
async def test_without_the_store_what_happened_is_told_later_and_the_beginning_of_a_write_is_not(
    kind: Kind, later: int
) -> None:
    fleet = Fleet(url="unix:///nowhere")
    assert not await Process(fleet, b"here").publish(Event(kind, owner=OWNER))
    assert fleet.metrics.pending == later
    await fleet.aclose()


async def test_a_store_that_nobody_started_to_listen_to_closes() -> None:
    settings = StoreSettings(url=parse_url("unix:///nowhere"))
    await SharedStore(settings, 77, Metrics(), monotonic=Clock(), call_later=Clock().call_later).aclose()


def test_what_is_kept_is_told_for_two_seconds_after_the_last_event_could_have_come() -> None:
    clock = Clock()
    silence, loaded_at = Silence(2, clock=clock), clock.now
    clock.advance(1)
    silence.heard_until(clock.now)
    silence.heard_until(clock.now - 1)
    clock.advance(1.9)
    assert silence.is_fresh(loaded_at)
    assert not silence.is_stale
    clock.advance(0.1)
    assert not silence.is_fresh(loaded_at)
    assert silence.is_fresh(clock.now)
    assert (silence.is_stale, silence.seconds) == (True, 2)


async def test_others_hear_an_event_and_the_process_that_sent_it_does_not(fleet: Fleet) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await asyncio.gather(here.reader.read(), there.reader.read())
    assert await here.publish(ENDED)
    await asyncio.gather(here.reader.read(), there.reader.read())
    assert here.listener.events == []
    [heard] = there.listener.events
    tags = fleet.keys.tags
    assert (heard.owner, heard.player) == (tags.owner(OWNER), tags.player("p-1"))
    assert heard.record == tags.record("player", "p-1", "key-1")
    assert heard.change == CLAIMED
    assert there.listener.forgotten == 0


async def test_a_process_that_starts_hears_nothing_of_the_past(fleet: Fleet) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await here.publish(ENDED)
    await there.reader.read()
    await there.reader.read()
    assert (there.listener.events, there.listener.forgotten) == ([], 0)


async def test_an_empty_read_says_that_all_events_came_until_it_was_over(fleet: Fleet) -> None:
    there = Process(fleet, b"there")
    there.clock.advance(10)
    await there.reader.read()
    assert there.silence.seconds == pytest.approx(-0.02)
    there.clock.advance(1)
    await Process(fleet, b"here").publish(ENDED)
    await there.reader.read()
    assert there.silence.seconds == 0


@pytest.mark.parametrize(("version", "kind"), [(VERSION, 99), (VERSION + 1, int(Kind.BEGIN))], ids=["kind", "version"])
async def test_an_event_that_only_a_newer_release_knows_is_about_all_of_its_owner(
    fleet: Fleet, version: int, kind: int
) -> None:
    there = Process(fleet, b"there")
    await there.reader.read()
    newer = msgspec.msgpack.encode([version, kind, b"here", b"tag", None, None, None, None, 0, [], [], [], "appended"])
    await fleet.raw("XADD", fleet.keys.bus, "*", "appended", "x", "e", newer)
    await there.reader.read()
    [heard] = there.listener.events
    assert (heard.known_kind, heard.owner) == (None, b"tag")
    assert heard.change == Change(frozenset({ChangeReason.OTHER}))


@pytest.mark.parametrize("fields", [("e", b"\xc1"), ("other", "x")], ids=["bytes", "field"])
async def test_what_is_no_event_makes_a_process_forget_all(fleet: Fleet, fields: tuple[str, str]) -> None:
    there = Process(fleet, b"there")
    await there.reader.read()
    await fleet.raw("XADD", fleet.keys.bus, "*", *fields)
    await there.reader.read()
    assert (there.listener.events, there.listener.forgotten) == ([], 1)


async def test_a_listener_that_fails_forgets_all_and_hears_the_next_event(fleet: Fleet) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there", RecordingListener(Kind.BEGIN))
    await there.reader.read()
    for kind in (Kind.BEGIN, Kind.ORDER):
        await here.publish(Event(kind))
    await there.reader.read()
    assert (there.listener.kinds, there.listener.forgotten) == ([Kind.ORDER], 1)


async def test_a_process_that_is_behind_is_stale_and_reads_on(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_EVENTS", 2)
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await there.reader.read()
    for order_id in range(3):
        await here.publish(Event(Kind.ORDER, order_id=order_id))
    there.clock.advance(5)
    stale = []
    for _ in range(2):
        await there.reader.read()
        stale.append(there.silence.is_stale)
    assert stale == [True, False]
    assert [event.order_id for event in there.listener.events] == [0, 1, 2]
    assert there.listener.forgotten == 0


@pytest.mark.parametrize("left", [1, 0])
async def test_events_that_were_trimmed_before_they_were_read_make_a_process_forget_all(
    fleet: Fleet, left: int
) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await here.publish(ENDED)
    await there.reader.read()
    for order_id in range(3):
        await here.publish(Event(Kind.ORDER, order_id=order_id))
    await fleet.raw("XTRIM", fleet.keys.bus, "MAXLEN", left)
    there.reader._is_position_sure = False
    await there.reader.read()
    assert (there.listener.events, there.listener.forgotten) == ([], 1)
    await here.publish(ENDED)
    await there.reader.read()
    assert there.listener.kinds == [Kind.END]


async def test_a_stream_that_was_removed_makes_a_process_forget_all(fleet: Fleet) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await here.publish(ENDED)
    await there.reader.read()
    await fleet.raw("DEL", fleet.keys.bus)
    there.reader._is_position_sure = False
    await there.reader.read()
    assert (there.listener.events, there.listener.forgotten) == ([], 1)


async def test_a_stream_that_nothing_was_trimmed_of_is_read_from_its_first_event(fleet: Fleet) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await there.reader.read()
    await here.publish(ENDED)
    there.reader._is_position_sure = False
    await there.reader.read()
    assert (there.listener.kinds, there.listener.forgotten) == ([Kind.END], 0)


async def test_after_a_broken_connection_exactly_what_was_missed_is_heard(
    own: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    fleet = Fleet(own)
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await there.reader.read()
    there.reader.start()

    async def has_read(times: int) -> bool:
        # The reader's own pauses pass as soon as it is in one.
        there.clock.advance(0.3)
        return there.listener.kinds == [Kind.END] * times

    await here.publish(ENDED)
    await until(partial(has_read, 1))
    own.send(signal.SIGSTOP)

    async def is_stale() -> bool:
        there.clock.advance(0.3)
        return "bus_silent" in caplog.messages

    await until(is_stale)
    own.send(signal.SIGCONT)
    await here.publish(ENDED)
    await until(partial(has_read, 2))
    assert there.listener.forgotten == 0
    assert caplog.messages.count("bus_silent") == 1
    await there.reader.aclose()
    await fleet.aclose()


async def test_without_the_store_an_event_is_not_published_and_a_silent_bus_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fleet = Fleet(url="unix:///nowhere")
    process = Process(fleet, b"here")
    assert not await process.publish(ENDED)
    process.reader.start()
    for _ in range(3):
        await process.clock.until_alarm(0.25)
        process.clock.advance(3)
    await process.clock.until_alarm(0.25)
    assert caplog.messages == ["store_down", "bus_silent"]
    assert [sample.value for sample in fleet.metrics.samples()] == [0, 9, 1]
    await process.reader.aclose()
    await fleet.aclose()


async def test_a_reader_that_never_started_is_closed(fleet: Fleet) -> None:
    await Process(fleet, b"here").reader.aclose()


class FailingListener(RecordingListener):
    """A listener that cannot even forget."""

    def forget_all(self) -> None:
        super().forget_all()
        raise RuntimeError("a listener's own fault")


async def test_a_listener_that_cannot_forget_hears_the_next_event(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there", FailingListener())
    await there.reader.read()
    await fleet.raw("XADD", fleet.keys.bus, "*", "e", b"\xc1")
    there.reader.start()
    await there.clock.until_alarm(0.25)
    await here.publish(ENDED)
    there.clock.advance(0.25)
    await there.clock.until_alarm(0.004, 0.006)
    assert (there.listener.kinds, there.listener.forgotten) == ([Kind.END], 1)
    assert caplog.messages == ["bus_read_failed"]
    await there.reader.aclose()


async def test_a_flushed_store_is_read_from_its_start_and_all_is_forgotten(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = Process(fleet, b"here"), Process(fleet, b"there")
    await here.publish(ENDED)
    await there.reader.read()
    await fleet.raw("FLUSHALL")
    await here.publish(ENDED)
    with caplog.at_level(logging.CRITICAL):
        await there.reader.read()
    assert caplog.messages == ["store_lost_records"]
    assert there.listener.forgotten == 1
    there.listener.events.clear()
    await there.reader.read()
    assert (there.listener.kinds, there.listener.forgotten) == ([Kind.END], 1)


class NoTags:
    """Tags that tell everything."""

    def owner(self, owner: Owner) -> bytes:
        return owner.encode()

    def player(self, player_id: str) -> bytes:
        return player_id.encode()

    def record(self, kind: str, scope: str, key: str) -> bytes:
        return f"{kind}/{scope}/{key}".encode()


def packed(event: Event) -> ReceivedEvent:
    return msgspec.msgpack.decode(encode(event, NoTags(), b"here"), type=ReceivedEvent)


def ended(*offers: int, rewards: tuple[int, ...] = (), reason: ChangeReason = ChangeReason.CLAIM) -> ReceivedEvent:
    return packed(
        Event(Kind.END, owner=OWNER, change=Change(frozenset({reason}), frozenset(offers), frozenset(rewards)))
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(ended(1), ended(2, rewards=(3,)), ended(1, 2, rewards=(3,)), id="both"),
        pytest.param(ended(1), ended(), ended(), id="second about any"),
        pytest.param(ended(), ended(1), ended(), id="first about any"),
        pytest.param(ended(*range(MOST_IDS)), ended(99), ended(), id="too many"),
        pytest.param(ended(1), packed(Event(Kind.END, owner=OWNER)), ended(1), id="second without a change"),
        pytest.param(packed(Event(Kind.END, owner=OWNER)), ended(1), ended(1), id="first without a change"),
    ],
)
def test_events_that_differ_in_what_changed_only_are_one(
    first: ReceivedEvent, second: ReceivedEvent, expected: ReceivedEvent
) -> None:
    assert merge([first, second]) == [expected]


def test_reasons_are_merged() -> None:
    [one] = merge([ended(1), ended(1, reason=ChangeReason.CLAN)])
    assert one.change == Change(frozenset({ChangeReason.CLAIM, ChangeReason.CLAN}), frozenset({1}))


def test_a_write_that_began_again_is_under_way_after_all() -> None:
    begun, over = packed(Event(Kind.BEGIN, owner=OWNER)), packed(Event(Kind.END, owner=OWNER))
    assert merge([begun, over, begun]) == [over, begun]


def test_events_about_different_things_stay_apart() -> None:
    events = [packed(Event(Kind.ORDER, order_id=1, status=status)) for status in ("new", "paid")]
    assert merge(events) == events
