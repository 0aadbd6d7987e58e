"""How long a request waits: until a deadline that all of its waits share, or until its client leaves."""

import asyncio


class Deadline:
    """Makes the futures that one request waits on; those that are open at its end raise TimeoutError.

    `deadline` is a time of the event loop. One timer serves all waits, and there is none while nobody waits.
    """

    __slots__ = ("_deadline", "_is_over", "_timer", "_waits")

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._waits: set[asyncio.Future[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False

    def begin(self) -> asyncio.Future[None]:
        """A future to wait on; call `end` with it afterwards."""
        loop = asyncio.get_running_loop()
        wait = loop.create_future()
        self._waits.add(wait)
        if self._is_over:
            wait.set_exception(TimeoutError())
        elif self._timer is None:
            self._timer = loop.call_at(self._deadline, self.expire)
        return wait

    def end(self, wait: asyncio.Future[None]) -> None:
        """Forget a wait."""
        self._waits.discard(wait)
        if self._timer is not None and not self._waits:
            self._timer.cancel()
            self._timer = None

    def expire(self) -> None:
        """End all waits, and those that begin later at once."""
        self._is_over = True
        for wait in self._waits:
            if not wait.done():
                wait.set_exception(TimeoutError())
