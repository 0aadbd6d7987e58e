"""One player's reads and writes, where the exact moment matters."""

import asyncio

import httpx
import pytest

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.errors import OutcomeUnknown, UpstreamTimeout, UpstreamUnavailable
from gateway.identity.caller import Caller
from gateway.player import Player
from gateway.player.services import Services
from gateway.upstream.client import Client
from tests.support.scripted_upstream import Answer, ScriptedTransport


def player_of(services: Services, owner: str = "ann") -> Player:
    caller = Caller(Owner(owner), True, (("authorization", f"Bearer {owner}"),))
    return Player(caller, services, deadline=asyncio.get_running_loop().time() + 3)


async def test_identical_writes_at_the_same_time_are_sent_once_for_each_player() -> None:
    arrived, release = asyncio.Event(), asyncio.Event()

    class Held(ScriptedTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            number = len(self.requests)
            arrived.set()
            await release.wait()
            return httpx.Response(200, json={"order_id": number, "token": request.headers["authorization"]})

    transport = Held(lambda _: httpx.Response(500))
    client = Client(transport, base_url="https://up.example", project_id=1)
    services = Services(client, UserCache(max_bytes=10_000), SingleFlight())
    taps = [asyncio.ensure_future(player_of(services).writes.order_offer_step(1, 2)) for _ in range(10)]
    others = [asyncio.ensure_future(player_of(services, "ben").writes.order_offer_step(1, 2)) for _ in range(10)]
    another_step = asyncio.ensure_future(player_of(services).writes.order_offer_step(1, 3))
    await arrived.wait()
    release.set()
    placed = await asyncio.gather(*taps)
    assert {order.token for order in placed} == {"Bearer ann"}
    assert len({order.order_id for order in placed}) == 1
    assert {order.token for order in await asyncio.gather(*others)} == {"Bearer ben"}
    assert (await another_step).order_id not in {order.order_id for order in placed}
    assert len(transport.requests) == 3


async def test_at_the_end_of_the_gateway_waiting_calls_say_what_that_means() -> None:
    transport = Stuck(lambda _: httpx.Response(500))
    client = Client(transport, base_url="https://up.example", project_id=1)
    services = Services(client, UserCache(max_bytes=10_000), SingleFlight())
    read = asyncio.ensure_future(player_of(services).reads.offer_chains())
    write = asyncio.ensure_future(player_of(services).writes.update_clan())
    await transport.both.wait()
    await services.cache.aclose()
    await services.writes_in_flight.aclose()
    with pytest.raises(UpstreamUnavailable):
        await read
    with pytest.raises(OutcomeUnknown):
        await write


async def test_a_player_who_left_waits_for_nothing_more() -> None:
    transport = Stuck(lambda _: httpx.Response(500))
    client = Client(transport, base_url="https://up.example", project_id=1)
    services = Services(client, UserCache(max_bytes=10_000), SingleFlight())
    player = player_of(services)
    reads = [asyncio.ensure_future(player.reads.offer_chains()), asyncio.ensure_future(player.reads.offer_chain(1))]
    await transport.both.wait()
    player.abandon()
    await asyncio.sleep(0)
    player.abandon()
    for read in [*reads, asyncio.ensure_future(player.reads.reward_chains())]:
        with pytest.raises(UpstreamTimeout):
            await read


async def test_a_player_who_leaves_when_the_time_is_up_leaves_the_timeout_alone() -> None:
    services = Services(
        Client(Stuck(lambda _: httpx.Response(500)), base_url="https://up.example", project_id=1),
        UserCache(max_bytes=10_000),
        SingleFlight(),
    )
    caller = Caller(Owner("ann"), True, ())
    player = Player(caller, services, deadline=asyncio.get_running_loop().time())
    read = asyncio.ensure_future(player.reads.offer_chains())
    # One turn of the loop to begin the read, one to notice that it is too late.
    for _ in range(2):
        await asyncio.sleep(0)
    player.abandon()
    with pytest.raises(UpstreamTimeout):
        await read


@pytest.mark.parametrize("is_closed", [True, False], ids=["the gateway ends", "the player leaves"])
async def test_a_catalog_that_does_not_come_ends_with_the_gateway_and_with_the_player(is_closed: bool) -> None:
    stuck = Stuck(lambda _: httpx.Response(500))
    services = Services(
        Client(stuck, base_url="https://up.example", project_id=1), UserCache(max_bytes=10_000), SingleFlight()
    )
    player = player_of(services)
    reads = [asyncio.ensure_future(player.catalog.earning_items(country)) for country in ("DE", "AT")]
    await stuck.both.wait()
    if is_closed:
        await services.cache.aclose()
    else:
        player.abandon()
    for read in reads:
        with pytest.raises(UpstreamUnavailable if is_closed else UpstreamTimeout):
            await read


class Stuck(ScriptedTransport):
    """Never answers; tells when two calls have come."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.both = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if len(self.requests) == 2:
            self.both.set()
        await asyncio.Event().wait()
        raise AssertionError
