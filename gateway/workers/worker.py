"""A worker process, as it sees itself: what it listens on, and what it hears from the supervisor."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from gateway.errors import UsageError
from gateway.server.draining_server import DrainingServer
from gateway.server.listener import Listener
from gateway.server.serve import Stop
from gateway.telemetry import log

logger = logging.getLogger(__name__)

REPLACED = None
"""What the supervisor sends to a worker whose place another process has taken."""

UNUSABLE = 2
"""The exit code of a worker whose settings cannot be used; it has sent the reason."""


class SlotFigures(NamedTuple):
    """What the supervisor knows of one worker: whether it takes requests, and how often it was started again."""

    is_ready: bool
    restarts: int


@dataclass(frozen=True, slots=True)
class Seat:
    """What a worker gets: its number from 0, the folder in which workers reach each other, and the sockets of all.

    `sites` has a row for each site, with the sockets of each worker.
    """

    number: int
    folder: Path
    sites: Sequence[Sequence[Listener]]

    @property
    def listeners(self) -> list[Listener]:
        """This worker's own sockets for each site."""
        return [row[self.number] for row in self.sites]


class Worker:
    """This worker. The supervisor sends the figures of all workers again and again, and each time wants an answer.

    The answer comes from the event loop, so that a worker which hangs does not answer. Connections that come to the
    sockets of a worker that is not there are accepted too.
    """

    def __init__(self, seat: Seat, connection: Connection) -> None:
        self.seat = seat
        self.all: Sequence[SlotFigures] = ()
        self._connection = connection
        self._is_ready = False
        self._standing_in: asyncio.Task[None] | None = None

    def announce(self) -> None:
        """All sites answer."""
        self._is_ready = True

    def control(self, servers: Sequence[DrainingServer], stop: Stop) -> None:
        """Stop when this worker is replaced, when the supervisor is gone, and at SIGTERM however often it comes.

        SIGINT is the supervisor's.
        """
        loop = asyncio.get_running_loop()

        def told() -> None:
            log.event(logger, logging.INFO, "stopping", signal="SIGTERM")
            stop()

        def hear() -> None:
            try:
                said = self._connection.recv()
                if said is REPLACED:
                    log.event(logger, logging.INFO, "stopping", reason="replaced")
                    stop(is_replaced=True)
                    return
                self.all = said
                self._connection.send(self._is_ready)
            except (EOFError, OSError):
                loop.remove_reader(self._connection.fileno())
                log.event(logger, logging.WARNING, "supervisor_gone")
                stop()
            if self._is_ready and (self._standing_in is None or self._standing_in.done()):
                self._standing_in = loop.create_task(self._stand_in(servers))

        loop.add_signal_handler(signal.SIGTERM, told)
        loop.add_reader(self._connection.fileno(), hear)

    async def _stand_in(self, servers: Sequence[DrainingServer]) -> None:
        """Accept connections for the workers that do not."""
        absent = [number for number, one in enumerate(self.all) if not one.is_ready and number != self.seat.number]
        for server, row in zip(servers, self.seat.sites, strict=True):
            await server.accept_from({number: row[number].sockets for number in absent})


Job = Callable[[Worker], int]
"""What a worker does; returns its exit code. It has to be picklable."""


def work(job: Job, seat: Seat, connection: Connection) -> None:
    """Run a job in a process of its own, and end that."""
    try:
        code = job(Worker(seat, connection))
    except UsageError as error:
        connection.send(str(error))
        code = UNUSABLE
    sys.exit(code)
