"""The catalog and orders of its items."""

from typing import Any

import pytest

from gateway.sandbox import DEMO_PROJECT_ID
from gateway.sandbox.demo.accounts import FRESH_PLAYER, GUILD_MATE_PLAYER
from gateway.sandbox.domain.item_details import ItemDetails, Limits, VirtualPrice
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.storage.item_writes import NewItem, create_item, set_item_points
from tests.sandbox.chains import publish_good
from tests.sandbox.world import DAY, ORIGIN, Game, World, refusal

PROMOTION = f"/_sandbox/projects/{DEMO_PROJECT_ID}/items/supply_crate/promotion"
CRATE = "/payment/item/supply_crate"
SOLD = ItemDetails(is_show_in_store=True)


async def catalog(game: Game, query: str = "") -> dict[str, Any]:
    """The items by SKU."""
    return {item["sku"]: item for item in (await game.get(f"/items{query}")).json()["items"]}


async def bought(game: Game, sku: str, **body: object) -> int:
    """Order and pay an item; the number of the order."""
    response = await game.client.post(game._root + f"/payment/item/{sku}", json=body, headers=game.headers)
    assert response.status_code == 200, response.text
    order_id: int = response.json()["order_id"]
    assert await game.pay(order_id) == "done"
    return order_id


async def test_an_item_has_the_documented_fields(world: World) -> None:
    items = await catalog(world.anonymous(), "?additional_fields[]=order")
    assert list(items) == ["storm_lantern", "supply_crate", "wanderer_bundle", "moonstones_500"]
    assert items["storm_lantern"] == {
        "item_id": 6,
        "sku": "storm_lantern",
        "type": "virtual_good",
        "name": "Storm Lantern",
        "description": "Shows hidden paths, even in the rain.",
        "image_url": f"{ORIGIN}/images/storm_lantern.svg",
        "price": {"amount": "1.99", "amount_without_discount": "1.99", "currency": "USD"},
        "virtual_prices": [
            {
                "item_id": 1,
                "sku": "gold",
                "name": "Gold",
                "type": "virtual_currency",
                "description": None,
                "image_url": f"{ORIGIN}/images/gold.svg",
                "amount": 900,
                "amount_without_discount": 900,
                "calculated_price": {"amount": "900.00", "amount_without_discount": "900.00"},
                "is_default": True,
            }
        ],
        "can_be_bought": True,
        "promotions": [],
        "attributes": [],
        "is_free": False,
        "groups": [],
        "inventory_options": None,
        "limits": None,
        "vp_rewards": [
            {
                "item_id": 13,
                "sku": "vp_embers",
                "name": "Embers",
                "amount": 40,
                "image_url": f"{ORIGIN}/images/vp_embers.svg",
                "is_clan": False,
            },
            {
                "item_id": 14,
                "sku": "vp_banners",
                "name": "Guild Banners",
                "amount": 15,
                "image_url": f"{ORIGIN}/images/vp_banners.svg",
                "is_clan": True,
            },
        ],
        "order": 1,
    }
    bundle = items["wanderer_bundle"]
    assert (bundle["bundle_type"], bundle["price"]["amount"], bundle["price"]["amount_without_discount"]) == (
        "standard",
        "3.74",
        "4.99",
    )
    assert bundle["promotions"] == [
        {
            "name": "Ember Week",
            "date_start": "2026-01-07T12:00:00+00:00",
            "date_end": "2026-01-14T12:00:00+00:00",
            "discount": {"percent": "25.00", "value": None},
            "bonus": [],
        }
    ]
    assert [(one["sku"], one["quantity"]) for one in bundle["content"]] == [
        ("storm_cloak", 1),
        ("healing_draught", 5),
        ("gold", 250),
    ]


async def test_language_country_and_page_are_chosen_by_the_query(world: World) -> None:
    euro = ItemPrice("4.50", "EUR", country_iso="DE")  # type: ignore[arg-type]  # written as JSON
    with world.write() as tx:
        price = ItemPrice("5.00", "USD", is_default=True)  # type: ignore[arg-type]  # as above
        new = NewItem(sku="kite", type="virtual_good", name={"en": "Kite"}, prices=(price, euro), details=SOLD, order=9)
        create_item(tx, DEMO_PROJECT_ID, new)
    game = world.anonymous()
    german = await catalog(game, "?locale=de&country=DE")
    assert (german["supply_crate"]["name"], german["kite"]["price"]["currency"]) == ("Vorratskiste", "EUR")
    assert (await catalog(game, "?locale=xx&country=FR"))["kite"]["price"]["currency"] == "USD"
    page = (await game.get("/items?limit=2&offset=1")).json()
    assert ([item["sku"] for item in page["items"]], page["has_more"]) == (["supply_crate", "wanderer_bundle"], True)
    assert len((await game.get("/items?limit=51")).json()["items"]) == 5


async def test_what_is_not_shown_in_the_store_is_not_in_the_catalog(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "secret", "1.00")
        publish_good(tx, "off", "1.00", details=SOLD, is_enabled=False)
    game = world.anonymous()
    assert {"secret", "off", "ember_key"}.isdisjoint(await catalog(game))
    assert refusal(await game.get("/items/sku/secret")) == (404, 4001)
    assert refusal(await game.get("/items/sku/nothing")) == (404, 4001)
    assert (await game.get("/items/sku/supply_crate")).json()["sku"] == "supply_crate"


async def test_a_purchase_limit_counts_what_the_player_bought_until_it_starts_over(world: World) -> None:
    ann, cleo = world.game(FRESH_PLAYER), world.game(GUILD_MATE_PLAYER)
    reset = {"interval_type": "daily", "reset_next_date": 1767830400}
    assert (await catalog(ann))["supply_crate"]["limits"] == {
        "per_user": {"total": 3, "available": 3, "recurrent_schedule": reset},
        "per_item": None,
    }
    order_id = await bought(ann, "supply_crate", quantity=3)
    shown = (await catalog(ann))["supply_crate"]
    assert (shown["limits"]["per_user"]["available"], shown["can_be_bought"]) == (0, False)
    assert refusal(await ann.post(CRATE)) == (422, 1102)
    for other in (cleo, world.anonymous()):
        assert (await catalog(other))["supply_crate"]["limits"]["per_user"]["available"] == 3
    await ann.client.post(f"/_sandbox/orders/{order_id}/refund")
    assert (await catalog(ann))["supply_crate"]["limits"]["per_user"]["available"] == 3
    await bought(ann, "supply_crate", quantity=3)
    world.clock.advance(DAY)
    later = world.game(FRESH_PLAYER)
    assert (await catalog(later))["supply_crate"]["limits"]["per_user"]["available"] == 3


async def test_a_limit_of_all_players_counts_what_everybody_bought(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "relic", "1.00", details=ItemDetails(is_show_in_store=True, limits=Limits(None, 2, None, 0)))
        never = ItemDetails(is_show_in_store=True, limits=Limits(1, None, None, 0))
        publish_good(tx, "once", "1.00", details=never)
    ann, cleo = world.game(FRESH_PLAYER), world.game(GUILD_MATE_PLAYER)
    await bought(ann, "relic")
    assert (await catalog(cleo))["relic"]["limits"] == {"per_user": None, "per_item": {"total": 2, "available": 1}}
    await bought(cleo, "relic")
    assert (await catalog(ann))["relic"]["can_be_bought"] is False
    assert (await catalog(ann))["once"]["limits"]["per_user"]["recurrent_schedule"] is None
    await bought(ann, "once")
    assert (await catalog(ann))["once"]["can_be_bought"] is False


async def test_an_ordered_item_is_paid_gives_its_points_and_keeps_its_price(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    body = {"quantity": 2, "sandbox": True, "locale": "de"}
    response = await game.client.post(game._root + "/payment/item/wanderer_bundle", json=body, headers=game.headers)
    order = response.json()
    assert list(order) == ["order_id", "token"]
    price = {"amount": "7.48", "amount_without_discount": "9.98", "currency": "USD"}
    assert (await game.get(f"/order/{order['order_id']}")).json()["content"]["price"] == price
    assert "Wanderer" in (await world.open_payment(order["token"])).text
    await world.decide_payment(order["token"], "pay")
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 200


async def test_a_discount_comes_and_goes_by_the_sandboxs_own_call(world: World) -> None:
    body = {"name": "Flash", "percent": 50, "seconds": 60}
    assert (await world.client.put(PROMOTION, json=body)).status_code == 204
    game = world.anonymous()
    assert (await catalog(game))["supply_crate"]["price"]["amount"] == "0.50"
    world.clock.advance(61)
    shown = (await catalog(game))["supply_crate"]
    assert (shown["price"]["amount"], shown["promotions"]) == ("0.99", [])
    await world.client.put(PROMOTION, json=body)
    assert (await world.client.delete(PROMOTION)).status_code == 204
    assert (await catalog(game))["supply_crate"]["promotions"] == []
    unknown = PROMOTION.replace("supply_crate", "nothing")
    assert refusal(await world.client.put(unknown, json=body)) == (404, 4001)


async def test_a_currency_that_was_deleted_is_no_price_any_more(world: World) -> None:
    prices = tuple(VirtualPrice(sku, 5, is_default=True, is_enabled=sku != "gold") for sku in ("gold", "gone"))
    with world.write() as tx:
        publish_good(tx, "kite", "1.00", details=ItemDetails(is_show_in_store=True, vc_prices=prices))
    assert (await catalog(world.anonymous()))["kite"]["virtual_prices"] == []


@pytest.mark.parametrize(
    ("sku", "body", "expected"),
    [
        ("nothing", "{}", (404, 4001)),
        ("ember_key", "{}", (422, 1411)),
        ("gift", "{}", (422, 1421)),
        ("hidden", "{}", (422, 1411)),
        ("supply_crate", '{"quantity": 0}', (422, 1102)),
        ("supply_crate", "[", (422, 1102)),
        ("supply_crate", '{"settings": {"a": "' + "x" * 70_000 + '"}}', (422, 1102)),
        ("supply_crate", '{"quantity": 4}', (422, 1102)),
    ],
    ids=["unknown", "no price", "free", "switched off", "no quantity", "no JSON", "too long", "more than are left"],
)
async def test_what_cannot_be_ordered_is_refused_and_leaves_no_order(
    world: World, sku: str, body: str, expected: tuple[int, int]
) -> None:
    with world.write() as tx:
        publish_good(tx, "gift", is_free=True)
        publish_good(tx, "hidden", "1.00", is_enabled=False)
        set_item_points(tx, DEMO_PROJECT_ID, "vp_embers", {"gift": 5})
    game = world.game(FRESH_PLAYER)
    path = game._root + f"/payment/item/{sku}"
    assert refusal(await game.client.post(path, content=body, headers=game.headers)) == expected
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {}
    assert refusal(await world.anonymous().post(CRATE)) == (401, 1501)
