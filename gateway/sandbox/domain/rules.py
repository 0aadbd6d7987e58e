"""Pure rules of orders, prices and steps."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import msgspec


class OrderStatus(StrEnum):
    """The life of an order (client contract, 5.2)."""

    NEW = "new"
    PAID = "paid"
    DONE = "done"
    CANCELED = "canceled"
    EXPIRED = "expired"


ORDER_TRANSITIONS: Mapping[OrderStatus, frozenset[OrderStatus]] = MappingProxyType(
    {
        OrderStatus.NEW: frozenset({OrderStatus.PAID, OrderStatus.CANCELED, OrderStatus.EXPIRED}),
        OrderStatus.EXPIRED: frozenset({OrderStatus.PAID}),
        OrderStatus.PAID: frozenset({OrderStatus.DONE, OrderStatus.CANCELED}),
        OrderStatus.DONE: frozenset({OrderStatus.CANCELED}),
        OrderStatus.CANCELED: frozenset(),
    }
)
"""From each status, those an order may go to: a payment under way revives an expired one, a refund ends a paid one."""


class Price(msgspec.Struct, frozen=True):
    """Real money: an exact amount and an ISO 4217 code; `full_amount` is what it would be without a discount."""

    amount: Decimal
    currency: str
    full_amount: Decimal | None = None

    def times(self, quantity: int) -> "Price":
        """The price of so many."""
        full = None if self.full_amount is None else self.full_amount * quantity
        return Price(self.amount * quantity, self.currency, full)

    def discounted(self, percent: int) -> "Price":
        """The price with so many percent taken off, rounded to hundredths."""
        amount = (self.amount * (100 - percent) / 100).quantize(Decimal("0.01"))
        return Price(amount, self.currency, self.amount)


class ItemPrice(msgspec.Struct, frozen=True):
    """One of an item's prices as the publisher wrote it; `country_iso` None means everywhere."""

    amount: Decimal
    currency: str
    country_iso: str | None = None
    is_default: bool = False
    is_enabled: bool = True


def can_transition(before: OrderStatus, after: OrderStatus) -> bool:
    """Say whether an order may go from one status to the other in one move."""
    return after in ORDER_TRANSITIONS[before]


def default_price(prices: Iterable[ItemPrice], country: str | None = None) -> Price | None:
    """Pick the price of a country, else what a player of no known country pays: the default, else the first worldwide.

    The upstream goes by the caller's address where no country is named; the sandbox is called from loopback.
    """
    enabled = [price for price in prices if price.is_enabled and price.country_iso in (None, country)]
    local = [price for price in enabled if price.country_iso is not None]
    chosen = next((price for price in (*local, *enabled) if price in local or price.is_default), None)
    chosen = chosen or next(iter(enabled), None)
    return Price(chosen.amount, chosen.currency) if chosen else None


def is_step_free(step_is_free: bool, item_is_free: bool) -> bool:
    """A step is free when its item is, or when the publisher gives the item away in this step (client contract, 9)."""
    return step_is_free or item_is_free


def next_step_id(step_ids: Iterable[int], claimed: Collection[int]) -> int | None:
    """Find the first step, in order, that is not claimed; None when the chain is finished."""
    return next((step_id for step_id in step_ids if step_id not in claimed), None)
