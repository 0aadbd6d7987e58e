"""Finding the server that has a key: in a cluster whose slots move, and behind sentinels."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis.exceptions import (
    AuthenticationError,
    MovedError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError

from gateway.store.errors import StoreUnavailable
from gateway.store.events import Event, Kind
from gateway.store.ports import Found
from gateway.store.settings import Address, StoreSettings, parse_url
from gateway.store.shared.connections import Node, Reply, maker
from gateway.store.shared.failures import raise_refusal, reason_of
from gateway.store.shared.topology import Sentinels, _nobody
from tests.support.store_records import ARGUMENTS, KEY, ME, YOU
from tests.support.store_servers import Fleet, Redis, asking, free_port, listening, until
from tests.support.store_topologies import Cluster, redis_cluster


@pytest.fixture
async def cluster(server: Redis) -> AsyncIterator[Cluster]:
    """Two servers; the first has all slots. `server` skips where there is none."""
    async with redis_cluster(2) as cluster:
        yield cluster


async def test_a_slot_that_moves_is_followed_and_a_write_stays_one(cluster: Cluster) -> None:
    first, second = cluster.ports
    fleet = Fleet(url=f"redis+cluster://127.0.0.1:{free_port()},127.0.0.1:{first}")
    records = await fleet.records()
    event = Event(Kind.BEGIN, player_id="p-1")
    assert (await records.begin(KEY, ARGUMENTS, ME, announce=event)).found is Found.MINE
    topology = fleet.client._topology
    topology.failed(topology.at(Address("127.0.0.1", first)))
    # Both wait for one search, and who comes later finds it done.
    found = [*await asyncio.gather(topology.nodes(), topology.nodes()), await topology.nodes()]
    assert [[node.address.port for node in nodes] for nodes in found] == [[first]] * 3
    slot = await cluster.slot_of(fleet.keys.record(KEY, "k"))
    await cluster.begin_move(slot, first, second)
    await cluster.move_keys(slot, first, second)
    # It is there by now, and the first server still has the slot.
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.BUSY
    await cluster.end_move(slot, second)
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.BUSY
    assert await records.finish(KEY, ME, b"answer", announce=Event(Kind.END, player_id="p-1"))
    assert (await records.begin(KEY, ARGUMENTS, YOU)).answer == b"answer"
    await fleet.aclose()


async def test_a_cluster_without_all_slots_serves_nothing(server: Redis) -> None:
    with listening("--cluster-enabled", "yes") as (_, port):
        fleet = Fleet(url=f"redis+cluster://127.0.0.1:{port}")
        with pytest.raises(StoreUnavailable, match="connect"):
            await fleet.client.call("begin", "any", "GET", "any")
        async with asking(port) as ask:
            await ask("CLUSTER", "ADDSLOTS", 1)
        with pytest.raises(StoreUnavailable, match="connect"):
            await fleet.client.call("begin", "any", "GET", "any")
        await fleet.aclose()


async def test_the_primary_that_sentinels_name_is_asked_and_another_after_a_failure(server: Redis) -> None:
    with ExitStack() as opened:
        _, primary = opened.enter_context(listening())
        _, replica = opened.enter_context(listening("--replicaof", "127.0.0.1", str(primary)))
        conf = Path(opened.enter_context(listening())[0].folder) / "sentinel.conf"
        conf.write_text(f"sentinel monitor main 127.0.0.1 {primary} 1\n")
        port = free_port()
        sentinel = Redis("--port", str(port), "--sentinel", config=conf)
        opened.callback(sentinel.stop)
        other = Fleet(url=f"redis+sentinel://127.0.0.1:{port}/other")
        with pytest.raises(StoreUnavailable, match="connect"):
            await other.client.call("begin", "any", "PING")
        await other.aclose()
        fleet = Fleet(url=f"redis+sentinel://127.0.0.1:{free_port()},127.0.0.1:{port}/main")
        records = await fleet.records()

        async def is_begun() -> bool:
            try:
                return (await records.begin(KEY, ARGUMENTS, ME)).found is Found.MINE
            except StoreUnavailable:
                return False

        await until(is_begun)
        # A replica that is asked by mistake is refused, and who is the primary is asked again.
        topology = fleet.client._topology
        assert isinstance(topology, Sentinels)
        [node] = await topology.nodes()
        await node.aclose()
        node.address = Address("127.0.0.1", replica)
        with pytest.raises(StoreUnavailable, match="refused"):
            await records.renew(KEY, ME)
        assert await records.renew(KEY, ME)
        with pytest.raises(ConnectionError):
            topology.at(node.address)
        topology.moved("key", node.address)
        topology.failed(node)
        await fleet.aclose()


async def test_without_a_sentinel_there_is_no_primary() -> None:
    fleet = Fleet(url=f"redis+sentinel://127.0.0.1:{free_port()}/main")
    with pytest.raises(StoreUnavailable, match="connect"):
        await fleet.client.call("begin", "any", "GET", "any")
    await fleet.aclose()


async def test_a_password_and_commands_that_are_refused_have_their_reasons(server: Redis) -> None:
    with listening("--requirepass", "right-password") as (_, port):
        for password, reason in (("wrong-password", "auth"), ("right-password", "error")):
            fleet = Fleet(url=f"redis://:{password}@127.0.0.1:{port}")
            with pytest.raises(StoreUnavailable, match=reason) as caught:
                await fleet.client.call("begin", "any", "NOSUCHCOMMAND")
            assert password not in f"{caught.value}{caught.value.__cause__}"
            await fleet.aclose()


async def test_a_server_without_tls_is_not_spoken_to(server: Redis) -> None:
    with listening() as (_, port):
        fleet = Fleet(url=f"rediss://127.0.0.1:{port}", seconds=0.25)
        with pytest.raises(StoreUnavailable):
            await fleet.client.call("begin", "any", "PING")
        await fleet.aclose()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (AuthenticationError(), "auth"),
        (NoPermissionError(), "denied"),
        (OutOfMemoryError(), "full"),
        (ReadOnlyError(), "refused"),
        (ResponseError("NOREPLICAS Not enough good replicas"), "refused"),
        (RedisTimeoutError(), "timeout"),
        (ssl.SSLError(), "tls"),
        (OSError(), "connect"),
        (RedisError(), "error"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_failure_has_a_reason(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


def test_a_server_that_does_not_serve_is_left() -> None:
    raise_refusal([b"OK", ResponseError("ERR")])
    with pytest.raises(ReadOnlyError):
        raise_refusal([b"OK", ReadOnlyError()])


async def test_a_store_that_was_never_asked_is_closed() -> None:
    for url in ("redis+sentinel://127.0.0.1/main", "redis+cluster://127.0.0.1"):
        await Fleet(url=url).aclose()


async def test_one_server_has_everything(fleet: Fleet) -> None:
    topology = fleet.client._topology
    [node] = await topology.nodes()
    topology.moved("key", node.address)
    topology.failed(node)
    assert topology.at(Address("elsewhere")) is node is await topology.node("key")


async def test_a_script_that_fails_is_an_error_of_the_store(fleet: Fleet) -> None:
    records = await fleet.records()
    await fleet.raw("LPUSH", fleet.keys.record(KEY, "k"), "x")
    with pytest.raises(StoreUnavailable, match="error"):
        await records.renew(KEY, ME)


async def test_a_cluster_that_sends_a_command_around_is_left(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    async def move(*_: object, **__: object) -> list[Reply]:
        return [MovedError("1 127.0.0.1:1")]

    monkeypatch.setattr(fleet.client, "_sent", move)
    with pytest.raises(StoreUnavailable, match="connect"):
        await fleet.raw("GET", "key")


async def test_a_user_that_may_not_ask_about_the_server_is_refused(server: Redis) -> None:
    with listening() as (_, port):
        async with asking(port) as ask:
            await ask("ACL", "SETUSER", "limited", "on", ">right-password", "~*", "+@all", "-info")
        fleet = Fleet(url=f"redis://limited:right-password@127.0.0.1:{port}")
        with pytest.raises(StoreUnavailable, match="denied"):
            await fleet.client.call("begin", "any", "PING")
        await fleet.aclose()


async def test_a_connection_that_the_server_closed_is_made_anew(server: Redis) -> None:
    with listening() as (_, port):
        fleet = Fleet(url=f"redis://127.0.0.1:{port}")
        await fleet.raw("SET", "key", "value")
        async with asking(port) as ask:
            await ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        await asyncio.sleep(0.01)
        assert await fleet.raw("GET", "key") == b"value"
        await fleet.aclose()


async def test_a_connection_in_use_is_closed_after_its_command(server: Redis) -> None:
    with listening() as (_, port):
        settings = StoreSettings(url=parse_url(f"redis://127.0.0.1:{port}"), seconds=5)
        node = Node(Address("127.0.0.1", port), maker(settings), _nobody)
        waiting = asyncio.create_task(node.exchange([("BLPOP", "key", 0.1)]))
        await asyncio.sleep(0.02)
        await node.aclose()
        assert await waiting == [None]
        assert node._free == []
