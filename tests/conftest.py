"""What many tests stand on."""

from collections.abc import AsyncIterator

import pytest

from tests.stack import Stack, running_stack


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    """Gateway and sandbox on free ports, with the demo's players."""
    async with running_stack() as running:
        yield running
