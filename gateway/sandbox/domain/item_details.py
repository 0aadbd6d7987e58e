"""Fields of an item beside its prices and content: media, attributes, limits, regions and others.

Chains ignore an item's limits, sales windows, regions, pre-order and promotions (admin contract, 3.5). In the catalog
limits and promotions count; the rest is stored and returned.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gateway.sandbox.domain.fields import AttributeCode, CatalogAttributeId, Date, Id, Int32, Sku
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.schedules import Schedule

MOST_ATTRIBUTES = 20
MOST_VALUES = 6
LONGEST_CUSTOM_ATTRIBUTES = 500

Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Media(msgspec.Struct, frozen=True):
    """An additional picture or video of an item."""

    type: Literal["image", "video"]
    url: str


class AttributeValue(msgspec.Struct, frozen=True):
    """One value of a catalog attribute, named by language; these maps take any language key."""

    external_id: AttributeCode
    value: dict[str, str]


class CatalogAttribute(msgspec.Struct, frozen=True):
    """A catalog attribute with its values."""

    external_id: CatalogAttributeId
    values: tuple[AttributeValue, ...]
    name: dict[str, str] = {}


class VirtualPrice(msgspec.Struct, frozen=True):
    """A price in a virtual currency of the project."""

    sku: Sku
    amount: Annotated[int, Meta(gt=0, le=10**12)]
    is_default: bool
    is_enabled: bool


class Region(msgspec.Struct, frozen=True):
    """A region to which sales are limited."""

    id: Id


class Period(msgspec.Struct, frozen=True):
    """A sales window; without an end it stays open."""

    date_from: Date | None = None
    date_until: Date | None = None


class PreOrder(msgspec.Struct, frozen=True):
    """When a pre-ordered item comes out."""

    release_date: Date | None
    is_enabled: bool
    description: str | None = None


class Consumable(msgspec.Struct, frozen=True):
    """How often an item can be used."""

    usages_count: Count | None = None


class ExpirationPeriod(msgspec.Struct, frozen=True):
    """How long an item lasts."""

    type: Literal["minute", "hour", "day", "week", "month", "year"]
    value: Int32


class InventoryOptions(msgspec.Struct, frozen=True):
    """How an item is used up."""

    consumable: Consumable | None = None
    expiration_period: ExpirationPeriod | None = None


class Limits(msgspec.Struct, frozen=True):
    """How often an item may be bought, and when counting starts over; `since` is when this was set."""

    per_user: Count | None
    per_item: Count | None
    schedule: Schedule | None
    since: float


class LoyaltyPoints(msgspec.Struct, frozen=True):
    """Loyalty points that one unit of the item gives; no documented call sets them."""

    sku: str
    name: Texts
    amount: int
    image_url: str | None = None


class ItemPromotion(msgspec.Struct, frozen=True):
    """A discount on the item in the catalog, in percent, between two instants in seconds since 1970."""

    name: str
    percent: Annotated[int, Meta(ge=1, le=99)]
    starts_at: float
    ends_at: float

    def is_active(self, now: float) -> bool:
        """Whether the discount counts now."""
        return self.starts_at <= now < self.ends_at


class ItemDetails(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """All of these fields, for every kind of item; kinds leave out those that they do not have."""

    media_list: tuple[Media, ...] = ()
    groups: tuple[str, ...] = ()
    attributes: tuple[CatalogAttribute, ...] = ()
    vc_prices: tuple[VirtualPrice, ...] = ()
    is_show_in_store: bool = False
    is_hard: bool = False
    virtual_item_type: str | None = None
    inventory_options: InventoryOptions | None = None
    pre_order: PreOrder | None = None
    regions: tuple[Region, ...] = ()
    limits: Limits | None = None
    periods: tuple[Period, ...] = ()
    # Any: the publisher's own JSON, which the sandbox never reads.
    custom_attributes: dict[str, Any] = {}
    loyalty_points: tuple[LoyaltyPoints, ...] = ()
    promotion: ItemPromotion | None = None
