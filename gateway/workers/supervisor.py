"""The process that keeps the workers: it starts and replaces them, and ends them together."""

import logging
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence

import uvicorn
from uvicorn.supervisors import Multiprocess

from gateway.errors import UsageError
from gateway.server.signals import STOP_SIGNALS
from gateway.telemetry import log
from gateway.workers.slot import Slot

logger = logging.getLogger(__name__)

LEAVE_SECONDS = 12.0
"""How long a worker may take to end, beside the time for which it drains."""

PAUSE_SECONDS = 2.0
"""uvicorn's supervisor looks twice a second. If it is so much later, this process was stopped, and maybe all."""

_END_SECONDS = 0.1
"""How long is waited for each worker's end before signals are looked at."""


class Supervisor(Multiprocess):
    """uvicorn's supervisor, for workers that have sockets of their own.

    SIGINT and SIGTERM end all workers; the second of them ends them at once. SIGHUP replaces one worker after the
    other, each as soon as its replacement is ready. uvicorn's own way hears no signal and sees no death meanwhile.
    """

    def __init__(
        self, slots: Sequence[Slot], announce: Callable[[], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(uvicorn.Config("", workers=len(slots), log_config=None), sockets=[])
        self._slots = slots
        self._announce: Callable[[], None] | None = announce
        self._monotonic = monotonic
        self._looked_at = monotonic()
        self._to_replace: deque[Slot] = deque()
        self._replaced: Slot | None = None
        self._exit_code = 0

    def serve(self) -> int:
        """Keep the workers until a signal ends them; returns the exit code. `announce` is called once all are ready.

        Raises UsageError if a worker says before that what is wrong with the settings.
        """
        self.run()
        if self._announce is not None:
            for slot in self._slots:
                if slot.refusal:
                    raise UsageError(slot.refusal)
        return self._exit_code

    def init_processes(self) -> None:
        for slot in self._slots:
            slot.begin()

    def keep_subprocess_alive(self) -> None:
        now = self._monotonic()
        if now - self._looked_at > PAUSE_SECONDS:
            for slot in self._slots:
                slot.forgive()
        self._looked_at = now
        figures = [slot.figures for slot in self._slots]
        for slot in self._slots:
            slot.look(figures)
        self._begin()
        self._replace_next()

    def terminate_all(self) -> None:
        for slot in self._slots:
            slot.end()

    def join_all(self) -> None:
        while not all(slot.has_ended(_END_SECONDS) for slot in self._slots):
            again = [one for one in self.signal_queue if one in STOP_SIGNALS]
            if again:
                self._exit_code = 128 + again[0]
                log.event(logger, logging.WARNING, "stopped_at_once", signal=signal.Signals(again[0]).name)
            for slot in self._slots:
                slot.kill_late(now=bool(again))
            self.signal_queue.clear()

    def handle_hup(self) -> None:
        log.event(logger, logging.INFO, "replacing_workers")
        self._to_replace = deque(self._slots)

    def handle_ttin(self) -> None:
        log.event(logger, logging.WARNING, "signal_ignored", remedy="GATEWAY_WORKERS sets the number of workers")

    def handle_ttou(self) -> None:
        self.handle_ttin()

    def _begin(self) -> None:
        """Announce that all workers are ready, or end where the first ones say that they cannot start."""
        if self._announce is None:
            return
        if any(slot.refusal for slot in self._slots):
            self.should_exit.set()
        elif all(slot.figures.is_ready for slot in self._slots):
            self._announce()
            self._announce = None

    def _replace_next(self) -> None:
        slot = self._replaced
        if slot is not None and slot.is_replacing:
            return
        if slot is not None and slot.replacement_failed:
            # The others would fail the same way.
            self._to_replace.clear()
        elif slot is not None and not self._to_replace:
            log.event(logger, logging.INFO, "replaced_workers")
        self._replaced = self._to_replace.popleft() if self._to_replace else None
        if self._replaced is not None:
            self._replaced.replace()
