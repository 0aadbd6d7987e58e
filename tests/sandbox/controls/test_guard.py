"""What stands before the sandbox's own calls."""

import pytest

from gateway.sandbox import create_sandbox
from tests.sandbox.webhook_server import plain_client
from tests.sandbox.world import DAY, ORIGIN, Clock, World

CLOCK = "/_sandbox/clock"
MOVE = {"advance_seconds": DAY}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a program"),
        pytest.param({"sec-fetch-site": "same-origin", "origin": "null"}, 200, id="a page of the sandbox"),
        pytest.param({"sec-fetch-site": "none"}, 200, id="a person"),
        pytest.param({"origin": ORIGIN}, 200, id="a page of the sandbox at an address that is not trustworthy"),
        pytest.param({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, 403, id="another site"),
        pytest.param({"sec-fetch-site": "same-site", "origin": ORIGIN + ":8000"}, 403, id="another port"),
        pytest.param({"origin": "https://evil.example"}, 403, id="another site, to an address that is not trustworthy"),
        pytest.param({"origin": "null"}, 403, id="a page without an origin"),
    ],
)
async def test_pages_of_other_sites_change_nothing(world: World, headers: dict[str, str], status: int) -> None:
    before = (await world.client.get(CLOCK)).json()["offset_seconds"]
    answer = await world.client.post(CLOCK, json=MOVE, headers=headers)
    assert answer.status_code == status
    after = (await world.client.get(CLOCK)).json()["offset_seconds"]
    assert after - before == (DAY if status == 200 else 0)


async def test_everybody_may_read(world: World) -> None:
    assert (await world.client.get(CLOCK, headers={"origin": "https://other.example"})).status_code == 200


async def test_the_program_that_embeds_it_is_told_of_changes() -> None:
    told: list[float] = []
    app = create_sandbox(clock=Clock(), changed=told.append)
    async with plain_client(app) as client:
        await client.get(CLOCK)
        assert told == []
        await client.post(CLOCK, json=MOVE)
        await client.delete("/_sandbox/faults")
    assert told == [DAY, DAY]
    app.state.sandbox.close()
