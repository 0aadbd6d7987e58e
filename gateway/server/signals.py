"""Signals that end the process (the first one in good order, the second one at once), and the one that reloads."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress

from gateway.telemetry import log

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ReloadSignal:
    """Calls `reload` at each SIGHUP; what was begun is finished."""

    def __init__(self, reload: Callable[[], Coroutine[None, None, None]]) -> None:
        self._reload = reload
        self._under_way: set[asyncio.Task[None]] = set()

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the signal from now on, where the system has it."""
        with suppress(AttributeError, NotImplementedError):  # on Windows
            loop.add_signal_handler(signal.SIGHUP, self.receive)

    def receive(self) -> None:
        """Take one signal."""
        log.event(logger, logging.INFO, "reloading", signal="SIGHUP")
        task = asyncio.ensure_future(self._reload())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


class StopSignals:
    """Calls `stop` at the first SIGINT or SIGTERM, and ends the process at the next."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._is_stopping = False

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the signals from now on."""
        for number in STOP_SIGNALS:
            try:
                loop.add_signal_handler(number, self.receive, number)
            except NotImplementedError:  # on Windows
                signal.signal(number, lambda number, _: loop.call_soon_threadsafe(self.receive, number))

    def receive(self, number: int) -> None:
        """Take one signal."""
        name = signal.Signals(number).name
        if not self._is_stopping:
            self._is_stopping = True
            log.event(logger, logging.INFO, "stopping", signal=name)
            self._stop()
            return
        log.event(logger, logging.WARNING, "stopped_at_once", signal=name)
        # Not by the signal's own action, which the first process of a container does not have.
        os._exit(128 + number)
