"""What many tests stand on."""

import gc
import logging
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.stack import Stack, running_stack

# How long a case takes says more of the machine than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

LOGGERS = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "game", "library")

SLOW_FOLDER = Path(__file__).parent / "sandbox" / "proofs"
"""Every test in here starts processes or runs many generated cases."""


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Keep the garbage collector from going through all modules and tests again and again: they stay to the end.

    In between it runs as in the gateway's own processes (`gateway/server/serve.py`).
    """
    gc.disable()
    collected = yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 2, 50)
    gc.enable()
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow as a whole."""
    for item in items:
        if item.path.is_relative_to(SLOW_FOLDER):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    """Gateway and sandbox on free ports, with the demo's players."""
    async with running_stack() as running:
        yield running


@pytest.fixture
def untouched_logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the process's loggers back as they were."""
    for name in ("logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks", "_srcfile"):
        monkeypatch.setattr(logging, name, getattr(logging, name, True), raising=False)
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(one.level, one.handlers[:], one.propagate, one.disabled) for one in loggers]
    yield
    for one, (level, handlers, propagate, disabled) in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.handlers[:] = handlers
        one.propagate, one.disabled = propagate, disabled
