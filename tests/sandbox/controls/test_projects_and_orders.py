"""The sandbox's own calls that create a project and order an item."""

from typing import Any

import pytest

from gateway.sandbox import DEMO_PROJECT_ID, mint_token
from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from tests.sandbox.admin.publisher import Publisher, item, problem, usd
from tests.sandbox.world import Game, World

ORDERS = f"/_sandbox/projects/{DEMO_PROJECT_ID}/orders"


async def test_a_new_project_is_empty_and_its_secrets_are_its_own(world: World) -> None:
    projects = [(await world.client.post("/_sandbox/projects", json={"name": name})).json() for name in ("One", "Two")]
    assert [(one["id"], one["name"]) for one in projects] == [(44058, "One"), (44059, "Two")]
    assert len({one[secret] for one in projects for secret in ("api_key", "login_secret")}) == 4
    first, second = projects
    publisher = Publisher(world.client, first["api_key"], first["id"])
    assert await publisher.read("/offer_chain") == {"has_more": False, "items": []}
    await publisher.make_item("gem")
    chain_id = await publisher.make_offer_chain(
        steps=[{"step_number": 1, "is_free": True, "items": [{"sku": "gem", "quantity": 1}]}]
    )
    token = mint_token("a", secret=first["login_secret"], project_id=first["id"], now=world.clock.now)
    assert (await Game(world.client, token, first["id"]).claim_offer(chain_id, 1)).status_code == 200
    assert problem(await Publisher(world.client, first["api_key"], second["id"]).get("/offer_chain"))[:2] == (401, 1020)
    assert problem(await Game(world.client, token, second["id"]).get("/user/offer_chain"))[:2] == (401, 1501)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"name": ""}', b'{"name": 5}', b"[" * 100_000])
async def test_a_project_needs_a_name(world: World, body: bytes) -> None:
    assert problem(await world.client.post("/_sandbox/projects", content=body))[:2] == (422, 1102)
    assert len(world.sandbox.projects()) == 2


async def order(world: World, **fields: object) -> dict[str, Any]:
    response = await world.client.post(ORDERS, json={"player_id": FRESH_PLAYER.id, "sku": "storm_lantern", **fields})
    assert response.status_code == 200, response.text
    placed: dict[str, Any] = response.json()
    return placed


async def test_an_ordered_item_is_paid_on_the_same_page_and_gives_its_points(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    placed = await order(world, quantity=3)
    assert placed["status"] == "new"
    assert "5.97" in (await world.open_payment(placed["token"])).text
    balance = "/user/reward_chain/5/balance"
    assert (await game.get(balance)).json()["amount"] == 0
    await world.decide_payment(placed["token"], "pay")
    read = (await game.get(f"/order/{placed['order_id']}")).json()
    assert (read["status"], read["content"]["price"]["amount"]) == ("done", "5.97")
    assert read["content"]["items"][0]["quantity"] == 3
    assert (await game.get(balance)).json()["amount"] == 120
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"storm_lantern": 3}
    assert (await game.offer_chains())["Lantern Night"]["next_step_number"] == 1


async def test_an_item_bought_by_a_member_counts_for_the_clan(world: World) -> None:
    placed = await order(world, player_id=VETERAN_PLAYER.id)
    assert await world.game(VETERAN_PLAYER).pay(placed["order_id"]) == "done"
    clan = (await world.game(VETERAN_PLAYER).reward_chains())["Raise the Banner"]
    assert clan["value_point"]["amount"] == 55 + 15


async def test_paying_twice_gives_once(world: World) -> None:
    game, placed = world.game(FRESH_PLAYER), await order(world)
    assert [await game.pay(placed["order_id"]) for _ in range(2)] == ["done", "done"]
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 40


async def test_two_orders_of_an_item_do_not_replace_each_other(world: World) -> None:
    first, second = await order(world), await order(world)
    game = world.game(FRESH_PLAYER)
    assert [await game.order_status(one["order_id"]) for one in (first, second)] == ["new", "new"]


async def test_a_free_item_is_granted_at_once_and_gives_no_points(world: World, publisher: Publisher) -> None:
    await publisher.make_item("gift", is_free=True, prices=[usd(5)])
    await publisher.patch("/items/vp_embers/value_points/rewards", [{"sku": "gift", "amount": 9}])
    placed = await order(world, sku="gift")
    assert (placed["status"], placed["token"]) == ("done", None)
    game = world.game(FRESH_PLAYER)
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 0
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"gift": 1}


async def test_an_item_deleted_before_it_was_paid_is_delivered_without_points(
    world: World, publisher: Publisher
) -> None:
    await publisher.post("/items/virtual_items", item("relic", prices=[usd(5)]))
    await publisher.patch("/items/vp_embers/value_points/rewards", [{"sku": "relic", "amount": 9}])
    placed = await order(world, sku="relic")
    assert (await publisher.delete("/items/virtual_items/sku/relic")).status_code == 204
    game = world.game(FRESH_PLAYER)
    assert await game.pay(placed["order_id"]) == "done"
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"relic": 1}
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 0


async def test_a_player_comes_to_be_with_his_order(world: World) -> None:
    await order(world, player_id="somebody-new")
    assert "somebody-new" in [player.player_id for player in world.sandbox.players()]


@pytest.mark.parametrize(
    ("path", "fields", "expected"),
    [
        (ORDERS, {"sku": "nothing"}, (404, 4001)),
        ("/_sandbox/projects/1/orders", {}, (404, 4001)),
        (ORDERS, {"sku": "ember_key"}, (422, 1411)),
        (ORDERS, {"quantity": 0}, (422, 1102)),
        (ORDERS, {"player_id": ""}, (422, 1102)),
    ],
    ids=["no such item", "no such project", "no price", "no quantity", "nobody"],
)
async def test_what_cannot_be_ordered_is_refused(
    world: World, path: str, fields: dict[str, object], expected: tuple[int, int]
) -> None:
    body = {"player_id": FRESH_PLAYER.id, "sku": "storm_lantern", **fields}
    assert problem(await world.client.post(path, json=body))[:2] == expected
