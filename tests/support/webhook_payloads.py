"""Webhooks as the vendor sends them, and the signatures that they come with."""

import hashlib
import json
from typing import Any

SECRET = "my_secret"


def signed(body: bytes, secret: str = SECRET) -> str:
    """The value of the Authorization header."""
    return f"Signature {hashlib.sha1(body + secret.encode()).hexdigest()}"  # noqa: S324 - as documented


def order_webhook(
    kind: str = "order_paid",
    *,
    order_id: int = 7,
    player_id: str = "ann",
    status: str = "paid",
    transaction_id: int | None = None,
) -> dict[str, Any]:
    """What is told of an order; without a transaction it was free."""
    webhook: dict[str, Any] = {
        "notification_type": kind,
        "items": [{"sku": "sword", "type": "virtual_good", "quantity": 1, "amount": "1.9900", "promotions": []}],
        "order": {"id": order_id, "mode": "default", "currency_type": "real", "amount": "1.9900", "status": status},
        "user": {"external_id": player_id, "email": "", "country": "DE"},
        "custom_parameters": {},
    }
    if transaction_id is not None:
        webhook["billing"] = {"notification_type": "payment", "transaction": {"id": transaction_id}}
    return webhook


def encoded(webhook: object) -> bytes:
    return json.dumps(webhook).encode()
