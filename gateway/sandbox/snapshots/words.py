"""Parts of a project in words that the people read who plan its offers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from gateway.sandbox.snapshots.snapshot import Raw
from gateway.sandbox.snapshots.written_form import listed

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OPERATORS = {"eq": "is", "ne": "is not", "er": "is below", "lt": "is above", "ee": "is at most", "le": "is at least"}
_DATE_OPERATORS = {"er": "is before", "lt": "is after", "ee": "is not after", "le": "is not before"}
EVERYBODY = "everybody"

NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "virtual_items": "virtual item",
        "virtual_currencies": "virtual currency",
        "packages": "currency package",
        "bundles": "bundle",
        "value_points": "value point",
        "offer_chains": "offer chain",
        "reward_chains": "reward chain",
        "daily_chains": "daily chain",
    }
)
"""One thing of each kind, by the name that snapshots give the kind."""

CHAIN_KINDS: Mapping[str, str] = MappingProxyType(
    {"offer_chains": "id", "reward_chains": "reward_chain_id", "daily_chains": "id"}
)
"""The kinds of chains, with the field that has a chain's number."""


def date_words(text: object) -> str:
    """Say an ISO 8601 date in UTC; what is none stays as it is."""
    try:
        return instant_words(datetime.fromisoformat(str(text)))
    except (ValueError, OverflowError):
        return str(text)


def instant_words(instant: datetime) -> str:
    """Say an instant in UTC."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def schedule_words(raw: object) -> str:
    """Say when progress starts over."""
    if not isinstance(raw, dict):
        return "never"
    interval, at = raw.get("interval_type"), f"at {str(raw.get('time'))[:5]} ({str(raw.get('time'))[8:]})"
    day = raw.get("day_of_week")
    if interval == "weekly" and isinstance(day, int) and 1 <= day <= len(_DAYS):
        return f"each {_DAYS[day - 1]} {at}"
    if interval == "monthly":
        return f"on day {raw.get('day_of_month')} of each month {at}"
    if interval == "daily":
        return f"each day {at}"
    return "each full hour" if interval == "hourly" else f"by a schedule of the type {interval}"


def conditions_words(raw: Raw) -> str:
    """Say which players the conditions of a chain or a reward let through."""
    return " and ".join(map(_condition, listed(raw, "attribute_conditions"))) or EVERYBODY


def _condition(raw: Raw) -> str:
    operators = _OPERATORS | (_DATE_OPERATORS if raw.get("type") == "date" else {})
    operator = str(raw.get("operator"))
    missing = " or missing" if raw.get("can_be_missing") else ""
    return f"{raw.get('attribute')} {operators.get(operator, operator)} {raw.get('value')}{missing}"


def price_words(raw: Raw) -> str:
    """Say a price in real money."""
    return f"{raw.get('amount')} {raw.get('currency')}"


def parts_words(parts: list[Raw]) -> str:
    """Say what a step or a bundle holds."""
    return ", ".join(f"{part.get('quantity', 1)} x {part.get('sku')}" for part in parts)


def title(raw: Raw) -> str:
    """Return the English name of a thing, or its first one."""
    texts = raw.get("name")
    if not isinstance(texts, dict):
        return ""
    return str(texts.get("en") or texts.get("en-US") or next(filter(None, texts.values()), ""))
