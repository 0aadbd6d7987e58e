"""What many tests stand on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.stack import Stack, running_stack

# How long a case takes says more of the machine than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

SLOW_FOLDER = Path(__file__).parent / "sandbox" / "proofs"
"""Every test in here starts processes or runs many generated cases."""


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
