"""Admission of one kind of upstream call: how many are under way, and who waits for how long."""

import asyncio
import math
from collections.abc import Callable, Hashable

from gateway.admission.adaptive_limit import AdaptiveLimit
from gateway.concurrency.fair_queue import FairQueue
from gateway.errors import Overloaded

LONG_WAIT_SECONDS = 0.4
"""How long a call may wait while the upstream is as fast as usual, so that short bursts are served."""

SHORT_WAIT_SECONDS = 0.03
"""How long it may wait otherwise: a call that would not be served is refused early."""

MOST_WAITING = 1_000
"""How many calls of one kind may wait."""

LONGEST_RETRY_SECONDS = 10

Waiter = asyncio.Future[None]


class TotalCount:
    """How many calls of all kinds are under way, and may be."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.under_way = 0


class CallGate:
    """One kind of call, with a limit of its own up to `most`; `total` is shared by all kinds."""

    def __init__(self, most: int, total: TotalCount, clock: Callable[[], float]) -> None:
        self.limit = AdaptiveLimit(most, clock)
        self.under_way = 0
        self._total = total
        self._clock = clock
        self._queue: FairQueue[Waiter] = FairQueue()
        self._since: dict[Waiter, float] = {}
        self._progress_at = 0.0

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return len(self._since)

    @property
    def has_room(self) -> bool:
        """Whether the limit of this kind lets one more go."""
        return self.under_way < self.limit.value

    def try_enter(self) -> bool:
        """Let a call go if nothing is in its way. A call that may go has to `leave`."""
        total = self._total
        if self.under_way < self.limit.value and total.under_way < total.most and not self._since:
            self.under_way += 1
            total.under_way += 1
            return True
        return False

    def leave(self, seconds: float, *, is_answered: bool, is_late: bool = False) -> None:
        """End a call that took so long. Answers, and calls that got none in time, tell how fast the upstream is."""
        if is_answered or is_late:
            self.limit.record(seconds, self.under_way, is_late=is_late)
        self.under_way -= 1
        self._total.under_way -= 1
        if self._since:
            self._progress_at = self._clock()

    def enqueue(self, owner: Hashable) -> Waiter:
        """Wait in the owner's line: the future is done when the call may go. Both may raise Overloaded."""
        if not self._has_place():
            displaced = self._queue.displace(owner)
            if displaced is None:
                raise Overloaded(retry_after_seconds=self.retry_after_seconds)
            self._refuse(displaced)
        if not self._since:
            self._progress_at = self._clock()
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._queue.add(owner, waiter)
        self._since[waiter] = self._clock()
        return waiter

    def refuses(self, owner: Hashable, expected: int = 0) -> bool:
        """Whether a call of this owner that came now, after so many that are expected, would be refused at once."""
        room = 0 if self._since else min(self.limit.value - self.under_way, self._total.most - self._total.under_way)
        taken = expected - max(0, room)
        return taken >= 0 and not self._has_place(taken) and not self._queue.can_displace(owner)

    @property
    def retry_after_seconds(self) -> int:
        """In how many seconds a call that is refused now may come again."""
        latency = self.limit.latency
        seconds = 1 if latency == math.inf else math.ceil(latency)
        return min(max(seconds, 1), LONGEST_RETRY_SECONDS)

    def grant(self) -> None:
        """Let the call go whose turn it is. Raises StopIteration if none waits."""
        waiter = self._queue.take()
        del self._since[waiter]
        if waiter.cancelled():
            # Its task has been cancelled, and forgets it only in the next turn of the loop.
            return
        self.under_way += 1
        self._total.under_way += 1
        waiter.set_result(None)

    def forget(self, waiter: Waiter) -> None:
        """Remove a call that does not wait any more."""
        self._queue.remove(waiter)
        self._since.pop(waiter, None)

    def refuse_overdue(self) -> None:
        """Refuse the calls that have waited for as long as they may."""
        latest = self._clock() - self._longest_wait()
        while self._since and self._since[self._queue.oldest] <= latest:
            self._refuse(self._queue.oldest)

    def _longest_wait(self) -> float:
        latency = self.limit.latency
        is_fast = latency <= LONG_WAIT_SECONDS / 2 and not self.limit.is_degraded
        is_moving = not self._since or self._clock() - self._progress_at <= 2 * latency + SHORT_WAIT_SECONDS
        return LONG_WAIT_SECONDS if is_fast and is_moving else SHORT_WAIT_SECONDS

    def _has_place(self, more: int = 0) -> bool:
        """Whether one may wait after so many more: whether it will be served in time, as far as latency tells."""
        waiting, limit = len(self._since) + more, self.limit
        if self._longest_wait() == SHORT_WAIT_SECONDS:
            # One that would not be served within the short wait had better be refused now: that costs the least.
            served = 1.0 if limit.latency == math.inf else SHORT_WAIT_SECONDS / limit.latency
            return waiting < max(1, int(limit.value * min(1.0, served)))
        return waiting < MOST_WAITING and limit.latency * (1 + waiting / limit.value) <= LONG_WAIT_SECONDS

    def _refuse(self, waiter: Waiter) -> None:
        self.forget(waiter)
        if not waiter.cancelled():
            waiter.set_exception(Overloaded(retry_after_seconds=self.retry_after_seconds))
