"""A gateway that is killed while it sends an order: the others find out by reading, and never send it again."""

import asyncio

import pytest

from tests.support.gateway_fleet import CASES, SECRET, GatewayFleet, gateway_fleet
from tests.support.gateway_process import gateway_process
from tests.support.purchase_mutations import ORDER, ORDER_CALL, PAID
from tests.support.store_servers import Redis, a_fleet

TOLD_WITHIN_SECONDS = 12
STEPS_APART = 3


@pytest.mark.slow
async def test_the_same_key_elsewhere_is_told_in_time_and_makes_no_second_order(server: Redis) -> None:
    async with a_fleet(server):
        pass
    async with gateway_fleet(server.url) as fleet:
        players = [f"player-{number}" for number in range(CASES)]
        tokens = await fleet.open_shop(*players)
        died = 0
        for number, token in enumerate(tokens):
            died += await is_killed(fleet, server, token, number * STEPS_APART)
        assert died
        await asyncio.gather(*(told(fleet, token) for token in tokens))
        orders = [fleet.upstream.of_tokens[ORDER_CALL, f"Bearer {token}".encode()] for token in tokens]
        assert max(orders) == 1


async def is_killed(fleet: GatewayFleet, server: Redis, token: str, steps: int) -> bool:
    """Whether a gateway that takes so many steps more after an order came dies before it answers."""
    shared = {"GATEWAY_STORE_URL": server.url, "GATEWAY_STORE_SECRET": SECRET, "GATEWAY_STORE_SECONDS": "5"}
    async with gateway_process(fleet.sandbox_url, environment=shared) as process:
        return await process.ask(ORDER, {"step": PAID, "key": "k"}, token, kill_after=steps) is None


async def told(fleet: GatewayFleet, token: str) -> None:
    """Ask again until something is told: an order, or that its outcome is unknown."""
    async with asyncio.timeout(TOLD_WITHIN_SECONDS * 3):
        while True:
            body = await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
            errors = [one["extensions"]["code"] for one in body.get("errors", ())]
            if errors:
                assert errors == ["OUTCOME_UNKNOWN"]
                return
            codes = [one["code"] for one in body["data"]["answer"]["userErrors"]]
            if codes != ["IN_PROGRESS"]:
                assert codes == []
                return
