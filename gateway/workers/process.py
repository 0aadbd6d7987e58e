"""A worker process, as the supervisor sees it."""

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from gateway.workers.worker import REPLACED, Job, Seat, SlotFigures, work

ANSWER_SECONDS = 5.0
"""How long a worker may take to answer; one that takes longer hangs."""

START_SECONDS = 60.0
"""How long a worker may take until it is ready; it may wait for its store for half of that."""

_spawn = multiprocessing.get_context("spawn")
_NOT_FOR_WORKERS = frozenset({signal.SIGINT, signal.SIGHUP})
"""What a terminal sends to every process that was started in it."""


class WorkerProcess:
    """One process. `look` is to be called often: it asks whether the worker is well, and reads the last answer."""

    def __init__(
        self, process: SpawnProcess, connection: Connection, monotonic: Callable[[], float], *, started_at: float
    ) -> None:
        self.is_ready = False
        self.refusal = ""
        self.ready_at: float | None = None
        self._process = process
        self._connection = connection
        self._monotonic = monotonic
        self._started_at = started_at
        self._asked_at: float | None = None
        self._has_answered = False

    @property
    def exit_code(self) -> int | None:
        """How it ended, negative for a signal; None while it runs."""
        return self._process.exitcode

    @property
    def is_stuck(self) -> bool:
        """Whether it has not answered, or was not ready, for too long."""
        now = self._monotonic()
        if not self.is_ready and now - self._started_at > START_SECONDS:
            return True
        return self._has_answered and self._asked_at is not None and now - self._asked_at > ANSWER_SECONDS

    def look(self, figures: Sequence[SlotFigures]) -> None:
        """Read the answer, if there is one, and ask again, with the figures of all workers."""
        try:
            while self._connection.poll():
                self._take(self._connection.recv())
            if self._asked_at is None:
                self._connection.send(figures)
                self._asked_at = self._monotonic()
        except (EOFError, OSError):
            return  # It has ended, which its exit code will tell.

    def forgive(self) -> None:
        """Count the time of the last question from now: nobody has read answers for a while."""
        if self._asked_at is not None:
            self._asked_at = self._monotonic()

    def tell_to_end(self, *, is_replaced: bool = False) -> None:
        """Have it end in good order; one that is replaced goes on to tell probes that the gateway is ready."""
        if not is_replaced:
            self._process.terminate()
            return
        with suppress(OSError):  # It may have ended.
            self._connection.send(REPLACED)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def has_ended(self, seconds: float) -> bool:
        """Wait for its end for so long; an ended process is let go."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            return False
        self._connection.close()
        return True

    def _take(self, answer: bool | str) -> None:
        self._asked_at = None
        self._has_answered = True
        if isinstance(answer, str):
            self.refusal = answer
        elif answer and not self.is_ready:
            self.is_ready = True
            self.ready_at = self._monotonic()


def start(job: Job, seat: Seat, monotonic: Callable[[], float]) -> WorkerProcess:
    """Start a worker."""
    ours, theirs = _spawn.Pipe()
    process = _spawn.Process(target=work, args=(job, seat, theirs), name=f"worker {seat.number}")
    # It would be started with the first process, and let the signals in again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _NOT_FOR_WORKERS)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
    return WorkerProcess(process, ours, monotonic, started_at=monotonic())
