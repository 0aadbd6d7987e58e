"""Webhooks taken and relayed: one contract within a process and for a fleet."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.records.database import Database
from gateway.records.webhooks import WebhookTable
from gateway.store.local.webhooks import LocalWebhooks
from gateway.store.ports import Relaying, WebhookStore
from gateway.store.shared.connections import Reply
from gateway.store.shared.webhooks import SharedWebhooks
from tests.support.store_servers import Fleet, a_fleet


@pytest.fixture(params=["sqlite", "redis"])
async def webhooks(request: pytest.FixtureRequest) -> AsyncIterator[WebhookStore]:
    if request.param == "sqlite":
        database = Database()
        yield LocalWebhooks(WebhookTable(database))
        await database.aclose()
        return
    async with a_fleet(request.getfixturevalue("server")) as fleet:
        yield SharedWebhooks(fleet.client, fleet.keys, sender=b"process1")


async def test_a_webhook_that_was_applied_is_known(webhooks: WebhookStore) -> None:
    assert not await webhooks.knows(b"key")
    await webhooks.remember(b"key")
    await webhooks.remember(b"key")
    assert await webhooks.knows(b"key")
    assert not await webhooks.knows(b"other")


async def test_one_relays_at_a_time_and_nobody_once_the_backend_took_it(webhooks: WebhookStore) -> None:
    turns = await asyncio.gather(*(webhooks.begin_relay(b"key") for _ in range(3)))
    assert sorted(turn.value for turn in turns) == ["busy", "busy", "mine"]
    await webhooks.end_relay(b"key", is_done=False)
    assert await webhooks.begin_relay(b"key") is Relaying.MINE
    await webhooks.end_relay(b"key", is_done=True)
    assert await webhooks.begin_relay(b"key") is Relaying.DONE


async def test_a_turn_that_another_process_has_by_now_is_left_to_it(fleet: Fleet) -> None:
    one = SharedWebhooks(fleet.client, fleet.keys, sender=b"process1")
    other = SharedWebhooks(fleet.client, fleet.keys, sender=b"process2")
    await other.begin_relay(b"key")
    await one.end_relay(b"key", is_done=False)
    assert await one.begin_relay(b"key") is Relaying.BUSY


async def test_they_are_remembered_for_longer_than_the_vendor_repeats_them(fleet: Fleet) -> None:
    webhooks = SharedWebhooks(fleet.client, fleet.keys, sender=b"process1")
    await webhooks.remember(b"key-of-a-test")
    await webhooks.begin_relay(b"key-of-a-test")
    names: Reply = await fleet.raw("KEYS", "*")
    left = sorted([int(str(await fleet.raw("PTTL", name))) for name in names])
    assert 0 < left[0] <= 12_000
    assert 48 * 3_600_000 < left[1] <= 72 * 3_600_000
    assert b"of-a-test" not in b"".join(names)
