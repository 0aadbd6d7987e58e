"""Tests of the log leave the process's loggers as they were."""

import logging
from collections.abc import Iterator

import pytest

LOGGERS = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "game", "library")


@pytest.fixture(autouse=True)
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
