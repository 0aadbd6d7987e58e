"""Commands set up the log of the process; their tests leave it as it was."""

import pytest


@pytest.fixture(autouse=True)
def _loggers(untouched_logging: None) -> None:
    """Put them back after each test."""
