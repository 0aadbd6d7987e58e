"""Generated states of a player and of the upstream, with faults in any upstream read."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, cast

from hypothesis import strategies as st
from msgspec import UNSET

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.concurrency.timers import CallLater, Timer, call_later
from gateway.domain.catalog import CatalogItem, Discount, Limits, Promotion, PurchaseLimit, VirtualPrice
from gateway.domain.models import (
    Contributor,
    DailyChain,
    DailyStep,
    Item,
    Listing,
    LoyaltyReward,
    Money,
    OfferChain,
    OfferStep,
    Order,
    OrderContent,
    OrderItem,
    PointReward,
    Recurrence,
    RewardChain,
    RewardStep,
    StepPrice,
    ValuePoint,
)
from gateway.domain.payment import PaymentMode, PaymentPage
from gateway.domain.shared import Shared, SharedBudget
from gateway.errors import (
    Forbidden,
    GatewayError,
    NotFound,
    Overloaded,
    RateLimited,
    Unauthenticated,
    UpstreamInvalid,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.identity.caller import Caller
from gateway.orders.tracker import OrderTracker
from gateway.player import Player
from gateway.player.refreshes import Refreshes
from gateway.player.services import Lifetimes, Services
from gateway.resilience.requester import Requester
from gateway.schema.context import Context
from gateway.upstream.client import Client
from gateway.upstream.sending import Reply
from tests.support.make import NOW, START

UPSTREAM_READS = (
    "offer_chains",
    "offer_chain",
    "reward_chains",
    "balance",
    "contributors",
    "order",
    "daily_chains",
    "daily_chain",
    "catalog",
)

FAULTS: tuple[Exception, ...] = (
    UpstreamTimeout(),
    UpstreamUnavailable(upstream_code=5),
    UpstreamInvalid(),
    RateLimited(9),
    Overloaded(),
    Forbidden(),
    Unauthenticated(),
    NotFound(),
    GatewayError("A word of its own."),
    RuntimeError("nobody expected this"),
)

OUTAGES: tuple[Exception, ...] = (UpstreamTimeout(), UpstreamUnavailable(), UpstreamInvalid(), Overloaded())
"""What copies are shown for."""

NOTHING_SOLD: Listing[CatalogItem] = Listing(())

WRONG: Any = None
"""Where a text has to be."""

HUGE: Any = 2**40
"""Where a small number has to be."""


NO_DAILY_CHAINS: Listing[DailyChain] = Listing(())


@dataclass(frozen=True)
class World:
    """What the upstream knows of a player, and which doors are broken.

    `copies_seconds` says for how long they have been: what was read before is kept as copies. None says always.
    """

    offers: Listing[OfferChain]
    rewards: Listing[RewardChain]
    order: Order
    contributors: tuple[Contributor, ...]
    balance: int | None
    faults: Mapping[str, Exception]
    is_signed_in: bool
    balance_seconds: float
    dailies: Listing[DailyChain] = NO_DAILY_CHAINS
    catalog: Listing[CatalogItem] = NOTHING_SOLD
    copies_seconds: float | None = None


class Upstream:
    """The client, as far as reading goes, in one state of the world; counts the calls, and answers through a gate."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: Counter[str] = Counter()
        self.under_way = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def _answer(self, read: str, value: object, key: str = "") -> Reply[Any]:
        self.calls[f"{read} {key}"] += 1
        self.under_way += 1
        try:
            await self.gate.wait()
        finally:
            self.under_way -= 1
        if read in self.world.faults:
            raise self.world.faults[read]
        return Reply(value, 10)

    async def offer_chains(self, _: object) -> Reply[Any]:
        return await self._answer("offer_chains", self.world.offers)

    async def offer_chain(self, _: object, chain_id: int) -> Reply[Any]:
        found = [chain for chain in self.world.offers.items if chain.id == chain_id]
        self.calls[f"offer_chain {chain_id}"] += 0
        if not found:
            raise NotFound
        return await self._answer("offer_chain", found[0], str(chain_id))

    async def reward_chains(self, _: object) -> Reply[Any]:
        return await self._answer("reward_chains", self.world.rewards)

    async def daily_chains(self, _: object) -> Reply[Any]:
        return await self._answer("daily_chains", self.world.dailies)

    async def daily_chain(self, _: object, chain_id: int) -> Reply[Any]:
        found = [chain for chain in self.world.dailies.items if chain.id == chain_id]
        if not found:
            raise NotFound
        return await self._answer("daily_chain", found[0], str(chain_id))

    async def balance(self, _: object, chain_id: int) -> Reply[Any]:
        # Odd chains only are broken, so that one answer holds both.
        value = ValuePoint("stars", "Stars", amount=self.world.balance)
        return await self._answer("balance" if chain_id % 2 else "even balance", value, str(chain_id))

    async def top_contributors(self, _: object, chain_id: int) -> Reply[Any]:
        read = "contributors" if chain_id % 2 else "even contributors"
        return await self._answer(read, self.world.contributors, str(chain_id))

    async def catalog(self, requester: Requester, *_: object) -> Reply[Any]:
        return await self._answer("catalog", self.world.catalog, "own" if requester.player else "shared")

    async def order(self, _: object, order_id: int) -> Reply[Any]:
        return await self._answer("order", self.world.order, str(order_id))


def services_of(world: World, upstream: Upstream, call_later: CallLater, now: Callable[[], float]) -> Services:
    """What a player in this world stands on, with nothing kept yet."""
    return Services(
        cast(Client, upstream),
        UserCache(max_bytes=100_000, clock=now),
        SingleFlight(),
        Lifetimes(balance_seconds=world.balance_seconds, stale_seconds=600),
        now=now,
        monotonic=now,
        tracker=OrderTracker(call_later=call_later),
        refreshes=Refreshes(clock=now),
    )


def at_once(_: float, function: Callable[[], None]) -> Timer:
    """For those who do not want to wait."""
    return call_later(0, function)


def context_of(
    world: World,
    upstream: Upstream,
    deadline: float,
    services: Services | None = None,
    expires_at: float | None = None,
) -> Context:
    """What resolvers find: a player in this world, with nothing kept yet where no services are given."""
    services = services or services_of(world, upstream, at_once, itertools.repeat(1.0).__next__)
    caller = Caller(Owner("ann"), world.is_signed_in, (), languages=("de",), expires_at=expires_at)
    return Context(Player(caller, services, deadline=deadline), NOW, PaymentPage(PaymentMode.LIVE, None))


texts = st.sampled_from(("", "Ann's", "Größe 🎁"))
maybe_texts = st.none() | texts
amounts = st.sampled_from((0, 1, 50, 2**31, 2**60))
moments = st.sampled_from(
    (START, NOW - timedelta(hours=1), NOW + timedelta(hours=2), NOW + timedelta(days=9, microseconds=5_000))
) | st.just(datetime(2026, 11, 30, 1, tzinfo=timezone(timedelta(hours=5))))
money = st.builds(
    Money,
    st.sampled_from((Decimal("9.99"), Decimal("1E+3"), Decimal(0))),
    st.just("EUR"),
    st.none() | st.just(Decimal(20)),
)
recurrences = st.none() | st.builds(
    Recurrence,
    st.sampled_from((None, "weekly", "hourly", "never heard")),
    st.sampled_from((None, 1_800_000_000, 1_800_000_000_000, 5)),
)


_BUDGET = SharedBudget(300_000)
"""Small enough to be used up now and then."""

_POOL: dict[tuple[Any, ...], Shared[Any]] = {}


def _shared(values: list[Any]) -> Shared[Any]:
    """The same object for players of different worlds who are shown the same."""
    if len(_POOL) > 1_000:
        _POOL.clear()
    return _POOL.setdefault(tuple(values), Shared(values, _BUDGET))


def shared_or_not(values: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[tuple[Any, ...]]:
    """What only one player is shown, or what many are."""
    return st.booleans().flatmap(lambda is_shared: values.map(_shared if is_shared else tuple))


def worlds(*, is_legal: bool, has_faults: bool) -> st.SearchStrategy[World]:
    """States of the world; illegal ones hold values that the upstream's decoder would not let through."""
    names = texts if is_legal else st.sampled_from(("a", "b", "c", WRONG))
    places = st.sampled_from((0, 1, 7)) if is_legal else st.sampled_from((0, 1, 7, HUGE, "4", WRONG))
    inner = st.builds(Item, sku=names, quantity=amounts)
    items = st.builds(
        Item,
        sku=names,
        type=st.sampled_from(("virtual_good", "bundle", "new kind")),
        name=maybe_texts,
        image_url=maybe_texts,
        is_free=st.booleans(),
        quantity=amounts,
        content=st.none() | st.tuples(inner) | st.tuples(inner, inner),
        bundle_type=st.sampled_from((None, "standard", "new kind")),
        item_id=st.none() | amounts,
    )
    rewards = st.builds(PointReward, names, amounts, maybe_texts, is_clan=st.booleans(), item_id=st.none() | amounts)
    loyalty = st.builds(LoyaltyReward, st.none() | amounts, maybe_texts)
    offer_steps = st.builds(
        OfferStep,
        st.integers(1, 4),
        st.booleans(),
        st.none() | st.booleans(),
        st.none() | money,
        shared_or_not(st.lists(items, max_size=1)),
        st.tuples(rewards) | st.just(()),
        st.tuples(loyalty) | st.just(()),
    )
    offers = st.builds(
        OfferChain,
        id=st.integers(1, 4),
        name=names,
        date_start=moments,
        steps=shared_or_not(st.lists(offer_steps, max_size=3)),
        order=places,
        description=maybe_texts,
        date_end=st.none() | moments,
        recurrent_schedule=recurrences,
        next_step_number=st.sampled_from((UNSET, None, 1, 2, 9)),
    )
    reward_steps = st.builds(
        RewardStep,
        st.integers(1, 9),
        st.builds(StepPrice, amounts),
        names,
        st.booleans(),
        maybe_texts,
        shared_or_not(st.lists(items, max_size=1)),
    )
    popups = st.none() | st.sampled_from(({"de": "Hallo"}, {"en": "Hello", "de": None}, {}))
    chains = st.builds(
        RewardChain,
        reward_chain_id=st.integers(1, 4),
        name=names,
        date_start=moments,
        steps=shared_or_not(st.lists(reward_steps, max_size=3)),
        value_point=st.builds(
            ValuePoint, names, names, maybe_texts, maybe_texts, amount=st.none() | amounts, is_clan=st.booleans()
        ),
        order=places,
        date_end=st.none() | moments,
        clan_type=st.sampled_from((None, "guild", "band")),
        top_contributors=st.sampled_from((None, (), (None,), (Contributor("Rocket", 5),))),
        recurrent_schedule=recurrences,
        popup_header=popups,
        popup_instruction=popups,
    )
    daily_steps = st.builds(
        DailyStep,
        st.integers(1, 4),
        st.sampled_from(("claimed", "claimable", "claim_in_future", "blocked", "never heard")),
        st.sampled_from((None, 0, int(NOW.timestamp()), int(NOW.timestamp()) + 3600, 1_900_000_000_000)),
        shared_or_not(st.lists(items, max_size=1)),
    )
    dailies = st.builds(
        DailyChain,
        id=st.integers(1, 4),
        name=names,
        date_start=moments,
        steps=shared_or_not(st.lists(daily_steps, max_size=3)),
        type=st.sampled_from(("calendar_hard", "rolling", "never heard")),
        order=places,
        description=maybe_texts,
        date_end=st.none() | moments,
        is_recurrent=st.none() | st.booleans(),
    )
    positions = st.builds(OrderItem, names, amounts, st.booleans(), st.none() | money)
    orders = st.builds(
        Order,
        st.just(656),
        st.sampled_from(("new", "done", "strange")),
        st.builds(OrderContent, st.none() | money, st.none() | money, items=st.tuples(positions) | st.just(())),
    )
    limits = st.none() | st.builds(
        Limits,
        per_user=st.none() | st.builds(PurchaseLimit, amounts, st.none() | amounts, recurrences),
        per_item=st.none() | st.builds(PurchaseLimit, amounts, amounts),
    )
    promotions = st.builds(
        Promotion,
        maybe_texts,
        st.none() | moments,
        st.none() | moments,
        st.none() | st.builds(Discount, st.none() | st.just(Decimal("12.50")), st.none() | st.just(Decimal(3))),
        st.tuples(inner) | st.just(()),
        limits,
    )
    sold = st.builds(
        CatalogItem,
        sku=names,
        price=st.none() | money,
        virtual_prices=st.just(()) | st.tuples(st.builds(VirtualPrice, names, amounts, st.none() | amounts)),
        can_be_bought=st.booleans(),
        promotions=st.tuples(promotions) | st.just(()),
        limits=limits,
        vp_rewards=st.tuples(rewards) | st.just(()),
    )
    single = st.dictionaries(st.sampled_from(UPSTREAM_READS), st.sampled_from(FAULTS), max_size=3)
    outages = st.sampled_from(OUTAGES).map(lambda fault: dict.fromkeys(UPSTREAM_READS, fault))
    faults = single | outages if has_faults else st.just({})
    return st.builds(
        World,
        offers=st.builds(Listing, st.lists(offers, max_size=3).map(tuple), st.integers(0, 1)),
        rewards=st.builds(Listing, st.lists(chains, max_size=3).map(tuple), st.integers(0, 1)),
        order=orders,
        contributors=st.just(()) | st.tuples(st.builds(Contributor, names, amounts)),
        catalog=st.builds(Listing, st.lists(sold, max_size=3).map(tuple), st.integers(0, 1)),
        balance=st.none() | amounts,
        faults=faults,
        is_signed_in=st.booleans(),
        balance_seconds=st.sampled_from((0.0, 5.0)),
        copies_seconds=st.sampled_from((None, 6.0, 100.0)) if has_faults else st.none(),
        dailies=st.builds(Listing, st.lists(dailies, max_size=3).map(tuple), st.integers(0, 1)),
    )
