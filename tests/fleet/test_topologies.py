"""Taps on a fleet whose store is a cluster, or a primary with a replica behind sentinels: one order each."""

import asyncio
import signal

import pytest

from tests.support.gateway_fleet import CASES, GatewayFleet, gateway_fleet
from tests.support.purchase_mutations import ORDER, ORDER_CALL, PAID, codes
from tests.support.store_servers import REDIS, asking, until
from tests.support.store_topologies import PASSWORD, Cluster, redis_cluster, replicated

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(REDIS is None, reason="redis-server is not installed: apt-get install redis-server"),
]
PLAYERS = [f"player-{number}" for number in range(CASES)]


async def tapped(fleet: GatewayFleet, token: str) -> list[str]:
    """Tap on every gateway with one key; gives the codes of refused requests."""
    bodies = await asyncio.gather(
        *(fleet.ask(at, ORDER, {"step": PAID, "key": "k"}, token) for at in range(len(fleet.members)))
    )
    assert all(codes(body) in ([], ["IN_PROGRESS"]) for body in bodies if "errors" not in body)
    return [error["extensions"]["code"] for body in bodies for error in body.get("errors", ())]


async def ordered(fleet: GatewayFleet, token: str) -> None:
    """Tap until every gateway tells the order, as a game does."""
    async with asyncio.timeout(60):
        while refused := await tapped(fleet, token):
            assert set(refused) == {"OVERLOADED"}


def orders(fleet: GatewayFleet, tokens: list[str]) -> list[int]:
    return [fleet.upstream.of_tokens[ORDER_CALL, f"Bearer {token}".encode()] for token in tokens]


async def moved(cluster: Cluster, slots: range, source: int, target: int) -> None:
    """Move slots one after the other; keys come and go meanwhile. Redis 7.0 drops keys where two moves run at once."""
    for slot in slots:
        await cluster.begin_move(slot, source, target)
        await cluster.move_keys(slot, source, target)
        await cluster.end_move(slot, target)


async def test_taps_are_one_order_while_slots_of_a_cluster_move() -> None:
    async with redis_cluster(3) as cluster:
        url = "redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in cluster.ports)
        async with gateway_fleet(url, url) as fleet:
            tokens = await fleet.open_shop(*PLAYERS)
            first, second, _ = cluster.ports
            async with asyncio.TaskGroup() as group:
                group.create_task(moved(cluster, range(0, 5461, 40), first, second))
                for _ in range(5):
                    await asyncio.gather(*(ordered(fleet, token) for token in tokens))
            await asyncio.gather(*(ordered(fleet, token) for token in tokens))
            assert orders(fleet, tokens) == [1] * len(tokens)
        for ask in cluster.asks.values():
            assert b"CROSSSLOT" not in await ask("INFO", "errorstats")


async def test_taps_are_one_order_over_a_failover_to_a_replica_that_was_cut_off() -> None:
    async with replicated(sentinels=3) as store, gateway_fleet(store.url, store.url, store_seconds="1") as fleet:
        before, cut_off = PLAYERS[::2], PLAYERS[1::2]
        tokens, others = await fleet.open_shop(*before), await fleet.open_shop(*cut_off)
        await asyncio.gather(*(ordered(fleet, token) for token in tokens))
        async with asking(store.replica_port, PASSWORD) as replica, asking(store.primary_port, PASSWORD) as primary:
            await replica("CONFIG", "SET", "masterauth", "wrong")
            await primary("CLIENT", "KILL", "TYPE", "replica")
            # The replica has none of this, so nothing may be sent.
            refused = await asyncio.gather(*(tapped(fleet, token) for token in others))
            assert {code for codes in refused for code in codes} == {"OVERLOADED"}
            assert orders(fleet, others) == [0] * len(others)
            store.primary.send(signal.SIGKILL)
        await until(store.is_failed_over)
        await asyncio.gather(*(ordered(fleet, token) for token in (*tokens, *others)))
        assert orders(fleet, [*tokens, *others]) == [1] * len(PLAYERS)
