"""Webhooks, tickets, confirmations and events within one process, and tags."""

import threading

import pytest

from gateway.cache.keys import Owner
from gateway.errors.internal import RecordsFailed
from gateway.events.changes import Change, ChangeReason
from gateway.records.database import Database
from gateway.store.events import Event, Kind, ReceivedEvent, decode, encode
from gateway.store.local.confirmations import LocalConfirmations
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.local.tickets import LocalTickets
from gateway.store.ports import ATTEMPT_BYTES, Begun, Found, RecordKey, new_attempt
from gateway.store.tags import Tags
from tests.support.clock import Clock

OWNER = Owner("owner")


async def test_one_ticket_an_interval() -> None:
    clock = Clock()
    tickets = LocalTickets(clock=clock)
    assert [await tickets.take(1, 3) for _ in range(2)] == [True, False]
    assert await tickets.take(2, 3)
    clock.advance(3)
    assert await tickets.take(1, 3)
    await tickets.hold(1, 30)
    clock.advance(29)
    assert not await tickets.take(1, 3)
    clock.advance(1)
    assert await tickets.take(1, 3)


async def test_confirmations_last_an_hour_at_most_and_end_when_the_credential_is_rejected() -> None:
    clock = Clock()
    confirmations = LocalConfirmations(clock=clock)
    await confirmations.confirm(OWNER, "p-1", 1e9)
    assert await confirmations.is_confirmed(OWNER, "p-1")
    assert not await confirmations.is_confirmed(OWNER, "p-2")
    clock.advance(3600)
    assert not await confirmations.is_confirmed(OWNER, "p-1")
    await confirmations.confirm(OWNER, "p-1", 10)
    await confirmations.reject(OWNER)
    await confirmations.reject(OWNER)
    assert not await confirmations.is_confirmed(OWNER, "p-1")


def test_attempts_differ() -> None:
    assert len(new_attempt()) == ATTEMPT_BYTES
    assert new_attempt() != new_attempt()


def test_an_event_arrives_as_it_was_sent_but_for_names() -> None:
    tags = Tags("a secret of the fleet")
    change = Change(frozenset({ChangeReason.CLAIM, ChangeReason.CLAN}), frozenset({3, 1}), frozenset({2}))
    event = Event(Kind.END, OWNER, "player-id", ("player", "player-id", "key"), 7, "paid", change)
    content = encode(event, tags, b"process1")
    assert len(content) <= 120
    assert all(name not in content for name in (b"owner", b"player-id", b"key"))
    heard = decode(content)
    assert heard is not None
    assert (heard.known_kind, heard.change) == (Kind.END, change)
    assert (heard.owner, heard.player) == (tags.owner(OWNER), tags.player("player-id"))
    assert heard.record == tags.record("player", "player-id", "key")
    assert (heard.order_id, heard.status, heard.sender) == (7, "paid", b"process1")


def test_an_event_about_many_chains_is_about_any() -> None:
    change = Change(frozenset({ChangeReason.CLAIM}), frozenset(range(21)))
    heard = decode(encode(Event(Kind.END, change=change), Tags(), b"p"))
    assert heard is not None
    assert heard.change == Change(frozenset({ChangeReason.CLAIM}))


@pytest.mark.parametrize(
    "heard", [ReceivedEvent(2, 1, b"p"), ReceivedEvent(1, 99, b"p"), ReceivedEvent(1, 2, b"p", reasons=1 << 30)]
)
def test_what_a_newer_release_sends_may_change_anything(heard: ReceivedEvent) -> None:
    assert heard.change == Change(frozenset({ChangeReason.OTHER}))


def test_an_event_without_reasons_changes_nothing() -> None:
    assert ReceivedEvent(1, Kind.BEGIN, b"p").change is None


def test_what_is_no_event_is_none() -> None:
    assert decode(b"\xff") is None


def test_tags_need_the_secret() -> None:
    assert Tags("one secret").owner(OWNER) != Tags("another").owner(OWNER) != Tags().owner(OWNER)
    assert Tags().scope("player", "p") == Tags().player("p") != Tags().scope("credential", "p")
    assert Tags("s").blind(b"x") != Tags().blind(b"x")


async def test_a_record_that_a_slow_disk_makes_though_nobody_waits_for_it_is_dropped() -> None:
    database, release = Database(wait_seconds=0.01), threading.Event()
    records = SqliteRecords(database, now=Clock())
    key = RecordKey("player", "ann", "one tap")
    database.post(lambda _: release.wait())
    with pytest.raises(RecordsFailed, match="takes too long"):
        await records.begin(key, b"a" * 32, new_attempt())
    release.set()
    await database.post(lambda _: None)
    attempt = new_attempt()
    assert await records.begin(key, b"b" * 32, attempt) == Begun(Found.MINE, attempt)
    await database.aclose()
