"""Who polls an order for the whole fleet: another gateway where one dies, and nobody where the upstream asks for it."""

import asyncio

import pytest

from gateway.schema import ids
from tests.support.gateway_fleet import SECRET, GatewayFleet, gateway_fleet
from tests.support.gateway_process import gateway_process
from tests.support.purchase_mutations import ORDER, PAID
from tests.support.store_servers import Redis, a_fleet, until

WAIT = "query($id: ID!) { waitForOrder(id: $id, timeoutSeconds: 25) { status } }"


async def order(fleet: GatewayFleet, token: str) -> int:
    body = await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
    number: int = body["data"]["answer"]["order"]["upstreamId"]
    return number


async def reads(fleet: GatewayFleet, number: int, more: int) -> None:
    """Wait until the order was read so many times more."""
    before = fleet.upstream.calls[f"GET /order/{number}"]

    async def are_there() -> bool:
        return fleet.upstream.calls[f"GET /order/{number}"] >= before + more

    await until(are_there)


async def pay(fleet: GatewayFleet, number: int) -> None:
    paid = await fleet.http.post(f"{fleet.sandbox_url}/_sandbox/orders/{number}/pay")
    assert paid.status_code == 200


@pytest.mark.slow
async def test_another_gateway_polls_where_the_one_that_did_is_killed(server: Redis) -> None:
    async with a_fleet(server):
        pass
    shared = {"GATEWAY_STORE_URL": server.url, "GATEWAY_STORE_SECRET": SECRET, "GATEWAY_ORDER_POLL_SECONDS": "1"}
    async with gateway_fleet(server.url, order_poll_seconds="1") as fleet:
        [token] = await fleet.open_shop("player")
        number = await order(fleet, token)
        wait = (WAIT, {"id": ids.encode(ids.IdKind.ORDER, number)}, token)
        async with gateway_process(fleet.sandbox_url, environment=shared) as process:
            there = asyncio.create_task(process.ask(*wait))
            await reads(fleet, number, 2)
            here = asyncio.create_task(fleet.ask(0, *wait))
            await reads(fleet, number, 2)
            assert await process.ask(*wait, kill_after=0) is None
        assert await there is None
        await reads(fleet, number, 2)
        await pay(fleet, number)
        assert (await here)["data"]["waitForOrder"]["status"] in {"PAID", "DONE"}


@pytest.mark.slow
async def test_nobody_polls_while_the_upstream_asks_one_of_them_to_wait(server: Redis) -> None:
    async with a_fleet(server):
        pass
    async with gateway_fleet(server.url, server.url, server.url, order_poll_seconds="2") as fleet:
        [token] = await fleet.open_shop("player")
        number = await order(fleet, token)
        wait = (WAIT, {"id": ids.encode(ids.IdKind.ORDER, number)}, token)
        everybody = range(len(fleet.members))
        waits = [asyncio.create_task(fleet.ask(at, *wait)) for at in everybody]
        await reads(fleet, number, len(waits) + 1)
        fleet.upstream.failing = {f"/order/{number}": 429}
        await reads(fleet, number, 1)
        before = [await left_to_others(fleet, at) for at in everybody]
        fleet.upstream.calls.clear()

        async def two_had_two_more_turns() -> bool:
            return sum([await left_to_others(fleet, at) >= before[at] + 2 for at in everybody]) == 2

        await until(two_had_two_more_turns)
        assert fleet.upstream.calls[f"GET /order/{number}"] == 0
        for one in waits:
            one.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def left_to_others(fleet: GatewayFleet, at: int) -> float:
    return await fleet.figure(at, 'gateway_tickets_total{got="no"}')
