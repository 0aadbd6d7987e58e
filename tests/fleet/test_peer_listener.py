"""What a process does with events of the others, one by one."""

import pytest

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.user_cache import LoadResult, UserCache
from gateway.events.bus import LocalBus
from gateway.events.changes import Change, ChangeReason
from gateway.events.order_notices import OrderNotices
from gateway.events.player_directory import PlayerDirectory
from gateway.fleet.guard import FleetGuard
from gateway.fleet.holds import Holds
from gateway.fleet.owner_names import OwnerNames
from gateway.fleet.peer_listener import PeerListener
from gateway.orders.tracker import OrderTracker
from gateway.records.database import Database
from gateway.store.events import Kind, ReceivedEvent
from gateway.store.local.peers import LocalPeers
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.shared.silence import Silence
from gateway.store.tags import Tags
from gateway.store.waiting import AnswerSignals
from gateway.webhooks.dispatch import Dispatcher
from tests.support.clock import Clock

PHONE, TABLET, OTHER = Owner("phone"), Owner("tablet"), Owner("another player's")
KEY = CacheKey("offer_chains")
TAGS = Tags()


class Here:
    """A process that keeps something of a player's two devices and of another player."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.names, self.holds, self.signals = OwnerNames(TAGS.owner), Holds(self.clock), AnswerSignals()
        self.directory, self.bus = PlayerDirectory(tag_of=TAGS.player), LocalBus(self.names.of)
        self.guard = FleetGuard(Silence(1_000, clock=self.clock), self.names, self.holds, self.directory)
        self.cache = UserCache(max_bytes=100_000, clock=self.clock, guard=self.guard)
        dispatcher = Dispatcher(
            cache=self.cache,
            bus=self.bus,
            directory=self.directory,
            order_notices=OrderNotices(),
            watchers=OrderTracker(call_later=self.clock.call_later),
            lost_orders=SqliteRecords(Database()),
            peers=LocalPeers(),
        )
        self.listener = PeerListener(
            cache=self.cache,
            bus=self.bus,
            directory=self.directory,
            dispatcher=dispatcher,
            signals=self.signals,
            names=self.names,
            holds=self.holds,
            guard=self.guard,
            call_later=self.clock.call_later,
            chance=lambda: 0.5,
        )
        for owner in (PHONE, TABLET):
            self.directory.link("ann", owner)

    async def load(self, *owners: Owner) -> None:
        async def load() -> LoadResult[str]:
            return LoadResult("value", 10, 100)

        for owner in owners or (PHONE, TABLET, OTHER):
            await self.cache.get_or_load(owner, KEY, load)

    @property
    def kept(self) -> set[Owner]:
        return {owner for owner in (PHONE, TABLET, OTHER) if self.cache.contains(owner, KEY)}


@pytest.fixture
async def here() -> Here:
    here = Here()
    await here.load()
    assert here.kept == {PHONE, TABLET, OTHER}
    return here


def heard(kind: int, *, owner: Owner | None = PHONE, player: str | None = None, **more: object) -> ReceivedEvent:
    return ReceivedEvent(
        more.pop("version", 1),  # type: ignore[arg-type]
        kind,
        b"sender",
        owner=None if owner is None else TAGS.owner(owner),
        player=None if player is None else TAGS.player(player),
        **more,  # type: ignore[arg-type]
    )


async def test_nothing_of_a_player_is_kept_between_the_beginning_and_the_end_of_a_write(here: Here) -> None:
    here.listener.receive(heard(Kind.BEGIN, player="ann", record=b"one"))
    here.listener.receive(heard(Kind.BEGIN, player="ann", record=b"two"))
    assert here.kept == {OTHER}
    here.listener.receive(heard(Kind.END, player="ann", record=b"one"))
    await here.load()
    assert here.kept == {OTHER}
    assert not here.cache.generation(TABLET).is_current
    here.listener.receive(heard(Kind.END, player="ann", record=b"two"))
    await here.load()
    assert here.kept == {PHONE, TABLET, OTHER}


async def test_a_write_whose_end_is_never_heard_of_holds_for_ten_seconds(here: Here) -> None:
    here.listener.receive(heard(Kind.BEGIN))
    here.clock.advance(10)
    await here.load()
    assert here.kept == {PHONE, TABLET, OTHER}


async def test_a_player_is_found_without_the_credential_that_wrote(here: Here) -> None:
    here.listener.receive(heard(Kind.END, owner=Owner("unknown here"), player="ann"))
    assert here.kept == {OTHER}
    here.listener.receive(heard(Kind.END, owner=None, player="nobody here"))
    assert here.kept == {OTHER}


async def test_a_rejected_credential_is_forgotten_and_the_players_others_are_not(here: Here) -> None:
    here.listener.receive(heard(Kind.REJECTED))
    here.listener.receive(heard(Kind.REJECTED, owner=Owner("unknown here")))
    assert here.kept == {TABLET, OTHER}
    assert here.directory.owners("ann") == (TABLET,)


async def test_what_a_newer_release_says_is_about_everything_of_its_player(here: Here) -> None:
    with here.bus.listen(PHONE) as listener:
        here.listener.receive(heard(99))
        assert (await listener.next()).reasons == {ChangeReason.OTHER}
        here.listener.receive(heard(Kind.DONE, version=2))
        assert (await listener.next()).reasons == {ChangeReason.OTHER}
    assert here.kept == {OTHER}


async def test_an_answer_that_is_there_changes_nothing_kept(here: Here) -> None:
    with here.signals.listening(b"record") as signal:
        here.listener.receive(heard(Kind.DONE, record=b"record"))
        assert signal.is_set()
    assert here.kept == {PHONE, TABLET, OTHER}


async def test_an_orders_status_is_told_once_to_who_knows_the_order(here: Here) -> None:
    here.directory.link_order(7, OTHER)
    with here.bus.listen(OTHER) as listener:
        for _ in range(2):
            here.listener.receive(heard(Kind.ORDER, owner=None, order_id=7, status="paid"))
        assert await listener.next() == Change(frozenset({ChangeReason.ORDER_PAID}))
    assert here.kept == {PHONE, TABLET}


async def test_where_events_were_missed_nothing_is_told_and_all_who_listen_hear_of_it_once(here: Here) -> None:
    with here.bus.listen(PHONE) as phone, here.bus.listen(OTHER) as other:
        here.listener.forget_all()
        here.listener.forget_all()
        assert here.kept == set()
        assert here.clock.alarms == [5, 5]
        here.clock.advance(5)
        assert [(await one.next()).reasons for one in (phone, other)] == [{ChangeReason.OTHER}] * 2
    await here.load()
    assert here.kept == {PHONE, TABLET, OTHER}


async def test_names_are_gone_with_what_was_kept(here: Here) -> None:
    here.cache.invalidate(OTHER)
    assert here.names.owner(TAGS.owner(OTHER)) is None
    here.directory.forget(PHONE)
    here.directory.forget(TABLET)
    assert here.directory.owners_tagged(TAGS.player("ann")) == ()
