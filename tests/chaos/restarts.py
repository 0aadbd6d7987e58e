"""Restarts of the gateway while players go on, every fifth of them with webhooks on their way."""

import asyncio
from dataclasses import dataclass

from tests.chaos.gateway_process import GatewayProcess
from tests.chaos.upstream import Upstream

SECONDS_EACH = 6
PAUSE_SECONDS = 3
WEBHOOKS_EVERY = 5
ORDERS = 20
"""How many are paid as the gateway is told to end."""


@dataclass
class Restarts:
    """Restarts one after the other, and how many there were. Players' sockets and streams are open at each."""

    upstream: Upstream
    gateway: GatewayProcess
    made: int = 0
    with_webhooks: int = 0

    async def go_on(self, seconds: float) -> None:
        """Make as many as `seconds` are meant for."""
        while self.made * SECONDS_EACH < seconds:
            await asyncio.sleep(PAUSE_SECONDS)
            if self.made % WEBHOOKS_EVERY == 0:
                await self._with_webhooks()
            else:
                await self.gateway.restart()
            self.made += 1

    async def _with_webhooks(self) -> None:
        orders = [await self.upstream.ordered(f"buyer-{self.made}-{number}") for number in range(ORDERS)]
        async with asyncio.TaskGroup() as group:
            for order_id in orders:
                group.create_task(self.upstream.pay(order_id))
            group.create_task(self.gateway.restart())
        self.with_webhooks += 1
