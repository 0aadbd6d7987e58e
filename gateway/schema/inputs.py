"""What mutations take: one input each."""

from typing import Any

import strawberry

from gateway.domain.payment import OrderMode
from gateway.schema.fields import describe_enum
from gateway.schema.scalars import BigInt

describe_enum(
    OrderMode,
    "Who sends an order to the upstream, which takes prices and payment methods from the sender's address.",
    {
        "GATEWAY": "The gateway sends the order and returns it.",
        "DIRECT": "The gateway checks the step or item and returns the request that the game sends from the player's "
        "device; tell the gateway of the order with `trackOrder`.",
    },
)

_KEY_TEXT = (
    "Makes it safe to send the mutation again: for 24 hours the same key and arguments get the same result, and "
    "nothing is done twice. Use a new random text (a UUID) for each action of the player, 1 to 128 printable ASCII "
    "characters."
)


def idempotency_key() -> Any:
    """The field that every input has."""
    return strawberry.field(default=None, description=_KEY_TEXT)


def locale() -> Any:
    """The field of every input whose payload has texts, or whose payment page has."""
    return strawberry.field(
        default=None,
        description="The language of the payload's texts, as a tag such as `pt-BR`; by default `Accept-Language` says.",
    )


def cycle() -> Any:
    """The field of every input that names a chain or a step."""
    return strawberry.field(
        default=None,
        description="The `cycle` of the chain's `schedule` when the player decided. Once the chain has started over, "
        "nothing is sent, and `userErrors` has `CYCLE_CHANGED`. Costs an upstream call.",
    )


@strawberry.input(description="The free step to claim.")
class ClaimOfferChainStepInput:
    step_id: strawberry.ID = strawberry.field(description="The `id` of the `OfferStep`.")
    idempotency_key: str | None = idempotency_key()
    cycle: str | None = cycle()
    locale: str | None = locale()


@strawberry.input(description="The paid step to order.")
class OrderOfferChainStepInput:
    step_id: strawberry.ID = strawberry.field(description="The `id` of the `OfferStep`.")
    mode: OrderMode | None = strawberry.field(
        default=None, description="Who sends the order. The default is a setting of the gateway."
    )
    idempotency_key: str | None = idempotency_key()
    cycle: str | None = cycle()
    locale: str | None = locale()


@strawberry.input(description="The item of the catalog to order.")
class OrderItemInput:
    sku: str = strawberry.field(description="The `sku` of the `Item`, such as one of `RewardChain.earnBy`.")
    quantity: int = strawberry.field(default=1, description="How many to order, at least 1.")
    mode: OrderMode | None = strawberry.field(
        default=None, description="Who sends the order. The default is a setting of the gateway."
    )
    idempotency_key: str | None = idempotency_key()
    locale: str | None = locale()


@strawberry.input(description="The reward step to claim.")
class ClaimRewardChainStepInput:
    step_id: strawberry.ID = strawberry.field(description="The `id` of the `RewardStep`.")
    idempotency_key: str | None = idempotency_key()
    cycle: str | None = cycle()
    locale: str | None = locale()


@strawberry.input(description="The step of the day to claim.")
class ClaimDailyChainStepInput:
    step_id: strawberry.ID = strawberry.field(description="The `id` of the `DailyStep`.")
    idempotency_key: str | None = idempotency_key()
    cycle: str | None = cycle()
    locale: str | None = locale()


@strawberry.input(description="The chain whose ready steps to claim: give exactly one of the two ids.")
class ClaimAvailableRewardsInput:
    reward_chain_id: strawberry.ID | None = strawberry.field(default=None, description="The `id` of the `RewardChain`.")
    daily_chain_id: strawberry.ID | None = strawberry.field(default=None, description="The `id` of the `DailyChain`.")
    idempotency_key: str | None = idempotency_key()
    cycle: str | None = cycle()
    locale: str | None = locale()


@strawberry.input(description="How to adopt the player's clan.")
class UpdateClanInput:
    idempotency_key: str | None = idempotency_key()
    locale: str | None = locale()


@strawberry.input(description="Which order was made from the player's device.")
class TrackOrderInput:
    upstream_id: BigInt = strawberry.field(description="The `order_id` in the vendor's response to the direct request.")
    idempotency_key: str | None = idempotency_key()
