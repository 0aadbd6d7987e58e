"""Webhook settings."""

from typing import Any

import pytest

from gateway.sandbox import DEMO_PROJECT_ID
from gateway.sandbox.storage.webhook_settings import find_webhook_settings
from tests.sandbox.admin.publisher import Publisher, problem, without
from tests.sandbox.world import World

SETTINGS = {"url": "https://site.example/webhook?a=1", "secret": "my_secret", "is_enabled": True}


async def test_nothing_is_found_before_it_is_stored(publisher: Publisher) -> None:
    assert problem(await publisher.get("/webhook")) == (404, 4001, "Webhook settings not found")


@pytest.mark.parametrize(("fields", "version"), [({}, 1), ({"version": 2}, 2)], ids=["unsaid", "said"])
async def test_what_is_stored_is_answered_but_for_the_version(
    world: World, publisher: Publisher, fields: dict[str, Any], version: int
) -> None:
    assert (await publisher.put("/webhook", SETTINGS | fields)).status_code == 204
    assert await publisher.read("/webhook") == SETTINGS
    with world.sandbox.database.read() as tx:
        stored = find_webhook_settings(tx, DEMO_PROJECT_ID)
    assert stored is not None
    assert stored.version == version


async def test_settings_replace_each_other(publisher: Publisher) -> None:
    await publisher.put("/webhook", SETTINGS)
    other = {"url": "http://127.0.0.1:9/hook", "secret": "other", "is_enabled": False}
    assert (await publisher.put("/webhook", other)).status_code == 204
    assert await publisher.read("/webhook") == other


async def test_webhooks_are_sent_where_a_script_wants_them_unless_a_publisher_wants_otherwise(
    world: World, publisher: Publisher
) -> None:
    for url in ("http://127.0.0.1:1/hook", "http://127.0.0.1:2/hook"):
        world.sandbox.send_webhooks(url, "script's")
        assert await publisher.read("/webhook") == {"url": url, "secret": "script's", "is_enabled": True}
    await publisher.put("/webhook", SETTINGS)
    world.sandbox.send_webhooks("http://127.0.0.1:3/hook", "script's")
    assert await publisher.read("/webhook") == SETTINGS


@pytest.mark.parametrize(
    "fields",
    [
        {"url": ""},
        {"url": "site.example"},
        {"url": "ftp://site.example"},
        {"url": "http://"},
        {"url": "http://user@host/"},
        {"url": "http://a b"},
        {"url": None},
        {"secret": ""},
        {"secret": 5},
        {"is_enabled": "true"},
        {"version": 3},
    ],
    ids=str,
)
async def test_settings_that_cannot_be_change_nothing(publisher: Publisher, fields: dict[str, Any]) -> None:
    await publisher.put("/webhook", SETTINGS)
    assert problem(await publisher.put("/webhook", SETTINGS | fields))[:2] == (422, 1102)
    assert await publisher.read("/webhook") == SETTINGS


@pytest.mark.parametrize("missing", ["url", "secret", "is_enabled"])
async def test_what_is_required_must_be_there(publisher: Publisher, missing: str) -> None:
    refused = await publisher.put("/webhook", without(SETTINGS, missing))
    assert problem(refused) == (422, 1102, f"The property `{missing}` is required")
    assert problem(await publisher.get("/webhook"))[:2] == (404, 4001)
