"""Webhooks reach everybody whichever gateway takes them, and an order is polled once for the whole fleet."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.schema import ids
from tests.support.event_stream_client import streaming
from tests.support.fleet_changes import CHANGES, HEARD_OF_THE_CLAIM, reasons
from tests.support.gateway_fleet import GatewayFleet, gateway_fleet
from tests.support.purchase_mutations import ORDER, PAID
from tests.support.store_servers import Redis, a_fleet
from tests.support.webhook_payloads import order_webhook

WAIT = "query($id: ID!) { waitForOrder(id: $id, timeoutSeconds: 25) { status } }"


async def order(fleet: GatewayFleet, token: str) -> int:
    body = await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
    number: int = body["data"]["answer"]["order"]["upstreamId"]
    return number


@pytest.fixture
async def patient(server: Redis) -> AsyncIterator[GatewayFleet]:
    """Two gateways that poll no order for an hour."""
    async with a_fleet(server):
        pass
    async with gateway_fleet(
        server.url, server.url, order_poll_seconds="3600", order_poll_limit_seconds="7200"
    ) as fleet:
        yield fleet


@pytest.mark.parametrize("deliveries", [(0,), (1,), (0, 1)], ids=["there", "here", "both"])
async def test_a_webhook_is_told_once_to_who_listens_on_another_gateway(
    patient: GatewayFleet, deliveries: tuple[int, ...]
) -> None:
    [token] = await patient.open_shop("player")
    await patient.until(1, HEARD_OF_THE_CLAIM, 1)
    async with streaming(patient.members[1], CHANGES, token=token) as listener:
        await patient.until(1, "gateway_subscriptions", 1)
        number = await order(patient, token)
        assert await reasons(listener) == ["ORDER_PLACED"]
        webhook = order_webhook(order_id=number, player_id="player", transaction_id=number)
        assert await asyncio.gather(*(patient.post_webhook(at, webhook) for at in deliveries)) == [204] * len(
            deliveries
        )
        assert await reasons(listener) == ["ORDER_PAID"]
        await patient.ask(0, "mutation { updateClan { userErrors { code } } }", {}, token)
        assert await reasons(listener) == ["CLAN"]


@pytest.mark.slow
async def test_an_order_that_two_gateways_wait_for_is_read_once_in_an_interval(server: Redis) -> None:
    async with a_fleet(server):
        pass
    async with gateway_fleet(server.url, server.url, order_poll_seconds="1") as fleet:
        [token] = await fleet.open_shop("player")
        number = await order(fleet, token)
        variables = {"id": ids.encode(ids.IdKind.ORDER, number)}
        waits = [asyncio.create_task(fleet.ask(at, WAIT, variables, token)) for at in (0, 1)]
        await asyncio.sleep(4.5)
        # Each reads it once to begin with; then one of them in each second.
        assert fleet.upstream.calls[f"GET /order/{number}"] <= 2 + 5
        paid = await fleet.http.post(f"{fleet.sandbox_url}/_sandbox/orders/{number}/pay")
        assert paid.status_code == 200
        for answer in await asyncio.gather(*waits):
            assert answer["data"]["waitForOrder"]["status"] in {"PAID", "DONE"}
