"""The period that each player's reward chains are in: what belongs to them, like points, ends with it."""

from cachetools import LRUCache

from gateway.cache.keys import Owner
from gateway.domain.periods import Period

MAX_OWNERS = 50_000
"""About 20 MB at most; of those who are not among them, points may be shown from before a reset for their lifetime."""


class ChainPeriods:
    """Periods by owner, of their latest list of reward chains; owners longest unused leave first."""

    def __init__(self, *, max_owners: int = MAX_OWNERS) -> None:
        self._periods: LRUCache[Owner, Period] = LRUCache(max_owners)

    def remember(self, owner: Owner, period: Period) -> None:
        """Remember the period of the owner's latest list, in place of the one before."""
        if period == _ENDLESS:
            self._periods.pop(owner, None)
        else:
            self._periods[owner] = period

    def of(self, owner: Owner) -> Period:
        """The period of the owner's chains; an endless one where nothing is known."""
        return self._periods.get(owner, _ENDLESS)


_ENDLESS = Period()
