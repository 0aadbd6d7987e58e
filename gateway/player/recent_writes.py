"""Writes of the last seconds: whose they are and what they came to, so that a second tap joins the first."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TLRUCache

from gateway.cache.keys import Owner
from gateway.errors import OutcomeUnknown

JOINED_SECONDS = 5.0
"""For how long, from its start, a write is joined by identical ones of the same player."""

MOST_WRITES = 20_000

Write = tuple[str | int, ...]
"""A write: whose it is, what is done, and its arguments."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write gave; with `is_unknown`, nobody knows whether it was carried out."""

    value: object = None
    is_unknown: bool = False

    def told(self) -> object:
        """What the write gave. Raises OutcomeUnknown."""
        if self.is_unknown:
            raise OutcomeUnknown
        return self.value


@dataclass(frozen=True, slots=True)
class _Kept:
    outcome: Outcome
    owner: Owner
    forgotten_at: float


class RecentWrites:
    """Writes under way, and outcomes of those that may have changed something; the longest unused leave first."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most_writes: int = MOST_WRITES) -> None:
        self._clock = clock
        self._under_way: dict[Write, tuple[Owner, float]] = {}
        self._kept: TLRUCache[Write, _Kept] = TLRUCache(most_writes, lambda _, kept, __: kept.forgotten_at, clock)

    def begin(self, write: Write, owner: Owner) -> None:
        """Note that a write is under way with the owner's credential."""
        self._under_way[write] = (owner, self._clock())

    def end(self, write: Write, outcome: Outcome | None) -> None:
        """Note that a write has ended, and keep its outcome for what is left of its time; None is not kept."""
        owner, began_at = self._under_way.pop(write)
        if outcome is not None:
            self._kept[write] = _Kept(outcome, owner, began_at + JOINED_SECONDS)

    def outcome(self, write: Write) -> Outcome | None:
        """What an identical write of the last seconds came to."""
        kept = self._kept.get(write)
        return None if kept is None else kept.outcome

    def owner(self, write: Write) -> Owner | None:
        """With whose credential an identical write was begun, that is under way or kept."""
        if write in self._under_way:
            return self._under_way[write][0]
        kept = self._kept.get(write)
        return None if kept is None else kept.owner
