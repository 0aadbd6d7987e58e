"""What one player can read of daily chains, and what of it is kept."""

from gateway.domain.models import DailyChain, Listing
from gateway.errors import NotFound, Unauthenticated
from gateway.player.reads import Reads
from gateway.player.request import NEVER_FRESH, PlayerRequest
from gateway.resilience.requester import Requester
from gateway.upstream.sending import Reply


class DailyReads:
    """The player's reads of daily chains. All raise what `Reads` raises."""

    def __init__(self, request: PlayerRequest, reads: Reads) -> None:
        self._request = request
        self._reads = reads
        self._client = request.services.client

    async def chains(self) -> Listing[DailyChain]:
        """All active daily chains."""
        return await self._reads.cached_chains("daily_chains", "", self._list)

    async def chain(self, chain_id: int) -> DailyChain | None:
        """One daily chain, or None where the upstream knows none of that id."""
        try:
            return await self._reads.cached_chains(
                "daily_chain", str(chain_id), lambda requester: self._client.daily_chain(requester, chain_id)
            )
        except NotFound:
            self._request.limit_freshness(NEVER_FRESH)
            return None

    async def fresh_chain(self, chain_id: int) -> DailyChain | None:
        """One daily chain as the upstream shows it now, whatever is kept."""
        self._request.services.cache.expire(self._request.caller.owner, ("daily_chain",))
        return await self.chain(chain_id)

    async def _list(self, requester: Requester) -> Reply[Listing[DailyChain]]:
        """The list; empty where the upstream does not have it, or does not show it without a token.

        Whether it needs a token is disputed (client contract, 6.4), and not every project has daily chains: neither may
        cost the player the rest of the screen.
        """
        try:
            return await self._client.daily_chains(requester)
        except NotFound:
            return _NO_CHAINS
        except Unauthenticated:
            if self._request.caller.is_signed_in:
                raise
            return _NO_CHAINS


_NO_CHAINS: Reply[Listing[DailyChain]] = Reply(Listing(()), 0)
