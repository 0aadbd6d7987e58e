"""The demo project's items: what its chains hand out."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from gateway.sandbox.domain.item_details import ItemDetails, Limits, LoyaltyPoints, VirtualPrice
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.http.images import image_path
from gateway.sandbox.storage.item_writes import NewItem

EMBERS = "vp_embers"
BANNERS = "vp_banners"

_HEARTH_TOKENS = LoyaltyPoints(
    "hearth_tokens", {"en": "Hearth Tokens", "de": "Herdmarken"}, 25, image_path("hearth_tokens")
)


def _good(
    sku: str,
    en: str,
    de: str,
    about_en: str,
    about_de: str,
    price: str | None = None,
    details: ItemDetails | None = None,
) -> NewItem:
    return NewItem(
        sku=sku,
        type="virtual_good",
        name={"en": en, "de": de},
        description={"en": about_en, "de": about_de},
        image_url=image_path(sku),
        prices=_usd(price),
        details=details or _sold(price),
    )


def _currency(sku: str, en: str, de: str) -> NewItem:
    return NewItem(sku=sku, type="virtual_currency", name={"en": en, "de": de}, image_url=image_path(sku))


def _bundle(
    sku: str, en: str, de: str, about_en: str, about_de: str, price: str, content: Mapping[str, int]
) -> NewItem:
    return NewItem(
        sku=sku,
        type="bundle",
        bundle_type="standard",
        name={"en": en, "de": de},
        description={"en": about_en, "de": about_de},
        image_url=image_path(sku),
        content=content,
        prices=_usd(price),
        details=ItemDetails(is_show_in_store=True, loyalty_points=(_HEARTH_TOKENS,)),
    )


def _package(sku: str, en: str, de: str, price: str, currency: str, amount: int) -> NewItem:
    return NewItem(
        sku=sku,
        type="bundle",
        bundle_type="virtual_currency_package",
        name={"en": en, "de": de},
        image_url=image_path(sku),
        content={currency: amount},
        prices=_usd(price),
        details=_sold(price),
    )


def _value_point(sku: str, en: str, de: str, about_en: str, about_de: str, is_clan: bool = False) -> NewItem:
    return NewItem(
        sku=sku,
        type="value_point",
        name={"en": en, "de": de},
        description={"en": about_en, "de": about_de},
        image_url=image_path(sku),
        is_clan=is_clan,
    )


def _sold(price: str | None) -> ItemDetails:
    """What has a price is shown in the store."""
    return ItemDetails(is_show_in_store=price is not None)


def _usd(price: str | None) -> tuple[ItemPrice, ...]:
    return (ItemPrice(Decimal(price), "USD", is_default=True),) if price else ()


DEMO_ITEMS: tuple[NewItem, ...] = (
    _currency("gold", "Gold", "Gold"),
    _currency("moonstones", "Moonstones", "Mondsteine"),
    _good("healing_draught", "Healing Draught", "Heiltrank", "Restores half of your health.", "Heilt dich zur Hälfte."),
    _good("ember_key", "Ember Key", "Glutschlüssel", "Opens one ember chest.", "Öffnet eine Gluttruhe."),
    _good("lantern_oil", "Lantern Oil", "Lampenöl", "Burns through one night.", "Brennt eine Nacht lang."),
    _good(
        "storm_lantern",
        "Storm Lantern",
        "Sturmlaterne",
        "Shows hidden paths, even in the rain.",
        "Zeigt verborgene Pfade, auch bei Regen.",
        "1.99",
        ItemDetails(is_show_in_store=True, vc_prices=(VirtualPrice("gold", 900, is_default=True, is_enabled=True),)),
    ),
    _good("storm_cloak", "Storm Cloak", "Sturmumhang", "Keeps thunder out.", "Hält den Donner draußen."),
    _good("guild_horn", "Guild Horn", "Gildenhorn", "Calls your guild to you.", "Ruft deine Gilde zu dir."),
    _good(
        "phoenix_feather",
        "Phoenix Feather",
        "Phönixfeder",
        "Brings you back once.",
        "Holt dich einmal zurück.",
    ),
    _good(
        "supply_crate",
        "Supply Crate",
        "Vorratskiste",
        "A week's worth.",
        "Reicht eine Woche.",
        "0.99",
        ItemDetails(is_show_in_store=True, limits=Limits(3, None, Schedule("daily"), since=0)),
    ),
    _bundle(
        "wanderer_bundle",
        "Wanderer's Bundle",
        "Wandererpaket",
        "All that a long road asks for.",
        "Alles, was ein langer Weg verlangt.",
        "4.99",
        {"storm_cloak": 1, "healing_draught": 5, "gold": 250},
    ),
    _package("moonstones_500", "500 Moonstones", "500 Mondsteine", "9.99", "moonstones", 500),
    _value_point(
        EMBERS,
        "Embers",
        "Glut",
        "Earned with every purchase.",
        "Gibt es bei jedem Einkauf.",
    ),
    _value_point(
        BANNERS,
        "Guild Banners",
        "Gildenbanner",
        "Collected by your whole guild.",
        "Sammelt deine ganze Gilde.",
        is_clan=True,
    ),
)

POINTS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        EMBERS: {"wanderer_bundle": 100, "moonstones_500": 250, "storm_lantern": 40, "supply_crate": 20},
        BANNERS: {"wanderer_bundle": 40, "moonstones_500": 90, "storm_lantern": 15, "supply_crate": 5},
    }
)
"""How many of each value point an item gives when it is bought."""

SECOND_ITEMS: tuple[NewItem, ...] = (
    NewItem(sku="gold", type="virtual_currency", name={"en": "Doubloons"}, image_url=image_path("gold")),
    NewItem(sku="spyglass", type="virtual_good", name={"en": "Spyglass"}, image_url=image_path("spyglass")),
)
