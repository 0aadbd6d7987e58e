"""The payloads of mutations: one each, with business refusals in `userErrors`."""

from typing import Any

import strawberry

from gateway.domain import models
from gateway.domain.payment import PaymentMode
from gateway.domain.refusals import MESSAGES, UserErrorCode
from gateway.schema import ids
from gateway.schema.common import Item
from gateway.schema.context import Info
from gateway.schema.daily_chains import DailyChain, DailyChainView
from gateway.schema.fields import computed, describe_enum, object_id, read
from gateway.schema.offer_chains import OfferChain, OfferChainView
from gateway.schema.orders import Order, OrderPolicy
from gateway.schema.outcomes import (
    ClaimAllOutcome,
    ItemOrderOutcome,
    OfferStepOutcome,
    StepClaimOutcome,
    StepClaimView,
    TrackedOutcome,
    UserErrorView,
)
from gateway.schema.reward_chains import RewardChain
from gateway.schema.reward_views import RewardChainView, reward_chain_view, reward_chain_views
from gateway.schema.scalars import BigInt

describe_enum(UserErrorCode, "Why something was not done.", {code.name: text for code, text in MESSAGES.items()})
describe_enum(
    PaymentMode,
    "Whether paying moves real money.",
    {"LIVE": "Real money.", "SANDBOX": "Test cards only: no money moves."},
)


@strawberry.type(description="Why something that the player wanted was not done.")
class UserError:
    code: UserErrorCode = read("code", "The reason, for the game's own text.")
    path: list[str] = read("path", "The input field that the reason is about.")
    upstream_code: int | None = read("upstream_code", "The upstream's own error number, for support.")

    @computed(description="The reason in English, for developers; with the upstream's own words where GraphiQL is on.")
    @staticmethod
    def message(root: strawberry.Parent[UserErrorView]) -> str:
        message = MESSAGES[root.code]
        return f"{message} The upstream says: {root.upstream_message}" if root.upstream_message else message

    @computed(description="Whether the same input may succeed when it is sent again unchanged.")
    @staticmethod
    def is_retryable(root: strawberry.Parent[UserErrorView]) -> bool:
        return root.code in {UserErrorCode.UNAVAILABLE, UserErrorCode.IN_PROGRESS}


_CHAIN_TEXT = "The chain after the mutation, newly read: draw it again."


def fresh_offer_chain() -> Any:
    """A field that reads the offer chain of an outcome; it costs its call only where it is selected."""

    async def resolve(root: strawberry.Parent[OfferStepOutcome], info: Info) -> OfferChainView | None:
        chain = None if root.chain_id is None else await info.context.player.reads.offer_chain(root.chain_id)
        return None if chain is None else OfferChainView.of(chain, info.context.player, info.context.moment)

    return strawberry.field(resolver=resolve, description=_CHAIN_TEXT, graphql_type=OfferChain | None)


def fresh_reward_chain() -> Any:
    """A field that reads the reward chain of an outcome; it costs its call only where it is selected."""

    async def resolve(
        root: strawberry.Parent[StepClaimOutcome | ClaimAllOutcome], info: Info
    ) -> RewardChainView | None:
        if root.chain_id is None or (isinstance(root, ClaimAllOutcome) and root.is_daily):
            return None
        with_points = info.needs(RewardChainView.load_points)
        return await reward_chain_view(info.context.player, root.chain_id, info.context.moment, with_points=with_points)

    return strawberry.field(resolver=resolve, description=_CHAIN_TEXT, graphql_type=RewardChain | None)


def fresh_daily_chain() -> Any:
    """A field that reads the daily chain of an outcome; it costs its call only where it is selected."""

    async def resolve(root: strawberry.Parent[StepClaimOutcome | ClaimAllOutcome], info: Info) -> DailyChainView | None:
        if root.chain_id is None or (isinstance(root, ClaimAllOutcome) and not root.is_daily):
            return None
        chain = await info.context.player.daily.chain(root.chain_id)
        return None if chain is None else DailyChainView.of(chain, info.context.player, info.context.moment)

    return strawberry.field(resolver=resolve, description=_CHAIN_TEXT, graphql_type=DailyChain | None)


@strawberry.type
class Payload:
    """What every payload has."""

    user_errors: list[UserError] = read("errors", "Why it was not done; empty if it was done.")
    is_replay: bool = read(
        "is_replay",
        "Whether this comes from an earlier request with the same `idempotencyKey`: nothing was sent now. Chains and "
        "orders in it are newly read all the same.",
    )


@strawberry.type(description="The result of claiming a free step.")
class ClaimOfferChainStepPayload(Payload):
    offer_chain: OfferChain | None = fresh_offer_chain()

    @computed(description="The id of the order that granted the item; null if nothing was claimed.")
    @staticmethod
    def order_id(root: strawberry.Parent[OfferStepOutcome]) -> strawberry.ID | None:
        return None if root.order_id is None else strawberry.ID(ids.encode(ids.IdKind.ORDER, root.order_id))


@strawberry.type(description="An order that waits for payment.")
class PlacedOrder:
    upstream_id: BigInt = read("order_id", "The order's number in the vendor's webhooks and Publisher Account.")
    token: str | None = read(
        "token", "The secret that opens the payment page, for games that embed it; null if the upstream sent none."
    )
    id: strawberry.ID = object_id(ids.IdKind.ORDER, "The order's id, for reading whether it is paid.", "order_id")

    @computed(
        description="The payment page: open it in a browser or a web view. Null if the upstream sent no token: the "
        "order is there, and the gateway watches it, but it cannot be paid there."
    )
    @staticmethod
    def payment_url(root: strawberry.Parent[models.PlacedOrder], info: Info) -> str | None:
        return None if root.token is None else info.context.payment_page.url(root.token)

    @computed(description="How the gateway watches it.")
    @staticmethod
    def policy() -> OrderPolicy:
        return OrderPolicy()

    @computed(description="Whether paying moves real money.")
    @staticmethod
    def payment_mode(info: Info) -> PaymentMode:
        return info.context.payment_page.mode


@strawberry.type(description="One header of a request.")
class RequestHeader:
    @computed(description="The header's name.")
    @staticmethod
    def name(root: strawberry.Parent[tuple[str, str]]) -> str:
        return root[0]

    @computed(description="The header's value; that of `authorization` is the player's own token.")
    @staticmethod
    def value(root: strawberry.Parent[tuple[str, str]]) -> str:
        return root[1]


@strawberry.type(description="A request to send from the player's device, unchanged.")
class DirectRequest:
    method: str = read("method", "The HTTP method.")
    url: str = read("url", "The address.")
    headers: list[RequestHeader] = read("headers", "The headers to send.")
    body: str | None = read("body", "The body to send, as it is; null: send an empty one.")


@strawberry.type
class OrderPayload(Payload):
    """What the payload of every order has."""

    order: PlacedOrder | None = read("order", "The order to pay; null if the gateway made none.")

    @computed(
        description="In direct mode: the request that makes the order. Send it, open the payment page with the `token` "
        "of its response, and give the `order_id` to `trackOrder`. Null in gateway mode and with `userErrors`.",
        graphql_type=DirectRequest | None,
    )
    @staticmethod
    def request(root: strawberry.Parent[OfferStepOutcome | ItemOrderOutcome], info: Info) -> object:
        writes = info.context.player.writes
        if isinstance(root, ItemOrderOutcome):
            return None if root.direct is None else writes.direct_item_order(root.direct)
        if root.chain_id is None or root.direct_number is None:
            return None
        return writes.direct_order(root.chain_id, root.direct_number)

    @computed(
        description="The order that an earlier try with this key made, whose response was lost and which a webhook "
        "reported. Null in every other case.",
        graphql_type=Order | None,
    )
    @staticmethod
    async def settled_order(
        root: strawberry.Parent[OfferStepOutcome | ItemOrderOutcome], info: Info
    ) -> models.Order | None:
        return None if root.settled_order_id is None else await info.context.player.reads.order(root.settled_order_id)


@strawberry.type(description="The result of ordering a paid step.")
class OrderOfferChainStepPayload(OrderPayload):
    offer_chain: OfferChain | None = fresh_offer_chain()


@strawberry.type(description="The result of ordering an item.")
class OrderItemPayload(OrderPayload):
    pass


@strawberry.type(description="The order that the gateway watches now.")
class TrackOrderPayload(Payload):
    @computed(
        description="The order as it is now; null if the player has none with this number.", graphql_type=Order | None
    )
    @staticmethod
    async def order(root: strawberry.Parent[TrackedOutcome], info: Info) -> models.Order | None:
        if root.order is not None or root.order_id is None:
            return root.order
        return await info.context.player.reads.order(root.order_id)


@strawberry.type(description="The result of claiming a reward step.")
class ClaimRewardChainStepPayload(Payload):
    reward_chain: RewardChain | None = fresh_reward_chain()


@strawberry.type(description="The result of claiming a daily step.")
class ClaimDailyChainStepPayload(Payload):
    daily_chain: DailyChain | None = fresh_daily_chain()


@strawberry.type(description="The result for one step when every ready step was claimed.")
class StepClaim:
    is_claimed: bool = read("is_claimed", "Whether the step is claimed now.")
    user_error: UserError | None = read("error", "Why the step was not claimed; null if it was.")

    @computed(description="The id of the `RewardStep` or of the `DailyStep`.")
    @staticmethod
    def step_id(root: strawberry.Parent[StepClaimView]) -> strawberry.ID:
        kind = ids.IdKind.DAILY_STEP if root.is_daily else ids.IdKind.REWARD_STEP
        return strawberry.ID(ids.encode(kind, root.chain_id, root.step_id))


@strawberry.type(description="The result of claiming every ready step of a chain.")
class ClaimAvailableRewardsPayload(Payload):
    results: list[StepClaim] = read("results", "One entry for each step that was ready, in the chain's order.")
    reward_chain: RewardChain | None = fresh_reward_chain()
    daily_chain: DailyChain | None = fresh_daily_chain()
    user_errors: list[UserError] = read("errors", "Why no claim was sent. Errors of single steps are in `results`.")


@strawberry.type(description="The result of a change of clan.")
class UpdateClanPayload(Payload):
    rewards: list[Item] = read(
        "rewards", "The items that were unclaimed in the former clan and are granted now: show them."
    )

    @computed(
        description="The reward chains after the mutation, newly read: draw them again.",
        graphql_type=list[RewardChain] | None,
    )
    @staticmethod
    async def reward_chains(info: Info) -> list[RewardChainView]:
        with_points = info.needs(RewardChainView.load_points)
        return (await reward_chain_views(info.context.player, info.context.moment, with_points=with_points))[1]
