"""Fills an empty sandbox with the demo projects, through the same functions that the calls use."""

from gateway.sandbox.actions.offer_steps import claim_offer_step, order_offer_step
from gateway.sandbox.actions.payments import pay_order
from gateway.sandbox.actions.reward_steps import claim_reward_step
from gateway.sandbox.demo.accounts import (
    DEMO_API_KEY,
    DEMO_LOGIN_SECRET,
    DEMO_PLAYERS,
    DEMO_PROJECT_ID,
    GUILD_MATE_PLAYER,
    SECOND_API_KEY,
    SECOND_LOGIN_SECRET,
    SECOND_PLAYER,
    SECOND_PROJECT_ID,
    VETERAN_PLAYER,
    DemoPlayer,
)
from gateway.sandbox.demo.chains import (
    campfire_streak,
    deep_water,
    ember_trail,
    first_steps,
    guild_banner,
    lantern_night,
    seven_sunrises,
    wanderers_path,
    weekly_supplies,
)
from gateway.sandbox.demo.items import DEMO_ITEMS, POINTS, SECOND_ITEMS
from gateway.sandbox.domain.item_details import ItemPromotion
from gateway.sandbox.domain.payment_tokens import PaymentTokens
from gateway.sandbox.domain.tokens import PlayerClaims
from gateway.sandbox.storage.chain_writes import create_chain
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.item_writes import create_item, set_item_points, set_item_promotion
from gateway.sandbox.storage.orders import Order
from gateway.sandbox.storage.players import Player, upsert_player
from gateway.sandbox.storage.projects import Project, create_project, find_project

_PROMOTION_SECONDS = 7 * 86_400


def seed_demo_projects(tx: Transaction, payment_tokens: PaymentTokens) -> None:
    """Add the demo project and a second, unrelated one; does nothing when they exist."""
    if find_project(tx, DEMO_PROJECT_ID):
        return
    create_project(tx, Project(DEMO_PROJECT_ID, "Emberwild", DEMO_API_KEY, DEMO_LOGIN_SECRET))
    for item in DEMO_ITEMS:
        create_item(tx, DEMO_PROJECT_ID, item)
    promotion = ItemPromotion("Ember Week", 25, tx.now, tx.now + _PROMOTION_SECONDS)
    set_item_promotion(tx, DEMO_PROJECT_ID, "wanderer_bundle", promotion)
    for value_point, amounts in POINTS.items():
        set_item_points(tx, DEMO_PROJECT_ID, value_point, amounts)
    path, night, weekly, first, trail, _ = (
        create_chain(tx, DEMO_PROJECT_ID, make(tx.now))
        for make in (wanderers_path, lantern_night, weekly_supplies, first_steps, ember_trail, guild_banner)
    )
    players = {one.id: _add_player(tx, DEMO_PROJECT_ID, one) for one in DEMO_PLAYERS}
    veteran, guild_mate = players[VETERAN_PLAYER.id], players[GUILD_MATE_PLAYER.id]

    for step_number in (1, 2, 3):
        claim_offer_step(tx, veteran, first, step_number)
    claim_offer_step(tx, veteran, weekly, 1)
    claim_offer_step(tx, veteran, path, 1)
    _buy(tx, veteran, path, 2, payment_tokens)
    claim_reward_step(tx, veteran, trail, _first_step_id(tx, trail))
    claim_offer_step(tx, guild_mate, night, 1)
    _buy(tx, guild_mate, night, 2, payment_tokens)
    _seed_second_project(tx)
    for make in (seven_sunrises, campfire_streak):
        create_chain(tx, DEMO_PROJECT_ID, make(tx.now))


def _seed_second_project(tx: Transaction) -> None:
    create_project(tx, Project(SECOND_PROJECT_ID, "Tidebound", SECOND_API_KEY, SECOND_LOGIN_SECRET))
    for item in SECOND_ITEMS:
        create_item(tx, SECOND_PROJECT_ID, item)
    create_chain(tx, SECOND_PROJECT_ID, deep_water(tx.now))
    _add_player(tx, SECOND_PROJECT_ID, SECOND_PLAYER)


def _add_player(tx: Transaction, project_id: int, player: DemoPlayer) -> Player:
    return upsert_player(tx, project_id, PlayerClaims(player.id, player.name, dict(player.attributes)))


def _buy(tx: Transaction, player: Player, chain_id: int, step_number: int, payment_tokens: PaymentTokens) -> Order:
    return pay_order(tx, player, order_offer_step(tx, player, chain_id, step_number, payment_tokens.make()))


def _first_step_id(tx: Transaction, chain_id: int) -> int:
    (row,) = tx.all("SELECT step_id FROM steps WHERE chain_id = :chain_id AND step_number = 1", chain_id=chain_id)
    step_id: int = row["step_id"]
    return step_id
