"""A worker's place: the process that is in it, the one that replaces it, and those that leave."""

import logging
from collections.abc import Callable, Sequence

from gateway.telemetry import log
from gateway.workers.process import WorkerProcess
from gateway.workers.worker import SlotFigures

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
"""How long a worker that died at its start is not started again: at first, and after many times."""

STEADY_SECONDS = 10.0
"""A worker that was ready for that long did not die at its start."""


class Slot:
    """One worker's place. A process that died is replaced at once; after deaths at the start, after longer and longer.

    `leave_seconds` is how long a process that was told to end may take. `refusal` is what the last one that died said
    was wrong with the settings.
    """

    def __init__(
        self,
        number: int,
        start: Callable[[], WorkerProcess],
        monotonic: Callable[[], float],
        *,
        leave_seconds: float,
    ) -> None:
        self.number = number
        self.restarts = 0
        self.replacement_failed = False
        self.refusal = ""
        self._start = start
        self._monotonic = monotonic
        self._leave_seconds = leave_seconds
        self._current: WorkerProcess | None = None
        self._replacement: WorkerProcess | None = None
        self._leaving: list[tuple[WorkerProcess, float]] = []
        self._early_deaths = 0
        self._start_at = 0.0

    @property
    def figures(self) -> SlotFigures:
        """What is told of this place."""
        return SlotFigures(self._current is not None and self._current.is_ready, self.restarts)

    @property
    def is_replacing(self) -> bool:
        """Whether one process takes the place of another."""
        return self._replacement is not None or bool(self._leaving)

    def begin(self) -> None:
        """Start the worker."""
        self._current = self._start()

    def replace(self) -> None:
        """Start a process that takes this one's place once it is ready."""
        self.replacement_failed = False
        self._replacement = self._start()

    def look(self, figures: Sequence[SlotFigures]) -> None:
        """Do what is due: ask the processes, end the stuck, replace the dead."""
        for process in self._processes():
            process.look(figures)
        self.has_ended()
        self.kill_late()
        self._look_at_replacement()
        self._look_at_current()

    def forgive(self) -> None:
        """Let the time in which nobody looked not count."""
        for process in self._processes():
            process.forgive()

    def end(self) -> None:
        """Tell all processes to end."""
        for process in self._processes():
            self._tell_to_end(process)
        self._current = self._replacement = None

    def kill_late(self, *, now: bool = False) -> None:
        """End processes that were told to and have taken too long; with `now`, all that were told to."""
        for process, until in self._leaving:
            if now or self._monotonic() > until:
                log.event(logger, logging.WARNING, "worker_killed", worker=self.number, reason="did not end in time")
                process.kill()

    def has_ended(self, seconds: float = 0.0) -> bool:
        """Whether all that were told to have ended; waits for so long for each."""
        self._leaving = [one for one in self._leaving if not one[0].has_ended(seconds)]
        return not self._leaving

    def _processes(self) -> list[WorkerProcess]:
        return [one for one in (self._current, self._replacement) if one is not None]

    def _tell_to_end(self, process: WorkerProcess, *, is_replaced: bool = False) -> None:
        process.tell_to_end(is_replaced=is_replaced)
        self._leaving.append((process, self._monotonic() + self._leave_seconds))

    def _look_at_replacement(self) -> None:
        replacement = self._replacement
        if replacement is None:
            return
        if replacement.is_ready:
            if self._current is not None:
                self._tell_to_end(self._current, is_replaced=True)
            self._current, self._replacement = replacement, None
        elif replacement.exit_code is not None or replacement.is_stuck:
            replacement.kill()
            replacement.has_ended(1.0)
            self._replacement, self.replacement_failed = None, True
            reason = replacement.refusal or "was not ready"
            log.event(logger, logging.ERROR, "replacement_failed", worker=self.number, reason=reason)

    def _look_at_current(self) -> None:
        current = self._current
        if current is None:
            if self._replacement is None and self._monotonic() >= self._start_at:
                self.begin()
        elif current.exit_code is not None:
            self._has_died(current)
        elif current.is_stuck:
            log.event(logger, logging.ERROR, "worker_killed", worker=self.number, reason="did not answer")
            current.kill()

    def _has_died(self, dead: WorkerProcess) -> None:
        now = self._monotonic()
        dead.look(())
        is_early = dead.ready_at is None or now - dead.ready_at < STEADY_SECONDS
        self._early_deaths = self._early_deaths + 1 if is_early else 0
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (self._early_deaths - 1), LONGEST_PAUSE_SECONDS) if is_early else 0.0
        log.event(
            logger,
            logging.ERROR,
            "worker_died",
            worker=self.number,
            exit_code=dead.exit_code,
            next_start_seconds=pause,
            reason=dead.refusal,
        )
        dead.has_ended(1.0)
        self.refusal = dead.refusal
        self._current, self._start_at = None, now + pause
        self.restarts += 1
