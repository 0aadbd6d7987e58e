"""Refunds: what they undo, what stays."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.sandbox import create_sandbox
from gateway.sandbox.demo.accounts import FRESH_PLAYER, GUILD_MATE_PLAYER, VETERAN_PLAYER
from gateway.sandbox.domain.schedules import Schedule
from tests.sandbox.chains import paid, publish_offer, publish_rewards, reached, step_ids
from tests.sandbox.webhook_server import plain_client
from tests.sandbox.world import DAY, Clock, Game, Randomness, World, refusal


async def bought(world: World, game: Game, sku: str = "wanderer_bundle") -> tuple[int, int]:
    """Buy the first of two steps; gives chain and order."""
    with world.write() as tx:
        chain = publish_offer(tx, paid(sku), paid("supply_crate"))
    order_id: int = (await game.order_offer(chain, 1)).json()["order_id"]
    assert await game.pay(order_id) == "done"
    return chain, order_id


async def refund(world: World, order_id: int) -> str:
    status: str = (await world.client.post(f"/_sandbox/orders/{order_id}/refund")).json()["status"]
    return status


async def test_a_refund_cancels_the_order_and_takes_items_and_points_back(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    _, order_id = await bought(world, game)
    answer = await world.client.post(f"/_sandbox/orders/{order_id}/refund")
    assert (answer.status_code, answer.json()) == (200, {"order_id": order_id, "status": "canceled"})
    assert await game.order_status(order_id) == "canceled"
    assert world.sandbox.order_history(order_id) == ("new", "paid", "done", "canceled")
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {}
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 0


async def test_a_refunded_step_stays_taken(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    chain, order_id = await bought(world, game)
    await refund(world, order_id)
    assert (await game.get(f"/user/offer_chain/{chain}")).json()["next_step_number"] == 2
    assert refusal(await game.order_offer(chain, 1)) == (422, 1102)


async def test_a_claimed_reward_stays_claimed_when_its_points_are_taken_back(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    _, order_id = await bought(world, game)
    first, second = (await step_ids(game, 5))[:2]
    assert (await game.claim_reward(5, first)).status_code == 204
    await refund(world, order_id)
    steps = (await game.reward_chains())["Ember Trail"]["steps"]
    assert [step["is_claimed"] for step in steps[:2]] == [True, False]
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"gold": 200}
    assert refusal(await game.claim_reward(5, first)) == (422, 9912)
    assert refusal(await game.claim_reward(5, second)) == (422, 9913)


async def test_a_refund_takes_back_what_was_given_and_nothing_else(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    _, first = await bought(world, game)
    await bought(world, game, "moonstones_500")
    await refund(world, first)
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 250
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"moonstones": 500, "moonstones_500": 1}


async def test_a_clan_loses_the_points_that_its_member_earned_for_it(world: World) -> None:
    veteran, mate = world.game(VETERAN_PLAYER), world.game(GUILD_MATE_PLAYER)
    _, order_id = await bought(world, veteran)
    assert (await mate.get("/user/reward_chain/6/balance")).json()["amount"] == 95
    await refund(world, order_id)
    assert (await mate.get("/user/reward_chain/6/balance")).json()["amount"] == 55


async def test_a_contributor_of_nothing_is_none(world: World) -> None:
    mate = world.game(GUILD_MATE_PLAYER)
    with world.sandbox.database.read() as tx:
        (row,) = tx.all("SELECT order_id FROM orders WHERE amount = '1.99'")
    await refund(world, row["order_id"])
    contributors = (await mate.get("/user/clan/contributors/6/top")).json()
    assert contributors == [{"name": "Rocket", "contributed_amount": 40}]


async def test_points_of_a_former_period_are_not_taken_from_the_present_one(world: World) -> None:
    game = world.game(FRESH_PLAYER, {})
    with world.write() as tx:
        weekly = publish_rewards(tx, reached(10), schedule=Schedule("weekly"))
    _, order_id = await bought(world, game)
    world.clock.advance(7 * DAY)
    game = world.game(FRESH_PLAYER, {})
    assert (await game.get(f"/user/reward_chain/{weekly}/balance")).json()["amount"] == 0
    await bought(world, game, "supply_crate")
    await refund(world, order_id)
    assert (await game.get(f"/user/reward_chain/{weekly}/balance")).json()["amount"] == 20
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 20


async def test_points_that_a_reset_has_wiped_are_not_taken_back_again(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    _, order_id = await bought(world, game)
    with world.write() as tx:
        tx.run("UPDATE items SET counted_after = (SELECT max(entry_id) FROM point_ledger) WHERE sku = 'vp_embers'")
    await bought(world, game, "supply_crate")
    await refund(world, order_id)
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 20


@pytest.mark.parametrize("state", ["new", "expired", "canceled", "refunded", "free"])
async def test_only_a_paid_order_is_refunded(world: World, state: str) -> None:
    game = world.game(FRESH_PLAYER)
    with world.write() as tx:
        chain = publish_offer(tx, paid())
    order_id = (await game.order_offer(chain, 1)).json()["order_id"]
    if state == "expired":
        await game.order_offer(chain, 1)
    elif state == "canceled":
        await world.client.post(f"/_sandbox/orders/{order_id}/cancel")
    elif state == "refunded":
        await game.pay(order_id)
        await refund(world, order_id)
    elif state == "free":
        order_id = (await game.claim_offer(1, 1)).json()["order_id"]
    before = world.sandbox.order_history(order_id)
    assert refusal(await world.client.post(f"/_sandbox/orders/{order_id}/refund")) == (422, 1102)
    assert world.sandbox.order_history(order_id) == before


async def test_an_unknown_order_is_not_refunded(world: World) -> None:
    assert refusal(await world.client.post("/_sandbox/orders/999/refund")) == (404, 9001)


async def test_the_page_of_a_refunded_order_says_so(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    with world.write() as tx:
        chain = publish_offer(tx, paid())
    order = (await game.order_offer(chain, 1)).json()
    await game.pay(order["order_id"])
    await refund(world, order["order_id"])
    page = await world.open_payment(order["token"])
    assert "Payment refunded" in page.text
    assert "Nothing was charged" not in page.text
    assert "<form" not in page.text


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["order", "pay", "cancel", "refund"]), st.integers(0, 3)), max_size=14))
async def test_in_any_order_of_actions_the_points_are_those_of_the_orders_that_are_done(
    actions: list[tuple[str, int]],
) -> None:
    clock = Clock()
    app = create_sandbox(clock=clock, random_bytes=Randomness())
    async with plain_client(app) as client:
        world = World(app, clock, client)
        game = world.game(FRESH_PLAYER)
        with world.write() as tx:
            chains = [publish_offer(tx, paid("supply_crate")) for _ in range(4)]
        orders: list[int] = []
        for action, number in actions:
            if action == "order":
                answer = await game.order_offer(chains[number], 1)
                orders += [answer.json()["order_id"]] if answer.status_code == 200 else []
            elif orders:
                await client.post(f"/_sandbox/orders/{orders[number % len(orders)]}/{action}")
        done = [order_id for order_id in orders if await game.order_status(order_id) == "done"]
        assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 20 * len(done)
        assert world.sandbox.inventory(FRESH_PLAYER.id) == ({"supply_crate": len(done)} if done else {})
        for order_id in orders:
            assert world.sandbox.order_history(order_id).count("paid") <= 1
    app.state.sandbox.close()
