"""The overview page and the webhook log."""

import re

import httpx
import pytest

from gateway.sandbox import create_sandbox
from gateway.sandbox.demo.accounts import (
    DEMO_API_KEY,
    DEMO_LOGIN_SECRET,
    FRESH_PLAYER,
    SECOND_API_KEY,
    SECOND_LOGIN_SECRET,
)
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.pages.overview import MOST_CHAINS, MOST_ORDERS, MOST_PLAYERS
from tests.sandbox.chains import free, paid, publish_good, publish_offer, publish_rewards, reached
from tests.sandbox.webhook_server import SECRET, Publisher, advance, attempted, finished, plain_client, sending, set_url
from tests.sandbox.world import Clock, World


async def shown(world: World, path: str = "/") -> str:
    """Read a page and collapse its lines; every page keeps the strict policy."""
    answer = await world.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    return re.sub(r"\n\s*", "", answer.text)


def chain(page: str, name: str) -> str:
    """Cut a chain's picture out of the page."""
    found = re.search(rf'<article class="chain \w+"><h4>{name}</h4>.*?</article>', page)
    assert found, f"no chain {name}"
    return found[0]


def steps(picture: str) -> list[tuple[str, str, str]]:
    """Read a picture's steps: kind, item and cost."""
    return re.findall(r'class="step (\w+)">.*?class="what">(.*?)</span><span class="cost">(.*?)</span>', picture)


def section(page: str, title: str) -> str:
    found = re.search(rf"<h2>{title}</h2>(.*?)</section>", page)
    assert found, f"no section {title}"
    return found[1]


async def test_projects_are_shown_with_the_beginning_of_their_keys(world: World) -> None:
    page = await shown(world)
    assert re.findall(r"<h2>(\w+)</h2><p class", page) == ["Emberwild", "Tidebound"]
    assert section(page, "Emberwild").startswith(
        '<p class="detail">Project 44056 · API key sand… · webhooks off</p><h3>Chains</h3>'
    )


async def test_nothing_secret_is_shown() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        game = world.game(FRESH_PLAYER)
        with world.write() as tx:
            offer = publish_offer(tx, paid())
        order = (await game.order_offer(offer, 1)).json()
        await game.pay(order["order_id"])
        await finished(world, 1)
        opaque = world.sandbox.issue_opaque_token(FRESH_PLAYER.id)
        for path in ("/", "/_sandbox/webhooks/log", "/_sandbox/webhooks"):
            text = (await world.client.get(path)).text
            secrets = (DEMO_API_KEY, DEMO_LOGIN_SECRET, SECOND_API_KEY, SECOND_LOGIN_SECRET, SECRET)
            for secret in (*secrets, order["token"], opaque, game.headers["Authorization"][7:]):
                assert secret not in text


async def test_an_offer_chain_is_a_picture_of_free_and_paid_steps(world: World) -> None:
    picture = chain(await shown(world), "Wanderer&#x27;s Path")
    assert "offer chain 1 · from 2025-12-31 12:00:00 · until 2026-02-06 12:00:00" in picture
    assert steps(picture) == [
        ("free", "3\u00a0\u00d7 Healing Draught", "Free"),
        ("paid", "Wanderer&#x27;s Bundle", "4.99 USD"),
        ("free", "Ember Key", "Free"),
        ("paid", "500 Moonstones", "9.99 USD"),
        ("free", "Phoenix Feather", "Free"),
    ]
    assert '<img src="/images/healing_draught.svg" alt=""' in picture


async def test_a_reward_chain_is_a_picture_of_points(world: World) -> None:
    picture = chain(await shown(world), "Raise the Banner")
    assert "reward chain 6 · counts Guild Banners · for each guild · from" in picture
    assert steps(picture)[1] == ("points", "500\u00a0\u00d7 Gold, 5\u00a0\u00d7 Lantern Oil", "150 points")


async def test_a_chain_tells_what_is_particular_about_it(world: World) -> None:
    only = (Condition("level", "number", "lt", "20"),)
    with world.write() as tx:
        publish_good(tx, "priceless")
        publish_offer(tx, free(), name={"en": "Off"}, is_enabled=False)
        publish_offer(tx, paid("priceless"), name={"en": "Special"}, schedule=Schedule("monthly"), conditions=only)
        publish_rewards(tx, reached(10), name={"en": "Ours"})
    page = await shown(world)
    assert 'class="chain off"><h4>Off</h4>' in page
    assert "switched off" in chain(page, "Off")
    assert "renews monthly · for some players only" in chain(page, "Special")
    assert steps(chain(page, "Special")) == [("paid", "Priceless", "no price")]
    assert "counts Embers · from" in chain(page, "Ours")


async def test_daily_chains_are_shown_with_their_days(world: World) -> None:
    chain_id = (await world.game(FRESH_PLAYER).daily_chains())["Campfire Streak"]["id"]
    assert (await world.game(FRESH_PLAYER).claim_daily(chain_id, 1)).status_code == 204
    page = await shown(world)
    assert "day by day · begins anew · from" in chain(page, "Seven Sunrises")
    assert "days in a row · begins anew · from" in chain(page, "Campfire Streak")
    assert steps(chain(page, "Campfire Streak"))[:2] == [
        ("free", "Lantern Oil", "Day 1"),
        ("free", "75\u00a0\u00d7 Gold", "Day 2"),
    ]
    (mira,) = re.findall(r'<article class="player"><h4>Mira</h4>.*?</article>', page)
    assert 'aria-label="1 of 5 steps claimed"' in mira


async def test_players_are_shown_with_their_progress_in_each_chain(world: World) -> None:
    page = await shown(world)
    (rocket,) = re.findall(r'<article class="player"><h4>Rocket</h4>.*?</article>', page)
    assert "clan lantern-keepers" in rocket
    progress = re.findall(r'class="of">(.*?) <span class="detail">(.*?)</span>.*?aria-label="(.*?)">', rocket)
    assert progress == [
        ("Wanderer&#x27;s Path", "", "2 of 5 steps claimed"),
        ("Lantern Night", "", "0 of 3 steps claimed"),
        ("Weekly Supplies", "", "1 of 3 steps claimed"),
        ("First Steps", "", "3 of 3 steps claimed"),
        ("Ember Trail", "100 Embers", "1 of 4 steps claimed"),
        ("Raise the Banner", "55 Guild Banners", "0 of 3 steps claimed"),
        ("Seven Sunrises", "", "0 of 7 steps claimed"),
        ("Campfire Streak", "", "0 of 5 steps claimed"),
    ]
    assert rocket.count('class="dot claimed"') == 7
    assert rocket.count('class="dot"') == 26


async def test_a_player_is_shown_the_chains_that_he_sees(world: World) -> None:
    with world.write() as tx:
        publish_offer(tx, name={"en": "For masters"}, conditions=(Condition("level", "number", "lt", "20"),))
    page = await shown(world)
    players = dict(re.findall(r'<article class="player"><h4>(\w+)</h4>(.*?)</article>', page))
    assert [name for name, text in players.items() if "For masters" in text] == ["Rocket"]


async def test_who_ordered_last_comes_first(world: World) -> None:
    assert re.findall(r'class="player"><h4>(\w+)', await shown(world)) == ["Juno", "Rocket", "Mira", "Sailor"]
    await world.game(FRESH_PLAYER).claim_offer(1, 1)
    assert re.findall(r'class="player"><h4>(\w+)', await shown(world))[0] == "Mira"


async def test_long_lists_are_cut_and_say_so(world: World) -> None:
    with world.write() as tx:
        for _ in range(MOST_CHAINS):
            publish_offer(tx)
        for number in range(MOST_PLAYERS):
            tx.run(
                "INSERT INTO players (project_id, player_id, name, attributes) VALUES (44056, :id, :id, '{}')",
                id=f"p{number}",
            )
    project = section(await shown(world), "Emberwild")
    assert project.count('class="chain ') == MOST_CHAINS
    assert project.count('class="player"') == MOST_PLAYERS
    assert '<p class="detail">and 8 more</p>' in project
    assert '<p class="detail">and 3 more</p>' in project


async def test_the_last_orders_are_shown_newest_first(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    with world.write() as tx:
        offer = publish_offer(tx, paid("supply_crate", 2))
    for _ in range(2):
        await game.order_offer(offer, 1)
    orders = re.findall(r"<li>(.*?)</li>", section(await shown(world), "Latest orders"))
    assert len(orders) == MOST_ORDERS
    assert [re.sub("<[^>]+>", "|", order) for order in orders[:2]] == [
        "|#11||new|||2\u00a0\u00d7 Supply Crate||0.99 USD|||Mira · 2026-01-07 12:00:00|",
        "|#10||expired|||2\u00a0\u00d7 Supply Crate||0.99 USD|||Mira · 2026-01-07 12:00:00|",
    ]
    assert "|free|" in re.sub("<[^>]+>", "|", orders[-1])


async def test_an_order_of_something_nameless_is_shown_by_its_sku(world: World) -> None:
    with world.write() as tx:
        tx.run("UPDATE order_items SET name = NULL")
    assert "<span>storm_lantern</span>" in await shown(world)


async def test_names_are_text_and_not_html(world: World) -> None:
    with world.write() as tx:
        publish_offer(tx, name={"en": "<b>$bold</b>"})
        tx.run("UPDATE players SET name = '<i>x</i>'")
    page = await shown(world)
    assert "&lt;b&gt;$bold&lt;/b&gt;" in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page
    assert "<i>x" not in page


async def test_an_empty_sandbox_says_so() -> None:
    app = create_sandbox(seed_demo=False, clock=Clock())
    async with plain_client(app) as client:
        page = re.sub(r"\n\s*", "", (await client.get("/")).text)
    assert "No project yet." in page
    assert [section(page, title) for title in ("Latest orders", "Active faults")] == [
        '<ul class="log"><li class="detail">None yet.</li></ul>',
        '<ul class="log"><li class="detail">None: all calls work normally.</li></ul>',
    ]
    app.state.sandbox.close()


async def test_a_project_with_nothing_in_it_says_so(world: World) -> None:
    with world.write() as tx:
        tx.run("INSERT INTO projects VALUES (1, 'Bare', 'k', 's')")
    assert section(await shown(world), "Bare").count("None yet.") == 2


async def test_faults_and_clock_are_shown(world: World) -> None:
    assert "same as the machine&#x27;s clock" in await shown(world)
    await world.client.post("/_sandbox/faults", json={"call": "get-order", "status": 503, "count": 2})
    await advance(world, 3600)
    page = await shown(world)
    assert "<code>{&quot;call&quot;:&quot;get-order&quot;,&quot;status&quot;:503,&quot;count&quot;:2}</code>" in page
    assert '<time datetime="2026-01-07T13:00:00+00:00">2026-01-07 13:00:00 UTC</time>' in page
    assert "moved 3,600 seconds ahead of the machine&#x27;s clock" in page


async def test_webhooks_are_shown_with_their_attempts() -> None:
    refused = httpx.Response(400, text='{"error":{"code":"INVALID_USER"}}')

    async def refuse() -> httpx.Response:
        return refused

    publisher = Publisher(refuse, httpx.ConnectError("no"))
    async with sending(publisher) as world:
        game = world.game(FRESH_PLAYER)
        assert "webhooks (version 1) to http://publisher.test/webhooks" in await shown(world)
        first = (await game.claim_offer(1, 1)).json()["order_id"]
        await finished(world, 1)
        await game.claim_offer(2, 1)
        await attempted(world, 2)
        facts = f'<span class="facts"><code>order_paid</code><span>order {first}</span></span>'
        for path in ("/", "/_sandbox/webhooks/log"):
            page = await shown(world, path)
            assert f"refused</span>{facts}" in page
            assert "1. 2026-01-07 12:00:00</span> <strong>400</strong>" in page
            assert "<code>{&quot;error&quot;:{&quot;code&quot;:&quot;INVALID_USER&quot;}}</code>" in page
            assert "waiting</span>" in page
            assert "next attempt 2026-01-07 12:05:00" in page
            assert "<strong>no response</strong>" in page
            assert "<code>ConnectError</code>" in page


async def test_an_empty_log_says_so(world: World) -> None:
    page = await shown(world, "/_sandbox/webhooks/log")
    assert "0 in total" in page
    assert '<li class="detail">None yet.</li>' in page


async def test_the_log_has_pages_newest_first() -> None:
    async with sending(Publisher()) as world:
        with world.write() as tx:
            chains = [publish_offer(tx) for _ in range(3)]
        game = world.game(FRESH_PLAYER)
        orders = [(await game.claim_offer(one, 1)).json()["order_id"] for one in chains]
        await finished(world, 3)
        first = (await world.client.get("/_sandbox/webhooks", params={"limit": 2})).json()
        second = (await world.client.get("/_sandbox/webhooks", params={"limit": 2, "offset": 2})).json()
    assert [one["order_id"] for one in first["items"]] == orders[:0:-1]
    assert [one["order_id"] for one in second["items"]] == orders[:1]
    assert [(page["has_more"], page["total_items_count"]) for page in (first, second)] == [(True, 3), (False, 3)]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1"])
async def test_another_page_is_refused(world: World, query: str) -> None:
    assert (await world.client.get(f"/_sandbox/webhooks?{query}")).status_code == 422


async def test_an_outcome_of_two_words_is_written_as_such() -> None:
    async with sending(Publisher(*[500] * 20)) as world:
        await world.game(FRESH_PLAYER).claim_offer(1, 1)
        for number in range(1, 20):
            await attempted(world, number)
            await advance(world, 3600)
        await finished(world, 1)
        assert '<span class="state given_up">given up</span>' in await shown(world)
        set_url(world.sandbox, is_enabled=False)
        assert "webhooks off" in section(await shown(world), "Emberwild")
