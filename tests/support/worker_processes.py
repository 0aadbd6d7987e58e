"""Worker processes that a test plays: they answer, become ready and die as told."""

import signal
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.context import SpawnProcess
from typing import cast

from gateway.workers.process import WorkerProcess
from gateway.workers.slot import Slot
from gateway.workers.worker import REPLACED
from tests.support.clock import Clock


class PlayedProcess:
    """Has the part of multiprocessing's process that the supervisor uses, and the worker's end of its connection."""

    def __init__(self) -> None:
        self.pid = 1
        self.exitcode: int | None = None
        self.ends_when_told = True
        self.was_terminated = False
        self.ours, self.theirs = Pipe()
        self._heard: list[object] = []

    @property
    def is_replaced(self) -> bool:
        """Whether it was told that another process has its place."""
        while self.theirs.poll():
            self._heard.append(self.theirs.recv())
        return REPLACED in self._heard

    def answer(self, answer: bool | str = True) -> object:
        """Answer the oldest question, which is given back."""
        asked = self._heard.pop(0) if self._heard else self.theirs.recv()
        self.theirs.send(answer)
        return asked

    def die(self, code: int = 1) -> None:
        self.exitcode = code
        self.theirs.close()

    # What the supervisor calls

    def terminate(self) -> None:
        self.was_terminated = True
        if self.ends_when_told:
            self.die(0)

    def kill(self) -> None:
        if self.exitcode is None:
            self.die(-signal.SIGKILL)

    def join(self, seconds: float) -> None:
        pass


class PlayedSlots:
    """Slots whose processes are played, in the order in which they were started."""

    def __init__(self, count: int = 1) -> None:
        self.clock = Clock(0)
        self.started: list[PlayedProcess] = []
        self.slots = [Slot(number, self._start, self.clock, leave_seconds=12) for number in range(count)]

    @property
    def last(self) -> PlayedProcess:
        """The process that was started last."""
        return self.started[-1]

    def look(self) -> None:
        """What the supervisor does twice a second."""
        figures = [slot.figures for slot in self.slots]
        for slot in self.slots:
            slot.look(figures)

    def make_ready(self, *processes: PlayedProcess, look: Callable[[], None] | None = None) -> None:
        """Let processes answer that they are ready, and the supervisor learn it."""
        look = look or self.look
        look()
        for process in processes or (self.last,):
            process.answer()
        look()

    def close(self) -> None:
        for process in self.started:
            process.ours.close()
            process.theirs.close()

    def _start(self) -> WorkerProcess:
        process = PlayedProcess()
        self.started.append(process)
        return WorkerProcess(cast(SpawnProcess, process), process.ours, self.clock, started_at=self.clock())
