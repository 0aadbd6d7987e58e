"""The store's catalog, as far as it tells where value points come from (client contract, 5.5), and what can be ordered.

Fields are as strict as those of the chains' models: an item needs its SKU alone. Everything here is pure.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from math import inf

from msgspec import Struct

from gateway.domain.models import Int32, Int64, Item, Money, PointReward, Recurrence, can_be_shown
from gateway.domain.refusals import UserErrorCode
from gateway.domain.schedule import reset_time, utc
from gateway.errors import NotFound, Refusal


class VirtualPrice(Struct, frozen=True, gc=False):
    """A price in a virtual currency, which is named by its SKU."""

    sku: str
    amount: Int64
    amount_without_discount: Int64 | None = None
    name: str | None = None
    image_url: str | None = None
    is_default: bool = False

    @property
    def before_discount(self) -> int | None:
        """The amount without the discount; None where there is no discount."""
        full = self.amount_without_discount
        return full if full is not None and full > self.amount else None


class PurchaseLimit(Struct, frozen=True, gc=False):
    """How often something can be bought in all, how often still, and when that starts over."""

    total: Int64 | None = None
    available: Int64 | None = None
    recurrent_schedule: Recurrence | None = None

    @property
    def resets_at(self) -> datetime | None:
        """When the count starts over; None where it never does."""
        return reset_time(self.recurrent_schedule) if self.recurrent_schedule else None


class Limits(Struct, frozen=True, gc=False):
    """Limits of an item or a promotion: for the player, and for all players together."""

    per_user: PurchaseLimit | None = None
    per_item: PurchaseLimit | None = None


class Discount(Struct, frozen=True, gc=False):
    """What a promotion takes off: a percentage, or an amount in the currency of the price.

    Raises ValueError for what is no number that can be shown.
    """

    percent: Decimal | None = None
    value: Decimal | None = None

    def __post_init__(self) -> None:
        if not all(can_be_shown(number) for number in (self.percent, self.value) if number is not None):
            raise ValueError("The discount is not a number that can be shown.")


class Promotion(Struct, frozen=True, gc=False):
    """A promotion of an item: a discount, items on top, or both."""

    name: str | None = None
    date_start: datetime | None = None
    date_end: datetime | None = None
    discount: Discount | None = None
    bonus: tuple[Item, ...] = ()
    limits: Limits | None = None


class CatalogItem(Item, frozen=True, gc=False, kw_only=True):
    """An item that the store sells, with its prices for the caller; `vp_rewards` are for one unit."""

    price: Money | None = None
    virtual_prices: tuple[VirtualPrice, ...] = ()
    can_be_bought: bool = True
    promotions: tuple[Promotion, ...] = ()
    limits: Limits | None = None
    vp_rewards: tuple[PointReward, ...] = ()
    order: Int32 = 0

    @property
    def earns_points(self) -> bool:
        """Whether buying it gives value points. Only purchases in real money do (client contract, 9)."""
        return bool(self.vp_rewards) and self.price is not None and not self.is_free

    @property
    def is_players(self) -> bool:
        """Whether something of it differs from player to player: how often they can still buy it."""
        return bool(self.limits and self.limits.per_user) or any(promotion.limits for promotion in self.promotions)

    def points(self, value_point: str) -> int:
        """How many of a value point one unit gives."""
        return sum(reward.amount for reward in self.vp_rewards if reward.sku == value_point)


class ItemOrder(Struct, frozen=True):
    """An order of one item: how many, whether for a test payment, and the language of the payment page."""

    sku: str
    quantity: int = 1
    sandbox: bool = False
    locale: str | None = None


def item_obstacle(item: CatalogItem | None) -> UserErrorCode | None:
    """The reason why the player cannot order an item for real money; None where the catalog shows none."""
    if item is None:
        return UserErrorCode.NOT_FOUND
    limits = item.limits or Limits()
    if any(
        limit and limit.available is not None and limit.available <= 0 for limit in (limits.per_user, limits.per_item)
    ):
        return UserErrorCode.LIMIT_REACHED
    if item.is_free or item.price is None or not item.can_be_bought:
        return UserErrorCode.NOT_FOR_SALE
    return None


def explain_item_refusal(refusal: Refusal, item: CatalogItem | None) -> UserErrorCode:
    """Say why an order of an item was refused, from the item as the catalog shows it afterwards."""
    if isinstance(refusal, NotFound):
        return UserErrorCode.NOT_FOUND
    return item_obstacle(item) or UserErrorCode.REJECTED


def seconds_until_change(items: Iterable[CatalogItem], moment: float) -> float:
    """For how long items that were read at that Unix time stay as they are: until a promotion begins or ends, or a
    limit starts over. Infinity where no date says."""
    return min((seconds for item in items for date in _dates(item) if (seconds := date - moment) > 0), default=inf)


def _dates(item: CatalogItem) -> Iterator[float]:
    for promotion in item.promotions:
        yield from (utc(date).timestamp() for date in (promotion.date_start, promotion.date_end) if date)
    for limits in (item.limits, *(promotion.limits for promotion in item.promotions)):
        if limits and limits.per_user and limits.per_user.resets_at:
            yield limits.per_user.resets_at.timestamp()
