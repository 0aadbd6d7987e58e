"""What overload costs whom: a slow upstream, one greedy player, random tokens, a slow disk, work that takes long.

    scripts/bench overload            or some of: slow greedy tokens disk lag

The gateway is `gateway serve` with its default settings, but for what each scenario says. Upstream, clients and gateway
run on one machine: give them at least two quiet cores, or the times are those of the machine.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import uvloop
from graphql import get_introspection_query

from bench import processes, stub
from bench.overload_clients import Asking, Clients, apart
from gateway.records.database import Database
from gateway.schema import ids
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.ports import RecordKey, new_attempt

OFFERS = "{ viewer { offerChains { id } } }"
REWARDS = "{ viewer { rewardChains { id } } }"
BODIES = stub.answers()
ONE_CHAIN = json.dumps(stub.offer_chains()["items"][0]).encode()


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the figures


@dataclass
class Upstream:
    """Answers each path after its delay, and counts."""

    delays: dict[str, float] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=lambda: dict(BODIES))
    calls: Counter[str] = field(default_factory=Counter)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                name = head.split(b" ", 2)[1].partition(b"/user/")[2].split(b"?")[0].decode()
                kind = name.split("/")[0]
                self.calls[kind] += 1
                await asyncio.sleep(self.delays.get(kind, self.delays.get("", 0.0)))
                body = self.bodies.get(name, ONE_CHAIN)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def gateway(upstream: Upstream, **settings: str) -> AsyncIterator[tuple[str, int]]:
    """A gateway before the upstream: its URL and process id."""
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    environment = {
        **os.environ,
        "GATEWAY_PROJECT_ID": str(stub.PROJECT_ID),
        "GATEWAY_UPSTREAM_URL": f"http://127.0.0.1:{port}/api",
        "GATEWAY_PORT": "0",
        "GATEWAY_LOG_LEVEL": "error",
        **{f"GATEWAY_{name.upper()}": value for name, value in settings.items()},
    }
    # This process has a core of its own only where there are two.
    is_alone = os.sched_getaffinity(0) == {processes.LOAD_CORE}
    pinned = ("taskset", "-c", str(processes.SERVER_CORE)) if is_alone else ()
    process = await asyncio.create_subprocess_exec(
        *pinned, sys.executable, "-m", "gateway", "serve", env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    url = (await process.stdout.readline()).decode().split()[-1]
    try:
        yield url, process.pid
    finally:
        process.terminate()
        await process.wait()
        server.close()


@asynccontextmanager
async def clients(url: str) -> AsyncIterator[Clients]:
    some = Clients(url)
    try:
        yield some
    finally:
        some.close()


class Cpu:
    """What the gateway and this process, clients and upstream together, take of a core each."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began = self._now()

    def _now(self) -> tuple[float, float, float]:
        return processes.cpu_seconds(self._pid), time.process_time(), time.perf_counter()

    def share(self) -> str:
        """Both shares since it was made."""
        server, own, seconds = (now - began for now, began in zip(self._now(), self._began, strict=True))
        return f"CPU of the gateway {server / seconds:.0%}, of clients and upstream {own / seconds:.0%}"


UNLIMITED_TOKENS = {"new_token_calls_per_second": "off", "address_calls_per_second": "off"}


async def slow() -> None:
    """500 clients on a call that takes a second; others on a fast call, and on cached responses."""
    upstream = Upstream({"offer_chain": 1.0, "": 0.02})
    async with gateway(upstream, **UNLIMITED_TOKENS) as (url, pid), clients(url) as some, apart(url) as others:
        cached = some.token()
        for name, count, pause, again in (
            ("without the 500", 0, 1.0, some.obey),
            ("500 clients on a slow call, who obey Retry-After", 500, 1.0, some.obey),
            ("500 who come again after 0.2 s", 500, 0.2, some.repeat),
        ):
            await some.connect(510)
            await some.ask(REWARDS, "cached", cached)
            some.took.clear()
            before, cpu = processes.resident_mb(pid), Cpu(pid)

            async def come(number: int, pause: float = pause, again: Any = again) -> None:
                await asyncio.sleep(number / 500)
                await again(10, pause, lambda: some.ask(OFFERS, "slow call"))

            work = [come(number) for number in range(count)]
            watched = [Asking("healthy call", REWARDS, 5, 0.05), Asking("cached", REWARDS, 5, 0.05, cached)]
            if count:
                watched.append(Asking("slow call, apart", OFFERS, 5, 0.1))
            await asyncio.gather(*work, others.ask(some, 10, *watched))
            memory = f"{before:.0f} MB before, {processes.resident_mb(pid):.0f} MB after"
            say(f"slow, {name}: {memory}; {cpu.share()}")
            some.report(say)


def _fifteen(first: int) -> str:
    chains = (ids.encode(ids.IdKind.OFFER_CHAIN, first + number) for number in range(15))
    return (
        "{ viewer { " + " ".join(f'c{n}: offerChain(id: "{chain}") {{ id }}' for n, chain in enumerate(chains)) + "}}"
    )


async def greedy() -> None:
    """One player with 200 parallel uncached queries of 15 chains, again and again; ten others ask for their own."""
    for limits in ({}, {"player_calls_per_second": "off"}):
        upstream = Upstream({"": 0.02})
        async with (
            gateway(upstream, cache_chains_seconds="0", **UNLIMITED_TOKENS, **limits) as (url, pid),
            clients(url) as some,
            apart(url) as others,
        ):
            for name, count in (("without", 0), ("with", 200)):
                await some.connect(210)
                token, cpu = some.token(), Cpu(pid)
                work = [
                    some.repeat(8, 1.0, partial(some.ask, _fifteen(1 + 15 * number), "greedy", token))
                    for number in range(count)
                ]
                await asyncio.gather(*work, others.ask(some, 8, Asking("others", OFFERS, 10, 0.1)))
                say(f"greedy, {name} the player{', without a limit on their calls' if limits else ''}; {cpu.share()}")
                some.report(say)


async def tokens() -> None:
    """50 clients with random tokens, as fast as they can, and five real players."""
    upstream = Upstream({"": 0.01})
    async with gateway(upstream, cache_chains_seconds="0") as (url, _), clients(url) as some:
        known = [some.token() for _ in range(5)]
        for token in known:
            await some.ask(OFFERS, "known", token)
        some.took.clear()
        upstream.calls.clear()
        seconds = 10.0
        work = [some.repeat(seconds, 0.05, lambda: some.ask(REWARDS, "random")) for _ in range(50)]
        work += [some.repeat(seconds, 0.5, partial(some.ask, OFFERS, "known", token)) for token in known]
        await asyncio.gather(*work)
        say(f"tokens: {upstream.calls['reward_chain'] / seconds:.1f} upstream calls a second for random tokens")
        some.report(say)


class _SlowConnection(sqlite3.Connection):
    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        if statement == "COMMIT":
            time.sleep(0.005)
        return super().execute(statement, parameters)


async def disk() -> None:
    """Keyed writes on a disk that takes 5 ms for each commit: two records each, 100 at a time."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("sqlite3.connect", partial(sqlite3.connect, factory=_SlowConnection)),
    ):
        database = Database(str(Path(folder) / "records.sqlite3"))
        records, done, until = SqliteRecords(database), 0, time.perf_counter() + 5

        async def player(number: int) -> None:
            nonlocal done
            while time.perf_counter() < until:
                key, attempt = RecordKey("player", str(number), str(done)), new_attempt()
                await records.begin(key, b"a" * 32, attempt)
                await records.finish(key, attempt, b"answer" * 50)
                done += 1

        await asyncio.gather(*(player(number) for number in range(100)))
        await database.aclose()
    say(f"disk: {done / 5:.0f} keyed writes a second")


async def lag() -> None:
    """How long a probe waits, 500 a second: with nothing else, during answers of 2 MB, and during introspection."""
    step = b'{"step_number":"?","items":[{"sku":1,"quantity":"many"}]}'
    chain = b'{"id":"1","name":7,"steps":[' + b",".join([step] * 1_000) + b"]}"
    junk = b'{"has_more":false,"items":[' + b",".join([chain] * (1_950_000 // len(chain))) + b"]}"
    introspection = get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True)
    upstream = Upstream()
    settings = {"introspection": "on", "cache_chains_seconds": "0", **UNLIMITED_TOKENS}
    async with gateway(upstream, **settings) as (url, _), clients(url) as some:
        for name, body, query in (
            ("nothing else", BODIES["offer_chain"], OFFERS),
            ("2 MB of junk", junk, OFFERS),
            ("introspection", BODIES["offer_chain"], introspection),
        ):
            upstream.bodies["offer_chain"] = body
            await asyncio.gather(
                some.repeat(5, 0.002, partial(some.live, f"probes, {name}")),
                some.repeat(5, 0.5, partial(some.ask, query, name)),
            )
    say("lag: the longest that a probe waited is the longest that the event loop was held")
    some.report(say)


SCENARIOS = {"slow": slow, "greedy": greedy, "tokens": tokens, "disk": disk, "lag": lag}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="scripts/bench overload", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"{', '.join(SCENARIOS)} (all)")
    chosen = parser.parse_args().scenarios or [*SCENARIOS]
    if unknown := [name for name in chosen if name not in SCENARIOS]:
        parser.error(f"there is no scenario {unknown[0]!r}; choose from {', '.join(SCENARIOS)}")
    if processes.has_cores():
        os.sched_setaffinity(0, {processes.LOAD_CORE})
    for name in chosen:
        uvloop.run(SCENARIOS[name]())
