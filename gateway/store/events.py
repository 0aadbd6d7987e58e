"""Events between the processes of a fleet, and the few bytes that they travel as."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import msgspec

from gateway.cache.keys import Owner
from gateway.events.changes import Change, ChangeReason

VERSION = 1
MOST_IDS = 20
"""Chains that an event names; one about more is about any."""

_BITS = {reason: 1 << number for number, reason in enumerate(ChangeReason)}


class Kind(IntEnum):
    """What happened."""

    BEGIN = 1
    """A write is about to be sent: drop what is cached of the owner, and cache nothing until it has ended."""
    END = 2
    """A write ended: chains have changed, and the record under its key has its answer."""
    ORDER = 3
    """An order has got to a status."""
    DONE = 4
    """The record under a key has its answer."""
    REJECTED = 5
    """The upstream does not accept the owner's credential any more."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, in this process's own names; `record` is (kind, scope, key) of a write's record."""

    kind: Kind
    owner: Owner | None = None
    player_id: str | None = None
    record: tuple[str, str, str] | None = None
    order_id: int | None = None
    status: str | None = None
    change: Change | None = None


class ReceivedEvent(msgspec.Struct, array_like=True, frozen=True):
    """An event as it travels: owners, players and records are tags, which each process resolves for itself.

    Fields are only ever appended; a `kind` or `version` that is not known is about all of the owner.
    """

    version: int
    kind: int
    sender: bytes
    owner: bytes | None = None
    player: bytes | None = None
    record: bytes | None = None
    order_id: int | None = None
    status: str | None = None
    reasons: int = 0
    offer_chain_ids: tuple[int, ...] = ()
    reward_chain_ids: tuple[int, ...] = ()
    daily_chain_ids: tuple[int, ...] = ()

    @property
    def known_kind(self) -> Kind | None:
        """What happened; None where a newer release sent what this one does not know."""
        if self.version != VERSION or self.kind not in Kind._value2member_map_:
            return None
        return Kind(self.kind)

    @property
    def change(self) -> Change | None:
        """What changed for the owner, if anything did."""
        if self.known_kind is None:
            return Change(frozenset({ChangeReason.OTHER}))
        if not self.reasons:
            return None
        reasons = frozenset(reason for reason, bit in _BITS.items() if self.reasons & bit)
        return Change(
            reasons or frozenset({ChangeReason.OTHER}),
            frozenset(self.offer_chain_ids),
            frozenset(self.reward_chain_ids),
            frozenset(self.daily_chain_ids),
        )


class EventTags(Protocol):
    """Names owners, players and records so that the names tell nothing."""

    def owner(self, owner: Owner) -> bytes:
        """The tag of an owner."""
        ...

    def player(self, player_id: str) -> bytes:
        """The tag of a player."""
        ...

    def record(self, kind: str, scope: str, key: str) -> bytes:
        """The tag of a record."""
        ...


def encode(event: Event, tags: EventTags, sender: bytes) -> bytes:
    """The event as it travels, from the process that `sender` names."""
    change = event.change
    offers, rewards, dailies = _named_chains(change)
    heard = ReceivedEvent(
        VERSION,
        event.kind,
        sender,
        owner=None if event.owner is None else tags.owner(event.owner),
        player=None if event.player_id is None else tags.player(event.player_id),
        record=None if event.record is None else tags.record(*event.record),
        order_id=event.order_id,
        status=event.status,
        reasons=0 if change is None else sum(_BITS[reason] for reason in change.reasons),
        offer_chain_ids=offers,
        reward_chain_ids=rewards,
        daily_chain_ids=dailies,
    )
    return msgspec.msgpack.encode(heard)


def _named_chains(change: Change | None) -> tuple[tuple[int, ...], ...]:
    """The chains of each kind that an event names: none, which means any, where they are too many."""
    if change is None:
        return (), (), ()
    kinds = (change.offer_chain_ids, change.reward_chain_ids, change.daily_chain_ids)
    if sum(map(len, kinds)) > MOST_IDS:
        return (), (), ()
    return tuple(tuple(sorted(chain_ids)) for chain_ids in kinds)


def decode(content: bytes) -> ReceivedEvent | None:
    """What came; None for bytes that are no event of any release."""
    try:
        return msgspec.msgpack.decode(content, type=ReceivedEvent)
    except msgspec.MsgspecError:
        return None
