"""Requests of one player begin in turns, so that many at once make that player wait, and nobody else."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Hashable

from gateway.concurrency.fair_queue import FairQueue

AT_ONCE = 2
"""How many requests of one player may begin in one turn of the event loop."""

MOST_WAITING = 64
"""How many requests of one player may wait to begin; games have a few under way."""

RETRY_AFTER_SECONDS = 1

LONG_TURN_SECONDS = 0.001
"""After a turn of the event loop that takes longer, the next request begins only after a pause of the same length."""


class PlayerTurns:
    """Lets requests begin; for one event loop.

    A request takes milliseconds of CPU where its text is new or it needs many calls. So beyond `AT_ONCE` a player's
    requests wait, where they take a future and nothing else, and one of all those that wait begins in each turn of the
    loop, of each player in turn; after a turn that took long, only when others had as much time. So those who wait hold
    the event loop for half of the time at most. A request that `is_full` says no place for must be refused and not
    wait.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._begun: Counter[Hashable] = Counter()
        self._expected: Counter[Hashable] = Counter()
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue()
        self._is_running = self._is_expecting = False

    @property
    def is_any_waiting(self) -> bool:
        """Whether any request waits."""
        return len(self._queue) > 0

    def is_full(self, player: Hashable) -> bool:
        """Whether there is no place for one more request of a player."""
        return self._queue.waiting(player) >= MOST_WAITING

    def is_full_soon(self, player: Hashable) -> bool:
        """As `is_full`, for a request that will ask only in a turn of the loop to come.

        Each that has a place is expected then: otherwise all that arrive at once would find the same one.
        """
        if self._expected[player] + self._queue.waiting(player) >= AT_ONCE + MOST_WAITING:
            return True
        self._expected[player] += 1
        if not self._is_expecting:
            self._is_expecting = True
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._expect_none)
        return False

    def begin(self, player: Hashable) -> bool:
        """Whether a request of a player begins now; otherwise it has to `take` a turn."""
        if not self._is_running:
            self._is_running = True
            asyncio.get_running_loop().call_soon(self._next)
        begun = self._begun.get(player, 0)
        if begun >= AT_ONCE or self._queue.waiting(player):
            return False
        self._begun[player] = begun + 1
        return True

    async def take(self, player: Hashable) -> None:
        """Wait until a request of a player may begin."""
        if self.begin(player):
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.add(player, turn)
        try:
            await turn
        finally:
            self._queue.remove(turn)

    def _expect_none(self) -> None:
        self._is_expecting = False
        self._expected.clear()

    def _next(self) -> None:
        self._begun.clear()
        self._is_running = len(self._queue) > 0
        if self._is_running:
            turn = self._queue.take()
            if not turn.done():
                turn.set_result(None)
            # After what the future calls: that runs in the next turn, and before this.
            asyncio.get_running_loop().call_soon(self._pause, self._clock())

    def _pause(self, began_at: float) -> None:
        loop, seconds = asyncio.get_running_loop(), self._clock() - began_at
        if seconds > LONG_TURN_SECONDS:
            loop.call_later(seconds, self._next)
        else:
            loop.call_soon(self._next)
