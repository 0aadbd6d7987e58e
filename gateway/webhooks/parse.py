"""Webhooks out of their bytes (client contract, 8.2 and 8.4).

The vendor repeats what is not taken for hours and may then give the player's money back, so this reads what it needs
and is content with anything else: a part that is absent, or of another type, costs that part.
"""

import hashlib
from codecs import BOM_UTF8
from enum import Enum

import msgspec
from msgspec import Struct

from gateway.errors.internal import WebhookInvalid

_MOST_CHARACTERS = 256
_MOST_ITEMS = 100


class WebhookKind(Enum):
    """The kind of a webhook; OTHER is every kind that the gateway does not use."""

    ORDER_PAID = "order_paid"
    ORDER_CANCELED = "order_canceled"
    PAYMENT = "payment"
    REFUND = "refund"
    USER_VALIDATION = "user_validation"
    USER_SEARCH = "user_search"
    OTHER = "other"


class Webhook(Struct, frozen=True):
    """What the gateway reads of a webhook; None if it is absent or unreadable.

    `key` is the same for every delivery of a webhook and of no other. `status` and `skus` (the items) are an order's.
    """

    kind: WebhookKind
    key: bytes
    player_id: str | None = None
    order_id: int | None = None
    status: str | None = None
    skus: tuple[str, ...] = ()

    @property
    def is_about_order(self) -> bool:
        """Whether its kind names both a player and an order."""
        return self.kind in _ORDERS

    @property
    def is_refund(self) -> bool:
        """Whether it reports a payment that was returned, or an order that was canceled."""
        return self.kind in _REFUNDS

    @property
    def is_event(self) -> bool:
        """Whether it reports an event; all other kinds ask the studio a question."""
        return self.kind in _EVENTS


def parse(body: bytes) -> Webhook:
    """Read a webhook whose signature was checked. Raises WebhookInvalid if it is no JSON object."""
    try:
        content: object = msgspec.json.decode(body.removeprefix(BOM_UTF8))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise WebhookInvalid("The body must be a JSON object.")
    kind = _KINDS.get(_text(content.get("notification_type")), WebhookKind.OTHER)
    order_id = _number(_at(content, "order", "id")) if kind in _ORDERS else None
    return Webhook(
        kind,
        _key(kind, content, order_id, body),
        # Webhooks of orders name the player by `external_id`, those of payments by `id`.
        _text(_at(content, "user", "external_id")) or _text(_at(content, "user", "id")),
        order_id,
        _text(_at(content, "order", "status")),
        _skus(content.get("items")),
    )


_KINDS: dict[str | None, WebhookKind] = {kind.value: kind for kind in WebhookKind}
_ORDERS = frozenset({WebhookKind.ORDER_PAID, WebhookKind.ORDER_CANCELED})
_REFUNDS = frozenset({WebhookKind.ORDER_CANCELED, WebhookKind.REFUND})
_EVENTS = _ORDERS | {WebhookKind.PAYMENT, WebhookKind.REFUND}


def _key(kind: WebhookKind, content: object, order_id: int | None, body: bytes) -> bytes:
    """The kind with the transaction, or with the order if it was free and has none (client contract, 8.4)."""
    billing = _at(content, "billing", "transaction", "id") if kind in _ORDERS else _at(content, "transaction", "id")
    transaction_id = _text(billing)
    if transaction_id is not None:
        return _digest(kind.value, "transaction", transaction_id)
    if order_id is not None:
        return _digest(kind.value, "order", str(order_id))
    return _digest(kind.value, "body", body.hex())


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()


def _at(value: object, *path: str) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str | None:
    """A text of limited length; ids may come as numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= _MOST_CHARACTERS else None


def _number(value: object) -> int | None:
    """A whole number that a database can hold; it may come as text."""
    text = _text(value)
    number = int(text) if text is not None and text.isascii() and text.isdigit() else -1
    return number if 0 <= number < 2**63 else None


def _skus(items: object) -> tuple[str, ...]:
    listed = items[:_MOST_ITEMS] if isinstance(items, list) else ()
    skus = (_text(_at(item, "sku")) for item in listed)
    return tuple(sku for sku in skus if sku is not None)
