"""Puts ids and SKUs that exist into generated requests: random ones would never exist."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from gateway.sandbox import DEMO_PROJECT_ID
from tests.sandbox.proofs.documents import AnyCase

_NUMBERS = 24
"""Chains and steps of the demo have numbers up to this."""
_GOODS = ("storm_lantern", "supply_crate", "guild_horn", "lantern_oil", "storm_cloak")
_CURRENCIES = ("gold", "moonstones")
# What a path's SKU names, and what is inside a body sent there, by a word in the path.
_SKUS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "value_point": (("vp_embers", "vp_banners"), _GOODS),
    "package": (("moonstones_500",), _CURRENCIES),
    "virtual_currency": (_CURRENCIES, _GOODS),
    "bundle": (("wanderer_bundle",), _GOODS),
    "": (_GOODS, _GOODS),
}


def use_existing_ids(case: AnyCase) -> None:
    """Name the demo project, and things of the demo in most places where the request names something."""
    use_existing_path_ids(case)
    _, inside = _skus(case)
    case.body = _with_whole_numbers(case.body)
    for place, part in enumerate(_parts(case.body)):
        part["sku"] = _existing(part["sku"], inside, place)
    if isinstance(case.body, dict):
        _use_existing_top_ids(case.body, case.path_parameters)


def use_existing_path_ids(case: AnyCase) -> None:
    """Name the demo project, and mostly things of the demo, in the path only."""
    named, _ = _skus(case)
    for name, value in case.path_parameters.items():
        if name == "project_id":
            case.path_parameters[name] = DEMO_PROJECT_ID
        elif name.endswith("sku"):
            case.path_parameters[name] = _existing(str(value), named, len(str(value)))
        elif isinstance(value, int) and value > _NUMBERS:
            case.path_parameters[name] = 1 + value % _NUMBERS


def _skus(case: AnyCase) -> tuple[Sequence[str], Sequence[str]]:
    return next(skus for word, skus in _SKUS.items() if word in case.path)


def _use_existing_top_ids(body: dict[str, Any], path: Mapping[str, Any]) -> None:
    if "sku" in body:
        body["sku"] = next((value for name, value in path.items() if name.endswith("sku")), body["sku"])
    if isinstance(body.get("value_point"), dict):
        # Only chains of clans have a tooltip.
        body["value_point"]["sku"] = "vp_banners" if "popup_header" in body else "vp_embers"


def _existing(made_up: str, skus: Sequence[str], place: int) -> str:
    return made_up if len(made_up) % 7 == 6 and unquote(made_up).isprintable() else skus[place % len(skus)]


def _parts(body: object) -> Iterator[dict[str, Any]]:
    """Find the objects with a SKU inside a body."""
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    for one in inner:
        if isinstance(one, dict) and isinstance(one.get("sku"), str):
            yield one
        yield from _parts(one)


def _with_whole_numbers(body: Any) -> Any:
    """Write 1.0 as 1: a schema takes both for an integer, the upstream does not."""
    if isinstance(body, dict):
        return {name: _with_whole_numbers(inner) for name, inner in body.items()}
    if isinstance(body, list):
        return [_with_whole_numbers(inner) for inner in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body
