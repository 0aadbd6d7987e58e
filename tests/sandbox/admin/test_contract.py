"""That the document and the sandbox have the same calls, and what a list costs."""

import time

import pytest

from gateway.sandbox.admin.routes import admin_routes_v2, admin_routes_v3
from gateway.sandbox.storage.database import Database
from tests.sandbox.admin.publisher import Publisher
from tests.sandbox.contract import ADMIN_DOCUMENT, load_operations
from tests.sandbox.world import World


def test_the_document_declares_the_calls_that_there_are() -> None:
    database = Database(":memory:", time.time)
    routes = [*admin_routes_v2(database).routes, *admin_routes_v3(database).routes]
    assert sorted(one.operation_id for one in load_operations(ADMIN_DOCUMENT)) == sorted(
        getattr(route, "name", "") for route in routes
    )
    assert len(routes) == 64
    database.close()


@pytest.mark.parametrize(
    ("path", "most"), [("/offer_chain", 10), ("/reward_chain", 11), ("/daily_chain", 10), ("/items/bundle", 11)]
)
async def test_a_list_runs_so_many_statements_at_most(world: World, publisher: Publisher, path: str, most: int) -> None:
    with world.statements() as statements:
        assert (await publisher.get(path)).status_code == 200
    assert len(statements) <= most
