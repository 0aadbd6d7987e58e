"""Items in responses to publishers (admin contract, 5.1 and 5.2).

Of the fields that only live responses were seen to have, `item_id` is returned. Money is a JSON number where it is a
price, and text where a bundle adds it up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gateway.sandbox.admin.admin_calls import absolute_url
from gateway.sandbox.admin.limits import LimitsResponse, limits_response
from gateway.sandbox.domain.item_details import CatalogAttribute, InventoryOptions, Media, Period, Region, VirtualPrice
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.rules import ItemPrice, default_price
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.publisher_items import (
    ItemKind,
    PublisherItem,
    publisher_items_by_id,
    publisher_items_by_sku,
)


class GroupResponse(msgspec.Struct, frozen=True):
    """A group; the contract has no call that names one, so its name is what items call it."""

    external_id: str
    name: Texts


class ContentResponse(msgspec.Struct, frozen=True):
    """An item inside a bundle."""

    sku: str
    name: Texts | None
    type: str
    description: Texts | None
    image_url: str | None
    quantity: int


class VirtualPriceResponse(msgspec.Struct, frozen=True):
    """A bundle's price in a virtual currency, which is described with it; the amount is text."""

    sku: str
    name: Texts | None
    type: str
    description: Texts | None
    image_url: str | None
    amount: str
    is_default: bool


class ContentPrice(msgspec.Struct, frozen=True):
    """What the content of a bundle would cost by itself."""

    amount: str
    amount_without_discount: str
    currency: str


class ItemResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What all kinds have."""

    item_id: int
    sku: str
    name: Texts | None
    description: Texts | None
    long_description: Texts | None
    type: str
    image_url: str | None
    media_list: Sequence[Media]
    groups: Sequence[GroupResponse]
    attributes: Sequence[CatalogAttribute]
    prices: Sequence[ItemPrice]
    is_enabled: bool
    is_free: bool
    is_show_in_store: bool
    order: int
    regions: Sequence[Region]
    limits: LimitsResponse | None
    periods: Sequence[Period]
    # Any: the publisher's own JSON, which the sandbox never reads.
    custom_attributes: Mapping[str, Any]


class GoodResponse(ItemResponse, frozen=True, kw_only=True, omit_defaults=True):
    """A virtual item; its kind is only there when it was ever said."""

    vc_prices: Sequence[VirtualPrice]
    inventory_options: InventoryOptions | None
    virtual_item_type: str | None = None


class CurrencyResponse(ItemResponse, frozen=True, kw_only=True):
    """A virtual currency."""

    vc_prices: Sequence[VirtualPrice]
    is_hard: bool


class PackageResponse(ItemResponse, frozen=True, kw_only=True):
    """A currency package."""

    vc_prices: Sequence[VirtualPrice]
    bundle_type: str
    content: Sequence[ContentResponse]


class BundleResponse(ItemResponse, frozen=True, kw_only=True):
    """A bundle."""

    bundle_type: str
    virtual_prices: Sequence[VirtualPriceResponse]
    content: Sequence[ContentResponse]
    total_content_price: ContentPrice | None


def item_responses(tx: Transaction, project_id: int, origin: str, items: Sequence[PublisherItem]) -> list[ItemResponse]:
    """Describe items of one kind; what their bundles hold is loaded in one query for all of them."""
    inside = publisher_items_by_id(tx, {part.item_id for item in items for part in item.content})
    currencies = publisher_items_by_sku(
        tx, project_id, {price.sku for item in items for price in item.details.vc_prices}
    )
    return [_response(item, origin, inside, currencies, tx.now) for item in items]


def _response(
    item: PublisherItem,
    origin: str,
    inside: Mapping[int, PublisherItem],
    currencies: Mapping[str, PublisherItem],
    now: float,
) -> ItemResponse:
    common = _common(item, origin, now)
    details = item.details
    if item.kind is ItemKind.GOOD:
        return GoodResponse(
            **common,
            vc_prices=details.vc_prices,
            inventory_options=details.inventory_options,
            virtual_item_type=details.virtual_item_type,
        )
    if item.kind is ItemKind.CURRENCY:
        return CurrencyResponse(**common, vc_prices=details.vc_prices, is_hard=details.is_hard)
    content = [_content(inside[part.item_id], part.quantity, origin) for part in item.content]
    if item.kind is ItemKind.PACKAGE:
        return PackageResponse(
            **common, vc_prices=details.vc_prices, bundle_type=str(item.bundle_type), content=content
        )
    return BundleResponse(
        **common,
        bundle_type=str(item.bundle_type),
        virtual_prices=[
            _virtual_price(price, currencies[price.sku], origin)
            for price in details.vc_prices
            # A currency may have been deleted since it was a price.
            if price.sku in currencies
        ],
        content=content,
        total_content_price=_content_price(item, inside),
    )


# Any: the fields that the responses of all kinds begin with have many types.
def _common(item: PublisherItem, origin: str, now: float) -> dict[str, Any]:
    details = item.details
    url = absolute_url(origin, item.image_url)
    return {
        "item_id": item.item_id,
        "sku": item.sku,
        "name": item.name,
        "description": item.description,
        "long_description": item.long_description,
        "type": item.kind.type,
        # Only a bundle's is declared to be null when there is none.
        "image_url": url if item.kind is ItemKind.BUNDLE else url or "",
        "media_list": details.media_list,
        "groups": [GroupResponse(group, {"en": group}) for group in details.groups],
        "attributes": details.attributes,
        "prices": item.prices,
        "is_enabled": item.is_enabled,
        "is_free": item.is_free,
        "is_show_in_store": details.is_show_in_store,
        "order": item.order,
        "regions": details.regions,
        "limits": limits_response(details.limits, now) if details.limits else None,
        "periods": details.periods,
        "custom_attributes": details.custom_attributes,
    }


def _content(item: PublisherItem, quantity: int, origin: str) -> ContentResponse:
    return ContentResponse(
        sku=item.sku,
        name=item.name,
        type=item.kind.type,
        description=item.description,
        image_url=absolute_url(origin, item.image_url),
        quantity=quantity,
    )


def _virtual_price(price: VirtualPrice, currency: PublisherItem, origin: str) -> VirtualPriceResponse:
    return VirtualPriceResponse(
        sku=currency.sku,
        name=currency.name,
        type=currency.kind.type,
        description=currency.description,
        image_url=absolute_url(origin, currency.image_url),
        amount=str(price.amount),
        is_default=price.is_default,
    )


def _content_price(item: PublisherItem, inside: Mapping[int, PublisherItem]) -> ContentPrice | None:
    prices = [(default_price(inside[part.item_id].prices), part.quantity) for part in item.content]
    known = [(price, quantity) for price, quantity in prices if price]
    currencies = {price.currency for price, _ in known}
    # It cannot be added up when something inside has no price, or another currency.
    if len(known) < len(prices) or len(currencies) != 1:
        return None
    amount = str(sum(price.amount * quantity for price, quantity in known))
    return ContentPrice(amount, amount, currencies.pop())
