"""The page of faults."""

import pytest

from gateway.sandbox.pages.faults_page import READY_MADE
from tests.sandbox.page_text import PAGES, act, refused, shown
from tests.sandbox.webhook_server import plain_client
from tests.sandbox.world import World

PATH = f"{PAGES}/faults"
LIST = "/api/v2/project/44056/user/offer_chain"


async def on(world: World) -> list[dict[str, object]]:
    faults: list[dict[str, object]] = (await world.client.get("/_sandbox/faults")).json()["faults"]
    return faults


async def test_the_upstream_is_broken_and_healed(world: World) -> None:
    assert "None: all calls work normally." in await shown(world, PATH)
    page = await act(world, PATH, action="The upstream is down", back=PATH)
    assert "The fault is on." in page
    assert "<code>{&#34;call&#34;:&#34;*&#34;,&#34;status&#34;:503}</code>" in page
    assert "1 on" in await shown(world)
    async with plain_client(world.app) as client:
        assert (await client.get(LIST)).status_code == 503
        page = await act(world, PATH, action="heal", back=PATH)
        assert "All faults are off" in page
        assert (await client.get(LIST)).status_code == 200


async def test_one_fault_is_switched_off(world: World) -> None:
    await act(world, PATH, action="Connections break")
    await act(world, PATH, action="Each call takes two seconds")
    page = await act(world, PATH, action="off", fault='{"call":"*","reset":true}', back=PATH)
    assert "The fault is off." in page
    assert await on(world) == [{"call": "*", "delay_ms": 2000.0}]


@pytest.mark.parametrize("name", READY_MADE)
async def test_each_ready_made_fault_can_be_switched_on(world: World, name: str) -> None:
    assert "The fault is on." in await act(world, PATH, action=name)
    assert len(await on(world)) == 1


async def test_a_fault_of_one_s_own_is_switched_on(world: World) -> None:
    fields = {"call": "get-order", "status": "500", "probability": "0.5", "count": "3", "after": "true"}
    await act(world, PATH, action="on", delay_ms="", **fields)
    assert await on(world) == [{"call": "get-order", "status": 500, "after": True, "probability": 0.5, "count": 3}]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"action": "on", "call": "get-order"}, "a fault has to do something", id="nothing to do"),
        pytest.param({"action": "on", "call": "dance", "status": "500"}, "There is no call", id="no call"),
        pytest.param({"action": "on", "call": "*", "status": "99"}, "Expected `int` &gt;= 400", id="no status"),
        pytest.param({}, "Choose a fault", id="no choice"),
    ],
)
async def test_another_fault_is_refused(world: World, fields: dict[str, str], reason: str) -> None:
    assert reason in await refused(world, PATH, **fields)
    assert await on(world) == []
