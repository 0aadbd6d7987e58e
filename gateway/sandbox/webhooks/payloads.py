"""The payloads of webhooks about orders, field by field (client contract, 8.4).

A payload is made of what never changes in an order, so each attempt sends the same bytes. Where the contract leaves a
choice: accounts in "combined" mode, today's default, get the payment in `billing`; a free order, and one that was
cancelled unpaid, has none. Bundle content has the amount `"0"`. A free order's currency is the empty string.
All payments are tests: `order.mode` is `sandbox`, `dry_run` is 1. There are no fees and no taxes.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from gateway.sandbox.domain.rules import OrderStatus, Price
from gateway.sandbox.storage.clock import iso_date
from gateway.sandbox.storage.orders import Order, OrderLine
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.webhook_outbox import Webhook, WebhookKind

MERCHANT_ID = 2340
"""The publisher's account; the sandbox has one."""
_TRANSACTIONS_FROM = 1_000_000_000
_PAYMENT_METHOD = 380
_NOTHING = Decimal(0)
_COUNTRY = "US"
_Absent = msgspec.UnsetType
# `billing` has amounts as JSON numbers; written from the decimal, they stay exact.
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Promotion(msgspec.Struct, frozen=True):
    """A discount; there are none on chains."""

    amount_without_discount: str
    amount_with_discount: str
    sequence: int


class Code(msgspec.Struct, frozen=True):
    """A coupon or promo code; none is ever used here."""

    code: str
    external_id: str


class PaidItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the order; the last three fields are payload version 2's."""

    sku: str
    type: str
    is_pre_order: bool
    quantity: int
    amount: str
    promotions: tuple[Promotion, ...]
    custom_attributes: None
    is_free: bool | _Absent = msgspec.UNSET
    is_bonus: bool | _Absent = msgspec.UNSET
    is_bundle_content: bool | _Absent = msgspec.UNSET


class OrderFacts(msgspec.Struct, frozen=True):
    """The order as a whole."""

    id: int
    mode: str
    currency_type: str
    currency: str
    amount: str
    status: str
    platform: str
    comment: str | None
    invoice_id: str | None
    promotions: tuple[Promotion, ...] = ()
    promocodes: tuple[Code, ...] = ()
    coupons: tuple[Code, ...] = ()


class Payer(msgspec.Struct, frozen=True):
    """The player, by the id in their token; address and country are made up, as the sandbox knows neither."""

    external_id: str
    email: str
    country: str


class Sum(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money of `billing`: the amount is a JSON number."""

    currency: str
    amount: Decimal
    percent: Decimal | _Absent = msgspec.UNSET


class Account(msgspec.Struct, frozen=True):
    """Whose sale it was."""

    project_id: int
    merchant_id: int


class Purchase(msgspec.Struct, frozen=True):
    """What was bought, as one sum."""

    total: Sum


class PaymentTransaction(msgspec.Struct, frozen=True):
    """The payment."""

    id: int
    payment_date: str
    payment_method: int
    payment_method_name: str
    payment_method_order_id: str
    dry_run: int
    agreement: int


class PaymentDetails(msgspec.Struct, frozen=True):
    """Where the money goes: all of it to the publisher."""

    payment: Sum
    payment_method_sum: Sum
    xsolla_balance_sum: Sum
    payout: Sum
    xsolla_fee: Sum
    payment_method_fee: Sum
    vat: Sum
    sales_tax: Sum
    direct_wht: Sum
    country_wht: Sum
    repatriation_commission: Sum
    user_acquisition_fee: Sum
    payout_currency_rate: str


class Billing(msgspec.Struct, frozen=True):
    """The payment webhook that combined mode puts into the order's."""

    notification_type: str
    settings: Account
    purchase: Purchase
    transaction: PaymentTransaction
    payment_details: PaymentDetails


class NoParameters(msgspec.Struct, frozen=True):
    """An empty object."""


class Payload(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of `order_paid` and `order_canceled`."""

    notification_type: str
    items: tuple[PaidItem, ...]
    order: OrderFacts
    user: Payer
    custom_parameters: NoParameters
    billing: Billing | _Absent = msgspec.UNSET


def payload(webhook: Webhook, order: Order, player: Player, history: Sequence[OrderStatus]) -> bytes:
    """Write the body; `history` are the statuses that the order has had."""
    was_paid = order.price is not None and OrderStatus.PAID in history
    body = Payload(
        notification_type=webhook.kind,
        items=tuple(_item(line, order, webhook.version, index) for index, line in enumerate(order.lines)),
        order=_order(webhook, order, was_paid),
        user=Payer(player.player_id, f"player-{player.player_number}@example.com", _COUNTRY),
        custom_parameters=NoParameters(),
        billing=_billing(webhook, order, order.price) if order.price and was_paid else msgspec.UNSET,
    )
    return _encode(body)


def _item(line: OrderLine, order: Order, version: int, index: int) -> PaidItem:
    # An order with a price has one item; what follows it is the content of that bundle.
    amount = order.price.amount if order.price and index == 0 else _NOTHING
    item = PaidItem(
        sku=line.sku,
        type=line.type,
        is_pre_order=False,
        quantity=line.quantity,
        amount=str(amount),
        promotions=(),
        custom_attributes=None,
    )
    if version == 1:
        return item
    return msgspec.structs.replace(
        item, is_free=order.price is None, is_bonus=False, is_bundle_content=line.is_bundle_content
    )


def _order(webhook: Webhook, order: Order, was_paid: bool) -> OrderFacts:
    return OrderFacts(
        id=order.order_id,
        mode="sandbox",
        currency_type="real" if order.price else "unknown",
        currency=order.price.currency if order.price else "",
        amount=str(order.price.amount if order.price else _NOTHING),
        status=OrderStatus.PAID if webhook.kind is WebhookKind.ORDER_PAID else OrderStatus.CANCELED,
        platform="xsolla",
        comment=None,
        invoice_id=str(_transaction_id(order)) if was_paid else None,
    )


def _billing(webhook: Webhook, order: Order, price: Price) -> Billing:
    paid, nothing = Sum(price.currency, price.amount), Sum(price.currency, _NOTHING)
    no_tax = msgspec.structs.replace(nothing, percent=_NOTHING)
    return Billing(
        notification_type="payment" if webhook.kind is WebhookKind.ORDER_PAID else "refund",
        settings=Account(order.project_id, MERCHANT_ID),
        purchase=Purchase(total=paid),
        transaction=PaymentTransaction(
            id=_transaction_id(order),
            payment_date=iso_date(webhook.created_at),
            payment_method=_PAYMENT_METHOD,
            payment_method_name="Sandbox",
            payment_method_order_id=f"sandbox-{order.order_id}",
            dry_run=1,
            agreement=order.player_number,
        ),
        payment_details=PaymentDetails(
            payment=paid,
            payment_method_sum=paid,
            xsolla_balance_sum=nothing,
            payout=paid,
            xsolla_fee=nothing,
            payment_method_fee=nothing,
            vat=no_tax,
            sales_tax=no_tax,
            direct_wht=no_tax,
            country_wht=no_tax,
            repatriation_commission=nothing,
            user_acquisition_fee=no_tax,
            payout_currency_rate="1",
        ),
    )


def _transaction_id(order: Order) -> int:
    return _TRANSACTIONS_FROM + order.order_id
