"""An order upstream, and a tracker whose clock is moved by hand."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager

from gateway.domain.models import Order
from gateway.orders.tracker import OrderTracker, Watch
from tests.support.clock import Clock
from tests.support.loads import run_ready

NEW, PAID, DONE = (Order(7, status) for status in ("new", "paid", "done"))

NOTHING: tuple[int, int, list[float]] = (0, 0, [])
"""What is left when nobody watches."""


class Shop:
    """Notes who reads the order; reads wait at the gate, and the errors come before the order."""

    def __init__(self, *, chance: Callable[[], float] = lambda: 0.0, limit_seconds: float = 600) -> None:
        self.clock = Clock()
        self.tracker = OrderTracker(call_later=self.clock.call_later, chance=chance, limit_seconds=limit_seconds)
        self.order: Order | None = NEW
        self.errors: list[Exception] = []
        self.reads: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    def watch(self, name: str = "ann", order: Order = NEW) -> AbstractContextManager[Watch]:
        async def read() -> Order | None:
            self.reads.append(name)
            found = self.order
            await self.gate.wait()
            if self.errors:
                raise self.errors.pop(0)
            return found

        return self.tracker.watch(order, read)

    async def pass_time(self, seconds: float) -> list[str]:
        """Move the clock, let everything happen that follows, and answer who read the order meanwhile."""
        await run_ready()
        before = len(self.reads)
        self.clock.advance(seconds)
        await run_ready()
        return self.reads[before:]

    @property
    def left(self) -> tuple[int, int, list[float]]:
        """The orders and pollers of the tracker, and the calls that are to come."""
        return self.tracker.orders, self.tracker.pollers, self.clock.alarms
