"""One player's waits, where the exact moment or another credential matters."""

import asyncio

import httpx
import pytest

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.domain.models import Order
from gateway.errors import Unauthenticated
from gateway.events.bus import LocalBus
from gateway.events.changes import Change, ChangeReason
from gateway.identity.caller import Caller
from gateway.orders.tracker import OrderTracker
from gateway.player import Player
from gateway.player.services import Services
from gateway.upstream.client import Client
from tests.support.clock import Clock
from tests.support.loads import run_ready
from tests.support.received_changes import received
from tests.support.scripted_upstream import ScriptedTransport
from tests.support.upstream_json import OFFER

PHONE, TABLET = Owner("phone"), Owner("tablet")


class Household:
    """One player's two devices, and an order of theirs."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.bus = LocalBus()
        self.status = "new"
        self.chains: list[str] = []
        self.refused: set[str] = set()
        client = Client(ScriptedTransport(self.answer), base_url="https://up.example", project_id=1)
        self.services = Services(
            client,
            UserCache(max_bytes=100_000, clock=self.clock),
            SingleFlight(),
            now=self.clock,
            monotonic=self.clock,
            bus=self.bus,
            tracker=OrderTracker(call_later=self.clock.call_later),
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        device = request.headers["authorization"]
        if device in self.refused:
            return httpx.Response(401, json={"errorCode": 1501})
        if "/order/" in request.url.path:
            return httpx.Response(200, json={"order_id": 7, "status": self.status})
        self.chains.append(device)
        return httpx.Response(200, json={"items": [OFFER], "has_more": False})

    def player(self, owner: Owner) -> Player:
        caller = Caller(owner, True, (("authorization", owner),))
        return Player(caller, self.services, deadline=asyncio.get_running_loop().time() + 30)


async def test_a_wait_outlasts_the_requests_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    household = Household()
    player = household.player(PHONE)
    waiting = asyncio.ensure_future(player.waits.wait_for_order(7, None, 55))
    await run_ready()
    loop = asyncio.get_running_loop()
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + 31)
    await run_ready()
    assert not waiting.done()
    # Each read has a deadline of its own.
    household.status = "done"
    household.clock.advance(3)
    assert await waiting == Order(7, "done")


async def test_what_one_devices_credential_reads_lets_the_other_device_read_its_chains_anew() -> None:
    household = Household()
    await household.player(TABLET).reads.offer_chains()
    waits = []
    for owner in (PHONE, TABLET):
        waits.append(asyncio.ensure_future(household.player(owner).waits.wait_for_order(7, "new", 55)))
        await run_ready()
    household.status = "paid"
    with household.bus.listen(TABLET) as listener:
        household.clock.advance(3)
        await asyncio.gather(*waits)
        assert await received(listener) == Change(frozenset({ChangeReason.ORDER_PAID}))
    await household.player(TABLET).reads.offer_chains()
    assert household.chains == ["tablet", "tablet"]


async def test_what_a_webhook_tells_ends_a_wait_without_a_read_and_lets_the_chains_be_read_anew() -> None:
    household = Household()
    await household.player(PHONE).reads.offer_chains()
    waiting = asyncio.ensure_future(household.player(PHONE).waits.wait_for_order(7, "new", 55))
    await run_ready()
    household.services.tracker.report_status(7, "done")
    assert await waiting == Order(7, "done")
    await household.player(PHONE).reads.offer_chains()
    assert household.chains == ["phone", "phone"]


async def test_a_device_whose_credential_is_rejected_is_told_and_the_other_goes_on() -> None:
    household = Household()
    waits = []
    for owner in (PHONE, TABLET):
        waits.append(asyncio.ensure_future(household.player(owner).waits.wait_for_order(7, "new", 55)))
        await run_ready()
    household.refused.add("phone")
    household.status = "done"
    household.clock.advance(3)
    with pytest.raises(Unauthenticated):
        await waits[0]
    assert await waits[1] == Order(7, "done")


async def test_nobody_listens_with_a_credential_that_the_upstream_rejects() -> None:
    household = Household()
    household.refused.add("phone")
    with pytest.raises(Unauthenticated):
        await household.player(PHONE).waits.changes()
    assert household.bus.listeners == 0


async def test_what_changes_while_the_credential_is_confirmed_is_not_missed() -> None:
    household = Household()
    change = Change(frozenset({ChangeReason.CLAN}))
    starting = asyncio.ensure_future(household.player(PHONE).waits.changes())
    await asyncio.sleep(0)
    household.bus.publish(PHONE, change)
    changes = await starting
    assert await anext(changes) == change
    await changes.aclose()


async def test_a_player_who_left_before_the_wait_does_not_wait() -> None:
    household = Household()
    player = household.player(PHONE)
    changes, order = await player.waits.changes(), await player.waits.watch_order(7)
    assert order is not None
    assert await anext(order) == Order(7, "new")
    player.abandon()
    assert [change async for change in changes] == []
    assert [state async for state in order] == []
    with pytest.raises(StopAsyncIteration):
        await anext(order)
    await run_ready()
    assert (household.bus.listeners, household.services.tracker.pollers, household.clock.alarms) == (0, 0, [])


async def test_a_player_who_leaves_while_the_wait_ends_leaves_it_alone() -> None:
    household = Household()
    player = household.player(PHONE)
    waiting = asyncio.ensure_future(player.waits.wait_for_order(7, None, 20))
    await run_ready()
    household.clock.advance(20)
    # One turn of the loop lets the time be up, the next one lets the wait notice.
    await asyncio.sleep(0)
    player.abandon()
    assert await waiting == Order(7, "new")


@pytest.mark.slow
async def test_nine_hundred_waits_that_are_given_up_at_any_moment_leave_nothing() -> None:
    household = Household()
    waits = []
    for number in range(900):
        player = household.player((PHONE, TABLET)[number % 2])
        waiting = asyncio.ensure_future(player.waits.wait_for_order(7, "new", 55))
        waits.append(waiting)
        for turn in range(number % 25):
            await asyncio.sleep(0)
            if turn == 12:
                household.clock.advance(3)
        # Some hang up, some are cancelled.
        player.abandon() if number % 3 else waiting.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
    await run_ready()
    tracker = household.services.tracker
    assert (tracker.orders, tracker.pollers, household.clock.alarms) == (0, 0, [])
    assert asyncio.all_tasks() == {asyncio.current_task()}
