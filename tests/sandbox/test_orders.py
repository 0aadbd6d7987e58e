"""Orders: reading, paying, cancelling, expiring."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from gateway.sandbox.domain.rules import ORDER_TRANSITIONS, OrderStatus, can_transition
from gateway.sandbox.storage.orders import get_order, transition_order
from tests.sandbox.play import Game, World, refusal
from tests.sandbox.publish import paid, publish_offer


async def ordered(world: World, game: Game) -> dict[str, Any]:
    """Order the first step of a fresh paid chain."""
    with world.write() as tx:
        chain = publish_offer(tx, paid("wanderer_bundle"), paid("supply_crate"))
    order: dict[str, Any] = (await game.order_offer(chain, 1)).json()
    return order | {"chain": chain}


async def test_an_order_has_the_documented_fields(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order = await ordered(world, game)
    price = {"amount": "4.99", "amount_without_discount": "4.99", "currency": "USD"}
    assert (await game.get(f"/order/{order['order_id']}")).json() == {
        "order_id": order["order_id"],
        "status": "new",
        "content": {
            "price": price,
            "virtual_price": None,
            "is_free": False,
            "items": [{"sku": "wanderer_bundle", "quantity": 1, "is_free": False, "price": price}],
        },
    }


async def test_a_free_claim_is_an_order_that_is_done(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order_id = (await game.claim_offer(1, 1)).json()["order_id"]
    assert (await game.get(f"/order/{order_id}")).json() == {
        "order_id": order_id,
        "status": "done",
        "content": {
            "price": None,
            "virtual_price": None,
            "is_free": True,
            "items": [{"sku": "healing_draught", "quantity": 3, "is_free": True, "price": None}],
        },
    }
    assert world.sandbox.order_history(order_id) == (OrderStatus.DONE,)


async def test_another_player_s_order_does_not_exist(world: World) -> None:
    order = await ordered(world, world.game(FRESH_PLAYER))
    foreign = await world.game(VETERAN_PLAYER).get(f"/order/{order['order_id']}")
    unknown = await world.game(VETERAN_PLAYER).get("/order/999999")
    assert refusal(foreign) == (404, 9001)
    assert foreign.content == unknown.content


@pytest.mark.parametrize("order_id", ["0", "x", "-1", "1.0", "9" * 30])
async def test_a_name_that_is_no_order_is_not_found(world: World, order_id: str) -> None:
    assert refusal(await world.game(FRESH_PLAYER).get(f"/order/{order_id}")) == (404, 9001)


async def test_a_visitor_reads_no_order(world: World) -> None:
    assert refusal(await world.visitor().get("/order/1")) == (401, 1501)


async def test_paying_passes_through_paid_to_done(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order = await ordered(world, game)
    assert await game.pay(order["order_id"]) == "done"
    assert world.sandbox.order_history(order["order_id"]) == ("new", "paid", "done")


async def test_paying_twice_grants_once(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order = await ordered(world, game)
    assert [await game.pay(order["order_id"]) for _ in range(2)] == ["done", "done"]
    assert world.sandbox.inventory(FRESH_PLAYER.id)["wanderer_bundle"] == 1
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 100


async def test_ordering_again_expires_the_unpaid_order(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    first = await ordered(world, game)
    second = (await game.order_offer(first["chain"], 1)).json()
    assert second["token"] != first["token"]
    assert await game.order_status(first["order_id"]) == "expired"
    assert await game.order_status(second["order_id"]) == "new"


async def test_an_expired_order_whose_step_is_open_can_still_be_paid(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    first = await ordered(world, game)
    second = (await game.order_offer(first["chain"], 1)).json()
    assert await game.pay(first["order_id"]) == "done"
    assert world.sandbox.order_history(first["order_id"]) == ("new", "expired", "paid", "done")
    assert await game.pay(second["order_id"]) == "canceled"
    assert world.sandbox.inventory(FRESH_PLAYER.id)["wanderer_bundle"] == 1


async def test_an_expired_order_whose_step_is_taken_stays_expired(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    first = await ordered(world, game)
    second = (await game.order_offer(first["chain"], 1)).json()
    assert await game.pay(second["order_id"]) == "done"
    assert await game.pay(first["order_id"]) == "expired"
    assert world.sandbox.inventory(FRESH_PLAYER.id)["wanderer_bundle"] == 1


async def test_an_order_made_in_time_is_paid_after_the_chain_s_end(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    await game.claim_offer(2, 1)
    order_id = (await game.order_offer(2, 2)).json()["order_id"]
    world.clock.advance(3 * 3600)
    assert await game.pay(order_id) == "done"
    assert (await game.get("/user/offer_chain/2")).json()["next_step_number"] == 3


@pytest.mark.parametrize(
    "taking_away",
    [
        "UPDATE chains SET is_enabled = 0 WHERE chain_id = :chain",
        "DELETE FROM steps WHERE chain_id = :chain AND step_number = 1",
        "UPDATE orders SET chain_id = NULL WHERE chain_id = :chain",
    ],
    ids=["chain disabled", "step deleted", "chain forgotten"],
)
async def test_an_order_for_what_was_taken_away_is_canceled_when_paid(world: World, taking_away: str) -> None:
    game = world.game(FRESH_PLAYER)
    order = await ordered(world, game)
    with world.write() as tx:
        tx.run(taking_away, chain=order["chain"])
    assert await game.pay(order["order_id"]) == "canceled"
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {}


async def test_an_unpaid_order_can_be_canceled_and_is_not_paid_after(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order_id = (await ordered(world, game))["order_id"]
    canceled = await world.client.post(f"/_sandbox/orders/{order_id}/cancel")
    assert canceled.json() == {"order_id": order_id, "status": "canceled"}
    assert await game.pay(order_id) == "canceled"
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {}


async def test_a_paid_order_is_not_canceled(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order_id = (await ordered(world, game))["order_id"]
    await game.pay(order_id)
    assert refusal(await world.client.post(f"/_sandbox/orders/{order_id}/cancel")) == (422, 1102)
    assert await game.order_status(order_id) == "done"


@pytest.mark.parametrize("act", ["pay", "cancel"])
async def test_an_unknown_order_is_neither_paid_nor_canceled(world: World, act: str) -> None:
    assert refusal(await world.client.post(f"/_sandbox/orders/999/{act}")) == (404, 9001)


async def test_an_order_names_itself_without_its_token(world: World) -> None:
    order = await ordered(world, world.game(FRESH_PLAYER))
    with world.write() as tx:
        assert repr(get_order(tx, order["order_id"])) == f"Order({order['order_id']}, new)"


async def test_an_order_that_must_exist_is_missed_loudly(world: World) -> None:
    with world.write() as tx, pytest.raises(LookupError, match="no order 999"):
        get_order(tx, 999)


async def test_an_order_refuses_every_edge_that_is_not_drawn(world: World) -> None:
    order = await ordered(world, world.game(FRESH_PLAYER))
    with pytest.raises(ValueError, match="cannot go from new to done"), world.write() as tx:
        transition_order(tx, get_order(tx, order["order_id"]), OrderStatus.DONE)
    assert world.sandbox.order_history(order["order_id"]) == ("new",)


@given(st.lists(st.sampled_from(OrderStatus), max_size=8))
def test_no_walk_along_the_edges_is_paid_twice_or_leaves_a_cancellation(wishes: list[OrderStatus]) -> None:
    walk = [OrderStatus.NEW]
    for wish in wishes:
        if can_transition(walk[-1], wish):
            walk.append(wish)
    assert walk.count(OrderStatus.PAID) <= 1
    assert OrderStatus.CANCELED not in walk[:-1]
    if OrderStatus.DONE in walk:
        assert walk[walk.index(OrderStatus.DONE) - 1] is OrderStatus.PAID


def test_no_status_is_its_own_next() -> None:
    assert not any(can_transition(status, status) for status in ORDER_TRANSITIONS)
    assert set(ORDER_TRANSITIONS) == set(OrderStatus)
