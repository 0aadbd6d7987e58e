"""A Redis cluster whose slots can be moved, and a primary with a replica and sentinels."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from gateway.store.shared.connections import Reply
from tests.support.store_servers import Redis, asking, free_port, listening, until

Ask = Callable[..., Awaitable[Reply]]

SLOTS = 16_384
PASSWORD = "of-primary-and-replica"


@dataclass(frozen=True)
class Cluster:
    """Servers by port, and how an operator asks each."""

    asks: dict[int, Ask]

    @property
    def ports(self) -> list[int]:
        return list(self.asks)

    async def slot_of(self, key: bytes | str) -> int:
        slot = await self.asks[self.ports[0]]("CLUSTER", "KEYSLOT", key)
        assert isinstance(slot, int)
        return slot

    async def begin_move(self, slot: int, source: int, target: int) -> None:
        """Let keys of a slot go to another server: the source answers ASK for those that are gone."""
        ids = {port: str(await ask("CLUSTER", "MYID"), "ascii") for port, ask in self.asks.items()}
        await self.asks[target]("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[source])
        await self.asks[source]("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[target])

    async def move_keys(self, slot: int, source: int, target: int) -> None:
        """Move the keys of a slot that is being moved."""
        for key in await self.asks[source]("CLUSTER", "GETKEYSINSLOT", slot, 1000):
            await self.asks[source]("MIGRATE", "127.0.0.1", target, key, 0, 5000)

    async def end_move(self, slot: int, target: int) -> None:
        """Say whose the slot is now."""
        new = str(await self.asks[target]("CLUSTER", "MYID"), "ascii")
        for ask in (self.asks[target], *self.asks.values()):
            await ask("CLUSTER", "SETSLOT", slot, "NODE", new)


@asynccontextmanager
async def redis_cluster(servers: int) -> AsyncIterator[Cluster]:
    """Servers without replicas, each with a part of the slots; the first has all of them where there are two."""
    async with AsyncExitStack() as opened:
        asks = {}
        for _ in range(servers):
            port = opened.enter_context(listening("--cluster-enabled", "yes"))[1]
            asks[port] = await opened.enter_async_context(asking(port))
        first, *others = asks
        bounds = [number * SLOTS // servers for number in range(servers + 1)] if servers > 2 else [0, SLOTS]
        for ask, start, end in zip(asks.values(), bounds, bounds[1:], strict=False):
            await ask("CLUSTER", "ADDSLOTSRANGE", start, end - 1)
        for port in others:
            await asks[first]("CLUSTER", "MEET", "127.0.0.1", port)

        async def is_ready() -> bool:
            infos = [await ask("CLUSTER", "INFO") for ask in asks.values()]
            wanted = (b"cluster_state:ok", b"cluster_known_nodes:%d" % servers)
            return all(part in info for info in infos for part in wanted)

        await until(is_ready)
        yield Cluster(asks)


@dataclass(frozen=True)
class Replicated:
    """A primary, its replica, and the ports of the sentinels that watch them under the name `main`."""

    primary: Redis
    primary_port: int
    replica_port: int
    sentinel_ports: tuple[int, ...]

    @property
    def url(self) -> str:
        sentinels = ",".join(f"127.0.0.1:{port}" for port in self.sentinel_ports)
        return f"redis+sentinel://:{PASSWORD}@{sentinels}/main"

    async def is_failed_over(self) -> bool:
        """Whether sentinels name the replica as the primary by now."""
        async with asking(self.sentinel_ports[0]) as sentinel:
            named = await sentinel("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main")
            return bool(named[1] == b"%d" % self.replica_port)


async def _is_in_step(port: int) -> bool:
    async with asking(port, PASSWORD) as primary:
        return b"state=online" in await primary("INFO", "replication")


async def _knows_all(port: int, sentinels: int) -> bool:
    """Whether a sentinel has found the replica and the other sentinels: without them it promotes nobody."""
    async with asking(port) as sentinel:
        facts = await sentinel("SENTINEL", "MASTER", "main")
        return (facts[b"num-slaves"], facts[b"num-other-sentinels"]) == (b"1", b"%d" % (sentinels - 1))


@asynccontextmanager
async def replicated(sentinels: int) -> AsyncIterator[Replicated]:
    """The servers, in step, with a password that primary and replica need of each other."""
    auth = ("--requirepass", PASSWORD, "--masterauth", PASSWORD)
    with listening(*auth) as (primary, port), listening(*auth, "--replicaof", "127.0.0.1", str(port)) as (_, other):
        started: list[Redis] = []
        ports = tuple(free_port() for _ in range(sentinels))
        try:
            for one in ports:
                configuration = primary.folder / f"sentinel-{one}.conf"
                configuration.write_text(
                    f"sentinel monitor main 127.0.0.1 {port} {sentinels // 2 + 1}\n"
                    f"sentinel auth-pass main {PASSWORD}\n"
                    "sentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n"
                )
                started.append(Redis("--port", str(one), "--sentinel", config=configuration))
            await until(partial(_is_in_step, port))
            for one in ports:
                await until(partial(_knows_all, one, sentinels))
            yield Replicated(primary, port, other, ports)
        finally:
            for server in started:
                server.stop()
