"""What tests of both executors share."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def quiet_log() -> Iterator[None]:
    """Log nothing: thousands of generated faults are expected."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
