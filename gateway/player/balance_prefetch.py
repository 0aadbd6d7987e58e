"""Which reward chains a list left without points: their balances can be asked for beside the next list."""

from collections.abc import Iterable, Mapping

from cachetools import LRUCache
from msgspec import Struct

from gateway.cache.keys import Owner
from gateway.domain.models import Listing, RewardChain

OWNER_BYTES = 560
"""Charged for each owner on top of the chains; a test measures it."""

MOST_PREFETCHED = 20
"""Balances that are asked for beside a list: of what one operation may read, there must be enough left for the list."""

CHAIN_BYTES = 40
"""Charged for each chain."""


class RewardChains(Struct, frozen=True):
    """The reward chains and when (monotonic seconds) they were asked for, because points age faster than chains.

    `stale_seconds` is the age of a copy that is shown because they could not be read, else None.
    """

    listing: Listing[RewardChain]
    read_at: float
    stale_seconds: int | None = None


def balance_sources(chains: Iterable[RewardChain]) -> Mapping[int, int]:
    """For each chain, the chain whose balance call tells its points: the first one with the same value point.

    A chain that starts over counts from its own start on, so its balance is its own.
    """
    first: dict[tuple[str, bool], int] = {}
    return {
        chain.reward_chain_id: chain.reward_chain_id
        if chain.recurrent_schedule
        else first.setdefault((chain.value_point.sku, chain.clan_type is not None), chain.reward_chain_id)
        for chain in chains
    }


class BalancePrefetch:
    """Reward chains by owner, within `max_bytes`; owners longest unused leave first."""

    def __init__(self, *, max_bytes: int = 4 * 2**20) -> None:
        self._chain_ids: LRUCache[Owner, tuple[int, ...]] = LRUCache(max_bytes, getsizeof=_charge)

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything remembered; never above `max_bytes`."""
        return int(self._chain_ids.currsize)

    def remember(self, owner: Owner, chain_ids: tuple[int, ...]) -> None:
        """Remember the chains of the owner's latest list that came without points, in place of those before."""
        if owner in self._chain_ids:
            del self._chain_ids[owner]
        if chain_ids and _charge(chain_ids) <= self._chain_ids.maxsize:
            self._chain_ids[owner] = chain_ids

    def chain_ids(self, owner: Owner) -> tuple[int, ...]:
        """The first chains of the owner that the next list will leave without points, as far as the last one shows."""
        return self._chain_ids.get(owner, ())[:MOST_PREFETCHED]


def _charge(chain_ids: tuple[int, ...]) -> int:
    return OWNER_BYTES + len(chain_ids) * CHAIN_BYTES
