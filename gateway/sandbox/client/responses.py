"""The bodies of the client calls, field by field (client contract, 1 to 5)."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from gateway.sandbox.domain.languages import Texts


class StepPrice(msgspec.Struct, frozen=True):
    """Real money of an offer step: the amount is a JSON number here, unlike an order's."""

    amount: Decimal
    currency: str


class ResetSchedule(msgspec.Struct, frozen=True):
    """When a chain starts over, in seconds since 1970; the contract knows milliseconds as well and shows seconds."""

    interval_type: str
    reset_next_date: int


class ChainItem(msgspec.Struct, frozen=True):
    """An item of an offer step or of a daily step, or inside such a bundle."""

    item_id: int
    sku: str
    type: str
    name: str
    description: str | None
    bundle_type: str | None
    image_url: str | None
    is_free: bool
    quantity: int
    order: int
    content: list["ChainItem"] | None


class StepPoints(msgspec.Struct, frozen=True):
    """Value points that buying a step gives."""

    item_id: int
    sku: str
    name: str
    amount: int
    image_url: str
    is_clan: bool


class StepLoyaltyPoints(msgspec.Struct, frozen=True):
    """Loyalty points that buying a step gives; the contract has no field of them, so these are the value points'."""

    sku: str
    name: str
    amount: int
    image_url: str | None


class OfferStep(msgspec.Struct, frozen=True):
    """A step of an offer chain."""

    step_number: int
    is_free: bool
    is_claimed: bool
    step_price: StepPrice | None
    items: list[ChainItem]
    step_vp_rewards: list[StepPoints]
    step_loyalty_rewards: list[StepLoyaltyPoints]


class OfferChain(msgspec.Struct, frozen=True):
    """An offer chain with the player's progress; `next_step_number` null means finished."""

    id: int
    name: str
    description: str | None
    order: int
    date_start: str
    date_end: str | None
    steps: list[OfferStep]
    recurrent_schedule: ResetSchedule | None
    next_step_number: int | None


class DailyStep(msgspec.Struct, frozen=True):
    """A step of a daily chain; `unlocked_date` is in seconds since 1970."""

    step_number: int
    status: str
    unlocked_date: int
    items: list[ChainItem]


class DailyChain(msgspec.Struct, frozen=True):
    """A daily chain with the player's progress."""

    id: int
    name: str
    description: str | None
    order: int
    type: str
    date_start: str
    date_end: str | None
    steps: list[DailyStep]


class Page(msgspec.Struct, frozen=True):
    """A page of a list."""

    items: Sequence["OfferChain | RewardChain | DailyChain"]
    has_more: bool
    total_items_count: int


class ClaimedStep(msgspec.Struct, frozen=True):
    """Response to a free step's claim."""

    order_id: int


class OrderedStep(msgspec.Struct, frozen=True):
    """Response to a paid step's order; the token opens the payment page."""

    order_id: int
    token: str


class ValuePointAmount(msgspec.Struct, frozen=True):
    """A value point with the balance of the player or their clan."""

    sku: str
    name: str
    image_url: str
    description: str | None
    long_description: str | None
    amount: int
    is_clan: bool


class PointsPrice(msgspec.Struct, frozen=True):
    """Points that a reward step needs."""

    amount: int


class RewardItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reward; `bundle_type` is only there for bundles, and only in the response to the clan update."""

    sku: str
    name: str
    type: str
    description: str | None
    image_url: str | None
    quantity: int
    bundle_type: str | msgspec.UnsetType = msgspec.UNSET


class RewardStep(msgspec.Struct, frozen=True):
    """A step of a reward chain; claimed by its id, its place is that in the list."""

    step_id: int
    name: str
    is_claimed: bool
    image_url: str | None
    price: PointsPrice
    reward: list[RewardItem]


class Contributor(msgspec.Struct, frozen=True):
    """A member of the clan with what they have earned for it."""

    name: str
    contributed_amount: int


class RewardChain(msgspec.Struct, frozen=True):
    """A reward chain with the player's progress; the popup texts are maps of languages, all others are localised."""

    reward_chain_id: int
    name: str
    description: str | None
    long_description: str | None
    image_url: str | None
    order: int
    date_start: str
    date_end: str | None
    clan_type: str | None
    top_contributors: list[Contributor]
    value_point: ValuePointAmount
    steps: list[RewardStep]
    recurrent_schedule: ResetSchedule | None
    popup_header: Texts | None
    popup_instruction: Texts | None
    popup_image_url: str | None


class ClanUpdate(msgspec.Struct, frozen=True):
    """The rewards that the former clan's chains gave on leaving."""

    reward: list[RewardItem]


class OrderPrice(msgspec.Struct, frozen=True):
    """Money of an order: decimal strings."""

    amount: str
    amount_without_discount: str
    currency: str


class OrderItem(msgspec.Struct, frozen=True):
    """An item of an order."""

    sku: str
    quantity: int
    is_free: bool
    price: OrderPrice | None


class OrderContent(msgspec.Struct, frozen=True):
    """What an order costs and holds; there are no orders in virtual currency here."""

    price: OrderPrice | None
    virtual_price: OrderPrice | None
    is_free: bool
    items: list[OrderItem]


class Order(msgspec.Struct, frozen=True):
    """An order."""

    order_id: int
    status: str
    content: OrderContent
