"""The sandbox's clock: the machine's time and an offset, stored with the state whose timestamps it made.

It moves forward only. Claims, orders and points have timestamps: after a move back some of them would be in the
future, would count in periods that have not begun, and a step could be claimed twice.
"""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from gateway.sandbox.errors import RefusedError
from gateway.sandbox.storage.database import Transaction

LATEST = 32_503_680_000.0
"""The year 3000: far enough for every test, and near enough for every date library."""

_Dated = Annotated[datetime, msgspec.Meta(tz=True)]


class ClockMove(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to move the clock: some seconds ahead, or to an instant (seconds since 1970, or a date with offset)."""

    advance_seconds: float | None = None
    now: float | _Dated | None = None


class ClockReading(msgspec.Struct, frozen=True):
    """The sandbox's time, in seconds since 1970 and as a date, and how far it is ahead of the machine's."""

    now: float
    date: str
    offset_seconds: float


def read_clock(tx: Transaction) -> ClockReading:
    """Read the clock."""
    (row,) = tx.all("SELECT offset_seconds FROM clock")
    return ClockReading(tx.now, iso_date(tx.now), row["offset_seconds"])


def move_clock(tx: Transaction, move: ClockMove) -> ClockReading:
    """Move the clock; raises RefusedError for a move back, beyond the year 3000, or with both fields or neither."""
    seconds = _seconds(move, tx.now)
    if seconds < 0:
        raise RefusedError("The clock moves forward only")
    if not tx.now + seconds <= LATEST:
        raise RefusedError("The clock ends with the year 3000")
    tx.run("UPDATE clock SET offset_seconds = offset_seconds + :seconds", seconds=seconds)
    tx.now += seconds
    return read_clock(tx)


def iso_date(instant: float) -> str:
    """Write an instant as a date in UTC, to the second."""
    return datetime.fromtimestamp(int(instant), tz=UTC).isoformat()


def _seconds(move: ClockMove, now: float) -> float:
    if move.now is None and move.advance_seconds is not None:
        return move.advance_seconds
    if move.now is None or move.advance_seconds is not None:
        raise RefusedError("Give either `advance_seconds` or `now`")
    wanted = move.now.timestamp() if isinstance(move.now, datetime) else move.now
    return wanted - now
