"""Items in publishers' requests (admin contract, 5.1 and 5.2).

Unknown fields of a body are ignored: publishers may send back what they have read. Two-letter and five-letter
language codes are both accepted. Readings where the contract leaves a choice: `name` and `sku` are always required,
prices have exactly one
default for every country and at most one for each, and `is_show_in_store` is false unless it is sent.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gateway.sandbox.admin.limits import LimitsBody, new_limits
from gateway.sandbox.domain.fields import Amount, Country, Currency, Int32, Localised, Quantity, Sku
from gateway.sandbox.domain.item_details import (
    LONGEST_CUSTOM_ATTRIBUTES,
    MOST_ATTRIBUTES,
    MOST_VALUES,
    CatalogAttribute,
    InventoryOptions,
    ItemDetails,
    Media,
    Period,
    PreOrder,
    Region,
    VirtualPrice,
)
from gateway.sandbox.domain.languages import normalize_texts
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.errors import RefusedError, TooManyAttributesError, TooManyValuesError
from gateway.sandbox.storage.item_writes import NewItem
from gateway.sandbox.storage.publisher_items import PACKAGE, ItemKind

GroupId = Annotated[str, Meta(min_length=1, max_length=255)]


class PriceBody(msgspec.Struct, frozen=True):
    """A price in real money, of one country or of all."""

    amount: Amount
    currency: Currency
    country_iso: Country | None = None
    is_default: bool = False
    is_enabled: bool = True


class BundlePriceBody(PriceBody, frozen=True, kw_only=True):
    """A bundle's price; fields that other prices leave to defaults are required."""

    is_default: bool
    is_enabled: bool


class GroupBody(msgspec.Struct, frozen=True):
    """A group as responses have it; currencies are declared to be sent like this too."""

    external_id: GroupId


class ContentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item inside a bundle; other fields are refused."""

    sku: Sku
    quantity: Quantity = 1


class ItemBody(msgspec.Struct, frozen=True, kw_only=True):
    """What all kinds have."""

    sku: Sku
    name: Localised | None
    description: Localised | None = None
    long_description: Localised | None = None
    image_url: str | None = ""
    media_list: tuple[Media, ...] | None = ()
    groups: tuple[GroupId | GroupBody, ...] = ()
    attributes: tuple[CatalogAttribute, ...] = ()
    prices: tuple[PriceBody, ...] = ()
    vc_prices: tuple[VirtualPrice, ...] | None = None
    is_enabled: bool = True
    is_show_in_store: bool = False
    is_free: bool = False
    order: Int32 = 1
    pre_order: PreOrder | None = None
    regions: tuple[Region, ...] = ()
    limits: LimitsBody | None = None
    periods: tuple[Period, ...] | None = None
    # Any: the publisher's own JSON, which the sandbox never reads.
    custom_attributes: dict[str, Any] = {}


class GoodBody(ItemBody, frozen=True, kw_only=True):
    """A virtual item."""

    image_url: str = ""
    media_list: tuple[Media, ...] = ()
    inventory_options: InventoryOptions | None = None
    virtual_item_type: Literal["consumable", "non_consumable", "non_renewing_subscription"] | None = None


class GoodUpdateBody(GoodBody, frozen=True, kw_only=True):
    """A virtual item's replacement: the description is required, and may be null but not empty."""

    description: Annotated[Localised, Meta(min_length=1)] | None


class CurrencyBody(ItemBody, frozen=True, kw_only=True):
    """A virtual currency; `is_hard` says that only real money buys it."""

    image_url: str = ""
    media_list: tuple[Media, ...] = ()
    is_hard: bool = False


class PackageBody(ItemBody, frozen=True, kw_only=True):
    """A currency package: an amount of one currency."""

    description: Localised | None
    image_url: str = ""
    media_list: tuple[Media, ...] = ()
    content: Annotated[tuple[ContentBody, ...], Meta(min_length=1, max_length=1)]


class BundleUpdateBody(ItemBody, frozen=True, kw_only=True):
    """A bundle's replacement; without content it is refused with a number of its own."""

    description: Localised | None
    prices: tuple[BundlePriceBody, ...] = ()
    bundle_type: Literal["standard", "partner_side_content"] = "standard"
    content: Annotated[tuple[ContentBody, ...], Meta(min_length=1, max_length=100)] | UnsetType = UNSET


class BundleBody(BundleUpdateBody, frozen=True, kw_only=True):
    """A new bundle."""

    content: Annotated[tuple[ContentBody, ...], Meta(min_length=1, max_length=100)]


def new_item(body: ItemBody, kind: ItemKind, now: float) -> NewItem:
    """Check what the field types do not cover, and build an item of the kind.

    Raises RefusedError, or NotFoundError for an unknown language.
    """
    _check(body, kind)
    content = body.content if isinstance(body, PackageBody | BundleUpdateBody) else ()
    amounts: dict[str, int] = {}
    for part in content or ():
        amounts[part.sku] = amounts.get(part.sku, 0) + part.quantity
    return NewItem(
        sku=body.sku,
        type=kind.type,
        name=normalize_texts(body.name),
        description=normalize_texts(body.description),
        long_description=normalize_texts(body.long_description),
        image_url=body.image_url or None,
        bundle_type=_bundle_type(body),
        content=amounts,
        prices=tuple(map(_price, body.prices)),
        is_free=body.is_free,
        is_enabled=body.is_enabled,
        order=body.order,
        details=_details(body, now),
    )


def _check(body: ItemBody, kind: ItemKind) -> None:
    if len(msgspec.json.encode(body.custom_attributes).decode()) > LONGEST_CUSTOM_ATTRIBUTES:
        raise RefusedError(f"JSON can’t exceed {LONGEST_CUSTOM_ATTRIBUTES} characters.", "custom_attributes")  # noqa: RUF001 - as published
    if len(body.attributes) > MOST_ATTRIBUTES:
        raise TooManyAttributesError(property="attributes")
    if any(len(attribute.values) > MOST_VALUES for attribute in body.attributes):
        raise TooManyValuesError(property="attributes")
    _check_default_prices(body.prices)
    if kind is ItemKind.CURRENCY and body.is_free:
        raise RefusedError("A virtual currency cannot be free", "is_free")
    if kind is ItemKind.PACKAGE and not (body.prices or body.vc_prices):
        raise RefusedError("The property `prices` is required", "prices")


def _check_default_prices(prices: Sequence[PriceBody]) -> None:
    countries = [price.country_iso for price in prices if price.is_default]
    if prices and countries.count(None) != 1:
        raise RefusedError("There must be exactly one default price without a country", "prices")
    if len(set(countries)) < len(countries):
        raise RefusedError("A country has two default prices", "prices")


def _bundle_type(body: ItemBody) -> str | None:
    if isinstance(body, PackageBody):
        return PACKAGE
    return body.bundle_type if isinstance(body, BundleUpdateBody) else None


def _price(price: PriceBody) -> ItemPrice:
    return ItemPrice(
        amount=Decimal(repr(price.amount)),
        currency=price.currency,
        country_iso=price.country_iso,
        is_default=price.is_default,
        is_enabled=price.is_enabled,
    )


def _details(body: ItemBody, now: float) -> ItemDetails:
    good = body if isinstance(body, GoodBody) else None
    groups = (group if isinstance(group, str) else group.external_id for group in body.groups)
    return ItemDetails(
        media_list=body.media_list or (),
        groups=tuple(dict.fromkeys(groups)),
        attributes=body.attributes,
        vc_prices=body.vc_prices or (),
        is_show_in_store=body.is_show_in_store,
        is_hard=isinstance(body, CurrencyBody) and body.is_hard,
        virtual_item_type=good.virtual_item_type if good else None,
        inventory_options=good.inventory_options if good else None,
        pre_order=body.pre_order,
        regions=body.regions,
        limits=new_limits(body.limits, now) if body.limits else None,
        periods=body.periods or (),
        custom_attributes=body.custom_attributes,
    )
