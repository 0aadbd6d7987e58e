"""What one player can read and do, what of it is kept and for how long, and what a write forgets."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from gateway.cache.flights import FlightEnded, Flights
from gateway.cache.keys import Topic
from gateway.cache.user_cache import Kept, Loaded, UserCache
from gateway.errors import (
    AccessError,
    NotFound,
    OutcomeUnknown,
    TokenExpired,
    Unauthenticated,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.identity import Visitor
from gateway.models import Contributor, Item, Listing, OfferChain, Order, PlacedOrder, RewardChain, ValuePoint
from gateway.upstream.client import Client, Reply

T = TypeVar("T")

TERMINAL_STATUSES = frozenset({"done", "canceled"})
"""Order statuses that stay; `expired` may still turn into `paid` (contract section 5.2)."""

SETTLED_STATUSES = TERMINAL_STATUSES | {"paid"}
"""Order statuses that come with a change of the player's chains."""

MEMORY_PER_BODY_BYTE = 6
"""What a byte of upstream JSON weighs once it is decoded into models; a test measures it."""

CHAINS = ("offer_chains", "offer_chain", "reward_chains", "balance", "contributors")
"""The resources that an order, a claim or a change of clan may alter."""

_LONG_AGO = 0.0


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """For how many seconds answers are kept; 0 asks the upstream each time."""

    chains_seconds: float = 15
    balance_seconds: float = 5
    terminal_order_seconds: float = 3600
    contributors_seconds: float = 0


@dataclass(frozen=True, slots=True)
class Services:
    """What all players share; made once by the composition root."""

    client: Client
    cache: UserCache
    writes: Flights[tuple[str | int, ...]]
    lifetimes: Lifetimes = Lifetimes()
    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class RewardChains:
    """The reward chains and when (monotonic seconds) they were asked for, because points age faster than chains."""

    listing: Listing[RewardChain]
    read_at: float


class Player:
    """The doors to the upstream that one visitor has during one request.

    `deadline` is the event loop's time at which the request must be answered. Reads raise what `Client` raises, and
    UpstreamTimeout at the deadline; a write that is still under way then raises OutcomeUnknown and runs to its end.
    """

    def __init__(self, visitor: Visitor, services: Services, *, deadline: float) -> None:
        self.visitor = visitor
        self._services = services
        self._deadline = deadline
        self._waits: set[asyncio.Timeout] = set()

    @property
    def is_signed_in(self) -> bool:
        """Whether a token came with the request."""
        return self.visitor.is_signed_in

    def abandon(self) -> None:
        """Stop waiting, because nobody waits for the answer: every door that is open or opens now times out."""
        self._deadline = _LONG_AGO
        for wait in self._waits:
            if not wait.expired():
                wait.reschedule(_LONG_AGO)

    async def offer_chains(self) -> Listing[OfferChain]:
        """All active offer chains."""
        client, visitor = self._services.client, self.visitor
        kept = await self._read(
            "offer_chains", "", lambda: client.offer_chains(visitor.headers), self._services.lifetimes.chains_seconds
        )
        return kept.value

    async def offer_chain(self, chain_id: int) -> OfferChain | None:
        """One offer chain, or None where the upstream knows none of that id."""
        client, visitor = self._services.client, self.visitor
        try:
            kept = await self._read(
                "offer_chain",
                str(chain_id),
                lambda: client.offer_chain(visitor.headers, chain_id),
                self._services.lifetimes.chains_seconds,
            )
        except NotFound:
            return None
        return kept.value

    async def reward_chains(self) -> RewardChains:
        """All reward chains, personal and clan."""
        client, visitor = self._services.client, self.visitor
        kept = await self._read(
            "reward_chains", "", lambda: client.reward_chains(visitor.headers), self._services.lifetimes.chains_seconds
        )
        return RewardChains(kept.value, kept.loaded_at)

    def listed_balance(self, chain: RewardChain, read_at: float) -> ValuePoint | None:
        """The points that a chain carries which was read at `read_at`, or None where a balance call must tell them.

        They serve while the chain is as fresh as a balance may be. A visitor without a token holds none, and the
        upstream would refuse the call.
        """
        listed = chain.value_point
        if not self.is_signed_in or (listed.amount is not None and self._is_fresh(read_at)):
            return listed
        return None

    async def balance(self, chain: RewardChain) -> ValuePoint:
        """The points that count for a chain, by its balance call."""
        client, visitor, chain_id = self._services.client, self.visitor, chain.reward_chain_id
        kept = await self._read(
            "balance",
            str(chain_id),
            lambda: client.balance(visitor.headers, chain_id),
            self._services.lifetimes.balance_seconds,
        )
        return kept.value

    async def top_contributors(self, chain: RewardChain) -> tuple[Contributor, ...]:
        """Who of the player's clan brought most points; nobody for a personal chain or without a token."""
        if chain.clan_type is None or not self.is_signed_in:
            return ()
        client, visitor, chain_id = self._services.client, self.visitor, chain.reward_chain_id
        kept = await self._read(
            "contributors",
            str(chain_id),
            lambda: client.top_contributors(visitor.headers, chain_id),
            self._services.lifetimes.contributors_seconds,
        )
        return kept.value

    async def order(self, order_id: int) -> Order | None:
        """One order of the player, or None where he has none of that number.

        An order seen paid, done or canceled has changed the chains, so these are forgotten. A terminal order stays as
        it is and is kept.
        """
        self.require_sign_in()
        client, visitor = self._services.client, self.visitor
        is_known = self._services.cache.peek(visitor.owner, self._topic("order", str(order_id))) is not None
        try:
            kept = await self._read(
                "order", str(order_id), lambda: client.order(visitor.headers, order_id), self._order_lifetime
            )
        except NotFound:
            return None
        if not is_known and kept.value.status in SETTLED_STATUSES:
            self._services.cache.forget(visitor.owner, CHAINS)
        return kept.value

    async def claim_offer_step(self, chain_id: int, number: int) -> int | None:
        """Claim a free step of an offer chain; answers the number of its order, where the upstream told it."""
        client, forwarded = self._services.client, self.visitor.headers
        return await self._write(
            ("claim_offer_step", chain_id, number), lambda: client.claim_offer_step(forwarded, chain_id, number)
        )

    async def order_offer_step(self, chain_id: int, number: int) -> PlacedOrder:
        """Order a paid step of an offer chain."""
        client, forwarded = self._services.client, self.visitor.headers
        return await self._write(
            ("order_offer_step", chain_id, number), lambda: client.order_offer_step(forwarded, chain_id, number)
        )

    async def claim_reward_step(self, chain_id: int, step_id: int) -> None:
        """Claim a reached step of a reward chain."""
        client, forwarded = self._services.client, self.visitor.headers
        await self._write(
            ("claim_reward_step", chain_id, step_id), lambda: client.claim_reward_step(forwarded, chain_id, step_id)
        )

    async def update_clan(self) -> tuple[Item, ...]:
        """Let the upstream re-read the player's clan; answers what the former clan's chains paid out."""
        client, forwarded = self._services.client, self.visitor.headers
        return await self._write(("update_clan",), lambda: client.update_clan(forwarded))

    async def _read(
        self,
        resource: str,
        key: str,
        call: Callable[[], Awaitable[Reply[T]]],
        lifetime: float | Callable[[T], float],
    ) -> Kept[T]:
        async def load() -> Loaded[T]:
            reply = await call()
            return Loaded(reply.value, reply.size_bytes * MEMORY_PER_BODY_BYTE)

        def lifetime_of(value: T) -> float:
            seconds = lifetime(value) if callable(lifetime) else lifetime
            return min(seconds, self._token_seconds_left())

        cache, owner = self._services.cache, self.visitor.owner
        try:
            async with self._until_deadline():
                return await cache.get_or_load(owner, self._topic(resource, key), load, lifetime_of=lifetime_of)
        except TimeoutError:
            raise UpstreamTimeout from None
        except FlightEnded:
            raise UpstreamUnavailable from None
        except AccessError as error:
            raise self._rejected(error) from error

    async def _write(self, what: tuple[str | int, ...], call: Callable[[], Awaitable[T]]) -> T:
        """Send a write once; identical ones that are under way join it, and the player's answers are forgotten.

        It is never cancelled: what was sent may have been carried out. Forgetting happens when the write ends, and
        also when the player stops waiting for it.
        """
        self.require_sign_in()
        cache, owner = self._services.cache, self.visitor.owner

        async def send() -> T:
            try:
                return await call()
            finally:
                cache.forget(owner)

        try:
            async with self._until_deadline():
                return await self._services.writes.join((owner, *what), send, keep_running=True)
        except (TimeoutError, FlightEnded):
            raise OutcomeUnknown from None
        except AccessError as error:
            raise self._rejected(error) from error
        finally:
            cache.forget(owner)

    @asynccontextmanager
    async def _until_deadline(self) -> AsyncIterator[None]:
        """Bound what is awaited inside. Raises TimeoutError."""
        wait = asyncio.timeout_at(self._deadline)
        self._waits.add(wait)
        try:
            async with wait:
                yield
        finally:
            self._waits.discard(wait)

    def _rejected(self, error: AccessError) -> AccessError:
        """Drop what is kept for a credential that the upstream rejects, and tell a token that has run out."""
        if not self.is_signed_in:
            return error
        self._services.cache.forget(self.visitor.owner)
        if isinstance(error, Unauthenticated) and self._token_seconds_left() <= 0:
            return TokenExpired(upstream_code=error.upstream_code, transaction_id=error.transaction_id)
        return error

    def require_sign_in(self) -> None:
        if not self.is_signed_in:
            raise Unauthenticated

    def _topic(self, resource: str, key: str) -> Topic:
        return Topic(resource, key, self.visitor.variant)

    def _token_seconds_left(self) -> float:
        expires_at = self.visitor.expires_at
        return float("inf") if expires_at is None else expires_at - self._services.now()

    def _order_lifetime(self, order: Order) -> float:
        return self._services.lifetimes.terminal_order_seconds if order.status in TERMINAL_STATUSES else 0

    def _is_fresh(self, read_at: float) -> bool:
        return self._services.monotonic() - read_at < self._services.lifetimes.balance_seconds
