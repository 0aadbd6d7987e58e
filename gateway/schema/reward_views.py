"""What a reward chain shows: the chain, and what follows from the player's points, which are loaded first."""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator
from datetime import datetime
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from gateway.domain import models, rules
from gateway.domain.reward_rules import RewardProgress, reward_progress
from gateway.domain.schedule import Schedule, schedule_of
from gateway.errors import GatewayError
from gateway.player import Player
from gateway.player.balance_prefetch import RewardChains, balance_sources
from gateway.player.stale import stale_points

_NOT_LOADED = "The points of this chain are not loaded."


class EarlyBalances:
    """Balances that are read beside the list of chains, before the list shows which chains there are.

    Reads that no chain uses in the end are cancelled.
    """

    def __init__(self, player: Player, chain_ids: Iterable[int]) -> None:
        self._reads = {chain_id: asyncio.create_task(player.reads.balance(chain_id)) for chain_id in chain_ids}
        for read in self._reads.values():
            read.add_done_callback(_retrieve_error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for read in self._reads.values():
            read.cancel()

    def of(self, chain_id: int) -> asyncio.Task[models.ValuePoint | None] | None:
        """The read of a chain's balance, if there is one."""
        return self._reads.get(chain_id)

    async def load(self, views: Iterable["RewardChainView"]) -> None:
        """Load the points of chains with these reads. Errors are left to the fields that need the points."""
        if self._reads:
            # Errors are collected and dropped: a chain whose points nobody selected must not fail because of them.
            await asyncio.gather(*_loading(views), return_exceptions=True)


class RewardChainView(Struct, eq=False):
    """What a `RewardChain` shows at one moment. `read_at` says how old the points in the chain are.

    `balance_source` is the chain whose balance tells the points, where several share a value point. `stale_seconds` is
    the age of the copy, of the chain or its points, that is shown because they could not be read; else None.

    A balance that is being read already is waited for. Everything that follows from the points can be read once they
    are loaded.
    """

    chain: models.RewardChain
    read_at: float
    player: Player
    now: datetime
    is_in_clan: bool | None
    balance_source: int
    stale_seconds: int | None = None
    _early: asyncio.Task[models.ValuePoint | None] | None = None
    _held: models.ValuePoint | GatewayError | None = None
    _plan: Schedule | None = None
    _progress: RewardProgress | None = None

    def load_points(self) -> Awaitable[None] | None:
        """Load the player's points; None where they are loaded. An error is loaded, too: it is not read again."""
        if self._held is None:
            self._held = self.player.reads.listed_balance(self.chain, self.read_at)
        return self._read_balance() if self._held is None else None

    async def _read_balance(self) -> None:
        try:
            told = await (self._early or self.player.reads.balance(self.balance_source))
            self._held = told or self._listed
        except GatewayError as error:
            self._held = stale_points(self.player.request, self.balance_source, self.chain, self.read_at, error)
        stale_seconds = self.player.reads.stale_seconds("balance", str(self.balance_source))
        if stale_seconds is not None:
            self.stale_seconds = max(self.stale_seconds or 0, stale_seconds)

    @property
    def balance(self) -> models.ValuePoint:
        """The points held; a clan chain's are the clan's, also where the upstream leaves the flag out.

        Raises what reading the balance raised.
        """
        held = self._held
        if not isinstance(held, models.ValuePoint):
            raise held or RuntimeError(_NOT_LOADED)
        if self.chain.clan_type is None or held.is_clan:
            return held
        return replace(held, is_clan=True)

    @property
    def _listed(self) -> models.ValuePoint:
        """What the list carries; points that nothing tells are none."""
        point = self.chain.value_point
        return replace(point, amount=point.amount or 0)

    @property
    def points(self) -> int:
        """The points that step states follow from: the balance, else what the list carries, else none.

        A balance that the upstream does not tell costs the field `balance` alone.
        """
        held = self._held
        # What is held tells the amount without a copy that is marked as a clan's; `balance` raises where nothing is.
        told = self.chain.value_point if isinstance(held, GatewayError) else held or self.balance
        return told.amount or 0

    @property
    def plan(self) -> Schedule:
        """When the chain runs, seen from the moment of the view."""
        if self._plan is None:
            self._plan = schedule_of(self.chain, self.now)
        return self._plan

    @property
    def needs_clan(self) -> bool:
        """Whether the player has to join a clan first."""
        return rules.needs_clan(self.chain, self.points, is_in_clan=self.is_in_clan)

    @property
    def progress(self) -> RewardProgress:
        """How far the player is; derived once for all fields that show it.

        The answer is stale once the chain opens or closes, because step states change then.
        """
        if self._progress is None:
            plan, player, points = self.plan, self.player, self.points
            player.request.limit_freshness_to(plan.opens_or_closes_at)
            needs_clan = rules.needs_clan(self.chain, points, is_in_clan=self.is_in_clan)
            is_open = rules.is_open(plan, is_signed_in=player.is_signed_in, needs_clan=needs_clan)
            self._progress = reward_progress(self.chain, points, is_open=is_open)
        return self._progress


def _retrieve_error(read: asyncio.Task[models.ValuePoint | None]) -> None:
    """Retrieve the error of a read that no chain used; asyncio would log it as never retrieved."""
    if not read.cancelled():
        read.exception()


async def load_all_points(views: Iterable[RewardChainView]) -> None:
    """Load the points of several chains at once."""
    waiting = list(_loading(views))
    if waiting:
        await asyncio.gather(*waiting)


def _loading(views: Iterable[RewardChainView]) -> Iterator[Awaitable[None]]:
    return (waiting for view in views if (waiting := view.load_points()) is not None)


def _views(player: Player, now: datetime, chains: RewardChains, early: EarlyBalances) -> list[RewardChainView]:
    items = chains.listing.items
    is_in_clan = rules.is_in_clan(items) if player.is_signed_in else None
    sources = balance_sources(items)
    views = []
    for chain in items:
        source = sources[chain.reward_chain_id]
        views.append(
            RewardChainView(
                chain, chains.read_at, player, now, is_in_clan, source, chains.stale_seconds, early.of(source)
            )
        )
    return views


async def reward_chain_views(
    player: Player, now: datetime, *, with_points: bool
) -> tuple[models.Listing[models.RewardChain], list[RewardChainView]]:
    """The player's reward chains as read, and as they are shown.

    `with_points` says that the points are needed: balances that the list will not carry are read beside it.
    """
    with EarlyBalances(player, player.reads.balances_to_prefetch() if with_points else ()) as early:
        chains = await player.reads.reward_chains(with_points=with_points)
        views = _views(player, now, chains, early)
        await early.load(views)
    return chains.listing, views


async def reward_chain_view(
    player: Player, chain_id: int, now: datetime, *, with_points: bool
) -> RewardChainView | None:
    """One reward chain out of the list: the upstream has no call for a single one (client contract, 0).

    `with_points` is as for all of them.
    """
    is_expected = with_points and chain_id in player.reads.balances_to_prefetch()
    with EarlyBalances(player, (chain_id,) if is_expected else ()) as early:
        chains = await player.reads.reward_chains()
        views = [view for view in _views(player, now, chains, early) if view.chain.reward_chain_id == chain_id]
        await early.load(views)
    return views[0] if views else None
