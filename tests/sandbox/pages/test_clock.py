"""The clock at the top of each page, and the reset."""

import httpx
import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from tests.sandbox.chains import publish_offer
from tests.sandbox.page_text import PAGES, act, refused, shown
from tests.sandbox.webhook_server import Publisher, finished, sending
from tests.sandbox.world import DAY, HOUR, World

CLOCK, RESET = f"{PAGES}/clock", f"{PAGES}/reset"


async def test_the_clock_is_moved_by_hours_and_days(world: World) -> None:
    assert "same as the machine's clock" in await shown(world)
    page = await act(world, CLOCK, advance=HOUR, back=f"{PAGES}/orders")
    assert "The clock was moved." in page
    assert '<time datetime="2026-01-07T13:00:00+00:00">2026-01-07 13:00:00 UTC</time>' in page
    assert "3,600 seconds ahead of the machine's clock" in await act(world, CLOCK, advance=0.1)
    assert "2026-01-08 13:00:00 UTC" in await act(world, CLOCK, advance=DAY)


async def test_the_clock_is_moved_to_the_next_reset(world: World) -> None:
    page = await shown(world)
    reset = page.partition('name="to" value="')[2].partition('"')[0]
    assert "Weekly Supplies, 2026-01-12 06:00:00" in page
    game = world.game(VETERAN_PLAYER)
    assert (await game.offer_chains())["Weekly Supplies"]["next_step_number"] == 2
    page = await act(world, CLOCK, to=reset)
    assert "Weekly Supplies, 2026-01-19 06:00:00" in page
    assert "2026-01-12 06:00:00 UTC" in page


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"advance": "-1"}, "Expected `float` &gt; 0"),
        ({"to": "1"}, "The clock moves forward only"),
        ({"advance": "x"}, "Expected `float | null`, got `str`"),
        ({}, "Give either"),
    ],
)
async def test_another_move_is_refused(world: World, fields: dict[str, str], reason: str) -> None:
    assert reason in await refused(world, CLOCK, **fields)


async def test_a_form_that_is_too_large_has_no_fields(world: World) -> None:
    assert "Give either" in await refused(world, CLOCK, advance=1, filler="x" * 70_000)


@pytest.mark.parametrize("is_form", [True, False])
async def test_a_reset_begins_anew_with_new_orders_and_the_same_clock(is_form: bool) -> None:
    async with sending(Publisher()) as world:
        game = world.game(FRESH_PLAYER)
        with world.write() as tx:
            publish_offer(tx, name={"en": "Mine"})
        before = (await game.claim_offer(1, 1)).json()["order_id"]
        await finished(world, 1)
        await act(world, CLOCK, advance=HOUR)
        if is_form:
            assert "Everything is as at the first start." in await act(world, RESET, sure="yes")
        else:
            assert (await world.client.post("/_sandbox/reset")).status_code == 204
        chains = await world.game(FRESH_PLAYER).offer_chains()
        assert "Mine" not in chains
        assert (chains["Wanderer's Path"]["id"], chains["Wanderer's Path"]["next_step_number"]) == (1, 1)
        assert (await world.client.get("/_sandbox/clock")).json()["offset_seconds"] == HOUR
        assert (await world.client.get("/_sandbox/webhooks")).json()["items"] == []
        # Numbers of orders are not used twice, and the webhooks go to where they went.
        claimed: httpx.Response = await world.game(FRESH_PLAYER).claim_offer(1, 1)
        assert claimed.json()["order_id"] > before
        await finished(world, 1)


async def test_a_reset_without_a_tick_is_refused(world: World) -> None:
    assert "Tick the box first" in await refused(world, RESET)
