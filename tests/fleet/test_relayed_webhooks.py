"""A webhook that comes to several gateways is relayed to the studio's backend once."""

import asyncio

from tests.support.gateway_fleet import gateway_fleet
from tests.support.store_servers import Redis, a_fleet, asking, listening
from tests.support.webhook_backend import studio
from tests.support.webhook_payloads import order_webhook

ACCEPTED, COME_AGAIN = 204, 503


async def test_while_one_gateway_relays_another_has_the_vendor_come_again(server: Redis) -> None:
    async with a_fleet(server):
        pass
    async with studio() as backend, gateway_fleet(server.url, server.url, webhook_relay_url=backend.url) as fleet:
        backend.is_open.clear()
        first = asyncio.create_task(fleet.post_webhook(0, order_webhook()))
        await backend.reached.wait()
        assert await fleet.post_webhook(1, order_webhook()) == COME_AGAIN
        backend.is_open.set()
        assert await first == ACCEPTED
        assert await fleet.post_webhook(1, order_webhook()) == ACCEPTED
        assert len(backend.deliveries) == 1


async def test_where_it_cannot_be_known_who_relays_the_vendor_comes_again() -> None:
    with listening() as (_, port):
        url = f"redis://127.0.0.1:{port}"
        async with (
            studio() as backend,
            asking(port) as ask,
            gateway_fleet(url, url, webhook_relay_url=backend.url) as fleet,
        ):
            await ask("ACL", "SETUSER", "default", "resetkeys", "~lg1:44056:wh:*", "~lg1:44056:{bus}*")
            assert await fleet.post_webhook(0, order_webhook()) == COME_AGAIN
            assert backend.deliveries == []
            await ask("ACL", "SETUSER", "default", "allkeys")
            assert await fleet.post_webhook(1, order_webhook()) == ACCEPTED
            assert len(backend.deliveries) == 1
