"""Daily chains as players see and claim them: calendars, days in a row, and what the clock does to them."""

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.admin.publisher import Publisher
from tests.sandbox.world import DAY, HOUR, Game, World, refusal

WEDNESDAY = 1767744000
"""2026-01-07T00:00:00Z, the day on which the tests begin."""


def mira_of(world: World) -> Game:
    """A player whose token outlives the days of a test."""
    return Game(world.client, world.sandbox.issue_opaque_token(FRESH_PLAYER.id, lifetime_seconds=30 * DAY))


async def states(game: Game, chain_id: int) -> str:
    """What can be done with each step, one letter each: claimed, open, future, blocked."""
    chain = (await game.get(f"/user/daily_chain/{chain_id}")).json()
    letters = {"claimed": "c", "claimable": "o", "claim_in_future": "f", "blocked": "b"}
    return "".join(letters[step["status"]] for step in chain["steps"])


async def unlocks(game: Game, chain_id: int) -> list[int]:
    """On which day each step opens, counted from the day on which the tests begin."""
    chain = (await game.get(f"/user/daily_chain/{chain_id}")).json()
    return [(step["unlocked_date"] - WEDNESDAY) // DAY for step in chain["steps"]]


async def test_the_demo_has_a_calendar_and_a_streak(world: World) -> None:
    listed = await world.game(FRESH_PLAYER).daily_chains()
    sunrises, streak = listed["Seven Sunrises"], listed["Campfire Streak"]
    assert (sunrises["type"], streak["type"]) == ("calendar_hard", "rolling")
    statuses = [step["status"] for step in sunrises["steps"]]
    assert statuses == ["blocked", "blocked", "claimable", *["claim_in_future"] * 4]
    assert sunrises["steps"][3]["unlocked_date"] == WEDNESDAY + DAY
    assert [step["status"] for step in streak["steps"]] == ["claimable", *["claim_in_future"] * 4]
    (item,) = sunrises["steps"][2]["items"]
    assert (item["sku"], item["name"], item["quantity"]) == ("lantern_oil", "Lantern Oil", 3)


async def test_a_calendar_opens_a_step_each_day_and_a_missed_day_is_lost(world: World, publisher: Publisher) -> None:
    chain = await publisher.make_daily_chain(date_start="2026-01-07T00:00:00+00:00")
    mira = mira_of(world)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("off", [0, 1, 2])
    assert (await mira.claim_daily(chain, 1)).status_code == 204
    assert refusal(await mira.claim_daily(chain, 1)) == (422, 1102)
    assert refusal(await mira.claim_daily(chain, 2)) == (422, 1102)
    world.clock.advance(2 * DAY)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("cbo", [0, 1, 2])
    assert refusal(await mira.claim_daily(chain, 2)) == (422, 1102)
    assert (await mira.claim_daily(chain, 3)).status_code == 204
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"gold": 4}
    world.clock.advance(5 * DAY)
    assert await states(mira, chain) == "cbc", "it is not recurrent"
    assert await states(world.anonymous(), chain) == "bbb"


async def test_a_recurrent_calendar_begins_anew_after_its_last_day(world: World, publisher: Publisher) -> None:
    chain = await publisher.make_daily_chain(date_start="2026-01-05T00:00:00+00:00", is_recurrent=True)
    mira = mira_of(world)
    await mira.claim_daily(chain, 3)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("bbc", [-2, -1, 0])
    world.clock.advance(12 * HOUR)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("off", [1, 2, 3])


@pytest.mark.parametrize("kind", ["calendar_hard", "rolling"])
async def test_a_chain_opens_at_its_start_and_ends(world: World, publisher: Publisher, kind: str) -> None:
    chain = await publisher.make_daily_chain(
        type=kind, date_start="2026-01-08T00:00:00+00:00", date_end="2026-01-09T00:00:00+00:00", is_recurrent=True
    )
    mira = mira_of(world)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("fff", [1, 2, 3])
    assert "Daily" not in await mira.daily_chains()
    assert refusal(await mira.claim_daily(chain, 1)) == (422, 1102)
    world.clock.advance(DAY)
    assert await states(mira, chain) == "off"
    world.clock.advance(12 * HOUR)
    assert await states(mira, chain) == "bbb"
    assert refusal(await mira.claim_daily(chain, 1)) == (422, 1102)


async def test_days_in_a_row_are_counted_from_a_players_own_first_claim(world: World, publisher: Publisher) -> None:
    chain = await publisher.make_daily_chain(type="rolling", date_start="2026-01-05T00:00:00+00:00")
    mira = mira_of(world)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("off", [-2, 1, 2])
    await mira.claim_daily(chain, 1)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("cff", [-2, 1, 2])
    world.clock.advance(12 * HOUR)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("cof", [-2, 1, 2])
    await mira.claim_daily(chain, 2)
    world.clock.advance(DAY)
    await mira.claim_daily(chain, 3)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("ccc", [-2, 1, 2])
    world.clock.advance(9 * DAY)
    assert await states(mira, chain) == "ccc", "it is finished, and nothing can be missed"


async def test_a_missed_day_breaks_the_streak(world: World, publisher: Publisher) -> None:
    chain = await publisher.make_daily_chain(type="rolling", date_start="2026-01-05T00:00:00+00:00")
    mira = mira_of(world)
    await mira.claim_daily(chain, 1)
    world.clock.advance(DAY)
    await mira.claim_daily(chain, 2)
    world.clock.advance(2 * DAY)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("off", [3, 4, 5])
    await mira.claim_daily(chain, 1)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("cff", [3, 4, 5])


async def test_a_recurrent_streak_begins_anew_on_the_day_after_its_last_step(
    world: World, publisher: Publisher
) -> None:
    one_day = [{"step_number": 1, "items": [{"sku": "gold"}]}]
    chain = await publisher.make_daily_chain(
        type="rolling", date_start="2026-01-07T00:00:00+00:00", is_recurrent=True, steps=one_day
    )
    mira = mira_of(world)
    await mira.claim_daily(chain, 1)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("c", [0])
    world.clock.advance(12 * HOUR)
    assert (await states(mira, chain), await unlocks(mira, chain)) == ("o", [1])
    await mira.claim_daily(chain, 1)
    assert world.sandbox.inventory(FRESH_PLAYER.id) == {"gold": 2}


async def test_a_reset_lets_a_streak_begin_anew_at_once(world: World, publisher: Publisher) -> None:
    chain = await publisher.make_daily_chain(type="rolling", date_start="2026-01-07T00:00:00+00:00")
    mira = mira_of(world)
    await mira.claim_daily(chain, 1)
    world.clock.advance(HOUR)
    assert (await publisher.post(f"/daily_chain/id/{chain}/reset")).status_code == 204
    assert await states(mira, chain) == "off"
    first, second, _ = (await mira.get(f"/user/daily_chain/{chain}")).json()["steps"]
    assert (first["unlocked_date"], second["unlocked_date"]) == (world.clock.now, WEDNESDAY + DAY)
    assert (await mira.claim_daily(chain, 1)).status_code == 204


async def test_anonymous_callers_see_chains_and_claim_nothing(world: World, publisher: Publisher) -> None:
    chain = await publisher.make_daily_chain(date_start="2026-01-07T00:00:00+00:00")
    nobody = world.anonymous()
    assert await states(nobody, chain) == "off"
    assert set(await nobody.daily_chains()) == {"Seven Sunrises", "Campfire Streak", "Daily"}
    assert refusal(await nobody.claim_daily(chain, 1)) == (401, 1501)


async def test_what_there_is_not_is_not_found(world: World) -> None:
    mira = mira_of(world)
    chain = (await mira.daily_chains())["Seven Sunrises"]["id"]
    assert refusal(await mira.get("/user/daily_chain/1")) == (404, 4001), "an offer chain has this number"
    assert refusal(await mira.claim_daily(1, 1)) == (404, 4001)
    assert refusal(await mira.claim_daily(chain, 8)) == (404, 4001)
