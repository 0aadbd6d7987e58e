"""The boundaries of each player's reward chains: what belongs to the chains, like points, is kept no longer."""

from collections.abc import Sequence
from zlib import crc32

from cachetools import LRUCache

from gateway.cache.keys import Owner
from gateway.domain.boundaries import Boundaries, boundaries_of
from gateway.domain.models import Chain, Listing

MAX_OWNERS = 50_000
"""About 20 MB at most; of those who are not among them, points may be shown from before a reset for their lifetime."""


BELONG_TO_CHAINS = frozenset({"balance", "contributors"})
"""Resources that start over with the reward chains that they belong to, and do not say when."""


class ChainBoundaries:
    """Boundaries by owner, of their latest list of reward chains; owners longest unused leave first."""

    def __init__(self, *, max_owners: int = MAX_OWNERS) -> None:
        self._boundaries: LRUCache[Owner, Boundaries] = LRUCache(max_owners)

    def remember(self, owner: Owner, boundaries: Boundaries) -> None:
        """Remember the boundaries of the owner's latest list, in place of those before."""
        if boundaries != _NONE:
            self._boundaries[owner] = boundaries
        elif owner in self._boundaries:
            del self._boundaries[owner]

    def of(self, owner: Owner) -> Boundaries:
        """The boundaries of the owner's chains; none where nothing is known."""
        return self._boundaries.get(owner, _NONE)

    def around(self, owner: Owner, resource: str, value: object, asked_at: float) -> Boundaries:
        """The boundaries of the chains in a value that was asked for at that Unix time, or of those it belongs to."""
        if resource in BELONG_TO_CHAINS:
            return self.of(owner)
        boundaries = boundaries_of(chains_in(value), asked_at)
        if resource == "reward_chains":
            self.remember(owner, boundaries)
        return boundaries


_NONE = Boundaries()


def chains_in(value: object) -> Sequence[Chain]:
    """The chains in what was read: of a list, the one itself, or none."""
    if isinstance(value, Listing):
        return value.items
    return (value,) if isinstance(value, Chain) else ()


def load_spread(owner: Owner) -> float:
    """A number from 0 to 1 for each owner, always the same: load that comes to all at once is spread by it."""
    return crc32(owner.encode()) / 2**32
