"""The payment page, as a browser without script uses it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.chains import paid, publish_good, publish_offer
from tests.sandbox.world import DAY, Game, World


async def ordered(world: World, game: Game, sku: str = "wanderer_bundle", quantity: int = 1) -> tuple[int, str]:
    with world.write() as tx:
        chain = publish_offer(tx, paid(sku, quantity))
    order = (await game.order_offer(chain, 1)).json()
    return order["order_id"], order["token"]


async def test_the_page_shows_item_and_amount_and_both_choices(world: World) -> None:
    order_id, token = await ordered(world, world.game(FRESH_PLAYER))
    page = await world.open_payment(token)
    assert page.status_code == 200
    assert "Wanderer&#39;s Bundle" in page.text
    assert "4.99 USD" in page.text
    assert f"Order {order_id}" in page.text
    assert re.findall(r'name="action" value="(\w+)"', page.text) == ["pay", "decline", "cancel"]


async def test_the_page_allows_no_script_and_is_kept_nowhere(world: World) -> None:
    page = await world.open_payment((await ordered(world, world.game(FRESH_PLAYER)))[1])
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in page.text
    assert " style=" not in page.text


async def test_the_page_is_in_the_player_s_language(world: World) -> None:
    _, token = await ordered(world, world.game(FRESH_PLAYER))
    page = await world.client.get("/paystation4/", params={"token": token}, headers={"Accept-Language": "de"})
    assert "Wandererpaket" in page.text


async def test_a_quantity_is_shown(world: World) -> None:
    _, token = await ordered(world, world.game(FRESH_PLAYER), "supply_crate", 3)
    assert "3\u00a0\u00d7 Supply Crate" in (await world.open_payment(token)).text


async def test_an_item_s_name_is_text_and_not_html(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "evil", "1.00")
        tx.run("""UPDATE items SET name = '{"en": "<b>$title</b>"}' WHERE sku = 'evil'""")
    _, token = await ordered(world, world.game(FRESH_PLAYER), "evil")
    assert "&lt;b&gt;$title&lt;/b&gt;" in (await world.open_payment(token)).text


async def test_a_nameless_item_is_shown_by_its_sku(world: World) -> None:
    with world.write() as tx:
        publish_good(tx, "nameless", "1.00")
        tx.run("UPDATE items SET name = NULL WHERE sku = 'nameless'")
    _, token = await ordered(world, world.game(FRESH_PLAYER), "nameless")
    assert "<h1>nameless</h1>" in (await world.open_payment(token)).text


async def test_paying_leads_back_to_the_page_which_a_reload_does_not_repeat(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order_id, token = await ordered(world, game)
    decided = await world.client.post("/paystation4/", data={"token": token, "action": "pay"})
    assert decided.status_code == 303
    assert parse_qs(urlsplit(decided.headers["location"]).query) == {"token": [token]}
    for _ in range(2):
        assert "Payment received" in (await world.client.get(decided.headers["location"])).text
    assert await game.order_status(order_id) == "done"
    assert world.sandbox.inventory(FRESH_PLAYER.id)["wanderer_bundle"] == 1


async def test_cancelling_grants_nothing(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order_id, token = await ordered(world, game)
    assert "Payment cancelled" in (await world.decide_payment(token, "cancel")).text
    assert await game.order_status(order_id) == "canceled"
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {}


async def test_cancelling_too_late_shows_that_it_was_paid(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order_id, token = await ordered(world, game)
    await game.pay(order_id)
    assert "Payment received" in (await world.decide_payment(token, "cancel")).text
    assert await game.order_status(order_id) == "done"


async def test_no_choice_changes_nothing(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    order_id, token = await ordered(world, game)
    assert "Pay 4.99 USD" in (await world.decide_payment(token, "laugh")).text
    assert await game.order_status(order_id) == "new"


async def test_a_replaced_order_says_so(world: World) -> None:
    with world.write() as tx:
        chain = publish_offer(tx, paid())
    game = world.game(FRESH_PLAYER)
    token = (await game.order_offer(chain, 1)).json()["token"]
    await game.order_offer(chain, 1)
    page = await world.open_payment(token)
    assert "error 2002" in page.text
    assert "<form" not in page.text


async def test_a_page_that_was_open_when_its_order_was_replaced_still_pays(world: World) -> None:
    with world.write() as tx:
        chain = publish_offer(tx, paid())
    game = world.game(FRESH_PLAYER)
    token = (await game.order_offer(chain, 1)).json()["token"]
    await game.order_offer(chain, 1)
    assert "Payment received" in (await world.decide_payment(token, "pay")).text


async def test_a_token_opens_the_page_for_a_day(world: World) -> None:
    order_id, token = await ordered(world, world.game(FRESH_PLAYER))
    world.clock.advance(DAY - 1)
    assert (await world.open_payment(token)).status_code == 200
    world.clock.advance(1)
    assert (await world.open_payment(token)).status_code == 404
    assert (await world.decide_payment(token, "pay")).status_code == 404
    assert world.sandbox.order_history(order_id) == ("new",)


@pytest.mark.parametrize("query", ["", "?token=", "?token=unknown", "?token=%00%ff"])
async def test_an_unknown_token_finds_nothing_to_pay(world: World, query: str) -> None:
    page = await world.client.get(f"/paystation4/{query}")
    assert page.status_code == 404
    assert "Nothing to pay here" in page.text


@pytest.mark.parametrize("body", [b"", b"token=unknown&action=pay", b"\xff\xfe", b"token=" + b"x" * 5000])
async def test_an_unknown_form_pays_nothing(world: World, body: bytes) -> None:
    assert (await world.client.post("/paystation4/", content=body)).status_code == 404


async def test_tokens_have_to_be_url_encoded(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    tokens = [(await ordered(world, game))[1] for _ in range(3)]
    assert len(set(tokens)) == 3
    assert all(token.endswith("==") and {"+", "/"} & set(token) for token in tokens)
    assert (await world.client.get(f"/paystation4/?token={tokens[0].replace('+', '%20')}")).status_code == 404


async def test_a_card_that_is_declined_can_be_followed_by_another(world: World) -> None:
    order_id, token = await ordered(world, world.game(FRESH_PLAYER))
    page = await world.decide_payment(token, "decline")
    assert 'role="alert">The card was declined. Nothing was charged: try again.' in page.text
    assert await world.game(FRESH_PLAYER).order_status(order_id) == "new"
    assert "Payment received" in (await world.decide_payment(token, "pay")).text
    assert "Payment received" in (await world.decide_payment(token, "decline")).text
