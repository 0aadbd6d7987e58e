"""The query root and the viewer: everything that one screen shows, in one request."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeVar

import strawberry

from gateway.domain import badge, rules
from gateway.domain.images import image_urls
from gateway.domain.models import Chain, Listing
from gateway.errors import BadUserInput, UpstreamInvalid
from gateway.schema import ids
from gateway.schema.badge import Badge, BadgeView
from gateway.schema.context import Info, add_partial_error
from gateway.schema.daily_chains import DailyChain, DailyChainView
from gateway.schema.fields import computed
from gateway.schema.offer_chains import OfferChain, OfferChainView
from gateway.schema.orders import Order, OrderStatus
from gateway.schema.reward_chains import RewardChain
from gateway.schema.reward_views import RewardChainView, load_all_points, reward_chain_view, reward_chain_views

C = TypeVar("C", bound=Chain)

DEFAULT_WAIT_SECONDS = 20
"""How long `waitForOrder` waits by default."""

LONGEST_WAIT_SECONDS = 55
"""The longest wait: many proxies time out after a minute. A longer one is refused, and not shortened, so that the
game's developers notice."""

LocaleArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The language of all texts, as a tag such as `pt-BR`, whatever `Accept-Language` says. All parts "
        "of an operation need the same one."
    ),
]
"""The argument of every field that leads to the player."""


@strawberry.type(description="The player whose token came with the request, or an anonymous caller.")
class Viewer:
    @computed(
        description="Identifies the player in client caches; no argument takes it. It stays the same when a token is "
        "renewed, if tokens name their player; all anonymous callers share one."
    )
    @staticmethod
    def id(info: Info) -> strawberry.ID:
        return strawberry.ID(ids.viewer_id(info.context.player.caller.identity))

    @computed(description="Whether a player's token came with the request. Without one, progress is not shown.")
    @staticmethod
    def is_signed_in(info: Info) -> bool:
        return info.context.player.is_signed_in

    @computed(
        description="The language that the upstream was asked for: `locale`, or the first choice of `Accept-Language`. "
        "Null where the upstream chooses. It does not say which language its texts are in."
    )
    @staticmethod
    def locale_used(info: Info) -> str | None:
        return next(iter(info.context.player.caller.language_tags), None)

    @computed(
        description="Whether the player is in a clan, as far as their clan chains show it: null without a token, "
        "without a clan chain, and where the upstream does not list a clan's contributors. A clan in which nobody has "
        "contributed yet looks the same as none.",
        graphql_type=bool | None,
    )
    @staticmethod
    async def is_in_clan(info: Info) -> bool | None:
        player = info.context.player
        if not player.is_signed_in:
            return None
        return rules.is_in_clan((await player.reads.reward_chains()).listing.items)

    @computed(
        description="All running offer chains, in the order to show them in.", graphql_type=list[OfferChain] | None
    )
    @staticmethod
    async def offer_chains(info: Info) -> Sequence[OfferChainView]:
        context = info.context
        player, now = context.player, context.moment
        listing = await player.reads.offer_chains()
        _tell_unreadable(info, listing)
        stale_seconds = player.reads.stale_seconds("offer_chains")
        return OfferChainView.of_all(listing.items, player, now, stale_seconds)

    @computed(description="One offer chain; null if the player has none with this id.", graphql_type=OfferChain | None)
    @staticmethod
    async def offer_chain(info: Info, id: strawberry.ID) -> OfferChainView | None:  # noqa: A002 - the argument's name
        (chain_id,) = ids.decode_argument(ids.IdKind.OFFER_CHAIN, id)
        player = info.context.player
        chain = await player.reads.offer_chain(chain_id)
        if chain is None:
            return None
        stale_seconds = player.reads.stale_seconds("offer_chain", str(chain_id))
        return OfferChainView.of(chain, player, info.context.moment, stale_seconds)

    @computed(
        description="All reward chains, personal and clan, in the order to show them in.",
        graphql_type=list[RewardChain] | None,
    )
    @staticmethod
    async def reward_chains(info: Info) -> Sequence[RewardChainView]:
        with_points = info.needs(RewardChainView.load_points)
        listing, views = await reward_chain_views(info.context.player, info.context.moment, with_points=with_points)
        _tell_unreadable(info, listing)
        return views

    @computed(
        description="One reward chain; null if the player has none with this id.", graphql_type=RewardChain | None
    )
    @staticmethod
    async def reward_chain(info: Info, id: strawberry.ID) -> RewardChainView | None:  # noqa: A002 - the argument's name
        (chain_id,) = ids.decode_argument(ids.IdKind.REWARD_CHAIN, id)
        with_points = info.needs(RewardChainView.load_points)
        return await reward_chain_view(info.context.player, chain_id, info.context.moment, with_points=with_points)

    @computed(
        description="All running daily chains, in the order to show them in.", graphql_type=list[DailyChain] | None
    )
    @staticmethod
    async def daily_chains(info: Info) -> Sequence[DailyChainView]:
        context = info.context
        player, now = context.player, context.moment
        listing = await player.daily.chains()
        _tell_unreadable(info, listing)
        stale_seconds = player.reads.stale_seconds("daily_chains")
        return DailyChainView.of_all(listing.items, player, now, stale_seconds)

    @computed(description="One daily chain; null if the player has none with this id.", graphql_type=DailyChain | None)
    @staticmethod
    async def daily_chain(info: Info, id: strawberry.ID) -> DailyChainView | None:  # noqa: A002 - the argument's name
        (chain_id,) = ids.decode_argument(ids.IdKind.DAILY_CHAIN, id)
        player = info.context.player
        chain = await player.daily.chain(chain_id)
        stale_seconds = player.reads.stale_seconds("daily_chain", str(chain_id))
        return None if chain is None else DailyChainView.of(chain, player, info.context.moment, stale_seconds)

    @computed(description="What the main menu shows about all chains: the red dot.", graphql_type=Badge | None)
    @staticmethod
    async def badge(info: Info) -> BadgeView:
        player, now = info.context.player, info.context.now
        listing, (_, rewards), daily_listing = await asyncio.gather(
            player.reads.offer_chains(),
            reward_chain_views(player, now, with_points=True),
            player.daily.chains(),
        )
        await load_all_points(rewards)
        offers = OfferChainView.of_all(listing.items, player, now)
        dailies = DailyChainView.of_all(daily_listing.items, player, now)
        counts = badge.badge(
            [(view.progress, view.plan) for view in offers],
            [(view.progress, view.plan) for view in rewards],
            [(view.progress, view.plan) for view in dailies],
            now,
        )
        lists = map(player.reads.stale_seconds, ("offer_chains", "daily_chains"))
        ages = (*lists, *(view.stale_seconds for view in rewards))
        return BadgeView(counts, max((age for age in ages if age is not None), default=None))

    @computed(description="Every picture that the chains show, each once: preload them.")
    @staticmethod
    async def image_urls(info: Info) -> list[str] | None:
        player = info.context.player
        offers, rewards, dailies = await asyncio.gather(
            player.reads.offer_chains(), player.reads.reward_chains(), player.daily.chains()
        )
        return list(image_urls(offers.items, rewards.listing.items, dailies.items))


@strawberry.type(description="What the request's token says about itself.")
class Session:
    @computed(
        description="Seconds until the token expires: renew it before. Null without a token, or if it does not say."
    )
    @staticmethod
    def expires_in_seconds(info: Info) -> int | None:
        expires_at = info.context.player.caller.expires_at
        return None if expires_at is None else max(0, int(expires_at - info.context.now.timestamp()))


@strawberry.type(description="Every query that a game can send.")
class Query:
    @computed(description="The player whose token came with the request.")
    @staticmethod
    def viewer(
        info: Info,
        locale: LocaleArgument = None,
        refresh: Annotated[
            bool,
            strawberry.argument(
                description="Read chains and points again, for pull-to-refresh: at most once in 5 seconds. An earlier "
                "request is answered from the cache, and `extensions.refresh` says when the next refresh is possible."
            ),
        ] = False,
    ) -> Viewer:
        info.context.choose_locale(locale)
        if refresh:
            info.context.player.refresh()
        return Viewer()

    @computed(description="What the request's token says about itself. Costs no upstream call.")
    @staticmethod
    def session() -> Session:
        return Session()

    @computed(description="One of the player's orders; null if they have none with this id.", graphql_type=Order | None)
    @staticmethod
    async def order(info: Info, id: strawberry.ID) -> object:  # noqa: A002 - the argument's name
        (order_id,) = ids.decode_argument(ids.IdKind.ORDER, id)
        return await info.context.player.reads.order(order_id)

    @computed(
        description="One of the player's orders, as soon as its status changes or the time is over: query again until "
        "it is `isTerminal`. For games that cannot subscribe. Null if the player has none with this id.",
        graphql_type=Order | None,
    )
    @staticmethod
    async def wait_for_order(
        info: Info,
        id: strawberry.ID,  # noqa: A002 - the argument's name
        after: Annotated[
            OrderStatus | None,
            strawberry.argument(
                description="The status that the game shows: the response comes as soon as the order is past it. The "
                "default is the status of the order when the request comes."
            ),
        ] = strawberry.UNSET,
        timeout_seconds: Annotated[
            int | None, strawberry.argument(description="How long to wait at most: 1 to 55 seconds.")
        ] = DEFAULT_WAIT_SECONDS,
    ) -> object:
        (order_id,) = ids.decode_argument(ids.IdKind.ORDER, id)
        seconds = DEFAULT_WAIT_SECONDS if timeout_seconds is None else timeout_seconds
        if not 1 <= seconds <= LONGEST_WAIT_SECONDS:
            raise BadUserInput(f"`timeoutSeconds` must be from 1 to {LONGEST_WAIT_SECONDS}.")
        status = after.value if isinstance(after, OrderStatus) else None
        return await info.context.player.waits.wait_for_order(order_id, status, seconds)

    @computed(description="The gateway's time. Count down against it, and not against the device's clock.")
    @staticmethod
    def server_time(info: Info) -> datetime:
        return info.context.now


def _tell_unreadable(info: Info, listing: Listing[C]) -> None:
    if listing.unreadable:
        add_partial_error(
            info, UpstreamInvalid(f"{listing.unreadable} of the chains could not be read and are left out.")
        )
