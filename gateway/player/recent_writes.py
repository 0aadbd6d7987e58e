"""Writes of the last seconds: with whose credential they were sent and how they ended, so that a second tap joins."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TLRUCache

from gateway.cache.keys import Owner
from gateway.errors import OutcomeUnknown

JOINED_SECONDS = 5.0
"""For how long, from its start, a write is joined by identical ones of the same player."""

MOST_WRITES = 20_000

WriteKey = tuple[str | int, ...]
"""Which writes are identical: whose it is, what is done, and its arguments."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a write ended; with `is_unknown`, nobody knows whether it was carried out."""

    value: object = None
    is_unknown: bool = False

    def result(self) -> object:
        """What the write gave. Raises OutcomeUnknown."""
        if self.is_unknown:
            raise OutcomeUnknown
        return self.value


@dataclass(frozen=True, slots=True)
class _Finished:
    outcome: Outcome
    owner: Owner
    forgotten_at: float


class RecentWrites:
    """Writes in flight, and outcomes of those that may have changed something; the longest unused leave first."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most_writes: int = MOST_WRITES) -> None:
        self._clock = clock
        self._in_flight: dict[WriteKey, tuple[Owner, float]] = {}
        self._finished: TLRUCache[WriteKey, _Finished] = TLRUCache(
            most_writes, lambda _, finished, __: finished.forgotten_at, clock
        )

    def start(self, write: WriteKey, owner: Owner) -> None:
        """Note that a write is sent with the owner's credential."""
        self._in_flight[write] = (owner, self._clock())

    def finish(self, write: WriteKey, outcome: Outcome | None) -> None:
        """Note that a write has ended, and keep its outcome for what is left of its time; None is not kept."""
        owner, started_at = self._in_flight.pop(write)
        if outcome is not None:
            self._finished[write] = _Finished(outcome, owner, started_at + JOINED_SECONDS)

    def outcome(self, write: WriteKey) -> Outcome | None:
        """How an identical write of the last seconds ended."""
        finished = self._finished.get(write)
        return None if finished is None else finished.outcome

    def owner(self, write: WriteKey) -> Owner | None:
        """With whose credential an identical write was sent that is in flight or kept."""
        if write in self._in_flight:
            return self._in_flight[write][0]
        finished = self._finished.get(write)
        return None if finished is None else finished.owner
