"""What players' lists are documented to hold (client contract, 1, 2, 4 and 5.5)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec
from msgspec import inspect

from gateway.sandbox.client.catalog_responses import CatalogItem
from gateway.sandbox.client.responses import DailyChain, OfferChain, RewardChain
from gateway.sandbox.domain.daily_rounds import StepStatus
from gateway.sandbox.domain.undocumented import Undocumented, undocumented

LISTS: Mapping[str, type[msgspec.Struct]] = MappingProxyType(
    {"offer_chains": OfferChain, "reward_chains": RewardChain, "daily_chains": DailyChain, "catalog": CatalogItem}
)
"""The elements of each list."""

_ITEM_TYPES = frozenset({"virtual_good", "virtual_currency", "bundle", "unit", "value_point"})
_WORDS = MappingProxyType(
    {
        "type": _ITEM_TYPES | {"calendar_hard", "rolling"},
        "bundle_type": frozenset({"standard", "virtual_currency_package", "partner_side_content"}),
        "interval_type": frozenset({"hourly", "daily", "weekly", "monthly"}),
        "status": frozenset(one.value for one in StepStatus),
    }
)


def undocumented_in(name: str, items: object) -> Iterator[tuple[Undocumented, str]]:
    """Yield what of a list's elements is not documented, by path."""
    yield from undocumented(items, [inspect.type_info(list[LISTS[name]])], name, _WORDS)  # type: ignore[valid-type]  # made for msgspec
