"""A process beside the workers that does not serve the gateway's port, and is not started again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.errors import UsageError
from gateway.workers.process import start
from gateway.workers.worker import Job, Seat

_LOOK_SECONDS = 0.05
_LEAVE_SECONDS = 12.0


@contextmanager
def companion(job: Job, seat: Seat) -> Iterator[None]:
    """Run a job in a process of its own, from when it is ready until the context ends. Raises UsageError."""
    process = start(job, seat, time.monotonic)
    try:
        while not process.is_ready:
            process.look(())
            if process.exit_code is not None:
                process.look(())
                raise UsageError(process.refusal or "A process ended before it was ready; its reason is above.")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        process.tell_to_end()
        if not process.has_ended(_LEAVE_SECONDS):
            process.kill()
            process.has_ended(_LEAVE_SECONDS)
