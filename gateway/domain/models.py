"""The vocabulary: what the upstream says about a player's chains, as frozen values in the upstream's own words.

Fields are as strict as the client contract lets them be. The vendor marks almost nothing as required, so a field is
required here only where nothing can be shown or done without it; every other one has the value that an absent field
means. Enumerations stay text, because the vendor may add values at any time.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import force_setattr

T = TypeVar("T")

Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
"""A whole number that GraphQL's Int can show; positions and step numbers are this small."""

Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""Any other whole number: JSON has longer ones, but no client could be shown them, and ids are remembered by them."""

MOST_DIGITS = 30
"""Digits before the point of an amount, or zeros after it; an exponent can claim millions of either in a few bytes."""


def can_be_shown(number: Decimal) -> bool:
    """Whether a number is finite and within `MOST_DIGITS`."""
    return number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS


class Money(Struct, frozen=True, gc=False):
    """An exact amount in a currency: ISO 4217, or the SKU of a virtual currency.

    `amount_without_discount` is what it was before a discount, as the upstream sent it: see `before_discount`.

    Raises ValueError for an amount that is no number, or not within `MOST_DIGITS`. One without a discount is left out.
    """

    amount: Decimal
    currency: str
    amount_without_discount: Decimal | None = None

    def __post_init__(self) -> None:
        if not can_be_shown(self.amount):
            raise ValueError("The amount is not a number that can be shown.")
        if self.amount_without_discount is not None and not can_be_shown(self.amount_without_discount):
            force_setattr(self, "amount_without_discount", None)

    @property
    def before_discount(self) -> "Money | None":
        """The price without the discount; None where there is no discount."""
        full = self.amount_without_discount
        return Money(full, self.currency) if full is not None and full > self.amount else None


class Item(Struct, frozen=True, gc=False):
    """What a step or an order gives: one kind of item and how many of it (client contract, 1.4 and 2.1).

    Rewards of reward steps have no `item_id`.
    """

    sku: str
    type: str = ""
    name: str | None = None
    description: str | None = None
    image_url: str | None = None
    is_free: bool = False
    quantity: Int64 = 1
    content: "tuple[Item, ...] | None" = None
    bundle_type: str | None = None
    item_id: Int64 | None = None


class PointReward(Struct, frozen=True, gc=False):
    """Value points that a step gives when it is taken (client contract, 1.3)."""

    sku: str
    amount: Int64
    name: str | None = None
    image_url: str | None = None
    is_clan: bool = False
    item_id: Int64 | None = None


class LoyaltyReward(Struct, frozen=True, gc=False):
    """Loyalty points that a step gives when it is taken.

    The vendor publishes no field of it (client contract, 1.3). The reading taken: those that value points have in the
    same place, any of which may be missing.
    """

    amount: Int64 | None = None
    sku: str | None = None
    name: str | None = None
    image_url: str | None = None
    item_id: Int64 | None = None


class Recurrence(Struct, frozen=True, gc=False):
    """When progress starts over. `reset_next_date` is Unix time in seconds or milliseconds: see `reset_time`."""

    interval_type: str | None = None
    reset_next_date: Int64 | None = None


class OfferStep(Struct, frozen=True, gc=False):
    """One step of an offer chain; it goes by its number.

    `is_claimed` is None where the upstream leaves it out, as one vendor sample does.
    """

    step_number: Int32
    is_free: bool
    is_claimed: bool | None = None
    step_price: Money | None = None
    items: tuple[Item, ...] = ()
    step_vp_rewards: tuple[PointReward, ...] = ()
    step_loyalty_rewards: tuple[LoyaltyReward, ...] = ()


class OfferChain(Struct, frozen=True, gc=False):
    """A sequence of steps, each free or bought, taken strictly in order (client contract, 1.2).

    `next_step_number` is None when the chain is finished, and UNSET when the upstream did not say.
    """

    id: Int64
    name: str
    date_start: datetime
    steps: tuple[OfferStep, ...]
    order: Int32 = 0
    description: str | None = None
    date_end: datetime | None = None
    recurrent_schedule: Recurrence | None = None
    next_step_number: Int32 | UnsetType | None = UNSET


class ValuePoint(Struct, frozen=True, gc=False):
    """A kind of points and how many of them the player or the clan holds (client contract, 2.2).

    `amount` is None where the upstream leaves it out.
    """

    sku: str
    name: str
    image_url: str | None = None
    description: str | None = None
    long_description: str | None = None
    amount: Int64 | None = None
    is_clan: bool = False


class Contributor(Struct, frozen=True, gc=False):
    """A clan member and the points that they brought."""

    name: str
    contributed_amount: Int64


class StepPrice(Struct, frozen=True, gc=False):
    """Value points that a reward step requires."""

    amount: Int64


class RewardStep(Struct, frozen=True, gc=False):
    """One step of a reward chain; it goes by `step_id`, and its place in the array is its place in the chain."""

    step_id: Int64
    price: StepPrice
    name: str = ""
    is_claimed: bool = False
    image_url: str | None = None
    reward: tuple[Item, ...] = ()


class RewardChain(Struct, frozen=True, gc=False):
    """A sequence of thresholds of value points, of a player or of a clan (client contract, 2.1).

    `top_contributors` is None where the upstream leaves it out.
    """

    reward_chain_id: Int64
    name: str
    date_start: datetime
    steps: tuple[RewardStep, ...]
    value_point: ValuePoint
    order: Int32 = 0
    description: str | None = None
    long_description: str | None = None
    image_url: str | None = None
    date_end: datetime | None = None
    clan_type: str | None = None
    top_contributors: tuple[Contributor | None, ...] | None = None
    recurrent_schedule: Recurrence | None = None
    popup_header: Mapping[str, str | None] | None = None
    popup_instruction: Mapping[str, str | None] | None = None
    popup_image_url: str | None = None


class DailyStep(Struct, frozen=True, gc=False):
    """One step of a daily chain; it goes by its number, and the upstream says what can be done with it.

    `status` is `claimed`, `claimable`, `claim_in_future`, `blocked`, or a word of tomorrow; `unlocked_date` Unix time.
    """

    step_number: Int32
    status: str = ""
    unlocked_date: Int64 | None = None
    items: tuple[Item, ...] = ()


class DailyChain(Struct, frozen=True, gc=False):
    """A sequence of steps that open day by day, all free (client contract, 4).

    `is_recurrent` is None where the upstream does not say, as in all samples.
    """

    id: Int64
    name: str
    date_start: datetime
    steps: tuple[DailyStep, ...]
    type: str = ""
    order: Int32 = 0
    description: str | None = None
    date_end: datetime | None = None
    is_recurrent: bool | None = None


Chain = OfferChain | RewardChain | DailyChain


class OrderItem(Struct, frozen=True, gc=False):
    """One position of an order. `price` is for the whole position."""

    sku: str
    quantity: Int64 = 1
    is_free: bool = False
    price: Money | None = None


class OrderContent(Struct, frozen=True, gc=False):
    """What is ordered and what it costs; `virtual_price` is in a virtual currency (client contract, 5.1)."""

    price: Money | None = None
    virtual_price: Money | None = None
    is_free: bool = False
    items: tuple[OrderItem, ...] = ()

    @property
    def total(self) -> Money | None:
        """What the order costs, in money or in a virtual currency; None for a free one."""
        return self.price or self.virtual_price


class Order(Struct, frozen=True, gc=False):
    """A player's order: `new`, `paid`, `done`, `canceled`, `expired`, or a status of tomorrow."""

    order_id: Int64
    status: str
    content: OrderContent = OrderContent()


class PlacedOrder(Struct, frozen=True, gc=False):
    """A new order, with the secret token of its payment page: never logged, stored sealed or for seconds only.

    Without a token the order is there, and cannot be paid on the payment page.
    """

    order_id: Int64
    token: str | None = None

    def __repr__(self) -> str:
        return f"PlacedOrder(order_id={self.order_id})"


class Listing(Struct, Generic[T], frozen=True, gc=False):
    """A whole upstream list in the order in which to show it; `unreadable` counts the elements that were left out."""

    items: tuple[T, ...]
    unreadable: int = 0
