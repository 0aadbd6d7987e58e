"""Every leaf of the contract's documents in the notations of common serialisers: read as meant, or little is lost."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import msgspec
import pytest
from msgspec import inspect

from gateway.domain.models import DailyChain, OfferChain, RewardChain
from gateway.errors import GatewayError
from gateway.upstream.decode import Page
from gateway.upstream.decode_lists import ChainLists
from tests.support.upstream_json import places

LISTS = ChainLists()
ITEM = {"sku": "gem", "name": "Gem", "image_url": "https://x/g.png", "is_free": False, "quantity": 2, "content": []}
OFFER: dict[str, Any] = {
    "id": 7,
    "name": "Path",
    "order": 1,
    "description": "A path",
    "date_start": "2026-01-05T00:00:00Z",
    "date_end": "2027-01-05T00:00:00Z",
    "recurrent_schedule": {"interval_type": "weekly", "reset_next_date": 1767571200},
    "next_step_number": 1,
    "steps": [
        {
            "step_number": number,
            "is_free": False,
            "is_claimed": False,
            "step_price": {"amount": "1.50", "currency": "USD"},
            "items": [ITEM, {**ITEM, "sku": "box", "content": [ITEM, ITEM]}],
            "step_vp_rewards": [{"sku": "points", "name": "Points", "amount": 5}],
        }
        for number in (1, 2)
    ],
}
REWARD: dict[str, Any] = {
    "reward_chain_id": 9,
    "name": "Trail",
    "order": 1,
    "date_start": "2026-01-05T00:00:00Z",
    "clan_type": None,
    "image_url": "https://x/t.png",
    "popup_header": {"en": "Hi", "de": "Hallo"},
    "value_point": {"sku": "points", "name": "Points", "amount": 5, "is_clan": False},
    "steps": [
        {"step_id": n, "price": {"amount": n * 10}, "name": "Step", "is_claimed": False, "reward": [ITEM]}
        for n in (1, 2)
    ],
}
DAILY: dict[str, Any] = {
    "id": 11,
    "name": "Days",
    "order": 1,
    "type": "rolling",
    "description": "Day by day",
    "date_start": "2026-01-05T00:00:00Z",
    "date_end": "2027-01-05T00:00:00Z",
    "is_recurrent": True,
    "steps": [{"step_number": n, "status": "claimable", "unlocked_date": 1767571200, "items": [ITEM]} for n in (1, 2)],
}
KINDS: dict[str, tuple[Callable[[bytes], Page[Any]], dict[str, Any], type]] = {
    "offer": (LISTS.offer_chains, OFFER, OfferChain),
    "reward": (LISTS.reward_chains, REWARD, RewardChain),
    "daily": (LISTS.daily_chains, DAILY, DailyChain),
}

QUIRKS: dict[str, Any] = {
    "null": lambda _: None,
    "empty list for an object (PHP)": lambda _: [],
    "empty object for a list": lambda _: {},
    "empty text": lambda _: "",
    "number as text (PHP)": lambda one: str(one) if isinstance(one, int) else one,
    "number with a fraction (JavaScript)": lambda one: float(one) if type(one) is int else one,
    "truth as number (PHP, SQL)": lambda one: int(one) if isinstance(one, bool) else one,
    "truth as text": lambda one: str(one).lower() if isinstance(one, bool) else one,
    "text as number": lambda one: 7 if isinstance(one, str) else one,
    "list with gaps (PHP)": lambda one: {str(n * 2): x for n, x in enumerate(one)} if isinstance(one, list) else one,
    "zero date (PHP)": lambda one: "0000-00-00 00:00:00" if str(one).endswith("Z") else one,
    "seven digits of a second (.NET)": lambda one: one.replace("Z", ".1234567Z") if str(one).endswith("00Z") else one,
    "half a surrogate pair (JavaScript)": lambda one: f"{one}\ud83c" if isinstance(one, str) else one,
    "NaN (Python)": lambda one: float("nan") if isinstance(one, int) else one,
    "a huge number (Go)": lambda one: 10**25 if type(one) is int else one,
    "nested where it is flat": lambda one: {"value": one},
    "a list where it is one": lambda one: [one],
}


def placed(document: object, at: tuple[str | int, ...], quirk: str) -> object:
    """A copy of the document with one value in another notation."""
    copy: Any = json.loads(json.dumps(document))
    inside: Any = copy
    for key in at[:-1]:
        inside = inside[key]
    inside[at[-1]] = QUIRKS[quirk](inside[at[-1]])
    return copy


def page_of(chains: object) -> bytes:
    return json.dumps({"items": chains, "has_more": False}).encode()


def is_required(kind: inspect.Type, at: tuple[str | int, ...]) -> bool:
    """Whether an object cannot be had without the value at the end of a path: every field on the way is required."""
    if not at:
        return True
    if isinstance(kind, inspect.StructType):
        (field,) = (one for one in kind.fields if one.encode_name == at[0])
        return field.required and is_required(field.type, at[1:])
    return False


def lost(kind: inspect.Type, before: Any, after: Any, at: tuple[str | int, ...]) -> Iterator[str]:
    """What is missing or different although the quirk is elsewhere; elements are compared by their order."""
    if not at or before == after:
        return
    key, rest = at[0], at[1:]
    if isinstance(before, list):
        element = cast(inspect.ListType, kind).item_type
        others = [one for number, one in enumerate(before) if number != key]
        if after is not None and len(after) == len(others):
            if after != others:
                yield f"others of {at}"
            if not is_required(element, rest):
                yield f"the element at {at}"
            return
        if after is None or len(after) != len(before):
            yield f"elements beside {at}"
            return
        if [one for number, one in enumerate(after) if number != key] != others:
            yield f"others of {at}"
        yield from lost(element, before[cast(int, key)], after[cast(int, key)], rest)
    elif isinstance(before, dict) and isinstance(after, dict) and isinstance(kind, inspect.StructType):
        if {name: one for name, one in before.items() if name != key} != {
            name: one for name, one in after.items() if name != key
        }:
            yield f"fields beside {at}"
        (field,) = (one for one in kind.fields if one.encode_name == key)
        inner = field.type
        if isinstance(inner, inspect.UnionType):
            (inner,) = (one for one in inner.types if not isinstance(one, inspect.NoneType))
        if after.get(str(key)) is None and isinstance(inner, inspect.StructType) and not is_required(inner, rest):
            yield f"the object at {at}"
        yield from lost(inner, before.get(key), after.get(str(key)), rest)


@pytest.mark.parametrize("quirk", QUIRKS)
@pytest.mark.parametrize("name", KINDS)
def test_no_more_is_lost_than_the_object_of_a_required_field(name: str, quirk: str) -> None:
    decode, document, kind = KINDS[name]
    other = {**document, "id": 1, "reward_chain_id": 1}
    whole = [document, other]
    before = msgspec.to_builtins(decode(page_of(whole)).items)
    chains = inspect.ListType(inspect.type_info(kind))
    for at in places(whole):
        if len(at) < 2:
            continue
        try:
            after = msgspec.to_builtins(decode(page_of(placed(whole, at, quirk))).items)
        except GatewayError as error:
            pytest.fail(f"{at}: {error}")
        assert list(lost(chains, list(before), list(after), at)) == [], at
