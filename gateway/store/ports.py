"""What a gateway asks of its store; implemented within one process (`local`) and for a fleet (`shared`).

Times are the store's own: clients' clocks do not matter. All calls raise RecordsFailed where the store cannot answer;
StoreUnavailable, which `shared` raises, is one.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from gateway.cache.keys import Owner
from gateway.store.events import Event, ReceivedEvent

LEASE_SECONDS = 10.0
"""How long a write counts as under way after it was begun or its lease renewed."""

RENEW_SECONDS = 3.0
"""How often the process that sends a write renews its lease; most writes end sooner."""

LOST_SECONDS = 10.0
"""For how long at least a write is found LOST once its lease is over, so that who waited for it does not send it."""

KEYED_SECONDS = 86_400.0
"""For how long an idempotency key stands for its answer, from when the write began."""

RECENT_SECONDS = 5.0
"""For how long, from its start, a write without a key is joined by identical ones of the same player."""

ATTEMPT_BYTES = 8


def new_attempt() -> bytes:
    """A name for one attempt at a write: who has it made the record, and may send."""
    return os.urandom(ATTEMPT_BYTES)


class RecordKey(NamedTuple):
    """What a record is filed under; only its digest is kept anywhere.

    `kind` says what `scope` is: a `player` id, or the owner of a `credential`. `key` is the idempotency key,
    or the text of a write that came without one.
    """

    kind: str
    scope: str
    key: str


class Found(Enum):
    """What `begin` found."""

    MINE = "mine"
    """Nothing: the record was made, and the write may be sent."""
    BUSY = "busy"
    """A write that is under way somewhere."""
    LOST = "lost"
    """A write whose lease has run out: what became of it has to be found out by reading."""
    RECOVERED = "recovered"
    """An answer that was found out by reading."""
    DONE = "done"
    """The answer."""
    CONFLICT = "conflict"
    """A write with other arguments."""
    NEWER = "newer"
    """A record that a newer release made and this one cannot read: nothing may be sent, and there is no answer."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What was found, and what is known of it.

    `attempt` is the one that holds the record: the caller's own where `found` is MINE. `answer` is sealed: the write's
    answer or, of a LOST write, its checkpoint. `order_id` is the order that a webhook brought for it.
    """

    found: Found
    attempt: bytes
    answer: bytes | None = None
    order_id: int | None = None


class RecordStore(Protocol):
    """Records of writes. Only the process that made a record ever sends its write, and an expired lease never allows
    a second send: it only permits finding out by reading.

    Every change names the attempt that holds the record, answers whether it was made, and changes nothing where another
    attempt holds it. Its maker passes its own; one that found the write LOST passes the one it found.
    """

    async def begin(self, key: RecordKey, arguments: bytes, attempt: bytes, *, announce: Event | None = None) -> Begun:
        """Make a record before a write is sent, or answer what is there. `arguments` are a digest of 32 bytes.

        `announce` is published where the record was made, before this returns: others forget the owner first. Where it
        raises, nothing may be sent: a record that was made all the same is dropped in the background.
        """
        ...

    async def renew(self, key: RecordKey, attempt: bytes) -> bool:
        """Let the write count as under way for another lease."""
        ...

    async def checkpoint(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what is known before the write is sent; nothing may be sent where this answers False."""
        ...

    async def expect_order(self, key: RecordKey, attempt: bytes, skus: Collection[str]) -> bool:
        """Note that the player's order of these items was lost, so that a webhook can bring it.

        The key's scope must be a player.
        """
        ...

    async def finish(self, key: RecordKey, attempt: bytes, answer: bytes, *, announce: Event | None = None) -> bool:
        """Keep what the write came to. It replaces what others found out meanwhile, never an answer.

        `announce` is published in any case. Where the store cannot be reached this is tried again in the background,
        and answers True.
        """
        ...

    async def recover(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what was found out by reading about a LOST write."""
        ...

    async def take_over(self, key: RecordKey, attempt: bytes, successor: bytes) -> bool:
        """Continue a LOST write of a kind that keeps a checkpoint before it sends, where it kept none.

        The former attempt's checkpoint fails from now on, so that it sends nothing.
        """
        ...

    async def drop(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:
        """Forget a write that certainly was not carried out, so that the same key may try again.

        Where the store cannot be reached this is tried again in the background, and answers True.
        """
        ...

    async def release(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:
        """End the lease of a write whose outcome its maker does not know, so that it can be found out at once.

        Its maker sends nothing more. Where the store cannot be reached this is tried again in the background, and
        answers True.
        """
        ...

    async def give_order(self, player_id: str, order_id: int, skus: Collection[str]) -> bool:
        """Give an order that a signed webhook tells of to the player's oldest lost one with these items, if any.

        Answers whether there was one; telling of the same order again changes nothing.
        """
        ...


class Relaying(Enum):
    """Whose turn it is to relay a webhook."""

    MINE = "mine"
    """This caller's."""
    BUSY = "busy"
    """Another's, who relays it now."""
    DONE = "done"
    """Nobody's any more: the backend took it."""


class WebhookStore(Protocol):
    """Webhooks that were taken and relayed, by their keys; kept for longer than the vendor repeats them."""

    async def knows(self, key: bytes) -> bool:
        """Whether the webhook was applied."""
        ...

    async def remember(self, key: bytes) -> None:
        """Remember that the webhook was applied."""
        ...

    async def begin_relay(self, key: bytes) -> Relaying:
        """Whether this caller may relay the webhook, which nobody else may then."""
        ...

    async def end_relay(self, key: bytes, *, is_done: bool) -> None:
        """Note that the studio's backend took the webhook, or that it did not and another delivery may try again."""
        ...


class Tickets(Protocol):
    """Who may poll an order next. Nobody owns an order: a process that dies is replaced at the next interval.

    Never raises: where the store cannot be reached every process polls for itself.
    """

    async def take(self, order_id: int, seconds: float) -> bool:
        """Whether this process may poll now; then nobody else may for so many seconds."""
        ...

    async def hold(self, order_id: int, seconds: float) -> None:
        """Let nobody poll for so many seconds: the upstream failed, or asked for fewer calls."""
        ...


class Confirmations(Protocol):
    """Credentials that the upstream accepted, with the player ids they were accepted for; asked once for a fleet.

    Never raises: where the store cannot be reached nothing is known, and the upstream is asked.
    """

    async def is_confirmed(self, owner: Owner, player_id: str) -> bool:
        """Whether the credential was accepted for this player id."""
        ...

    async def confirm(self, owner: Owner, player_id: str, seconds: float) -> None:
        """Remember for so many seconds, an hour at most, that the credential was accepted for this player id."""
        ...

    async def reject(self, owner: Owner) -> None:
        """Forget a credential that is accepted no more."""
        ...


class Peers(Protocol):
    """Publishes events to the other processes of the fleet. This process does not receive them."""

    async def send(self, event: Event) -> None:
        """Publish an event. Raises RecordsFailed if that fails."""
        ...

    async def publish(self, event: Event) -> bool:
        """Publish an event, later if that fails now; whether it was published at once. Never raises."""
        ...

    def tell(self, event: Event) -> None:
        """Publish an event without waiting for it."""
        ...

    def reject(self, owner: Owner) -> None:
        """Publish that the upstream does not accept a credential any more."""
        ...


class EventListener(Protocol):
    """Receives the events of the other processes of the fleet, in their order; may not wait."""

    def receive(self, event: ReceivedEvent) -> None:
        """Take in an event. One of an unknown kind or version is about everything of its owner."""
        ...

    def forget_all(self) -> None:
        """Take in that events were missed: nothing that was read before may be used any more."""
        ...
