"""A gateway that stands still for longer than its lease: it sends nothing late when it goes on; its answer counts."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gateway.sandbox import DEMO_PROJECT_ID
from gateway.schema import ids
from tests.support.gateway_fleet import SECRET, GatewayFleet, gateway_fleet
from tests.support.gateway_process import GatewayProcess, gateway_process
from tests.support.purchase_mutations import ORDER, ORDER_CALL, PAID, codes, top_code
from tests.support.stack import ANN
from tests.support.store_servers import Fleet, Redis, a_fleet, until

LONGER_THAN_A_LEASE = 11
TAP = {"step": PAID, "key": "k"}
CHAIN_NUMBER = 5
STEPS_READY = 3
CLAIM_ALL = """mutation($chain: ID!) {
  answer: claimAvailableRewards(input: {rewardChainId: $chain, idempotencyKey: "k"}) {
    results { isClaimed }
    userErrors { code path }
  }
}"""
CHAIN = {"chain": ids.encode(ids.IdKind.REWARD_CHAIN, CHAIN_NUMBER)}
FIRST_READ = "GET /user/reward_chain"


async def a_lease_passes(server: Redis) -> None:
    """Let the store's records be that much older."""
    store = Fleet(server)
    await store.pass_time(LONGER_THAN_A_LEASE)
    await store.aclose()


async def sent(fleet: GatewayFleet, call: str) -> None:
    async def is_sent() -> bool:
        return fleet.upstream.calls[call] > 0

    await until(is_sent)


@asynccontextmanager
async def one_and_another(server: Redis) -> AsyncIterator[tuple[GatewayFleet, GatewayProcess]]:
    """A gateway, and one in a process of its own, which can be frozen."""
    async with a_fleet(server):
        pass
    shared = {"GATEWAY_STORE_URL": server.url, "GATEWAY_STORE_SECRET": SECRET, "GATEWAY_STORE_SECONDS": "30"}
    async with (
        gateway_fleet(server.url) as fleet,
        gateway_process(fleet.sandbox_url, environment=shared) as frozen,
    ):
        yield fleet, frozen


@pytest.mark.slow
async def test_an_order_that_was_found_unknown_meanwhile_is_told_once_its_sender_goes_on(server: Redis) -> None:
    async with one_and_another(server) as (fleet, frozen):
        [token] = await fleet.open_shop("player")
        fleet.upstream.held[ORDER_CALL] = release = asyncio.Event()
        answer = asyncio.create_task(frozen.ask(ORDER, TAP, token))
        await sent(fleet, ORDER_CALL)
        frozen.send(signal.SIGSTOP)
        await a_lease_passes(server)
        assert top_code(await fleet.ask(0, ORDER, TAP, token)) == "OUTCOME_UNKNOWN"
        release.set()
        frozen.send(signal.SIGCONT)
        told = await answer
        assert told is not None
        assert codes(told) == []
        assert (await fleet.ask(0, ORDER, TAP, token))["data"]["answer"]["order"] == told["data"]["answer"]["order"]
        assert fleet.upstream.calls[ORDER_CALL] == 1


@pytest.mark.slow
async def test_rewards_that_another_gateway_claimed_meanwhile_are_not_claimed_again(server: Redis) -> None:
    async with one_and_another(server) as (fleet, frozen):
        await earn(fleet, ANN.id)
        token = fleet.token(ANN.id)
        # Now the credential is known, so that nothing is read before the write begins.
        await fleet.ask(0, "{ viewer { offerChains { name } } }", {}, token)
        fleet.upstream.held[FIRST_READ] = release = asyncio.Event()
        answer = asyncio.create_task(frozen.ask(CLAIM_ALL, CHAIN, token))
        await sent(fleet, FIRST_READ)
        frozen.send(signal.SIGSTOP)
        await a_lease_passes(server)
        claimed = (await fleet.ask(0, CLAIM_ALL, CHAIN, token))["data"]["answer"]
        assert claimed == {"results": [{"isClaimed": True}] * STEPS_READY, "userErrors": []}
        release.set()
        frozen.send(signal.SIGCONT)
        refused = await answer
        assert refused is not None
        assert codes(refused) == ["IN_PROGRESS"]
        claims = [count for name, count in fleet.upstream.calls.items() if name.endswith("/claim")]
        assert claims == [1] * STEPS_READY


async def earn(fleet: GatewayFleet, player_id: str) -> None:
    """Let a player have reached steps that nothing of the fleet has read yet."""
    for _ in range(STEPS_READY):
        url = f"{fleet.sandbox_url}/_sandbox/projects/{DEMO_PROJECT_ID}/orders"
        made = await fleet.http.post(url, json={"player_id": player_id, "sku": "moonstones_500"})
        paid = await fleet.http.post(f"{fleet.sandbox_url}/_sandbox/orders/{made.json()['order_id']}/pay")
        assert paid.status_code == 200
