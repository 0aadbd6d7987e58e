"""The list of players and their pages."""

import re

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER, GUILD_MATE_PLAYER, VETERAN_PLAYER, DemoPlayer
from gateway.sandbox.pages.player_progress import MEANINGS
from gateway.sandbox.pages.players_page import PAGE_SIZE
from tests.sandbox.chains import publish_offer
from tests.sandbox.page_text import PAGES, act, refused, shown
from tests.sandbox.webhook_server import Publisher, finished, sending
from tests.sandbox.world import DAY, World

PATH = f"{PAGES}/players"


def names(page: str) -> list[str]:
    return re.findall(r'<span class="name">(.*?)</span>', page)


def address(world: World, player: DemoPlayer) -> str:
    found = next(one for one in world.sandbox.players() if one.player_id == player.id)
    return f"{PATH}/{found.player_number}"


def states(page: str, chain: str) -> list[str]:
    """The states of a chain's steps on a player's page; `*` marks the next one."""
    (article,) = re.findall(rf'<article class="chain"><h2>{chain}</h2>.*?</article>', page)
    steps = re.findall(r'is-(\w+)"( aria-current="step")?', article)
    return [state + "*" * bool(current) for state, current in steps]


async def chain_id(world: World, player: DemoPlayer, name: str) -> int:
    game = world.game(player)
    chains = {**await game.offer_chains(), **await game.daily_chains()}
    rewards = await game.reward_chains()
    return int(chains[name]["id"] if name in chains else rewards[name]["reward_chain_id"])


async def test_players_are_folded_with_their_progress_in_each_chain(world: World) -> None:
    page = await shown(world, PATH)
    assert "<details open" not in page
    (rocket,) = re.findall(r'<details class="player"><summary><span class="name">Rocket</span>.*?</details>', page)
    assert "clan lantern-keepers" in rocket
    progress = re.findall(
        r'class="of">(.*?)(?: <span class="detail">(.*?)</span>)?</span>.*?aria-label="(.*?)">', rocket
    )
    assert progress == [
        ("Wanderer&#39;s Path", "", "2 of 5 steps taken; next is step 3: Free"),
        ("Lantern Night", "", "0 of 3 steps taken; next is step 1: Free"),
        ("Weekly Supplies", "", "1 of 3 steps taken; next is step 2: 0.99 USD"),
        ("First Steps", "", "3 of 3 steps taken"),
        ("Ember Trail", "100 points", "1 of 4 steps taken; next is step 2: 300 points"),
        ("Raise the Banner", "55 points", "0 of 3 steps taken; next is step 1: 50 points"),
        ("Seven Sunrises", "", "0 of 7 steps taken; next is step 3: Day 3"),
        ("Campfire Streak", "", "0 of 5 steps taken; next is step 1: Day 1"),
    ]
    assert rocket.count('class="dot taken"') == 7
    assert rocket.count('class="dot waiting"') == 1
    assert rocket.count('class="dot missed"') == 2


async def test_the_colours_are_explained(world: World) -> None:
    page = await shown(world, PATH)
    for state, meaning in MEANINGS.items():
        assert f'<li><span class="dot {state}"></span> {meaning}</li>' in page


async def test_a_player_is_shown_the_chains_that_they_see(world: World) -> None:
    await world.client.post("/_sandbox/clock", json={"advance_seconds": 60 * DAY})
    rocket, mira = [await shown(world, address(world, one)) for one in (VETERAN_PLAYER, FRESH_PLAYER)]
    assert "Lantern Night" not in rocket
    assert "clan lantern-keepers · level: 23" in rocket
    with world.write() as tx:
        tx.run("UPDATE chains SET is_enabled = 0")
    assert "They see no chain now." in await shown(world, address(world, FRESH_PLAYER))
    assert "clan" not in mira.partition("<ul")[0]


async def test_those_who_ordered_last_come_first(world: World) -> None:
    assert names(await shown(world, PATH)) == ["Juno", "Rocket", "Mira"]
    await world.game(FRESH_PLAYER).claim_offer(1, 1)
    assert names(await shown(world, PATH))[0] == "Mira"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("find=ROCK", ["Rocket"]),
        ("find=0b9c6f5e", ["Mira"]),
        ("find=%25", []),
        ("find=o", ["Juno", "Rocket"]),
        ("project=44057", ["Sailor"]),
        ("project=44057&find=Mira", []),
        ("project=x", ["Juno", "Rocket", "Mira"]),
    ],
)
async def test_players_are_found_by_name_or_id(world: World, query: str, found: list[str]) -> None:
    page = await shown(world, f"{PATH}?{query}")
    assert names(page) == found
    assert ("Nobody." in page) is (not found)


async def test_a_thousand_players_cost_as_many_statements_as_a_page_of_them(world: World) -> None:
    async def add(first: int, last: int) -> None:
        with world.write() as tx:
            for number in range(first, last):
                tx.run(
                    "INSERT INTO players (project_id, player_id, name, attributes) VALUES (44056, :id, :id, '{}')",
                    id=f"player-{number}",
                )

    await add(0, PAGE_SIZE)
    with world.statements() as of_few:
        await shown(world, PATH)
    await add(PAGE_SIZE, 1000)
    with world.statements() as of_many:
        page = await shown(world, PATH)
    assert len(of_many) == len(of_few)
    assert len(names(page)) == PAGE_SIZE
    last = await shown(world, f"{PATH}?page=101&find=")
    assert names(last) == ["player-997", "player-998", "player-999"]
    found = await shown(world, f"{PATH}?find=player-77")
    assert "11 found" in found
    assert f'href="{PATH}?page=2&amp;project=44056&amp;find=player-77"' in found


async def test_an_unknown_player_has_no_page(world: World) -> None:
    answer = await world.client.get(f"{PATH}/99")
    assert answer.status_code == 404
    assert "There is no such player" in answer.text


async def test_steps_of_an_offer_chain_are_set_and_the_server_is_told() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        path, chain = address(world, VETERAN_PLAYER), await chain_id(world, VETERAN_PLAYER, "Wanderer's Path")
        page = await act(world, path, chain_id=chain, taken=4, back=path)
        assert "The player&#39;s progress was set." in page
        assert states(page, "Wanderer&#39;s Path") == ["taken", "taken", "taken", "taken", "ready*"]
        await finished(world, 2)
        assert [kind for kind, _ in publisher.told] == ["order_paid", "order_paid"]
        # Rocket bought the second step: what it gave is taken back with it.
        assert (await world.game(VETERAN_PLAYER).reward_chains())["Ember Trail"]["value_point"]["amount"] == 100
        page = await act(world, path, chain_id=chain, taken=1, back=path)
        assert states(page, "Wanderer&#39;s Path") == ["taken", "ready*", "later", "later", "later"]
        await finished(world, 5)
        assert [kind for kind, _ in publisher.told][2:] == ["order_canceled"] * 3
        assert (await world.game(VETERAN_PLAYER).reward_chains())["Ember Trail"]["value_point"]["amount"] == 0
        chains = await world.game(VETERAN_PLAYER).offer_chains()
        assert chains["Wanderer's Path"]["next_step_number"] == 2


async def test_a_step_whose_order_was_refunded_is_taken_back(world: World) -> None:
    path, chain = address(world, VETERAN_PLAYER), await chain_id(world, VETERAN_PLAYER, "Wanderer's Path")
    await world.client.post("/_sandbox/orders/6/refund")
    assert states(await act(world, path, chain_id=chain, taken=0, back=path), "Wanderer&#39;s Path")[0] == "ready*"


async def test_points_open_steps_of_a_reward_chain(world: World) -> None:
    path, chain = address(world, FRESH_PLAYER), await chain_id(world, FRESH_PLAYER, "Ember Trail")
    page = await act(world, path, chain_id=chain, points=700, taken=1, back=path)
    assert states(page, "Ember Trail") == ["taken", "ready*", "ready", "later"]
    assert (await world.game(FRESH_PLAYER).reward_chains())["Ember Trail"]["value_point"]["amount"] == 700
    page = await act(world, path, chain_id=chain, points=0, taken=0, back=path)
    assert states(page, "Ember Trail") == ["waiting*", "later", "later", "later"]
    page = await act(world, path, chain_id=chain, points=0, back=path)
    assert "0 of 4 steps taken; next is step 1: 100 points · 0 points" in page


async def test_points_of_a_clan_are_each_member_s_own(world: World) -> None:
    path, chain = address(world, VETERAN_PLAYER), await chain_id(world, VETERAN_PLAYER, "Raise the Banner")
    assert "55 points, 40 of them their own" in await shown(world, path)
    page = await act(world, path, chain_id=chain, points=140, back=path)
    assert "155 points, 140 of them their own" in page
    assert (await world.game(GUILD_MATE_PLAYER).reward_chains())["Raise the Banner"]["value_point"]["amount"] == 155
    alone = address(world, FRESH_PLAYER)
    assert "The player is in no clan" in await refused(world, alone, chain_id=chain, points=1)


async def test_days_in_a_row_are_days_until_yesterday(world: World) -> None:
    path, chain = address(world, FRESH_PLAYER), await chain_id(world, FRESH_PLAYER, "Campfire Streak")
    page = await act(world, path, chain_id=chain, taken=3, back=path)
    assert states(page, "Campfire Streak") == ["taken", "taken", "taken", "ready*", "later"]
    assert (await world.game(FRESH_PLAYER).claim_daily(chain, 4)).status_code == 204
    assert states(await shown(world, path), "Campfire Streak")[3:] == ["taken", "waiting*"]
    page = await act(world, path, chain_id=chain, taken=5, back=path)
    assert states(page, "Campfire Streak") == ["taken"] * 5
    page = await act(world, path, chain_id=chain, taken=0, back=path)
    assert states(page, "Campfire Streak")[0] == "ready*"


async def test_days_of_the_calendar_are_set_as_far_as_they_have_come(world: World) -> None:
    path, chain = address(world, FRESH_PLAYER), await chain_id(world, FRESH_PLAYER, "Seven Sunrises")
    assert states(await shown(world, path), "Seven Sunrises")[:4] == ["missed", "missed", "ready*", "later"]
    page = await act(world, path, chain_id=chain, taken=2, back=path)
    assert states(page, "Seven Sunrises")[:4] == ["taken", "taken", "ready*", "later"]
    page = await act(world, path, chain_id=chain, taken=3, back=path)
    assert states(page, "Seven Sunrises")[2:5] == ["taken", "waiting*", "later"]
    assert "That day has not come" in await refused(world, path, chain_id=chain, taken=4)


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        pytest.param({"chain_id": 1, "taken": 6}, 422, "The chain has 5 steps", id="more steps than there are"),
        pytest.param({"chain_id": 1, "points": 5}, 422, "The chain counts no points", id="points without a counter"),
        pytest.param({"chain_id": 99, "taken": 1}, 404, "Chain not found", id="an unknown chain"),
        pytest.param({"chain_id": 7, "taken": 1}, 404, "Chain not found", id="another project's chain"),
        pytest.param({"taken": 1}, 422, "missing required field `chain_id`", id="no chain"),
        pytest.param({"chain_id": 1, "taken": -1}, 422, "Expected `int` &gt;= 0", id="fewer than none"),
    ],
)
async def test_what_cannot_be_set_is_refused(world: World, fields: dict[str, int], status: int, reason: str) -> None:
    assert reason in await refused(world, address(world, FRESH_PLAYER), status, **fields)


async def test_nobody_s_progress_cannot_be_set(world: World) -> None:
    assert await refused(world, f"{PATH}/99", 404, chain_id=1, taken=1) == "Player not found"


async def test_a_chain_for_some_players_is_shown_to_them(world: World) -> None:
    with world.write() as tx:
        publish_offer(tx, name={"en": "For all"})
    assert "For all" in await shown(world, address(world, FRESH_PLAYER))
