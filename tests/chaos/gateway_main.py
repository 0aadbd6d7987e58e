"""`gateway serve` with faults that no network has, and a watch on its event loop; for a process of its own.

The folder in CHAOS_FOLDER is the link to the suite: a fault is on while a file of its name is there, and turns of the
loop that were long are written to `long_turns` there.
"""

import asyncio
import os
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from aiohappyeyeballs import AddrInfoType

from gateway.commands.cli import main
from gateway.http.origin import Origin
from gateway.http.pool import Pool
from gateway.server.config import ServerConfig
from tests.chaos.gateway_process import DISK_FULL, DISK_SLOW, LONG_TURNS, NO_NAMES

BEAT_SECONDS = 0.01
"""How often the loop is looked at: a turn is longer than what is measured by no more than this."""

LONG_SECONDS = 0.012
SLOW_COMMIT_SECONDS = 1.0


class Watch:
    """Measures how much CPU the loop's thread takes between two of its timers.

    CPU, because other work on the machine lengthens the time of the clock.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, file: Path) -> None:
        self._loop = loop
        self._file = file
        self._seen = time.thread_time()

    def beat(self) -> None:
        now = time.thread_time()
        if now - self._seen > LONG_SECONDS:
            with self._file.open("a") as file:
                file.write(f"{time.time():.3f} {now - self._seen - BEAT_SECONDS:.4f}\n")
        self._seen = time.thread_time()
        self._loop.call_later(BEAT_SECONDS, self.beat)


class BadDisk(sqlite3.Connection):
    """A database whose disk is full or slow while a fault says so."""

    folder: Path

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        if statement == "COMMIT":
            if (self.folder / DISK_SLOW).exists():
                time.sleep(SLOW_COMMIT_SECONDS)
            if (self.folder / DISK_FULL).exists():
                raise sqlite3.OperationalError("database or disk is full")
        return super().execute(statement, parameters)


def install(folder: Path) -> None:
    """Have the faults of this folder happen in this process."""
    BadDisk.folder = folder
    sqlite3.connect = partial(sqlite3.connect, factory=BadDisk)  # type: ignore[assignment]
    addresses, make_factory = Pool._addresses, ServerConfig.get_loop_factory

    async def found(pool: Pool, origin: Origin) -> Sequence[AddrInfoType]:
        if (folder / NO_NAMES).exists():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return await addresses(pool, origin)

    def watched_factory(config: ServerConfig) -> Callable[[], asyncio.AbstractEventLoop] | None:
        factory = make_factory(config)

        def make() -> asyncio.AbstractEventLoop:
            loop = factory() if factory else asyncio.new_event_loop()
            loop.call_later(BEAT_SECONDS, lambda: Watch(loop, folder / LONG_TURNS).beat())
            return loop

        return make

    Pool._addresses = found  # type: ignore[method-assign, assignment]  # names are looked up in C below this
    ServerConfig.get_loop_factory = watched_factory  # type: ignore[method-assign, assignment]  # the loop is made in no other place


if __name__ in {"__main__", "__mp_main__"}:
    # Workers load it under the second name.
    install(Path(os.environ["CHAOS_FOLDER"]))
if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
