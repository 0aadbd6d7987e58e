"""A load whose answer the test gives, so that every interleaving can be written down."""

import asyncio
from typing import TypeVar

T = TypeVar("T")


async def run_ready() -> None:
    """Let everything that is ready run, until only outside events could go on."""
    for _ in range(20):
        await asyncio.sleep(0)


class Gate:
    """A load that waits for `answer` or `fail`; it counts its runs and how many of them were cancelled."""

    def __init__(self) -> None:
        self.runs = 0
        self.cancelled = 0
        self._open: list[asyncio.Future[object]] = []

    async def __call__(self) -> object:
        self.runs += 1
        outcome: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._open.append(outcome)
        try:
            return await outcome
        except asyncio.CancelledError:
            self.cancelled += 1
            await run_ready()  # As a connection that is given back: being cancelled takes its time.
            raise

    def answer(self, value: object, run: int = 0) -> None:
        """Let the given run, counted from the first, return the value."""
        self._open[run].set_result(value)

    def fail(self, error: BaseException, run: int = 0) -> None:
        """Let the given run raise."""
        self._open[run].set_exception(error)
