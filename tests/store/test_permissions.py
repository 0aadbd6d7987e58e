"""The user that docs/fleet.md describes may do what the gateway does, and nothing with other keys."""

import re
from collections.abc import AsyncIterator

import pytest

from gateway.cache.keys import Owner
from gateway.errors import StoreUnusable
from gateway.store.errors import StoreUnavailable
from gateway.store.events import Event, Kind
from gateway.store.settings import StoreSettings, parse_url
from gateway.store.shared.checks import StoreCheck
from gateway.store.shared.confirmations import SharedConfirmations
from gateway.store.shared.tickets import SharedTickets
from gateway.store.shared.webhooks import SharedWebhooks
from tests.support.paths import REPOSITORY
from tests.support.store_records import ARGUMENTS, KEY, ME
from tests.support.store_servers import Fleet, Process, Redis, asking, listening

PAGE = (REPOSITORY / "docs" / "fleet.md").read_text()
PASSWORD = "password-of-a-test"


def rules() -> list[str]:
    """The rules of the page's user."""
    found = re.search(r"```acl\nuser gateway (.+)\n```", PAGE)
    assert found
    return found[1].replace("PASSWORD", PASSWORD).split()


@pytest.fixture
async def url(server: Redis) -> AsyncIterator[str]:
    del server
    with listening("--appendonly", "yes") as (_, port):
        async with asking(port) as ask:
            assert await ask("ACL", "SETUSER", "gateway", *rules()) == b"OK"
        yield f"redis://gateway:{PASSWORD}@127.0.0.1:{port}"


async def test_it_may_do_everything_that_the_gateway_does(url: str, caplog: pytest.LogCaptureFixture) -> None:
    fleet = Fleet(url=url)
    records, there = await fleet.records(), Process(fleet, b"there")
    await StoreCheck(fleet.client, fleet.epoch, StoreSettings(url=parse_url(url))).run()
    await there.reader.read()
    event = Event(Kind.BEGIN, player_id="p-1")
    await records.begin(KEY, ARGUMENTS, ME, announce=event)
    await there.reader.read()
    assert there.listener.kinds == [Kind.BEGIN]
    assert await records.expect_order(KEY, ME, ["sku"])
    assert await records.give_order(KEY.scope, 1, ["sku"])
    assert await records.finish(KEY, ME, b"answer")
    assert await there.publish(event)
    tickets = SharedTickets(fleet.client, fleet.keys, sender=b"here")
    assert [await tickets.take(1, 60), await tickets.take(1, 60)] == [True, False]
    webhooks = SharedWebhooks(fleet.client, fleet.keys, sender=b"here")
    await webhooks.remember(b"key")
    assert await webhooks.begin_relay(b"key")
    await webhooks.end_relay(b"key", is_done=False)
    assert await webhooks.begin_relay(b"key")
    confirmations = SharedConfirmations(fleet.client, fleet.keys)
    await confirmations.confirm(Owner("owner"), "p-1", 60)
    assert await confirmations.is_confirmed(Owner("owner"), "p-1")
    await confirmations.reject(Owner("owner"))
    assert not await confirmations.is_confirmed(Owner("owner"), "p-1")
    assert caplog.messages == []
    await fleet.aclose()


@pytest.mark.parametrize("command", [("GET", "lg1:78:{bus}"), ("FLUSHALL",), ("KEYS", "*")], ids=lambda one: one[0])
async def test_it_may_do_nothing_else(url: str, command: tuple[str, ...]) -> None:
    fleet = Fleet(url=url)
    with pytest.raises(StoreUnavailable, match="denied"):
        await fleet.raw(*command)
    await fleet.aclose()


async def test_a_user_who_may_not_run_scripts_ends_the_start_with_where_to_look(server: Redis) -> None:
    del server
    with listening("--appendonly", "yes") as (_, port):
        async with asking(port) as ask:
            await ask("ACL", "SETUSER", "gateway", *rules(), "-evalsha")
        fleet = Fleet(url=f"redis://gateway:{PASSWORD}@127.0.0.1:{port}")
        await fleet.records()
        settings = StoreSettings(url=parse_url("redis://127.0.0.1"))
        with pytest.raises(StoreUnusable, match=r"docs/fleet\.md") as caught:
            await StoreCheck(fleet.client, fleet.epoch, settings).run()
        assert PASSWORD not in str(caught.value)
        await fleet.aclose()
