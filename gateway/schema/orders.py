"""Orders: what was bought, and whether it is paid."""

from enum import Enum

import strawberry

from gateway.domain import models, order_status
from gateway.schema.common import Money, price_before_discount
from gateway.schema.context import Info
from gateway.schema.fields import computed, describe_enum, known, object_id, read
from gateway.schema.ids import IdKind
from gateway.schema.scalars import BigInt


class OrderStatus(Enum):
    """States of an order; the upstream may add more (client contract, 5.2)."""

    NEW = "new"
    PAID = "paid"
    DONE = "done"
    CANCELED = "canceled"
    EXPIRED = "expired"
    OTHER = ""


describe_enum(
    OrderStatus,
    "The status of an order.",
    {
        "NEW": "The order waits for payment.",
        "PAID": "The order is paid. The items may already be granted.",
        "DONE": "The items are granted. This status is final.",
        "CANCELED": "The order was canceled, or the payment was returned. This status is final.",
        "EXPIRED": "A newer order replaced this one before it was paid. A late payment may still make it `PAID`.",
        "OTHER": "A status that this schema does not define yet: see `statusRaw`.",
    },
    raw_field="statusRaw",
)


@strawberry.type(description="How the gateway watches orders, so that a game need not guess.")
class OrderPolicy:
    @computed(description="Seconds between two reads of an unpaid order: do not query more often.")
    @staticmethod
    def poll_seconds(info: Info) -> float:
        return info.context.player.order_poll_seconds

    @computed(
        description="For how many seconds an order is watched, from when it is placed and from each wait or "
        "subscription for it; these end then. An order that is paid later is found by reading it."
    )
    @staticmethod
    def watch_seconds(info: Info) -> int:
        return int(info.context.player.order_watch_seconds)


@strawberry.type(description="One position of an order.")
class OrderItem:
    sku: str = read("sku", "The item's key in the game's catalog.")
    quantity: BigInt = read("quantity", "The number of items.")
    is_free: bool = read("is_free", "Whether this position costs nothing.")
    price: Money | None = read("price", "What the position costs; null if the upstream gives no price.")
    price_before_discount: Money | None = price_before_discount("price")


@strawberry.type(description="An order of the player.")
class Order:
    upstream_id: BigInt = read("order_id", "The order's number in the vendor's webhooks and Publisher Account.")
    status_raw: str = read("status", "The order's status as the upstream names it.")
    items: list[OrderItem] = read("content.items", "What was ordered.")
    id: strawberry.ID = object_id(IdKind.ORDER, "The order's id, for reading the order again.", "order_id")

    @computed(description="The order's status: what to tell the player.")
    @staticmethod
    def status(root: strawberry.Parent[models.Order]) -> OrderStatus:
        return known(OrderStatus, root.status, OrderStatus.OTHER)

    @computed(description="Whether the status is final: stop reading the order again.")
    @staticmethod
    def is_terminal(root: strawberry.Parent[models.Order]) -> bool:
        return order_status.is_terminal(root)

    @computed(
        description="What the order costs, in money or in a virtual currency; null if it is free.",
        graphql_type=Money | None,
    )
    @staticmethod
    def total(root: strawberry.Parent[models.Order]) -> models.Money | None:
        return root.content.total

    total_before_discount: Money | None = price_before_discount("content.total")

    @computed(description="How the gateway watches it.")
    @staticmethod
    def policy() -> OrderPolicy:
        return OrderPolicy()
