"""Requests that arrive at once are read in short turns of the event loop, so that everything else comes between them.

The loop hands over all that has arrived in one turn: hundreds of requests would hold it for tens of milliseconds.
"""

import asyncio
import re
import time
from collections.abc import Callable, Hashable
from typing import Protocol

from gateway.concurrency.fair_queue import FairQueue

TURN_SECONDS = 0.002
"""In one turn of the loop, requests are read for so much CPU time: about 20 of them."""

_CREDENTIAL = re.compile(rb"\r\nauthorization:([^\r\n]*)", re.IGNORECASE)


class Connection(Hashable, Protocol):
    """A connection whose data has to be read."""

    def read_on(self) -> None:
        """Read what has arrived."""
        ...


class Intake:
    """Which connections read in this turn of the loop, and which wait for their turn; for one event loop.

    Those with the same credential wait in one line, and lines take turns: a player who sends hundreds of requests at
    once waits, and the next player's request is read after one of theirs.
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._queue: FairQueue[Connection] = FairQueue()
        self._ends_at: float | None = None

    def admits(self, connection: Connection, data: bytes) -> bool:
        """Whether a connection may read data that came; otherwise its `read_on` is called when it may."""
        if self._ends_at is None:
            self._ends_at = self._clock() + TURN_SECONDS
            asyncio.get_running_loop().call_soon(self._next)
            return True
        if len(self._queue) == 0 and self._clock() < self._ends_at:
            return True
        if connection not in self._queue:
            self._queue.add(_line(connection, data), connection)
        return False

    def forget(self, connection: Connection) -> None:
        """Remove a connection that has closed; harmless for one that does not wait."""
        self._queue.remove(connection)

    def _next(self) -> None:
        if len(self._queue) == 0:
            self._ends_at = None
            return
        # Before the requests: what they start runs in the next turn, and so does this.
        asyncio.get_running_loop().call_soon(self._next)
        self._ends_at = self._clock() + TURN_SECONDS
        while len(self._queue) > 0:
            self._queue.take().read_on()
            if self._clock() >= self._ends_at:
                return


def _line(connection: Connection, data: bytes) -> Hashable:
    """Whose line it is: a hash of the credential, or the connection itself, where none is found."""
    credential = _CREDENTIAL.search(data)
    return connection if credential is None else hash(credential[1].strip())
