"""The demo project's publisher."""

import pytest

from tests.sandbox.admin.publisher import Publisher
from tests.sandbox.play import World


@pytest.fixture
def publisher(world: World) -> Publisher:
    return Publisher(world.client)
