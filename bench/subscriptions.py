"""Shows what live connections cost one worker: memory, latency, slow readers, and readers that vanish.

    scripts/bench subscriptions [idle] [latency] [slow] [gone]

The worker is `gateway serve` with the product's default settings and players verified by their token; the upstream is
the sandbox; both, and this client, are processes of their own. Events come as signed webhooks, as the vendor sends
them. The exit code is 1 where a target is missed.
"""

import argparse
import asyncio
import gc
import os
import random
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvloop
from websockets.asyncio.client import ClientConnection

from bench import processes
from bench.listening import Worker, token, work, working

CHANGES = "subscription { chainsChanged { reasons } }"
SCREEN = """subscription {
  chainsChanged {
    reasons
    viewer { imageUrls offerChains { id name steps { id number items { name description } } } }
  }
}"""
WATCH = "subscription($id: ID!) { orderUpdated(id: $id) { status } }"
SMALL_BUFFER_BYTES = 16_384
SETTLE_SECONDS = 2.0
RATE, ROUND_SECONDS, LATENCY_ROUNDS = 200, 8, 5


@dataclass(frozen=True)
class Check:
    """A figure and whether it is what it should be."""

    text: str
    is_met: bool


async def idle(worker: Worker, count: int) -> Sequence[Check]:
    """Many players listen, each over their own socket, and nothing happens."""
    before = worker.resident_mb
    async with listeners(worker, count):
        await asyncio.sleep(SETTLE_SECONDS)
        after = worker.resident_mb
    each = (after - before) * 1024 / count
    return [
        Check(f"{count:,} idle subscriptions: {after:.0f} MB ({before:.0f} before, {each:.0f} KB each)", after <= 150)
    ]


async def latency(worker: Worker, count: int) -> Sequence[Check]:
    """From before a webhook is sent until its event is with the client, while many others listen.

    Of some rounds, the one counts that other work on the machine disturbed least.
    """
    async with listeners(worker, count) as connections:
        rounds = [await _heard(worker, connections) for _ in range(LATENCY_ROUNDS)]
    p50, p99, most = min(rounds, key=lambda one: one[1])
    shown = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {most:.1f} ms"
    return [Check(f"event to client at {RATE} events/s, {count:,} listening: {shown}", p99 <= 50)]


async def _heard(worker: Worker, connections: Mapping[str, ClientConnection]) -> tuple[float, float, float]:
    """Send events for some seconds; answers median, 99th percentile and maximum of their milliseconds."""
    sent: dict[str, float] = {}
    took: list[float] = []
    arrived = asyncio.Event()

    async def hear(player: str, connection: ClientConnection) -> None:
        async for _ in connection:
            took.append((time.perf_counter() - sent.pop(player)) * 1000)
            arrived.set()

    # What this process collects would be taken for what the gateway waits.
    gc.disable()
    async with asyncio.TaskGroup() as group:
        hearing = [group.create_task(hear(*one)) for one in connections.items()]
        players, begin = list(connections), time.perf_counter()
        for number in range(RATE * ROUND_SECONDS):
            await asyncio.sleep(max(0, begin + number / RATE - time.perf_counter()))
            player = random.choice([one for one in random.sample(players, 8) if one not in sent])  # noqa: S311
            sent[player] = time.perf_counter()
            group.create_task(worker.change(player))
        while len(took) < RATE * ROUND_SECONDS:
            arrived.clear()
            await asyncio.wait_for(arrived.wait(), 60)
        for task in hearing:
            task.cancel()
    gc.enable()
    took.sort()
    return took[len(took) // 2], took[len(took) * 99 // 100], took[-1]


async def slow(worker: Worker, count: int, changes: int = 2_000) -> Sequence[Check]:
    """Many clients listen with a whole screen and read nothing, while the player's chains change and change."""
    player, events = "slow", "gateway_subscription_events_total"
    plugs = [await worker.plug(SCREEN, token(player)) for _ in range(count)]
    await worker.until("gateway_subscriptions", count)
    answered = -1.0
    while answered != (answered := await worker.figure(events)):
        for _ in range(5):
            await worker.change(player)
        await asyncio.sleep(SETTLE_SECONDS)
    before = worker.resident_mb
    for _ in range(changes):
        await worker.change(player)
    after, more = worker.resident_mb, await worker.figure(events) - answered
    for plug in plugs:
        plug.close()
    await worker.until("gateway_subscriptions", 0)
    grown = f"{before:.0f} MB before, {after:.0f} MB after, {more:.0f} events answered"
    return [Check(f"{count} readers that read nothing, {changes:,} changes: {grown}", after - before <= 5)]


async def gone(worker: Worker, count: int, rounds: int = 3) -> Sequence[Check]:
    """Clients over sockets and streams, each listening to the chains and to one order, cut their connections."""
    mine = token("gone")
    order = await worker.placed_order(mine)
    checks = []
    for number in range(rounds):
        files = worker.files
        sockets = [await worker.talk(mine, (CHANGES, None), (WATCH, order)) for _ in range(count * 2 // 3)]
        plugs = [await worker.plug(WATCH, mine, order) for _ in range(count - len(sockets))]
        await worker.until("gateway_subscriptions", 2 * len(sockets) + len(plugs))
        for one in sockets:
            one.transport.abort()
        for plug in plugs:
            plug.close()
        await worker.until("gateway_subscriptions", 0)
        await worker.until("gateway_connections", 0)
        await asyncio.sleep(SETTLE_SECONDS)
        polled = await worker.figure("gateway_watched_orders")
        left = f"{worker.files - files:+d} files, {polled:.0f} orders polled, {worker.resident_mb:.0f} MB"
        checks.append(Check(f"{count} disconnects, round {number + 1}: {left}", worker.files <= files and not polled))
    return checks


@asynccontextmanager
async def listeners(worker: Worker, count: int) -> AsyncIterator[dict[str, ClientConnection]]:
    """So many players, each listening."""
    connections = {}
    for number in range(count):
        player = f"player-{number}"
        connections[player] = await worker.talk(token(player), (CHANGES, None))
    await worker.until("gateway_subscriptions", count)
    yield connections
    for connection in connections.values():
        await connection.close()
    await worker.until("gateway_connections", 0)


PARTS: dict[str, tuple[Callable[[Worker, int], Awaitable[Sequence[Check]]], int]] = {
    "idle": (idle, 2_000),
    "latency": (latency, 2_000),
    "slow": (slow, 500),
    "gone": (gone, 900),
}


async def measure(parts: Sequence[str]) -> bool:
    """Measure, print the figures, and answer whether all targets are met."""
    is_met = True
    for name in parts:
        part, count = PARTS[name]
        async with working(SMALL_BUFFER_BYTES if name == "slow" else 0) as worker:
            for check in await part(worker, count):
                print("ok    " if check.is_met else "MISSED", check.text, flush=True)  # noqa: T201 - the answer
                is_met = is_met and check.is_met
    return is_met


def main() -> int:
    """Measure what is named, or everything."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench subscriptions", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return work(options.worker)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    if processes.has_cores():
        os.sched_setaffinity(0, {processes.LOAD_CORE})
    return 0 if uvloop.run(measure(options.parts or list(PARTS))) else 1


if __name__ == "__main__":
    sys.exit(main())
