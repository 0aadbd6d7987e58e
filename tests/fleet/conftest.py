"""One server for the tests of a fleet, empty for each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.gateway_fleet import GatewayFleet, gateway_fleet
from tests.support.store_servers import REDIS, Redis, a_fleet, redis


@pytest.fixture
def own() -> Iterator[Redis]:
    """A server of a test's own, which it may freeze or empty."""
    if REDIS is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    yield from redis()


@pytest.fixture(scope="session")
def server() -> Iterator[Redis]:
    if REDIS is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    yield from redis()


@pytest.fixture
async def fleet(server: Redis) -> AsyncIterator[GatewayFleet]:
    """Two gateways on one store."""
    async with a_fleet(server):
        pass
    async with gateway_fleet(server.url, server.url) as fleet:
        yield fleet
