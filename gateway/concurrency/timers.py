"""Calls at a later time: the event loop's, behind a seam for clocks that are moved by hand."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Let it not come; harmless afterwards and more than once."""
        ...


CallLater = Callable[[float, Callable[[], None]], Timer]
"""Calls a function once, after so many seconds."""


def call_later(seconds: float, function: Callable[[], None]) -> Timer:
    """Call it from the running event loop."""
    return asyncio.get_running_loop().call_later(seconds, function)
