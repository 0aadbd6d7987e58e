"""What a reward chain shows: the chain, and what follows from the points held, which are settled first."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from gateway import models
from gateway.errors import GatewayError
from gateway.player import Player
from gateway.rules import RewardProgress, reward_progress

_UNSETTLED = "The points of this chain are not settled."


@dataclass(slots=True)
class RewardChainView:
    """What a `RewardChain` shows. `read_at` says how old the points in the chain are.

    Everything that follows from the points held can be read once they are settled.
    """

    chain: models.RewardChain
    read_at: float
    player: Player
    _held: models.ValuePoint | GatewayError | None = field(default=None, repr=False)
    _progress: RewardProgress | None = field(default=None, repr=False)

    def settle(self) -> Awaitable[None] | None:
        """Find out which points are held; None where that is known. A balance that cannot be read is settled, too."""
        if self._held is None:
            self._held = self.player.listed_balance(self.chain, self.read_at)
        return self._ask() if self._held is None else None

    async def _ask(self) -> None:
        try:
            self._held = await self.player.balance(self.chain)
        except GatewayError as error:
            self._held = error

    @property
    def balance(self) -> models.ValuePoint:
        """The points held; a clan chain's are the clan's, also where the upstream leaves the flag out.

        Raises what reading the balance raised.
        """
        held = self._held
        if not isinstance(held, models.ValuePoint):
            raise held or RuntimeError(_UNSETTLED)
        if self.chain.clan_type is None or held.is_clan:
            return held
        return replace(held, is_clan=True)

    @property
    def points(self) -> int:
        """The points that step states follow from: the balance, else what the list carries, else none.

        A balance that the upstream does not tell costs the field `balance` alone.
        """
        try:
            return self.balance.amount or 0
        except GatewayError:
            return self.chain.value_point.amount or 0

    @property
    def progress(self) -> RewardProgress:
        """How far the player is; derived once for all fields that ask."""
        if self._progress is None:
            self._progress = reward_progress(self.chain, self.points)
        return self._progress


async def settle_all(views: Iterable[RewardChainView]) -> None:
    """Settle the points of several chains at once."""
    await asyncio.gather(*(waiting for view in views if (waiting := view.settle()) is not None))


async def reward_chain_views(player: Player) -> tuple[models.Listing[models.RewardChain], list[RewardChainView]]:
    """The player's reward chains as read, and as they are shown."""
    chains = await player.reward_chains()
    return chains.listing, [RewardChainView(chain, chains.read_at, player) for chain in chains.listing.items]


async def reward_chain_view(player: Player, chain_id: int) -> RewardChainView | None:
    """One reward chain out of the list: the upstream has no call for a single one (contract section 0)."""
    _, views = await reward_chain_views(player)
    return next((view for view in views if view.chain.reward_chain_id == chain_id), None)
