"""The page of orders, and what its buttons do."""

import re

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from tests.sandbox.chains import paid, publish_offer
from tests.sandbox.page_text import PAGES, act, refused, rows, section, shown
from tests.sandbox.world import World

PATH = f"{PAGES}/orders"


def buttons(page: str, order_id: int) -> list[str]:
    """The actions that a page offers for an order."""
    form = re.search(rf'action="{PATH}/{order_id}">(.*?)</form>', page)
    return re.findall(r'name="action" value="(\w+)"', form[1]) if form else []


async def ordered(world: World) -> int:
    with world.write() as tx:
        offer = publish_offer(tx, paid("supply_crate", 2))
    order_id: int = (await world.game(FRESH_PLAYER).order_offer(offer, 1)).json()["order_id"]
    return order_id


async def test_the_last_orders_are_shown_newest_first(world: World) -> None:
    with world.write() as tx:
        offer = publish_offer(tx, paid("supply_crate", 2))
    for _ in range(2):
        await world.game(FRESH_PLAYER).order_offer(offer, 1)
    orders = rows(section(await shown(world), "Latest orders"))
    assert len(orders) == 5
    expected = [
        "#11||new|||2\u00a0\u00d7 Supply Crate||0.99 USD||||Mira| · 2026-01-07 12:00:00|",
        "#10||expired|||2\u00a0\u00d7 Supply Crate||0.99 USD||||Mira| · 2026-01-07 12:00:00|",
    ]
    assert [wanted in order for wanted, order in zip(expected, orders, strict=False)] == [True, True], orders
    assert "|free|" in orders[-1]


async def test_an_order_of_something_nameless_is_shown_by_its_sku(world: World) -> None:
    with world.write() as tx:
        tx.run("UPDATE order_items SET name = NULL")
    assert "<span>storm_lantern</span>" in await shown(world)


async def test_an_order_without_items_is_shown(world: World) -> None:
    with world.write() as tx:
        tx.run("DELETE FROM order_items")
    assert "<span>nothing</span>" in await shown(world)


async def test_the_list_has_pages(world: World) -> None:
    with world.write() as tx:
        offer = publish_offer(tx, paid())
    for _ in range(15):
        await world.game(FRESH_PLAYER).order_offer(offer, 1)
    first, second = [await shown(world, f"{PATH}?page={number}") for number in (1, 2)]
    assert [page.count('class="key"') for page in (first, second)] == [20, 4]
    assert f'<a rel="next" href="{PATH}?page=2">' in first
    assert 'rel="prev"' not in first
    assert f'<a rel="prev" href="{PATH}?page=1">' in second
    for other in ("0", "x", "99999999", "-1"):
        assert "Page 1 of 2" in await shown(world, f"{PATH}?page={other}")
    assert "Page 2 of 2" in await shown(world, f"{PATH}?page=77")


async def test_an_order_is_paid_and_then_refunded(world: World) -> None:
    order_id = await ordered(world)
    assert buttons(await shown(world, PATH), order_id) == ["pay", "decline", "cancel"]
    page = await act(world, f"{PATH}/{order_id}", action="pay", back=PATH)
    assert "The order was paid." in page
    assert buttons(page, order_id) == ["refund"]
    page = await act(world, f"{PATH}/{order_id}", action="refund", back=f"{PATH}?page=1")
    assert "The order was refunded." in page
    assert buttons(page, order_id) == []
    assert await world.game(FRESH_PLAYER).order_status(order_id) == "canceled"


async def test_an_order_is_cancelled(world: World) -> None:
    order_id = await ordered(world)
    assert "The order was cancelled." in await act(world, f"{PATH}/{order_id}", action="cancel", back=PATH)
    assert await world.game(FRESH_PLAYER).order_status(order_id) == "canceled"


async def test_a_card_that_fails_leaves_the_order_to_be_paid(world: World) -> None:
    order_id = await ordered(world)
    assert "The card was declined." in await act(world, f"{PATH}/{order_id}", action="decline", back=PATH)
    assert await world.game(FRESH_PLAYER).order_status(order_id) == "new"
    await act(world, f"{PATH}/{order_id}", action="pay")
    assert await refused(world, f"{PATH}/{order_id}", action="decline") == "The order is done"


@pytest.mark.parametrize(
    ("order_id", "action", "status", "reason"),
    [
        pytest.param(99, "pay", 404, "Order not found", id="an unknown order"),
        pytest.param(1, "refund", 422, "The order is free", id="a free order"),
        pytest.param(1, "steal", 422, "Choose what to do with the order", id="another action"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    world: World, order_id: int, action: str, status: int, reason: str
) -> None:
    assert reason in await refused(world, f"{PATH}/{order_id}", status, action=action)


@pytest.mark.parametrize(
    ("back", "location"),
    [
        pytest.param("/", "/?notice=moved", id="the first page"),
        pytest.param(f"{PATH}?page=2&notice=pay", f"{PATH}?page=2&notice=moved", id="a page with an older notice"),
        pytest.param("https://evil.example/x", "/?notice=moved", id="another site"),
        pytest.param("//evil.example/x", "/?notice=moved", id="another site, without a scheme"),
        pytest.param("///evil.example/x", "/evil.example/x?notice=moved", id="what a browser may read as another site"),
        pytest.param("evil", "/?notice=moved", id="no path"),
    ],
)
async def test_a_form_leads_back_to_a_page_of_the_sandbox(world: World, back: str, location: str) -> None:
    answer = await world.client.post(f"{PAGES}/clock", data={"advance": 1, "back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, location)


async def test_a_notice_is_one_of_our_own(world: World) -> None:
    assert "role=" not in (await shown(world, "/?notice=<b>You+won</b>")).partition("<main")[2].partition("<h1>")[0]


async def test_a_player_s_page_shows_their_orders(world: World) -> None:
    rocket = next(one for one in world.sandbox.players() if one.player_id == VETERAN_PLAYER.id)
    page = await shown(world, f"{PAGES}/players/{rocket.player_number}")
    orders = rows(section(page, "Their latest orders"))
    assert [order for order in orders if "Rocket" not in order] == []
    assert len(orders) == 7
