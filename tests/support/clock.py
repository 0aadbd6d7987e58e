"""A clock that stands still until a test moves it."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(order=True)
class Alarm:
    """A call at a time of the clock."""

    at: float
    number: int
    function: Callable[[], None] = field(compare=False)
    is_cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.is_cancelled = True


class Clock:
    """Seconds, as `time.monotonic` or `time.time` would tell them, and calls at later times."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now
        self._alarms: list[Alarm] = []
        self._numbers = itertools.count()
        self._is_set = asyncio.Event()

    def __call__(self) -> float:
        return self.now

    def call_later(self, seconds: float, function: Callable[[], None]) -> Alarm:
        """Call it when the clock is moved that far."""
        alarm = Alarm(self.now + seconds, next(self._numbers), function)
        heapq.heappush(self._alarms, alarm)
        self._is_set.set()
        return alarm

    @property
    def alarms(self) -> list[float]:
        """In how many seconds calls are to come, the soonest first."""
        return sorted(alarm.at - self.now for alarm in self._alarms if not alarm.is_cancelled)

    async def until_alarm(self, seconds: float, at_most: float | None = None) -> None:
        """Wait until somebody wants to be called in so many seconds, or in so many at least and at most."""
        async with asyncio.timeout(60):
            while not any(seconds <= alarm <= (at_most or seconds) for alarm in self.alarms):
                self._is_set.clear()
                await self._is_set.wait()

    def advance(self, seconds: float) -> None:
        """Move on, past the calls that are due, in their order."""
        end = self.now + seconds
        while self._alarms and self._alarms[0].at <= end:
            alarm = heapq.heappop(self._alarms)
            self.now = max(self.now, alarm.at)
            if not alarm.is_cancelled:
                alarm.function()
        self.now = end
