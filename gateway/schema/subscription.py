"""The subscription root: events of an order, and of changes in the player's chains."""

import strawberry

from gateway.concurrency.streams import Stream
from gateway.domain import models
from gateway.errors import BadUserInput
from gateway.events.changes import Change, ChangeReason
from gateway.schema import ids
from gateway.schema.context import Info
from gateway.schema.fields import computed, describe_enum, streamed
from gateway.schema.orders import Order
from gateway.schema.query import LocaleArgument, Viewer

describe_enum(
    ChangeReason,
    "Why the player's chains changed, or may have changed.",
    {
        "CLAIM": "A step was claimed, perhaps on another device.",
        "ORDER_PLACED": "A step was ordered; it is not paid yet.",
        "ORDER_PAID": "An order was paid, or its items were granted.",
        "ORDER_CANCELED": "An order was canceled, or its payment was returned.",
        "CLAN": "The player's clan changed.",
        "OTHER": "Something else, or a reason that this schema does not define yet.",
    },
)


@strawberry.type(
    description="What changed for the player, and the player after the change. Select what the screen shows."
)
class ChainsChange:
    @computed(
        description="The reasons of the change. There are several if more than one thing happened since the last event."
    )
    @staticmethod
    def reasons(root: strawberry.Parent[Change]) -> list[ChangeReason]:
        return [reason for reason in ChangeReason if reason in root.reasons]

    @computed(description="The offer chains that changed. If all three lists are empty, any chain may have changed.")
    @staticmethod
    def offer_chain_ids(root: strawberry.Parent[Change]) -> list[strawberry.ID]:
        return _ids(ids.IdKind.OFFER_CHAIN, root.offer_chain_ids)

    @computed(description="The reward chains that changed. If all three lists are empty, any chain may have changed.")
    @staticmethod
    def reward_chain_ids(root: strawberry.Parent[Change]) -> list[strawberry.ID]:
        return _ids(ids.IdKind.REWARD_CHAIN, root.reward_chain_ids)

    @computed(description="The daily chains that changed. If all three lists are empty, any chain may have changed.")
    @staticmethod
    def daily_chain_ids(root: strawberry.Parent[Change]) -> list[strawberry.ID]:
        return _ids(ids.IdKind.DAILY_CHAIN, root.daily_chain_ids)

    @computed(description="The player, read after the change.")
    @staticmethod
    def viewer(info: Info, locale: LocaleArgument = None) -> Viewer:
        info.context.choose_locale(locale)
        return Viewer()


@strawberry.type(description="Every subscription that a game can start.")
class Subscription:
    @streamed(
        description="An order as it is now, and again whenever it changes. Ends after a final status, and after 10 "
        "minutes at most.",
        graphql_type=Order,
    )
    @staticmethod
    async def order_updated(info: Info, id: strawberry.ID) -> Stream[models.Order]:  # noqa: A002 - the argument's name
        (order_id,) = ids.decode_argument(ids.IdKind.ORDER, id)
        states = await info.context.player.waits.watch_order(order_id)
        if states is None:
            raise BadUserInput("The player has no order with this id.")
        return states

    @streamed(
        description="An event whenever the player's chains changed, here or on another device. Several changes within "
        "a short time may come as one event.",
        graphql_type=ChainsChange,
    )
    @staticmethod
    async def chains_changed(info: Info) -> Stream[Change]:
        return await info.context.player.waits.changes()


def _ids(kind: ids.IdKind, numbers: frozenset[int]) -> list[strawberry.ID]:
    return [strawberry.ID(ids.encode(kind, number)) for number in sorted(numbers)]
