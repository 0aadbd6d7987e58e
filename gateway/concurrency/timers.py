"""Calls at a later time: those of the event loop, replaceable by a clock that tests move."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Prevent the call; harmless afterwards and more than once."""
        ...


CallLater = Callable[[float, Callable[[], None]], Timer]
"""Calls a function once, after so many seconds."""


def call_later(seconds: float, function: Callable[[], None]) -> Timer:
    """Call it from the running event loop."""
    return asyncio.get_running_loop().call_later(seconds, function)
