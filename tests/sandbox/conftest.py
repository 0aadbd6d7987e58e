"""The sandbox that most tests use: the demo project in memory, on a clock that stands still."""

from collections.abc import AsyncIterator

import pytest

from gateway.sandbox import create_sandbox
from tests.sandbox.admin.publisher import Publisher
from tests.sandbox.world import Clock, Randomness, World, connect


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = Clock()
    app = create_sandbox(clock=clock, random_bytes=Randomness())
    async with connect(app) as client:
        yield World(app, clock, client)
    app.state.sandbox.close()


@pytest.fixture
def publisher(world: World) -> Publisher:
    """The demo project's publisher."""
    return Publisher(world.client)
