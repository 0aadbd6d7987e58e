"""The first page: projects with their keys and chains."""

import re

from gateway.sandbox import create_sandbox
from gateway.sandbox.demo.accounts import DEMO_LOGIN_SECRET, FRESH_PLAYER, SECOND_LOGIN_SECRET
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.pages.project_overview import MOST_CHAINS
from tests.sandbox.chains import free, paid, publish_good, publish_offer, publish_rewards, reached
from tests.sandbox.page_text import PAGES, section, shown
from tests.sandbox.webhook_server import SECRET, Publisher, finished, plain_client, sending, set_url
from tests.sandbox.world import Clock, World


def chain(page: str, name: str) -> str:
    """Cut a chain's picture out of the page."""
    found = re.search(rf'<article class="chain \w+"><h4>{name}</h4>.*?</article>', page)
    assert found, f"no chain {name}"
    return found[0]


def steps(picture: str) -> list[tuple[str, str, str]]:
    """Read a picture's steps: kind, item and cost."""
    return re.findall(r'class="step (\w+)">.*?class="what">(.*?)</span><span class="cost">(.*?)</span>', picture)


async def test_projects_are_shown_with_their_keys(world: World) -> None:
    page = await shown(world)
    assert re.findall(r"<h2>(\w+)</h2><p class", page) == ["Emberwild", "Tidebound"]
    project = section(page, "Emberwild")
    assert project.startswith('<p class="detail">Project 44056 · webhooks off · <a ')
    assert "<code>sandbox-demo-api-key</code>" in project


async def test_the_calls_to_paste_read_an_offer_chain_as_a_publisher(world: World) -> None:
    calls = re.findall(r"<code>curl -s -u (\w+):(\S+) (\S+)</code>", await shown(world))
    assert len(calls) == 2
    for user, key, address in calls:
        answer = await world.client.get(address, auth=(user, key))
        assert (answer.status_code, answer.json()["is_enabled"]) == (200, True)


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
        pages = ("/", *(f"{PAGES}/{name}" for name in ("players", "players/1", "orders", "webhooks", "faults")))
        for path in (*pages, "/_sandbox/webhooks"):
            text = (await world.client.get(path)).text
            secrets = (DEMO_LOGIN_SECRET, SECOND_LOGIN_SECRET, SECRET)
            for secret in (*secrets, order["token"], opaque, game.headers["Authorization"][7:]):
                assert secret not in text


async def test_an_offer_chain_is_a_picture_of_free_and_paid_steps(world: World) -> None:
    picture = chain(await shown(world), "Wanderer&#39;s Path")
    assert "offer chain 1 · from 2025-12-31 12:00:00 · until 2026-02-06 12:00:00" in picture
    assert steps(picture) == [
        ("free", "3\u00a0\u00d7 Healing Draught", "Free"),
        ("paid", "Wanderer&#39;s Bundle", "4.99 USD"),
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
    page = await shown(world)
    assert "day by day · repeats · from" in chain(page, "Seven Sunrises")
    assert "days in a row · repeats · from" in chain(page, "Campfire Streak")
    assert steps(chain(page, "Campfire Streak"))[:2] == [
        ("free", "Lantern Oil", "Day 1"),
        ("free", "75\u00a0\u00d7 Gold", "Day 2"),
    ]


async def test_a_long_list_of_chains_is_cut_and_says_so(world: World) -> None:
    with world.write() as tx:
        for _ in range(MOST_CHAINS):
            publish_offer(tx)
    project = section(await shown(world), "Emberwild")
    assert project.count('class="chain ') == MOST_CHAINS
    assert '<p class="detail">and 8 more</p>' in project


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
        players = await client.get(f"{PAGES}/players")
    assert "No project yet." in page
    assert "To the next reset" not in page
    assert section(page, "Latest orders").startswith('<ul class="log orders"><li class="detail">None yet.</li></ul>')
    assert "Nobody." in players.text
    app.state.sandbox.close()


async def test_a_project_with_nothing_in_it_says_so(world: World) -> None:
    with world.write() as tx:
        tx.run("INSERT INTO projects VALUES (1, 'Bare', 'k', 's')")
    bare = section(await shown(world), "Bare")
    assert "None yet." in bare
    assert "curl" not in bare


async def test_where_webhooks_go_is_shown_without_what_is_secret_in_it(world: World) -> None:
    set_url(world.sandbox, "http://me:mine@publisher.test/webhooks?key=mine")
    project = section(await shown(world), "Emberwild")
    assert "webhooks (version 1) to http://…@publisher.test/webhooks?…" in project
    set_url(world.sandbox, is_enabled=False)
    assert "webhooks off" in section(await shown(world), "Emberwild")


async def test_the_pages_lead_to_others_that_they_are_told_of() -> None:
    app = create_sandbox(clock=Clock(), links={"GraphiQL": "http://gateway.test/graphiql"})
    async with plain_client(app) as client:
        page = (await client.get("/")).text
    assert '<a class="out" href="http://gateway.test/graphiql">GraphiQL</a>' in page
    app.state.sandbox.close()
