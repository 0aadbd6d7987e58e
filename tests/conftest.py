"""What many tests stand on."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from tests.support.stack import Stack, running_stack

# How long a case takes says more of the machine than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    """Gateway and sandbox on free ports, with the demo's players."""
    async with running_stack() as running:
        yield running
