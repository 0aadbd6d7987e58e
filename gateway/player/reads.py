"""What one player can read from the upstream, and what of it is cached."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.cache.keys import CacheKey
from gateway.cache.user_cache import CacheEntry, LoadResult
from gateway.domain.boundaries import Boundaries, boundaries_of
from gateway.domain.models import Contributor, Listing, OfferChain, Order, RewardChain, ValuePoint
from gateway.domain.order_status import CHAIN_CHANGING_STATUSES, TERMINAL_STATUSES
from gateway.errors import AccessError, GatewayError, NotFound, UpstreamTimeout, UpstreamUnavailable
from gateway.errors.internal import FlightEnded
from gateway.player.balance_prefetch import RewardChains, balance_sources
from gateway.player.chain_boundaries import BELONG_TO_CHAINS, chains_in, load_spread
from gateway.player.request import NEVER_FRESH, PlayerRequest
from gateway.player.stale import require_not_held, stale_copy, stale_list_points
from gateway.resilience.requester import Requester
from gateway.upstream.decode import MEMORY_PER_BODY_BYTE
from gateway.upstream.sending import Reply

T = TypeVar("T")

_NEED_TOKEN = frozenset({"balance", "contributors", "order"})
"""Resources that the upstream refuses without a good token; of lists that is not said (client contract, 6.4)."""

_ORDER_NOT_FOUND = 9001
_ANY_ORDER = 1

OF_CHAINS = ("offer_chains", "offer_chain", "reward_chains", "balance", "contributors", "daily_chains", "daily_chain")
"""The resources of chains and of what belongs to them."""

CHAINS = (*OF_CHAINS, "catalog")
"""The resources that an order, a claim or a change of clan may alter; of the catalog, the player's limits."""


class Reads:
    """The player's reads. All raise what `Client` raises, and UpstreamTimeout at the request's deadline."""

    def __init__(self, request: PlayerRequest) -> None:
        self._request = request
        self._services = request.services
        self._client = request.services.client
        self._lifetimes = request.services.lifetimes

    async def offer_chains(self) -> Listing[OfferChain]:
        """All active offer chains."""
        return (await self._read("offer_chains", "", self._client.offer_chains, self._lifetimes.chains_seconds)).value

    async def offer_chain(self, chain_id: int) -> OfferChain | None:
        """One offer chain, or None where the upstream knows none of that id."""
        try:
            seconds = self._lifetimes.chains_seconds
            return await self._read_one("offer_chain", chain_id, self._client.offer_chain, seconds)
        except NotFound:
            self._request.limit_freshness(NEVER_FRESH)
            return None

    async def fresh_offer_chain(self, chain_id: int) -> OfferChain | None:
        """One offer chain as the upstream shows it now, whatever is cached."""
        self._services.cache.expire(self._request.caller.owner, ("offer_chain",))
        return await self.offer_chain(chain_id)

    def expire_reward_chains(self) -> None:
        """Let the next read of the reward chains and their points go upstream; nothing was written, so copies stay."""
        self._services.cache.expire(self._request.caller.owner, ("reward_chains", *BELONG_TO_CHAINS))

    async def cached_chains(self, resource: str, key: str, call: Callable[[Requester], Awaitable[Reply[T]]]) -> T:
        """What a call for chains answers, or has answered within their lifetime."""
        return (await self._read(resource, key, call, self._lifetimes.chains_seconds)).value

    async def reward_chains(self, *, with_points: bool = False) -> RewardChains:
        """All reward chains, personal and clan.

        `with_points` says that the points of all are needed: a cached list whose points are stale is then read again
        where that takes fewer calls than the balances would. If that fails, it serves for its lifetime with its points.
        """
        if with_points and self._is_list_cheaper():
            key = self._cache_key("reward_chains", "")
            try:
                await self._load(key, self._client.reward_chains, self._lifetimes.chains_seconds)
            except AccessError:
                raise
            except GatewayError as error:
                stale_list_points(self._request, key, error)
        cached = await self._read("reward_chains", "", self._client.reward_chains, self._lifetimes.chains_seconds)
        if self._request.caller.is_signed_in:
            items, has_points = cached.value.items, self._lifetimes.balance_seconds > 0
            sources = balance_sources(items)
            untold = (sources[one.reward_chain_id] for one in items if not has_points or one.value_point.amount is None)
            self._services.balance_prefetch.remember(self._request.caller.owner, tuple(dict.fromkeys(untold)))
        return RewardChains(cached.value, cached.loaded_at, self.stale_seconds("reward_chains"))

    def stale_seconds(self, resource: str, key: str = "") -> int | None:
        """The age of the copy that was shown because a read of this request failed; None where none was."""
        return self._request.stale_seconds.get((resource, key))

    def balances_to_prefetch(self) -> tuple[int, ...]:
        """The reward chains whose balances tell what the list will not, as far as the last one shows.

        None where the list is cached and serves: it is there at once, and shows itself which balances are needed.
        """
        caller = self._request.caller
        chain_ids = self._services.balance_prefetch.chain_ids(caller.owner) if caller.is_signed_in else ()
        if not chain_ids or not self._services.cache.contains(caller.owner, self._cache_key("reward_chains", "")):
            return chain_ids
        return chain_ids if self._is_list_cheaper() else ()

    def _is_list_cheaper(self) -> bool:
        """Whether a list is cached whose stale points take fewer calls by reading it again than by their balances."""
        cache, owner, seconds = self._services.cache, self._request.caller.owner, self._lifetimes.balance_seconds
        if not self._request.caller.is_signed_in or seconds <= 0:
            return False
        cached: CacheEntry[Listing[RewardChain]] | None = cache.peek(owner, self._cache_key("reward_chains", ""))
        if cached is None or self._services.monotonic() < cached.loaded_at + seconds:
            return False
        sources = balance_sources(cached.value.items)
        needed = {
            source for source in sources.values() if not cache.contains(owner, self._cache_key("balance", str(source)))
        }
        untold = {
            sources[chain.reward_chain_id] for chain in cached.value.items if chain.value_point.amount is None
        } & needed
        return 1 + len(untold) < len(needed)

    def listed_balance(self, chain: RewardChain, read_at: float) -> ValuePoint | None:
        """The points that a chain carries which was read at `read_at`, or None where a balance call must tell them.

        They serve while the chain is as fresh as a balance may be, or fresh where it could not be read again. A caller
        without a token holds none, and the upstream would refuse the call.
        """
        listed = chain.value_point
        if not self._request.caller.is_signed_in:
            return listed
        is_stale = ("reward_chains", "") in self._request.stale_seconds
        stale_at = read_at + (self._lifetimes.chains_seconds if is_stale else self._lifetimes.balance_seconds)
        if listed.amount is None or self._services.monotonic() >= stale_at:
            return None
        if stale_at < self._request.fresh_until:
            self._request.limit_freshness(stale_at)
        return listed

    async def balance(self, chain_id: int) -> ValuePoint | None:
        """The points that count for a chain, by its balance call; None where it tells nothing."""
        return await self._read_one("balance", chain_id, self._client.balance, self._lifetimes.balance_seconds)

    async def top_contributors(self, chain: RewardChain) -> tuple[Contributor, ...]:
        """Who of the player's clan brought most points; nobody for a personal chain or without a token."""
        if chain.clan_type is None or not self._request.caller.is_signed_in:
            return ()
        call, seconds = self._client.top_contributors, self._lifetimes.contributors_seconds
        return await self._read_one("contributors", chain.reward_chain_id, call, seconds)

    async def order(self, order_id: int) -> Order | None:
        """One order of the player, or None where they have none of that number.

        A terminal order stays as it is, and is cached. What a status changes is applied as `apply_status` says.
        """
        is_known = self._services.cache.contains(self._request.caller.owner, self._cache_key("order", str(order_id)))
        order = await self._find_order(order_id)
        if order is not None and not is_known:
            self.apply_status(order)
        return order

    def apply_status(self, order: Order) -> None:
        """Forget the chains where the order was paid, granted or canceled, and tell so once for each such status."""
        services, owner = self._services, self._request.caller.owner
        if order.status not in CHAIN_CHANGING_STATUSES:
            return
        services.cache.invalidate(owner, CHAINS)
        if services.order_notices.mark_notified(owner, order.order_id, order.status):
            self._request.forget(CHAINS)
            self._request.publish_status(order)

    async def confirm(self) -> None:
        """Make sure that the credential is accepted, asking the upstream where it was not seen to be yet.

        Any order's number will do: one that is not the player's is not found, and a bad credential is refused before.
        Should it be theirs, it is old, and nobody is told of it. Raises what `order` raises.
        """
        self._request.require_sign_in()
        if not await self._request.is_confirmed_anywhere():
            await self._find_order(_ANY_ORDER)
            await self._request.share_confirmation()

    async def _find_order(self, order_id: int) -> Order | None:
        self._request.require_sign_in()
        try:
            order = await self._read_one("order", order_id, self._client.order, self._order_lifetime)
        except NotFound as error:
            if error.upstream_code == _ORDER_NOT_FOUND:
                self._request.mark_confirmed()
            self._request.limit_freshness(NEVER_FRESH)
            return None
        self._services.directory.link_order(order_id, self._request.caller.owner)
        return order

    async def _read_one(
        self,
        resource: str,
        number: int,
        call: Callable[[Requester, int], Awaitable[Reply[T]]],
        lifetime: float | Callable[[T], float],
    ) -> T:
        return (await self._read(resource, str(number), lambda requester: call(requester, number), lifetime)).value

    async def _read(
        self,
        resource: str,
        key: str,
        call: Callable[[Requester], Awaitable[Reply[T]]],
        lifetime: float | Callable[[T], float],
    ) -> CacheEntry[T]:
        cache_key = self._cache_key(resource, key)
        cached: CacheEntry[T] | None = self._services.cache.get(self._request.caller.owner, cache_key)
        if cached is None:
            boundaries, owner = self._services.chain_boundaries, self._request.caller.owner
            known_before = boundaries.of(owner) if resource in BELONG_TO_CHAINS else None
            try:
                cached, found = await self._load(cache_key, call, lifetime)
                if self._has_ended(cached, known_before or found):
                    # It was asked for before a boundary that has passed by now, so it may show what was before.
                    cached, _ = await self._load(cache_key, call, lifetime)
            except GatewayError as error:
                return stale_copy(self._request, cache_key, error)
        if resource in _NEED_TOKEN:
            self._request.mark_confirmed()
        self._request.note_read(cached.loaded_at, cached.expires_at)
        return cached

    async def _load(
        self,
        cache_key: CacheKey,
        call: Callable[[Requester], Awaitable[Reply[T]]],
        lifetime: float | Callable[[T], float],
    ) -> tuple[CacheEntry[T], Boundaries | None]:
        """Load a value, with its boundaries where this request was the one that asked for it."""
        request, services = self._request, self._services
        owner, resource = request.caller.owner, cache_key.resource
        if services.held_reads.are_held:
            require_not_held(request, cache_key)
        found: Boundaries | None = None

        # In quotes, or it would be worked out for each read.
        async def load() -> "LoadResult[T]":
            nonlocal found
            asked_at = services.now()
            request.count_call()
            try:
                reply = await call(request.requester)
            except GatewayError as error:
                request.give_back_call(error)
                raise
            request.mark_accepted()
            value = reply.value
            found = services.chain_boundaries.around(owner, resource, value, asked_at)
            seconds_left = found.seconds_left(asked_at, spread=load_spread(owner))
            bound_seconds = min(seconds_left, request.token_seconds_left)
            fresh_seconds = min(lifetime(value) if callable(lifetime) else lifetime, bound_seconds)
            usable_seconds = min(self._lifetimes.stale_seconds if resource in CHAINS else 0, bound_seconds)
            return LoadResult(value, reply.size_bytes * MEMORY_PER_BODY_BYTE, fresh_seconds, usable_seconds)

        try:
            return await services.cache.load(owner, cache_key, load, deadline=request.deadline), found
        except TimeoutError:
            raise UpstreamTimeout from None
        except FlightEnded:
            raise UpstreamUnavailable from None
        except AccessError as error:
            raise request.rejected(error) from error

    def _has_ended(self, cached: CacheEntry[T], boundaries: Boundaries | None) -> bool:
        """Whether a boundary passed between the moment when a value was asked for and now.

        What belongs to chains goes by what was known before it was asked for: by now, the list may be newer.
        """
        now = self._services.now()
        asked_at = now - (self._services.monotonic() - cached.loaded_at)
        if boundaries is None:
            boundaries = boundaries_of(chains_in(cached.value), asked_at)
        return asked_at < boundaries.next_at <= now

    def _cache_key(self, resource: str, key: str) -> CacheKey:
        return CacheKey(resource, key, self._request.caller.variant)

    def _order_lifetime(self, order: Order) -> float:
        return self._lifetimes.terminal_order_seconds if order.status in TERMINAL_STATUSES else 0
