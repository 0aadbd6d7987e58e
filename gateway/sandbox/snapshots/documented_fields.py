"""Which fields the Admin calls are documented or were seen to return, by kind of object, and which ones are new.

The types are those of the sandbox's own responses and requests; `_LIVE` has what only live objects were seen to have
(admin contract, 3.4, 4.4 and 5.1).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import inspect

from gateway.sandbox.admin import (
    daily_chain_requests,
    daily_chains,
    item_requests,
    item_responses,
    offer_chain_requests,
    offer_chains,
    point_rewards,
    reward_chain_requests,
    reward_chains,
    value_points,
)
from gateway.sandbox.domain.undocumented import alternatives, undocumented

KINDS: Mapping[str, tuple[type[msgspec.Struct], ...]] = MappingProxyType(
    {
        "virtual_items": (item_responses.GoodResponse, item_requests.GoodBody),
        "virtual_currencies": (item_responses.CurrencyResponse, item_requests.CurrencyBody),
        "packages": (item_responses.PackageResponse, item_requests.PackageBody),
        "bundles": (item_responses.BundleResponse, item_requests.BundleBody),
        "value_points": (value_points.ValuePointResponse, value_points.ValuePointBody),
        "point_rewards": (point_rewards.RewardResponse, point_rewards.RewardBody),
        "offer_chains": (offer_chains.ChainResponse, offer_chain_requests.ChainBody),
        "reward_chains": (reward_chains.ChainResponse, reward_chain_requests.ChainBody),
        "daily_chains": (daily_chains.ChainResponse, daily_chain_requests.ChainBody),
    }
)
"""What objects of each kind look like, under the names that snapshots give the kinds."""

_LIVE = frozenset(
    {
        "project_id",
        "regional_prices",
        "items_count",
        "promotions",
        "can_be_bought",
        "is_deleted",
        "created_at",
        "updated_at",
        "number_of_steps",
    }
)
_PLAYERS = frozenset({"top_contributors"})


def unknown_fields(kind: str, value: Mapping[str, Any]) -> Iterator[str]:
    """Name the fields of an object that are not documented, such as `offer_chains.steps.colour`."""
    types = [inspect.type_info(one) for one in KINDS[kind]]
    for _, path in undocumented(value, types, kind):
        if path.rpartition(".")[2] not in _LIVE:
            yield path


def documented_names() -> frozenset[str]:
    """Return the names of all fields of all kinds, without those that name players."""
    types = [inspect.type_info(one) for kind in KINDS.values() for one in kind]
    return _LIVE.union(*map(_names, types)) - _PLAYERS


def _names(kind: inspect.Type) -> Iterator[str]:
    for one in alternatives(kind):
        if isinstance(one, inspect.CollectionType):
            yield from _names(one.item_type)
        elif isinstance(one, inspect.StructType):
            for field in one.fields:
                yield field.encode_name
                yield from _names(field.type)
