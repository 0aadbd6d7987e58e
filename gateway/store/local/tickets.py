"""Poll tickets within one process."""

import time
from collections.abc import Callable

from cachetools import TLRUCache

MOST_ORDERS = 20_000


class LocalTickets:
    """`Tickets` in memory; `clock` is in seconds of any origin."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most_orders: int = MOST_ORDERS) -> None:
        self._clock = clock
        self._taken: TLRUCache[int, float] = TLRUCache(most_orders, lambda _, until, __: until, clock)

    async def take(self, order_id: int, seconds: float) -> bool:
        """Whether this process may poll now; then nobody else may for so many seconds."""
        if order_id in self._taken:
            return False
        self._taken[order_id] = self._clock() + seconds
        return True

    async def hold(self, order_id: int, seconds: float) -> None:
        """Let nobody poll for so many seconds."""
        self._taken[order_id] = self._clock() + seconds
