"""What one player can read, and what of it is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from gateway.cache.keys import CacheKey
from gateway.cache.user_cache import CacheEntry, LoadResult
from gateway.concurrency.single_flight import FlightEnded
from gateway.domain.models import Contributor, Listing, OfferChain, Order, RewardChain, ValuePoint
from gateway.domain.order_status import SETTLED_STATUSES, TERMINAL_STATUSES
from gateway.errors import AccessError, NotFound, UpstreamTimeout, UpstreamUnavailable
from gateway.events.changes import Change
from gateway.events.order_notices import reason_of
from gateway.player.request import Session
from gateway.upstream.client import Reply
from gateway.upstream.decode import MEMORY_PER_BODY_BYTE

T = TypeVar("T")

_NEED_TOKEN = frozenset({"balance", "contributors", "order"})
"""Resources that the upstream refuses without a good token; of lists that is not said (client contract, 6.4)."""

_ORDER_NOT_FOUND = 9001
_ANY_ORDER = 1

NEVER_FRESH = float("-inf")
"""Stands for when something is stale that may not be kept at all."""

CHAINS = ("offer_chains", "offer_chain", "reward_chains", "balance", "contributors")
"""The resources that an order, a claim or a change of clan may alter."""


@dataclass(frozen=True, slots=True)
class RewardChains:
    """The reward chains and when (monotonic seconds) they were asked for, because points age faster than chains."""

    listing: Listing[RewardChain]
    read_at: float


class Reads(Session):
    """The reading doors. They raise what `Client` raises, and UpstreamTimeout at the deadline."""

    async def offer_chains(self) -> Listing[OfferChain]:
        """All active offer chains."""
        client, caller = self._services.client, self.caller
        kept = await self._read(
            "offer_chains", "", lambda: client.offer_chains(caller.headers), self._services.lifetimes.chains_seconds
        )
        return kept.value

    async def offer_chain(self, chain_id: int) -> OfferChain | None:
        """One offer chain, or None where the upstream knows none of that id."""
        client, caller = self._services.client, self.caller
        try:
            kept = await self._read(
                "offer_chain",
                str(chain_id),
                lambda: client.offer_chain(caller.headers, chain_id),
                self._services.lifetimes.chains_seconds,
            )
        except NotFound:
            self._note(NEVER_FRESH)
            return None
        return kept.value

    async def fresh_offer_chain(self, chain_id: int) -> OfferChain | None:
        """One offer chain as the upstream shows it now, whatever is kept."""
        self._services.cache.invalidate(self.caller.owner, ("offer_chain",))
        return await self.offer_chain(chain_id)

    async def reward_chains(self) -> RewardChains:
        """All reward chains, personal and clan."""
        client, caller = self._services.client, self.caller
        kept = await self._read(
            "reward_chains", "", lambda: client.reward_chains(caller.headers), self._services.lifetimes.chains_seconds
        )
        if self.is_signed_in:
            untold = (chain.reward_chain_id for chain in kept.value.items if not self._tells_points(chain))
            self._services.expected_balances.learn(caller.owner, tuple(untold))
        return RewardChains(kept.value, kept.loaded_at)

    def expected_balances(self) -> tuple[int, ...]:
        """The reward chains whose points the list will not tell, as far as the last one shows; none with a kept list.

        A list that is kept is there at once, and shows itself which balances have to be asked for.
        """
        services, owner = self._services, self.caller.owner
        chain_ids = services.expected_balances.of(owner) if self.is_signed_in else ()
        if chain_ids and services.cache.contains(owner, self._topic("reward_chains", "")):
            return ()
        return chain_ids

    def listed_balance(self, chain: RewardChain, read_at: float) -> ValuePoint | None:
        """The points that a chain carries which was read at `read_at`, or None where a balance call must tell them.

        They serve while the chain is as fresh as a balance may be. A caller without a token holds none, and the
        upstream would refuse the call.
        """
        listed = chain.value_point
        if not self.is_signed_in:
            return listed
        stale_at = read_at + self._services.lifetimes.balance_seconds
        if listed.amount is None or self._services.monotonic() >= stale_at:
            return None
        self._note(stale_at)
        return listed

    async def balance(self, chain_id: int) -> ValuePoint:
        """The points that count for a chain, by its balance call."""
        client, caller = self._services.client, self.caller
        kept = await self._read(
            "balance",
            str(chain_id),
            lambda: client.balance(caller.headers, chain_id),
            self._services.lifetimes.balance_seconds,
        )
        return kept.value

    async def top_contributors(self, chain: RewardChain) -> tuple[Contributor, ...]:
        """Who of the player's clan brought most points; nobody for a personal chain or without a token."""
        if chain.clan_type is None or not self.is_signed_in:
            return ()
        client, caller, chain_id = self._services.client, self.caller, chain.reward_chain_id
        kept = await self._read(
            "contributors",
            str(chain_id),
            lambda: client.top_contributors(caller.headers, chain_id),
            self._services.lifetimes.contributors_seconds,
        )
        return kept.value

    async def order(self, order_id: int) -> Order | None:
        """One order of the player, or None where he has none of that number.

        An order seen paid, done or canceled has changed the chains, so these are forgotten. A terminal order stays as
        it is and is kept.
        """
        is_known = self._services.cache.contains(self.caller.owner, self._topic("order", str(order_id)))
        order = await self._find_order(order_id)
        if order is not None and not is_known and order.status in SETTLED_STATUSES:
            self._settle(order)
        return order

    async def confirm(self) -> None:
        """Make sure that the credential is accepted, asking the upstream where it was not seen to be yet.

        Any order's number will do: one that is not the player's is not found, and a bad credential is refused before.
        Should it be his, it is old, and nobody is told of it. Raises what `order` raises.
        """
        self.require_sign_in()
        if not self.is_confirmed:
            await self._find_order(_ANY_ORDER)

    async def _find_order(self, order_id: int) -> Order | None:
        self.require_sign_in()
        client, caller = self._services.client, self.caller
        try:
            kept = await self._read(
                "order", str(order_id), lambda: client.order(caller.headers, order_id), self._order_lifetime
            )
        except NotFound as error:
            if error.upstream_code == _ORDER_NOT_FOUND:
                self._learn()
            self._note(NEVER_FRESH)
            return None
        self._services.directory.learn_order(order_id, caller.owner)
        return kept.value

    async def _read(
        self,
        resource: str,
        key: str,
        call: Callable[[], Awaitable[Reply[T]]],
        lifetime: float | Callable[[T], float],
    ) -> CacheEntry[T]:
        async def load() -> LoadResult[T]:
            reply = await call()
            return LoadResult(reply.value, reply.size_bytes * MEMORY_PER_BODY_BYTE)

        def lifetime_of(value: T) -> float:
            seconds = lifetime(value) if callable(lifetime) else lifetime
            return min(seconds, self._token_seconds_left())

        cache, owner, topic = self._services.cache, self.caller.owner, self._topic(resource, key)
        kept: CacheEntry[T] | None = cache.get(owner, topic)
        if kept is None:
            try:
                kept = await cache.get_or_load(owner, topic, load, lifetime_of=lifetime_of, deadline=self.deadline)
            except TimeoutError:
                raise UpstreamTimeout from None
            except FlightEnded:
                raise UpstreamUnavailable from None
            except AccessError as error:
                raise self._rejected(error) from error
        if resource in _NEED_TOKEN:
            self._learn()
        self._note(kept.expires_at)
        return kept

    def _settle(self, order: Order) -> None:
        """Forget the chains that came with the order's end, and tell so, once for each status."""
        services, owner = self._services, self.caller.owner
        services.cache.invalidate(owner, CHAINS)
        if services.order_notices.is_news(owner, order.order_id, order.status):
            self._forget(CHAINS)
            self._tell(Change(frozenset({reason_of(order.status)})))

    def _tells_points(self, chain: RewardChain) -> bool:
        """Whether a list that has just come tells the points of a chain."""
        return chain.value_point.amount is not None and self._services.lifetimes.balance_seconds > 0

    def _note(self, stale_at: float) -> None:
        self.fresh_until = min(self.fresh_until, stale_at)

    def _topic(self, resource: str, key: str) -> CacheKey:
        return CacheKey(resource, key, self.caller.variant)

    def _order_lifetime(self, order: Order) -> float:
        return self._services.lifetimes.terminal_order_seconds if order.status in TERMINAL_STATUSES else 0
