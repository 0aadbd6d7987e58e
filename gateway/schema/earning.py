"""Where value points come from: the items of the catalog that give them."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import strawberry

from gateway.domain import catalog
from gateway.errors import BadUserInput, UpstreamInvalid
from gateway.schema.common import Item, Money, price_before_discount
from gateway.schema.context import Info, add_partial_error
from gateway.schema.fields import computed, read, url
from gateway.schema.scalars import BigInt

_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class EarningItemView:
    """An item and how many points of one chain a unit of it gives."""

    item: catalog.CatalogItem
    points: int


@strawberry.type(description="A price in a virtual currency.")
class VirtualPrice:
    sku: str = read("sku", "The currency's key in the game's catalog.")
    name: str | None = read("name", "The currency's name to show.")
    image_url: str | None = url("image_url", "The currency's picture.")
    amount: BigInt = read("amount", "The amount of the currency.")
    amount_before_discount: BigInt | None = read(
        "before_discount", "The amount before the discount, for striking it through; null where there is no discount."
    )
    is_default: bool = read("is_default", "Whether the publisher prefers this currency for the item.")


@strawberry.type(description="How often something can be bought.")
class PurchaseLimit:
    total: BigInt | None = read("total", "How often in all.")
    available: BigInt | None = read("available", "How often still: for a player without a token, as often as in all.")
    resets_at: datetime | None = read("resets_at", "When the count starts over; null if it never does.")


@strawberry.type(description="How often an item or a promotion can be bought.")
class PurchaseLimits:
    per_player: PurchaseLimit | None = read("per_user", "The player's own limit; null if there is none.")
    for_everybody: PurchaseLimit | None = read("per_item", "The limit of all players together; null if there is none.")


@strawberry.type(description="A promotion that an item is part of. Its prices are without the discount already.")
class Promotion:
    name: str | None = read("name", "The promotion's name to show.")
    starts_at: datetime | None = read("date_start", "When the promotion began; null if the upstream does not say.")
    ends_at: datetime | None = read("date_end", "When the promotion ends; null if it has no end.")
    bonus: list[Item] = read("bonus", "What comes with the item on top.")
    limits: PurchaseLimits | None = read("limits", "How often the promotion can be used; null if there is no limit.")

    @computed(description="The discount in percent of the price; null if the promotion has none of this kind.")
    @staticmethod
    def discount_percent(root: strawberry.Parent[catalog.Promotion]) -> Decimal | None:
        return None if root.discount is None else root.discount.percent

    @computed(description="The discount in the price's currency; null if the promotion has none of this kind.")
    @staticmethod
    def discount_amount(root: strawberry.Parent[catalog.Promotion]) -> Decimal | None:
        return None if root.discount is None else root.discount.value


@strawberry.type(description="An item that gives points of a chain when it is bought with `orderItem`.")
class EarningItem:
    item: Item = read("item", "The item: its picture, its name, and the `sku` to order it by.")
    points: BigInt = read("points", "How many points of the chain one unit gives.")
    price: Money | None = read("item.price", "The price in real money. Only purchases in real money give points.")
    price_before_discount: Money | None = price_before_discount("item.price")
    virtual_prices: list[VirtualPrice] = read(
        "item.virtual_prices", "Prices in virtual currencies, for which the item is sold as well, without points."
    )
    limits: PurchaseLimits | None = read("item.limits", "How often the item can be bought; null if there is no limit.")
    promotions: list[Promotion] = read("item.promotions", "Promotions that the item is part of now.")

    @computed(description="Whether `orderItem` takes the item now: it is on sale, and no limit is reached.")
    @staticmethod
    def can_order(root: strawberry.Parent[EarningItemView]) -> bool:
        return catalog.item_obstacle(root.item) is None


async def earning_items(info: Info, value_point: str, country: str | None) -> list[EarningItemView]:
    """The items that give a value point, in the store's order. Raises BadUserInput for what is no country's code."""
    if country is not None and not _COUNTRY.fullmatch(country):
        raise BadUserInput("`country` must be two capital letters (ISO 3166-1 alpha-2), such as `DE`.")
    listing = await info.context.player.catalog.earning_items(country)
    if listing.unreadable:
        add_partial_error(
            info, UpstreamInvalid(f"{listing.unreadable} of the catalog's items could not be read and are left out.")
        )
    views = (EarningItemView(item, item.points(value_point)) for item in listing.items)
    return [view for view in views if view.points > 0]
