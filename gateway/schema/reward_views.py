"""What a reward chain shows: the chain, and what follows from the points held, which are settled first."""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from msgspec.structs import replace

from gateway.domain import models
from gateway.domain.rules import RewardProgress, reward_progress
from gateway.errors import GatewayError
from gateway.player import Player

_UNSETTLED = "The points of this chain are not settled."


class EarlyBalances:
    """Balances that are asked for before the list is there that shows their chains.

    What nobody took in the end is given up.
    """

    def __init__(self, player: Player, chain_ids: Iterable[int]) -> None:
        self._asked = {chain_id: asyncio.create_task(player.reads.balance(chain_id)) for chain_id in chain_ids}
        for asking in self._asked.values():
            asking.add_done_callback(_look)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for asking in self._asked.values():
            asking.cancel()

    def of(self, chain_id: int) -> asyncio.Task[models.ValuePoint] | None:
        """The balance of a chain that was asked for."""
        return self._asked.get(chain_id)

    async def settle(self, views: Iterable["RewardChainView"]) -> None:
        """Settle chains with what was asked for; whatever goes wrong is left to those who need the points."""
        if self._asked:
            await asyncio.gather(*_settling(views), return_exceptions=True)


@dataclass(slots=True)
class RewardChainView:
    """What a `RewardChain` shows. `read_at` says how old the points in the chain are.

    A balance that is asked for already is waited for. Everything that follows from the points held can be read once
    they are settled.
    """

    chain: models.RewardChain
    read_at: float
    player: Player
    _early: asyncio.Task[models.ValuePoint] | None = field(default=None, repr=False)
    _held: models.ValuePoint | GatewayError | None = field(default=None, repr=False)
    _progress: RewardProgress | None = field(default=None, repr=False)

    def settle(self) -> Awaitable[None] | None:
        """Find out which points are held; None where that is known. A balance that cannot be read is settled, too."""
        if self._held is None:
            self._held = self.player.reads.listed_balance(self.chain, self.read_at)
        return self._ask() if self._held is None else None

    async def _ask(self) -> None:
        try:
            self._held = await (self._early or self.player.reads.balance(self.chain.reward_chain_id))
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


def _look(asking: asyncio.Task[models.ValuePoint]) -> None:
    """Look at an error that nobody may be there for any more: it would be reported as never retrieved."""
    if not asking.cancelled():
        asking.exception()


async def settle_all(views: Iterable[RewardChainView]) -> None:
    """Settle the points of several chains at once."""
    waiting = list(_settling(views))
    if waiting:
        await asyncio.gather(*waiting)


def _settling(views: Iterable[RewardChainView]) -> Iterator[Awaitable[None]]:
    return (waiting for view in views if (waiting := view.settle()) is not None)


async def reward_chain_views(
    player: Player, *, with_points: bool
) -> tuple[models.Listing[models.RewardChain], list[RewardChainView]]:
    """The player's reward chains as read, and as they are shown.

    `with_points` says that the points held are needed: balances that the list will not tell are asked for beside it.
    """
    with EarlyBalances(player, player.reads.balances_to_prefetch() if with_points else ()) as early:
        chains = await player.reads.reward_chains()
        views = [
            RewardChainView(chain, chains.read_at, player, early.of(chain.reward_chain_id))
            for chain in chains.listing.items
        ]
        await early.settle(views)
    return chains.listing, views


async def reward_chain_view(player: Player, chain_id: int, *, with_points: bool) -> RewardChainView | None:
    """One reward chain out of the list: the upstream has no call for a single one (contract section 0).

    `with_points` is as for all of them.
    """
    is_expected = with_points and chain_id in player.reads.balances_to_prefetch()
    with EarlyBalances(player, (chain_id,) if is_expected else ()) as early:
        chains = await player.reads.reward_chains()
        found = (chain for chain in chains.listing.items if chain.reward_chain_id == chain_id)
        views = [RewardChainView(chain, chains.read_at, player, early.of(chain_id)) for chain in found]
        await early.settle(views)
    return views[0] if views else None
