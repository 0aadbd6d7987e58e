"""From what the Admin calls return to what they take: the bodies that would create the same items and chains.

A read answers more than a write takes: descriptions of what a bundle holds, counts, the next reset. Notations that live
projects were seen or may be expected to have are read as well: null and `[]` for nothing, amounts as text. Languages
that are not on the published list are left out.
"""

from collections.abc import Sequence
from typing import Any

from gateway.sandbox.domain.languages import LANGUAGES
from gateway.sandbox.snapshots.snapshot import Raw

TEXTS = ("name", "description", "long_description", "popup_header", "popup_instruction")

_CODES = frozenset(LANGUAGES) | frozenset(LANGUAGES.values())
_SCHEDULE = {
    "daily": ("interval_type", "time"),
    "weekly": ("interval_type", "day_of_week", "time"),
    "monthly": ("interval_type", "day_of_month", "time"),
    "hourly": ("interval_type",),
}

# Any: JSON bodies.
Body = dict[str, Any]


def item_body(raw: Raw) -> Body:
    """Return the body of an item of any kind."""
    body = {"description": None, **_named(raw)}
    body["prices"] = _one_default([_price(price) for price in listed(raw, "prices")])
    body["vc_prices"] = [_price(price) for price in listed(raw, "vc_prices") or listed(raw, "virtual_prices")]
    if "content" in body:
        body["content"] = [_fields(part, "sku", "quantity") for part in listed(raw, "content")]
    if "limits" in body:
        body["limits"] = _limits(_object(raw["limits"]))
    return body


def point_body(raw: Raw) -> Body:
    """Return the body of a value point."""
    names = ("sku", "image_url", "media_list", "order", "is_enabled", "is_clan", "type", *TEXTS[:3])
    return _fields(_named(raw), *names)


def offer_chain_body(raw: Raw) -> Body:
    """Return the body of an offer chain."""
    steps = [
        {
            **_fields(step, "step_number", "is_free"),
            "items": [_fields(_without_nothing(item), "sku", "quantity", "order") for item in listed(step, "items")],
        }
        for step in listed(raw, "steps")
    ]
    return {**_chain(raw, "is_reset_on_completion"), "steps": steps}


def reward_chain_body(raw: Raw, is_clan: bool) -> Body:
    """Return the body of a reward chain; `is_clan` is its value point's, and only then it has a type of clan."""
    steps = [
        {
            **_fields(_named(step), "name", "image_url"),
            "price": _fields(_object(step.get("price")), "amount"),
            "reward": [
                _fields(_without_nothing(one), "sku", "quantity", "attribute_conditions")
                for one in listed(step, "reward")
            ],
        }
        for step in listed(raw, "steps")
    ]
    optional = ("long_description", "image_url", "popup_image_url", *(("clan_type",) if is_clan else ()))
    chain = _chain(raw, *optional)
    popups = {name: known_texts(raw.get(name)) for name in TEXTS[3:]}
    return {**chain, **popups, "value_point": _fields(_object(raw.get("value_point")), "sku"), "steps": steps}


def daily_chain_body(raw: Raw) -> Body:
    """Return the body of a daily chain."""
    steps = [
        {
            **_fields(step, "step_number"),
            "items": [_fields(_without_nothing(item), "sku", "quantity") for item in listed(step, "items")],
        }
        for step in listed(raw, "steps")
    ]
    names = ("name", "description", "order", "date_start", "date_end", "is_enabled", "type", "is_recurrent")
    return {**_fields(_named(raw), *names), "steps": steps}


def known_texts(value: object) -> dict[str, object] | None:
    """Return texts in the published languages; None where there are none at all."""
    return {code: text for code, text in value.items() if code in _CODES} if isinstance(value, dict) else None


def unknown_languages(raw: Raw) -> set[str]:
    """Return the codes of an object's texts that are not on the published list."""
    return {code for name in TEXTS if isinstance(raw.get(name), dict) for code in raw[name]} - _CODES


def _chain(raw: Raw, *optional: str) -> Body:
    names = ("name", "description", "order", "date_start", "date_end", "is_enabled", "is_always_visible")
    body = _fields(_named(raw), *names, "attribute_conditions", *optional)
    return {**body, "recurrent_schedule": _schedule(raw.get("recurrent_schedule"))}


def _schedule(raw: object) -> object:
    """Return the fields of its interval; one that is not known stays as it is, and is refused with its name."""
    if not isinstance(raw, dict):
        return None
    names = _SCHEDULE.get(str(raw.get("interval_type")))
    return _fields(raw, *names) if names else raw


def _limits(raw: Raw) -> Body:
    def total(limit: object) -> object:
        return limit.get("total") if isinstance(limit, dict) else limit

    schedule = _object(raw.get("recurrent_schedule")).get("per_user") or _object(raw.get("per_user")).get(
        "recurrent_schedule"
    )
    body = {name: total(raw.get(name)) for name in ("per_user", "per_item")}
    return {**body, "recurrent_schedule": {"per_user": _schedule(schedule)}}


def _price(raw: Raw) -> Body:
    """Return a price as it is written; a bundle's are declared to be text."""
    amount = raw.get("amount")
    if isinstance(amount, str) and amount.replace(".", "", 1).isdecimal():
        amount = float(amount) if "." in amount else int(amount)
    body = {name: value for name, value in _without_nothing(raw).items() if name != "type"}
    return {"is_default": False, "is_enabled": True, **body, "amount": amount}


def _one_default(prices: Sequence[Body]) -> list[Body]:
    """Make one price without a country the default, as the sandbox needs it.

    A live project may have several, or prices of countries only: then the first one counts for all others.
    """
    places = [place for place, price in enumerate(prices) if not price.get("country_iso")]
    if prices and not places:
        everywhere = {name: value for name, value in prices[0].items() if name != "country_iso"}
        return [{**everywhere, "is_default": True}, *prices]
    marked = [place for place in places if prices[place]["is_default"]]
    default = next(iter(marked or places), None)
    return [
        {**price, "is_default": place == default or (place not in places and price["is_default"])}
        for place, price in enumerate(prices)
    ]


def _without_nothing(raw: Raw) -> Body:
    """Leave out what is null or an empty list, which are refused for many fields."""
    body = {name: value for name, value in raw.items() if value is not None and value != []}
    return body | {name: known_texts(body[name]) for name in TEXTS if name in body}


def _named(raw: Raw) -> Body:
    """Leave out nothings but for the name."""
    return {"name": None, **_without_nothing(raw)}


def _object(value: object) -> Body:
    return value if isinstance(value, dict) else {}


def listed(raw: Raw, name: str) -> list[Raw]:
    """Return the objects of a list; none where there is no list."""
    values = raw.get(name)
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _fields(raw: Raw, *names: str) -> Body:
    return {name: raw[name] for name in names if name in raw}
