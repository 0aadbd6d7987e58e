"""Writes the log on its own thread: a reader that stops must not stop the event loop."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence

MAX_BYTES = 8 * 2**20
"""How many characters may wait to be written; lines beyond that are dropped and counted."""

PAUSE_SECONDS = 0.02
"""How long lines are collected: waking the thread costs the event loop a little time."""

CLOSE_SECONDS = 2.0
"""How long the last lines may take to be written."""


PIECE_BYTES = 4096
"""What a pipe takes as one (PIPE_BUF on Linux): lines of several processes that share one do not cut each other."""


class LineWriter:
    """A stream whose `write` never blocks: a thread writes the lines to a file descriptor.

    `report` makes the line that says how many were dropped, once there is room again.
    """

    def __init__(self, descriptor: int, report: Callable[[int], str], *, max_bytes: int = MAX_BYTES) -> None:
        self.dropped = 0
        # A duplicate, so that the thread never writes to a number that was closed and reused.
        self._descriptor = os.dup(descriptor)
        self._report = report
        self._max_bytes = max_bytes
        self._lines: deque[str] = deque()
        self._waiting_bytes = 0
        self._reported = 0
        self._is_awake = False
        self._wake, self._closing = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Accept a line, or drop it if too much waits already."""
        with self._lock:
            if self._waiting_bytes + len(line) > self._max_bytes or self._closing.is_set():
                self.dropped += 1
                return
            self._lines.append(line)
            self._waiting_bytes += len(line)
            if self._is_awake:
                return
            self._is_awake = True
        self._wake.set()

    def flush(self) -> None:
        """Nothing: the thread writes as soon as it can."""

    def close(self, seconds: float = CLOSE_SECONDS) -> bool:
        """Accept no more and wait until everything is written; returns whether it was."""
        self._closing.set()
        self._wake.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            is_last = self._closing.wait(PAUSE_SECONDS)
            self._write_waiting()
            if is_last:
                os.close(self._descriptor)
                return

    def _write_waiting(self) -> None:
        with self._lock:
            lines = list(self._lines)
            self._lines.clear()
            self._is_awake = False
        for data, count in _pieces(lines):
            self._write_all(data, count)
        with self._lock:
            # Until here they count as waiting, since they are in memory.
            self._waiting_bytes -= sum(map(len, lines))
            dropped, self._reported = self.dropped - self._reported, self.dropped
        if dropped:
            self._write_all(self._report(dropped).encode("utf-8", "backslashreplace"), 1)

    def _write_all(self, data: bytes, lines: int) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                if self._closing.wait(PAUSE_SECONDS):
                    self._drop(lines)
                    return
            except OSError:
                self._drop(lines)
                return

    def _drop(self, lines: int) -> None:
        with self._lock:
            self.dropped += lines


def _pieces(lines: Sequence[str]) -> Iterator[tuple[bytes, int]]:
    """The lines as bytes, as many as a pipe takes as one, with how many they are; a longer one comes alone."""
    piece, count = bytearray(), 0
    for line in lines:
        data = line.encode("utf-8", "backslashreplace")
        if count and len(piece) + len(data) > PIECE_BYTES:
            yield bytes(piece), count
            piece, count = bytearray(), 0
        piece += data
        count += 1
    if count:
        yield bytes(piece), count
