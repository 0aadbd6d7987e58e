"""The bodies of the catalog's calls (client contract, 5.5)."""

from collections.abc import Sequence

import msgspec

from gateway.sandbox.client.responses import OrderPrice, ResetSchedule, StepPoints
from gateway.sandbox.domain.item_details import CatalogAttribute, InventoryOptions


class CalculatedPrice(msgspec.Struct, frozen=True):
    """An amount of a virtual currency as text."""

    amount: str
    amount_without_discount: str


class VirtualPrice(msgspec.Struct, frozen=True):
    """A price in a virtual currency, which is described with it."""

    item_id: int
    sku: str
    name: str
    type: str
    description: str | None
    image_url: str | None
    amount: int
    amount_without_discount: int
    calculated_price: CalculatedPrice
    is_default: bool


class Group(msgspec.Struct, frozen=True):
    """A group that the item is in."""

    external_id: str
    name: str


class UserLimit(msgspec.Struct, frozen=True):
    """How often the player may buy the item."""

    total: int
    available: int
    recurrent_schedule: ResetSchedule | None


class ItemLimit(msgspec.Struct, frozen=True):
    """How often all players together may buy the item."""

    total: int
    available: int


class Limits(msgspec.Struct, frozen=True):
    """An item's limits."""

    per_user: UserLimit | None
    per_item: ItemLimit | None


class Discount(msgspec.Struct, frozen=True):
    """What a promotion takes off."""

    percent: str | None
    value: str | None


class Promotion(msgspec.Struct, frozen=True):
    """A promotion of the moment."""

    name: str
    date_start: str
    date_end: str
    discount: Discount
    bonus: tuple[()] = ()


class Content(msgspec.Struct, frozen=True):
    """An item inside a bundle."""

    item_id: int
    sku: str
    type: str
    name: str
    description: str | None
    image_url: str | None
    quantity: int


class CatalogItem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An item that the store sells; the last three fields are only there for bundles, or for those who ask."""

    item_id: int
    sku: str
    type: str
    name: str
    description: str | None
    image_url: str | None
    price: OrderPrice | None
    virtual_prices: Sequence[VirtualPrice]
    can_be_bought: bool
    promotions: Sequence[Promotion]
    attributes: Sequence[CatalogAttribute]
    is_free: bool
    groups: Sequence[Group]
    inventory_options: InventoryOptions | None
    limits: Limits | None
    vp_rewards: Sequence[StepPoints]
    bundle_type: str | msgspec.UnsetType = msgspec.UNSET
    content: Sequence[Content] | msgspec.UnsetType = msgspec.UNSET
    order: int | msgspec.UnsetType = msgspec.UNSET


class CatalogPage(msgspec.Struct, frozen=True):
    """A page of items; unlike chains, it does not tell how many there are."""

    has_more: bool
    items: Sequence[CatalogItem]
