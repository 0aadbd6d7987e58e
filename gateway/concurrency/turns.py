"""Work that holds the event loop for a while, one piece in each turn of it: whatever else is due comes in between."""

import asyncio
from collections import deque


class Turns:
    """Lets those who wait go in order, one in each turn of the loop; the first goes at once. For one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_taken = False

    async def take(self) -> None:
        """Wait for a turn."""
        loop = asyncio.get_running_loop()
        if not self._is_taken:
            self._is_taken = True
            loop.call_soon(self._next)
            return
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        await turn

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                # After what the future calls: that runs in the next turn, and before this.
                asyncio.get_running_loop().call_soon(self._next)
                return
        self._is_taken = False
