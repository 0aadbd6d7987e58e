"""Chains as the upstream sends them."""

import json
from collections.abc import Iterator
from typing import Any

OFFER: dict[str, Any] = {
    "id": 9,
    "name": "Weekly quest",
    "description": None,
    "order": 1,
    "date_start": "2026-01-05T00:00:00+05:00",
    "date_end": None,
    "recurrent_schedule": {"interval_type": "weekly", "reset_next_date": 1768176000},
    "next_step_number": 2,
    "steps": [
        {"step_number": 1, "is_free": True, "step_price": None, "items": [{"sku": "booster", "quantity": 1}]},
        {
            "step_number": 2,
            "is_free": False,
            "is_claimed": False,
            "step_price": {"amount": 99.99, "currency": "USD"},
            "items": [
                {
                    "item_id": 7008,
                    "sku": "starter",
                    "type": "bundle",
                    "name": "Starter",
                    "quantity": 1,
                    "content": [{"sku": "gold", "type": "virtual_currency", "quantity": 100, "content": None}],
                }
            ],
            "step_vp_rewards": [{"item_id": 55, "sku": "stars", "name": "Stars", "amount": 10, "is_clan": False}],
        },
    ],
}

REWARD: dict[str, Any] = {
    "reward_chain_id": 10,
    "name": "Rewards",
    "order": 2,
    "date_start": "2026-01-05T00:00:00+00:00",
    "value_point": {"sku": "stars", "name": "Stars", "amount": 130},
    "clan_type": None,
    "top_contributors": [],
    "steps": [{"step_id": 1, "name": "Level 1", "is_claimed": True, "price": {"amount": 100}, "reward": []}],
    "popup_header": {"en": "How", "de": None},
}

CATALOG_ITEM: dict[str, Any] = {
    "item_id": 259765,
    "sku": "gold_chest",
    "type": "bundle",
    "bundle_type": "virtual_currency_package",
    "name": "Chest of gold",
    "price": {"amount": "5.00", "amount_without_discount": "10.00", "currency": "USD"},
    "virtual_prices": [
        {"sku": "silver", "name": "Silver", "amount": 50, "amount_without_discount": 80, "is_default": True}
    ],
    "can_be_bought": True,
    "is_free": False,
    "promotions": [
        {
            "name": "Half",
            "date_start": "2026-01-05T00:00:00+00:00",
            "date_end": "2026-01-12T00:00:00+00:00",
            "discount": {"percent": "50.00", "value": None},
            "bonus": [{"sku": "minigun", "quantity": 1, "type": "virtual_good"}],
            "limits": {"per_user": {"available": 1, "total": 1}},
        }
    ],
    "limits": {
        "per_user": {
            "total": 5,
            "available": 3,
            "recurrent_schedule": {"interval_type": "weekly", "reset_next_date": 1768176000},
        },
        "per_item": {"total": 100, "available": 7},
    },
    "vp_rewards": [{"item_id": 55, "sku": "stars", "name": "Stars", "amount": 10}],
    "content": [{"sku": "gold", "type": "virtual_currency", "quantity": 10}],
}


DAILY: dict[str, Any] = {
    "id": 11,
    "name": "Active daily reward",
    "description": None,
    "order": 1,
    "type": "calendar_hard",
    "date_start": "2026-11-18T00:00:00+00:00",
    "date_end": "2026-12-18T00:00:00+00:00",
    "steps": [
        {
            "step_number": 1,
            "status": "claimed",
            "unlocked_date": 1795132800,
            "items": [{"sku": "potion", "type": "virtual_good", "name": "Potion", "quantity": 1}],
        },
        {"step_number": 2, "status": "claim_in_future", "unlocked_date": 1795219200, "items": []},
    ],
}


def raw(value: object) -> bytes:
    return json.dumps(value).encode()


def page(*items: object, **more: object) -> bytes:
    return raw({"items": items, **more})


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a document."""
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*at, key))
