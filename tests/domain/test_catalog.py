"""What can be bought in the store, what gives points, and for how long that is true."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from math import inf

import pytest

from gateway.domain.catalog import (
    CatalogItem,
    Discount,
    Limits,
    Promotion,
    PurchaseLimit,
    VirtualPrice,
    explain_item_refusal,
    item_obstacle,
    seconds_until_change,
)
from gateway.domain.models import Money, PointReward, Recurrence
from gateway.domain.refusals import UserErrorCode
from gateway.errors import NotFound, Refusal

PRICE = Money(Decimal("4.99"), "USD")
STARS = (PointReward("stars", 10), PointReward("moons", 1), PointReward("stars", 5))


@dataclass(frozen=True)
class Case:
    item: CatalogItem | None
    code: UserErrorCode | None


CASES = {
    "for sale": Case(CatalogItem("kite", price=PRICE), None),
    "left": Case(CatalogItem("kite", price=PRICE, limits=Limits(PurchaseLimit(3, 1), PurchaseLimit())), None),
    "unknown": Case(None, UserErrorCode.NOT_FOUND),
    "free": Case(CatalogItem("kite", price=PRICE, is_free=True), UserErrorCode.NOT_FOR_SALE),
    "without a price": Case(CatalogItem("kite"), UserErrorCode.NOT_FOR_SALE),
    "switched off": Case(CatalogItem("kite", price=PRICE, can_be_bought=False), UserErrorCode.NOT_FOR_SALE),
    "player's limit": Case(
        CatalogItem("kite", price=PRICE, can_be_bought=False, limits=Limits(per_user=PurchaseLimit(3, 0))),
        UserErrorCode.LIMIT_REACHED,
    ),
    "everybody's limit": Case(
        CatalogItem("kite", price=PRICE, limits=Limits(per_item=PurchaseLimit(3, 0))), UserErrorCode.LIMIT_REACHED
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_the_catalog_shows_says_whether_an_order_is_taken(name: str) -> None:
    case = CASES[name]
    assert item_obstacle(case.item) is case.code
    assert explain_item_refusal(Refusal(), case.item) is (case.code or UserErrorCode.REJECTED)
    assert explain_item_refusal(NotFound(), case.item) is UserErrorCode.NOT_FOUND


def test_only_purchases_in_real_money_earn_points() -> None:
    earning = CatalogItem("kite", price=PRICE, vp_rewards=STARS)
    assert earning.earns_points
    assert [earning.points(sku) for sku in ("stars", "moons", "suns")] == [15, 1, 0]
    assert not CatalogItem("kite", price=PRICE).earns_points
    assert not CatalogItem("kite", vp_rewards=STARS).earns_points
    assert not CatalogItem("kite", price=PRICE, is_free=True, vp_rewards=STARS).earns_points


def test_limits_of_a_player_make_an_item_the_players() -> None:
    limit = Limits(per_user=PurchaseLimit(1, 1))
    assert CatalogItem("kite", limits=limit).is_players
    assert CatalogItem("kite", promotions=(Promotion(limits=limit),)).is_players
    assert not CatalogItem("kite", limits=Limits(per_item=PurchaseLimit(1, 1)), promotions=(Promotion(),)).is_players


@pytest.mark.parametrize(("full", "shown"), [(80, 80), (50, None), (None, None)])
def test_a_virtual_price_shows_what_it_was_before_a_discount(full: int | None, shown: int | None) -> None:
    assert VirtualPrice("gold", 50, full).before_discount == shown


@pytest.mark.parametrize("percent", ["NaN", "Infinity", "1e40"])
def test_a_discount_that_cannot_be_shown_is_none(percent: str) -> None:
    with pytest.raises(ValueError, match="discount"):
        Discount(Decimal(percent))
    assert Discount(Decimal("12.5"), None).percent == Decimal("12.5")


def test_items_are_true_until_a_promotion_or_a_limit_changes() -> None:
    def at(minute: int) -> datetime:
        return datetime(2026, 1, 5, 12, minute, tzinfo=UTC)

    reset = Recurrence("daily", int(at(40).timestamp()))
    item = CatalogItem(
        "kite",
        promotions=(Promotion(date_start=at(0), date_end=at(30)), Promotion()),
        limits=Limits(per_user=PurchaseLimit(recurrent_schedule=reset)),
    )
    moments = [at(minute).timestamp() for minute in (10, 30, 50)]
    assert [seconds_until_change([item], moment) for moment in moments] == [1200, 600, inf]
    assert PurchaseLimit().resets_at is None
