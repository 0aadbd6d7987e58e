"""One server for all tests of the store, emptied for each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.store_servers import REDIS, Fleet, Redis, a_fleet, redis


@pytest.fixture(scope="session")
def server() -> Iterator[Redis]:
    if REDIS is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    yield from redis()


@pytest.fixture
async def fleet(server: Redis) -> AsyncIterator[Fleet]:
    async with a_fleet(server) as fleet:
        yield fleet
