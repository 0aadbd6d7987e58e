"""A process beside the workers."""

from collections.abc import Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import cast

import pytest

from gateway.errors import UsageError
from gateway.workers import companion as companions
from gateway.workers.process import WorkerProcess
from gateway.workers.worker import Seat
from tests.support.clock import Clock
from tests.support.worker_processes import PlayedProcess

SEAT = Seat(0, Path(), [])


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedProcess]:
    """The process that is started."""
    played = PlayedProcess()

    def start(*_: object) -> WorkerProcess:
        return WorkerProcess(cast(SpawnProcess, played), played.ours, Clock(), started_at=0)

    monkeypatch.setattr(companions, "start", start)
    monkeypatch.setattr(companions, "_LOOK_SECONDS", 0)
    yield played
    played.ours.close()
    played.theirs.close()


@pytest.mark.parametrize("ends_when_told", [True, False])
def test_it_runs_from_when_it_is_ready_until_the_context_ends(process: PlayedProcess, ends_when_told: bool) -> None:
    process.ends_when_told = ends_when_told
    process.theirs.send(False)
    process.theirs.send(True)
    with companions.companion(lambda _: 0, SEAT):
        assert not process.was_terminated
    assert (process.was_terminated, process.exitcode is None) == (True, False)


@pytest.mark.parametrize(
    ("said", "told"), [("Choose another file.", "Choose another file"), (False, "A process ended before it was ready")]
)
def test_why_it_does_not_start_is_told(process: PlayedProcess, said: bool | str, told: str) -> None:
    process.theirs.send(said)
    process.die(2)
    with pytest.raises(UsageError, match=told), companions.companion(lambda _: 0, SEAT):
        raise AssertionError
