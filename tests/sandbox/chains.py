"""Chains that the demo does not have, published by the tests that need them, and purchases from them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gateway.sandbox import DEMO_PROJECT_ID
from gateway.sandbox.demo.items import BANNERS, EMBERS
from gateway.sandbox.domain.rules import ItemPrice
from gateway.sandbox.storage.chain_writes import NewChain, NewReward, NewStep, create_chain
from gateway.sandbox.storage.chains import ChainKind
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.item_writes import NewItem, create_item, set_item_points
from tests.sandbox.world import DAY, Game, World


def date(instant: float) -> str:
    return datetime.fromtimestamp(instant, tz=UTC).isoformat()


def free(sku: str = "gold", quantity: int = 1) -> NewStep:
    return NewStep(rewards=(NewReward(sku, quantity),), is_free=True)


def paid(sku: str = "supply_crate", quantity: int = 1) -> NewStep:
    return NewStep(rewards=(NewReward(sku, quantity),))


def reached(points: int, *rewards: NewReward) -> NewStep:
    return NewStep(rewards=rewards or (NewReward("gold"),), points_needed=points, name={"en": f"{points} points"})


def publish_offer(tx: Transaction, *steps: NewStep, **terms: Any) -> int:
    """Publish an offer chain, free in one step unless steps are given; `terms` are fields of NewChain."""
    return _publish(tx, ChainKind.OFFER, steps or (free(),), terms)


def publish_rewards(tx: Transaction, *steps: NewStep, value_point: str = EMBERS, **terms: Any) -> int:
    """Publish a personal reward chain on Embers, or a clan's on Guild Banners; `terms` are fields of NewChain."""
    return _publish(tx, ChainKind.REWARD, steps or (reached(10),), {"value_point": value_point, **terms})


def publish_clan_rewards(tx: Transaction, *steps: NewStep, **terms: Any) -> int:
    """Publish a reward chain of clans."""
    return publish_rewards(tx, *steps, value_point=BANNERS, clan_type="guild", **terms)


def publish_good(tx: Transaction, sku: str, price: str | None = None, points: int = 0, **fields: Any) -> int:
    """Publish a virtual good; `points` is how many Embers it gives, in place of what other goods give."""
    prices = (ItemPrice(Decimal(price), "USD", is_default=True),) if price else ()
    new = NewItem(sku=sku, type="virtual_good", name={"en": sku.title()}, prices=prices, **fields)
    item_id = create_item(tx, DEMO_PROJECT_ID, new)
    if points:
        set_item_points(tx, DEMO_PROJECT_ID, EMBERS, {sku: points})
    return item_id


async def buy(game: Game, world: World, sku: str) -> None:
    """Buy one item through a chain of its own."""
    with world.write() as tx:
        chain = publish_offer(tx, paid(sku))
    assert await game.pay((await game.order_offer(chain, 1)).json()["order_id"]) == "done"


async def step_ids(game: Game, chain: int) -> list[int]:
    """Read the ids of a chain's steps."""
    chains = (await game.get("/user/reward_chain")).json()["items"]
    return next([step["step_id"] for step in one["steps"]] for one in chains if one["reward_chain_id"] == chain)


def _publish(tx: Transaction, kind: ChainKind, steps: tuple[NewStep, ...], terms: dict[str, Any]) -> int:
    defaults: dict[str, Any] = {"name": {"en": "Published"}, "date_start": date(tx.now - DAY)}
    return create_chain(tx, DEMO_PROJECT_ID, NewChain(kind=kind, steps=steps, **(defaults | terms)))
