"""What a publisher cannot make."""

import sqlite3

import pytest

from gateway.sandbox import DEMO_PROJECT_ID
from gateway.sandbox.demo.items import EMBERS
from gateway.sandbox.storage.chain_writes import NewChain, create_chain
from gateway.sandbox.storage.chains import ChainKind
from gateway.sandbox.storage.item_writes import NewItem, create_item, set_item_points
from tests.sandbox.play import World
from tests.sandbox.publish import free, publish_offer, publish_rewards


async def test_a_step_needs_an_item_that_exists(world: World) -> None:
    with pytest.raises(LookupError, match="no item 'nothing' in project 44056"), world.write() as tx:
        publish_offer(tx, free("nothing"))
    assert "Published" not in await world.visitor().offer_chains()


async def test_points_are_replaced_and_not_added(world: World) -> None:
    with world.write() as tx:
        set_item_points(tx, DEMO_PROJECT_ID, EMBERS, {"supply_crate": 7})
    chains = await world.visitor().offer_chains()
    points = [
        [(point["sku"], point["amount"]) for point in chains[name]["steps"][1]["step_vp_rewards"]]
        for name in ("Lantern Night", "Weekly Supplies")
    ]
    assert points == [[("vp_banners", 15)], [("vp_embers", 7), ("vp_banners", 5)]]


@pytest.mark.parametrize(
    "new",
    [
        NewItem(sku="gold", type="virtual_good", name={}),
        NewItem(sku="x", type="unheard_of", name={}),
        NewItem(sku="x", type="bundle", name={}),
    ],
    ids=["a SKU twice", "an unknown type", "a bundle of no type"],
)
async def test_an_item_that_cannot_be_is_kept_out(world: World, new: NewItem) -> None:
    with pytest.raises(sqlite3.IntegrityError), world.write() as tx:
        create_item(tx, DEMO_PROJECT_ID, new)


async def test_a_chain_of_rewards_needs_a_value_point(world: World) -> None:
    chain = NewChain(kind=ChainKind.REWARD, name={}, date_start="2026-01-01T00:00:00Z", steps=())
    with pytest.raises(sqlite3.IntegrityError), world.write() as tx:
        create_chain(tx, DEMO_PROJECT_ID, chain)


async def test_a_date_needs_an_offset(world: World) -> None:
    with pytest.raises(ValueError, match="date without an offset"), world.write() as tx:
        publish_rewards(tx, date_start="2026-01-01T00:00:00")


async def test_a_step_cannot_be_claimed_twice_in_one_period_whatever_the_code_does(world: World) -> None:
    copy = "INSERT INTO step_claims SELECT * FROM step_claims LIMIT 1"
    with pytest.raises(sqlite3.IntegrityError), world.write() as tx:
        tx.run(copy)
