"""What may become of a record: the rules of exactly-once writes, without anything that keeps records.

`shared/lua/record.lua` says the same in the store; a test holds both against each other.
"""

from dataclasses import dataclass, replace
from enum import Enum

from gateway.store.ports import LOST_SECONDS, Begun, Found

_LOST = round(LOST_SECONDS * 1000)


class State(Enum):
    """How far a write has got."""

    BEGUN = "b"
    RECOVERED = "r"
    DONE = "d"


class Step(Enum):
    """A change to a record."""

    RENEW = "renew"
    CHECKPOINT = "checkpoint"
    FINISH = "finish"
    RECOVER = "recover"
    TAKE_OVER = "take_over"
    DROP = "drop"
    RELEASE = "release"
    EXPECT = "expect"


@dataclass(frozen=True, slots=True)
class Row:
    """A record; times are in milliseconds."""

    state: State
    attempt: bytes
    begun_at: int
    lease_until: int
    arguments: bytes
    order_id: int = 0
    answer: bytes = b""

    def expires_at(self, remembered: int) -> int:
        """When the record is forgotten; not while its write is under way, or its loss was not noticed."""
        end = self.begun_at + remembered
        return max(end, self.lease_until + _LOST) if self.state is State.BEGUN else end


def begun(row: Row | None, fresh: Row) -> tuple[Row | None, Begun]:
    """What `begin` writes, if anything, and what it finds; `fresh` is the record that it would make."""
    if row is None:
        return fresh, Begun(Found.MINE, fresh.attempt)
    if row.arguments != fresh.arguments:
        return None, Begun(Found.CONFLICT, row.attempt)
    if row.state is not State.BEGUN:
        return None, _found(row, Found.DONE if row.state is State.DONE else Found.RECOVERED)
    if row.attempt == fresh.attempt:
        # The same process asks again: it does not know that it was answered.
        return replace(row, lease_until=fresh.lease_until), Begun(Found.MINE, row.attempt)
    is_alive = row.lease_until > fresh.begun_at
    return None, _found(row, Found.BUSY if is_alive else Found.LOST)


def _found(row: Row, found: Found) -> Begun:
    return Begun(found, row.attempt, row.answer or None, row.order_id or None)


def changed(row: Row, step: Step, attempt: bytes, now: int, lease: int, value: bytes = b"") -> Row | None:
    """The record after a step, which may be the same; None where the step is not allowed.

    `value` is the step's answer or successor. A record that is dropped is removed by who keeps it.
    """
    if row.attempt != attempt or row.state is State.DONE:
        return None
    is_begun = row.state is State.BEGUN
    is_lost = is_begun and row.lease_until <= now
    match step:
        case Step.RENEW if is_begun:
            return replace(row, lease_until=now + lease)
        case Step.RELEASE if is_begun:
            return replace(row, lease_until=now)
        case Step.CHECKPOINT if is_begun:
            return replace(row, answer=value)
        case Step.FINISH:
            return replace(row, state=State.DONE, answer=value)
        case Step.RECOVER if is_lost or not is_begun:
            return replace(row, state=State.RECOVERED, answer=value)
        case Step.TAKE_OVER if is_lost and not row.answer:
            return replace(row, attempt=value, lease_until=now + lease)
        case Step.DROP if is_begun:
            return row
        case Step.EXPECT:
            return row
        case _:
            return None
