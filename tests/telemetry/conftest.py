"""Tests of the log leave the process's loggers as they were."""

import pytest


@pytest.fixture(autouse=True)
def _loggers(untouched_logging: None) -> None:
    """Put them back after each test."""
