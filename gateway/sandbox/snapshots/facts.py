"""What there is to say of an item or a chain: short labels with words, by which two snapshots are compared."""

from collections.abc import Iterator, Mapping

from gateway.sandbox.snapshots.snapshot import Raw, Snapshot
from gateway.sandbox.snapshots.words import (
    EVERYBODY,
    NOUNS,
    conditions_words,
    date_words,
    parts_words,
    price_words,
    schedule_words,
)
from gateway.sandbox.snapshots.written_form import TEXTS, item_body, listed

Facts = Mapping[str, str]
"""Words by label; what is usual has no label."""

_LABELS = {
    "long_description": "long description",
    "popup_header": "tooltip header",
    "popup_instruction": "tooltip text",
    "clan_type": "kind of clan",
    "virtual_item_type": "type of use",
    "inventory_options": "use and expiry",
    "custom_attributes": "custom attributes",
    "media_list": "media",
    "pre_order": "pre-order",
    "periods": "sale dates",
}
_ITEM_DETAILS = ("limits", "periods", "regions", "groups", "attributes", "media_list", "pre_order")
_ITEM_DETAILS_OF_SOME = ("inventory_options", "virtual_item_type", "custom_attributes", "is_hard", "is_clan")


def item_facts(kind: str, raw: Raw, points: Mapping[str, object]) -> Facts:
    """Return the facts of an item; `points` are those that it gives, by value point."""
    body = item_body(raw)
    facts = {"kind": NOUNS[kind], **_common(raw)}
    facts |= {"sold": "yes"} if raw.get("is_show_in_store") else {}
    facts |= {"free": "yes"} if raw.get("is_free") else {}
    for price in body["prices"]:
        label = f"price in {price['country_iso']}" if price.get("country_iso") else "price"
        facts[label if price["is_default"] or price.get("country_iso") else f"{label} ({price.get('currency')})"] = (
            price_words(price)
        )
    facts |= {f"price in {one.get('sku')}": str(one["amount"]) for one in body["vc_prices"]}
    facts |= {"content": parts_words(body["content"])} if "content" in body else {}
    facts |= {f"gives {point}": str(amount) for point, amount in points.items()}
    return facts | {
        _label(name): str(body[name]) for name in (*_ITEM_DETAILS, *_ITEM_DETAILS_OF_SOME) if body.get(name)
    }


def chain_facts(raw: Raw) -> Facts:
    """Return the facts of a chain of any kind, with those of its steps."""
    facts = {
        **_common(raw),
        "starts": date_words(raw.get("date_start")),
        "ends": date_words(raw["date_end"]) if raw.get("date_end") else "never",
        **({"starts over": schedule_words(raw["recurrent_schedule"])} if "recurrent_schedule" in raw else {}),
        "seen by": conditions_words(raw),
    }
    if raw.get("is_always_visible") is False and facts["seen by"] == EVERYBODY:
        facts["seen by"] = "players for whom no chain with conditions is meant"
    facts |= {"type": str(raw["type"])} if raw.get("type") else {}
    facts |= {"repeats": "yes"} if raw.get("is_recurrent") else {}
    facts |= {_label("clan_type"): str(raw["clan_type"])} if raw.get("clan_type") else {}
    point = raw.get("value_point")
    facts |= {"counts": str(point.get("sku"))} if isinstance(point, dict) else {}
    for place, step in enumerate(listed(raw, "steps"), start=1):
        facts |= {f"step {step.get('step_number', place)}, {label}": text for label, text in _step(step)}
    return facts


def points_given(snapshot: Snapshot) -> Mapping[str, Mapping[str, object]]:
    """Return the value points that items give, by the item's SKU and the point's."""
    given: dict[str, dict[str, object]] = {}
    for point, rewards in snapshot.point_rewards.items():
        for raw in rewards:
            given.setdefault(str(raw.get("sku")), {})[point] = raw.get("amount")
    return given


def _step(raw: Raw) -> Iterator[tuple[str, str]]:
    yield from _texts(raw, ("name",))
    price, points = raw.get("step_price"), raw.get("price")
    if raw.get("is_free"):
        yield "costs", "nothing"
    elif isinstance(price, dict):
        yield "costs", price_words(price)
    if isinstance(points, dict):
        yield "needs", f"{points.get('amount')} points"
    yield "gives", parts_words([*listed(raw, "items"), *listed(raw, "reward")])
    for reward in listed(raw, "reward"):
        if listed(reward, "attribute_conditions"):
            yield f"{reward.get('sku')} is for", conditions_words(reward)
    if raw.get("image_url"):
        yield "picture", str(raw["image_url"])


def _common(raw: Raw) -> dict[str, str]:
    facts = {"on": "no" if raw.get("is_enabled") is False else "yes", **dict(_texts(raw, TEXTS))}
    facts |= {"position": str(raw["order"])} if "order" in raw else {}
    pictures = {"image_url": "picture", "popup_image_url": "tooltip picture"}
    return facts | {label: str(raw[name]) for name, label in pictures.items() if raw.get(name)}


def _texts(raw: Raw, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        texts = raw.get(name)
        for language, text in texts.items() if isinstance(texts, dict) else ():
            if text:
                yield f"{_label(name)} ({language})", f"“{text}”"


def _label(name: str) -> str:
    return _LABELS.get(name, name.removeprefix("is_"))
