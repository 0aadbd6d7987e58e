"""The clock that can be moved, and what depends on it."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.sandbox import create_sandbox, mint_token
from gateway.sandbox.demo.accounts import FRESH_PLAYER, VETERAN_PLAYER
from tests.sandbox.webhook_server import advance, plain_client
from tests.sandbox.world import DAY, HOUR, WEDNESDAY_NOON, Clock, Game, World, refusal

PATH = "/_sandbox/clock"


async def test_the_clock_is_the_machine_s_until_it_is_moved(world: World) -> None:
    assert (await world.client.get(PATH)).json() == {
        "now": WEDNESDAY_NOON,
        "date": "2026-01-07T12:00:00+00:00",
        "offset_seconds": 0.0,
    }


@pytest.mark.parametrize(
    "move",
    [
        {"advance_seconds": 5400},
        {"now": WEDNESDAY_NOON + 5400},
        {"now": "2026-01-07T13:30:00Z"},
        {"now": "2026-01-07T15:30:00+02:00"},
    ],
)
async def test_the_clock_is_moved_ahead(world: World, move: dict[str, Any]) -> None:
    moved = {"now": WEDNESDAY_NOON + 5400, "date": "2026-01-07T13:30:00+00:00", "offset_seconds": 5400.0}
    assert (await world.client.post(PATH, json=move)).json() == moved
    assert (await world.client.get(PATH)).json() == moved


async def test_moves_add_up_and_time_goes_on_meanwhile(world: World) -> None:
    await advance(world, 60)
    world.clock.advance(1)
    await advance(world, 60)
    face = (await world.client.get(PATH)).json()
    assert (face["now"], face["offset_seconds"]) == (WEDNESDAY_NOON + 121, 120.0)


@pytest.mark.parametrize(
    ("move", "complaint"),
    [
        ({"advance_seconds": -1}, "The clock moves forward only"),
        ({"now": WEDNESDAY_NOON - 1}, "The clock moves forward only"),
        ({"now": "2026-01-07T11:59:59Z"}, "The clock moves forward only"),
        ({"now": "2026-01-07T13:00:00"}, "at `$.now`"),
        ({"now": "tomorrow"}, "at `$.now`"),
        ({"now": 32_503_680_001}, "The clock ends with the year 3000"),
        ({"advance_seconds": 1e300}, "The clock ends with the year 3000"),
        ({"advance_seconds": "60"}, "at `$.advance_seconds`"),
        ({}, "Give either `advance_seconds` or `now`"),
        ({"advance_seconds": 1, "now": WEDNESDAY_NOON}, "Give either `advance_seconds` or `now`"),
        ({"hours": 1}, "unknown field `hours`"),
    ],
)
async def test_another_move_is_refused_and_changes_nothing(world: World, move: dict[str, Any], complaint: str) -> None:
    answer = await world.client.post(PATH, json=move)
    assert refusal(answer) == (422, 1102)
    assert complaint in answer.json()["errorMessage"]
    assert (await world.client.get(PATH)).json()["now"] == WEDNESDAY_NOON


async def test_the_last_instant_can_be_reached_and_everything_still_answers(world: World) -> None:
    assert (await world.client.post(PATH, json={"now": 32_503_680_000})).status_code == 200
    assert (await world.client.get("/")).status_code == 200
    assert (await world.anonymous().get("/user/offer_chain")).status_code == 200


async def test_chains_end_and_renew_and_tokens_expire_by_the_moved_clock(world: World) -> None:
    game = world.game(VETERAN_PLAYER)
    assert (await game.offer_chains())["Weekly Supplies"]["next_step_number"] == 2
    await advance(world, 4 * HOUR)
    assert "Lantern Night" not in await game.offer_chains()
    await advance(world, 5 * DAY)
    assert refusal(await game.get("/user/offer_chain")) == (401, 1501)
    token = mint_token(VETERAN_PLAYER.id, now=WEDNESDAY_NOON + 5 * DAY)
    assert (await Game(world.client, token).offer_chains())["Weekly Supplies"]["next_step_number"] == 1


async def test_the_clock_stays_moved_after_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    for offset in (0.0, 100.0):
        app = create_sandbox(path, clock=Clock())
        async with plain_client(app) as client:
            assert (await client.get(PATH)).json()["offset_seconds"] == offset
            await client.post(PATH, json={"advance_seconds": 100})
        app.state.sandbox.close()


async def test_another_process_on_the_file_sees_the_moved_clock(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    one, other = (create_sandbox(path, clock=Clock()) for _ in range(2))
    async with plain_client(one) as client:
        await client.post(PATH, json={"advance_seconds": 100})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(other), base_url="http://sandbox.test") as client:
        assert (await client.get(PATH)).json()["now"] == WEDNESDAY_NOON + 100
    for app in (one, other):
        app.state.sandbox.close()


async def test_what_was_done_before_a_move_stays_done(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    await game.claim_offer(1, 1)
    await advance(world, HOUR)
    assert refusal(await game.claim_offer(1, 1)) == (422, 1102)
    assert (await game.offer_chains())["Wanderer's Path"]["next_step_number"] == 2
