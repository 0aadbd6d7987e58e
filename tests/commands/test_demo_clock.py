"""The demo's one clock."""

import json
from datetime import datetime

import httpx
import pytest

from gateway.commands.demo_clock import A_MINUTE, DemoClock
from tests.support.commands import ask, first_line, running
from tests.support.store_servers import REDIS

DAY = 86_400
COUNTDOWNS = "{ serverTime viewer { offerChains { name schedule { resetsAt } steps { state } } } }"


def test_it_follows_the_sandbox_and_what_was_kept_before_a_change_is_old() -> None:
    clock = DemoClock(now=lambda: 1000.0, monotonic=lambda: 5.0)
    assert (clock.now(), clock.monotonic()) == (1000, 5)
    clock.follow(DAY)
    assert (clock.now(), clock.monotonic()) == (1000 + DAY, 5 + DAY + A_MINUTE)
    clock.follow(DAY)
    assert (clock.now(), clock.monotonic()) == (1000 + DAY, 5 + DAY + 2 * A_MINUTE)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        pytest.param((), id="one process"),
        pytest.param(
            ("--workers", "2"),
            id="two workers",
            marks=pytest.mark.skipif(REDIS is None, reason="there is no redis-server"),
        ),
    ],
)
async def test_the_gateway_tells_the_sandbox_s_time_and_the_week_after_a_reset(options: tuple[str, ...]) -> None:
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json", *options) as process:
        facts = json.loads(await first_line(process))
        rocket = facts["players"][1]["token"]

        async def weekly() -> tuple[datetime, datetime, list[str]]:
            data = (await ask(facts["graphql_url"], COUNTDOWNS, rocket))["data"]
            (chain,) = [one for one in data["viewer"]["offerChains"] if one["name"] == "Weekly Supplies"]
            told = datetime.fromisoformat(data["serverTime"])
            resets_at = datetime.fromisoformat(chain["schedule"]["resetsAt"])
            return told, resets_at, [step["state"] for step in chain["steps"]]

        _, resets_at, states = await weekly()
        assert states[0] == "CLAIMED"
        async with httpx.AsyncClient() as http:
            moved = await http.post(f"{facts['sandbox_url']}/_sandbox/clock", json={"now": resets_at.timestamp()})
        assert moved.status_code == 200
        server_time, next_reset, states = await weekly()
        assert resets_at <= server_time < next_reset
        assert states[0] == "AVAILABLE"
