"""The audit that other proofs rely on detects each forbidden state."""

import re
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from gateway.sandbox import DEMO_PROJECT_ID, create_sandbox
from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from gateway.sandbox.storage.webhook_settings import WebhookSettings, set_webhook_settings
from tests.sandbox.proofs.audit import VIOLATIONS, audit
from tests.sandbox.world import Clock, Randomness, World, connect

PAID = "(SELECT max(order_id) FROM orders WHERE amount IS NOT NULL AND status = 'done')"
UNPAID = "(SELECT order_id FROM orders WHERE status = 'new')"
SOMEBODY_ELSE = f"(SELECT player_number FROM players WHERE player_id = '{VETERAN_PLAYER.id}')"
AGAIN = "INSERT INTO step_claims SELECT player_number, {}, {}, chain_id, order_id, claimed_at FROM step_claims"
"""Repeats claims, for another step or in another period."""
CORRUPTIONS = {
    "a step that never renews was taken twice": AGAIN.format("step_id", "period_start + 1"),
    "a claim without a finished order of the same player and step": (
        f"UPDATE step_claims SET step_id = 5 WHERE order_id = {PAID}"
    ),
    "an order that took two steps": AGAIN.format(5, "period_start") + f" WHERE order_id = {PAID}",
    "a finished order of an offer step that was not taken": f"DELETE FROM step_claims WHERE order_id = {PAID}",
    "an order that does not hold what its step does": "UPDATE order_items SET quantity = quantity + 1",
    "points that a finished paid order's items do not give, or that are missing": "DELETE FROM point_ledger",
    "points of a canceled order that still count": f"UPDATE orders SET status = 'canceled' WHERE order_id = {PAID}",
    "points of another player than the order's": f"UPDATE orders SET player_number = {SOMEBODY_ELSE}",
    "a status that is not the last of its order's history": f"DELETE FROM order_history WHERE order_id = {PAID}",
    "a way of an order that is not allowed": (
        f"INSERT INTO order_history (order_id, status, at) VALUES ({PAID}, 'expired', 9e9)"
    ),
    "two unpaid orders of a player for one step": (
        "INSERT INTO orders (project_id, player_number, status, chain_id, step_id, amount, currency, created_at)"
        f" SELECT project_id, player_number, status, chain_id, step_id, amount, currency, 0 FROM orders"
        f" WHERE order_id = {UNPAID}"
    ),
    "an order between two states": f"UPDATE orders SET status = 'paid' WHERE order_id = {PAID}",
    "an order of which its publisher is not told exactly what happened": (
        f"DELETE FROM webhooks WHERE order_id = {PAID}"
    ),
}


@pytest.fixture
async def app() -> AsyncIterator[Starlette]:
    """A sandbox in which a player has claimed, bought, and ordered once more."""
    clock = Clock()
    app = create_sandbox(clock=clock, random_bytes=Randomness())
    async with connect(app) as client:
        world = World(app, clock, client)
        with world.write() as tx:
            settings = WebhookSettings("http://publisher.test/webhooks", "my_secret", is_enabled=True)
            set_webhook_settings(tx, DEMO_PROJECT_ID, settings)
        game = world.game(FRESH_PLAYER)
        await game.claim_offer(1, 1)
        assert await game.pay((await game.order_offer(1, 2)).json()["order_id"]) == "done"
        await game.claim_offer(1, 3)
        assert (await game.order_offer(1, 4)).status_code == 200
    yield app
    app.state.sandbox.close()


def test_nothing_is_found_where_all_is_well(app: Starlette) -> None:
    with app.state.sandbox.database.read() as tx:
        audit(tx.all)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_what_must_not_be_is_found(app: Starlette, name: str) -> None:
    with app.state.sandbox.database.write() as tx:
        tx.run("PRAGMA defer_foreign_keys = ON")
        tx.run("DROP TRIGGER point_ledger_is_append_only")
        tx.run(CORRUPTIONS[name])
        with pytest.raises(AssertionError, match=re.escape(repr(name))):
            audit(tx.all)
