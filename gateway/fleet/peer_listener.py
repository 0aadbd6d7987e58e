"""What this process does when it hears of another one of its fleet."""

import random
from collections.abc import Callable

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.timers import CallLater, call_later
from gateway.events.bus import LocalBus
from gateway.events.changes import Change, ChangeReason
from gateway.events.player_directory import PlayerDirectory
from gateway.fleet.guard import FleetGuard
from gateway.fleet.holds import Holds
from gateway.fleet.owner_names import OwnerNames
from gateway.store.events import Kind, ReceivedEvent
from gateway.store.waiting import AnswerSignals
from gateway.webhooks.dispatch import Dispatcher

SPREAD_SECONDS = 10.0
"""Over how long all listeners are told that something may have changed, so that they do not all read at once."""

_OTHER = Change(frozenset({ChangeReason.OTHER}))


class PeerListener:
    """An `EventListener`: forgets what others changed, tells those who listen, and wakes those who wait."""

    def __init__(
        self,
        *,
        cache: UserCache,
        bus: LocalBus,
        directory: PlayerDirectory,
        dispatcher: Dispatcher,
        signals: AnswerSignals,
        names: OwnerNames,
        holds: Holds,
        guard: FleetGuard,
        call_later: CallLater = call_later,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._cache = cache
        self._bus = bus
        self._directory = directory
        self._dispatcher = dispatcher
        self._signals = signals
        self._names = names
        self._holds = holds
        self._guard = guard
        self._call_later = call_later
        self._chance = chance
        self._untold: set[Owner] = set()

    def receive(self, event: ReceivedEvent) -> None:
        """Take in an event; one of an unknown kind is about everything of its owner."""
        tags = [tag for tag in (event.owner, event.player) if tag is not None]
        write = event.record or event.sender
        if event.known_kind is Kind.BEGIN:
            self._holds.begin(tags, write)
        elif event.known_kind is Kind.END:
            self._holds.end(tags, write)
        if event.record is not None:
            self._signals.answered(event.record)
        if event.known_kind is Kind.REJECTED:
            self._reject(event)
        elif event.known_kind is not Kind.DONE:
            self._forget(event)

    def forget_all(self) -> None:
        """Tell nothing that was read before, and let all who listen know within SPREAD_SECONDS."""
        self._guard.forget_all()
        self._signals.wake_all()
        for owner in self._bus.owners:
            if owner not in self._untold:
                self._untold.add(owner)
                self._tell_later(owner)

    def _forget(self, event: ReceivedEvent) -> None:
        owners = self._owners(event)
        if event.order_id is not None and event.status is not None and event.known_kind is Kind.ORDER:
            owners |= set(self._directory.owners_of_order(event.order_id))
            self._dispatcher.tell_status(owners, event.order_id, event.status)
            return
        for owner in owners:
            self._cache.invalidate(owner)
            if event.change is not None:
                self._bus.publish(owner, event.change)

    def _reject(self, event: ReceivedEvent) -> None:
        """Forget one credential; the player's others may be good."""
        owner = None if event.owner is None else self._names.owner(event.owner)
        if owner is not None:
            self._cache.invalidate(owner)
            self._directory.forget(owner)

    def _owners(self, event: ReceivedEvent) -> set[Owner]:
        """Whom an event is about, as far as this process knows them."""
        owner = None if event.owner is None else self._names.owner(event.owner)
        owners = set() if owner is None else set(self._directory.owners_of_same_player(owner))
        if event.player is not None:
            owners.update(self._directory.owners_tagged(event.player))
        return owners

    def _tell_later(self, owner: Owner) -> None:
        def tell() -> None:
            self._untold.discard(owner)
            self._bus.publish(owner, _OTHER)

        self._call_later(self._chance() * SPREAD_SECONDS, tell)
