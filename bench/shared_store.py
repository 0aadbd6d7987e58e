"""Shows what a shared store costs: a cached response, an order with a key, and a process with nothing to do.

    scripts/bench shared_store [--seconds 3] [--rounds 7] [--orders 300]

Two gateways before the same sandbox, one with a store of its own (valkey-server or redis-server) and one with a records
file, are measured in turn; the CPU is the gateway's, and ratios are medians of the rounds with their quartiles. The
store itself counts its commands.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import aiohttp
import redis

from bench import processes
from bench.load import Load
from bench.workers import answers, files, free_url
from gateway import sandbox
from gateway.commands.demo_store import local_store

CONNECTIONS = 16
WARM_SECONDS = 4
IDLE_SECONDS = 10
AT_ONCE = 8
ORDER = 'mutation($key: String!) { orderItem(input: {sku: "moonstones_500", idempotencyKey: $key}) { order { id } } }'


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that is measured."""

    url: str
    pid: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench shared_store", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each round of cached responses lasts (3)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds for each gateway (7)")
    parser.add_argument("--orders", type=int, default=300, help="orders in each round (300)")
    options = parser.parse_args()
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        store_url = closing.enter_context(local_store())
        store = redis.Redis(unix_socket_path=store_url.removeprefix("unix://"))
        shared, alone = closing.enter_context(_gateways(folder, store_url))
        sys.stdout.write(_cached(folder, shared, alone, store, options))
        sys.stdout.write(_ordered(shared, alone, store, options))
        before = _commands(store)
        time.sleep(IDLE_SECONDS)
        idle = (_commands(store) - before).total() / IDLE_SECONDS
        sys.stdout.write(f"idle: {idle:.1f} commands a second (target 3)\n")


def _cached(folder: Path, shared: Gateway, alone: Gateway, store: "redis.Redis", options: argparse.Namespace) -> str:
    body, tokens = files(folder)
    loads = {one: Load(f"{one.url}/graphql", body, tokens, CONNECTIONS) for one in (shared, alone)}
    for load in loads.values():
        load.send(WARM_SECONDS)
    before, started, answered = _commands(store), time.monotonic(), 0
    ratios = []
    for _ in range(options.rounds):
        used = {}
        for one, load in loads.items():
            cpu = processes.cpu_seconds(one.pid)
            sent = load.send(options.seconds)
            used[one] = (processes.cpu_seconds(one.pid) - cpu) / sent.answered
            answered += sent.answered if one is shared else 0
        ratios.append(used[shared] / used[alone])
    commands = (_commands(store) - before).total()
    per_second = commands / (time.monotonic() - started)
    return (
        f"cached responses: {_quartiles(ratios)} of the CPU without a store (target 1.01); "
        f"{commands} commands for {answered:,} of them, {per_second:.1f} a second\n"
    )


def _ordered(shared: Gateway, alone: Gateway, store: "redis.Redis", options: argparse.Namespace) -> str:
    differences, commands = [], Counter[str]()
    for _ in range(options.rounds):
        used = {}
        for one in (shared, alone):
            before, cpu = _commands(store), processes.cpu_seconds(one.pid)
            asyncio.run(_order(one.url, options.orders))
            used[one] = (processes.cpu_seconds(one.pid) - cpu) * 1000 / options.orders
            commands += (_commands(store) - before) if one is shared else Counter()
        differences.append(used[shared] - used[alone])
    made = options.orders * options.rounds
    listed = ", ".join(f"{name} {count / made:.2f}" for name, count in sorted(commands.items()))
    more = _quartiles(differences)
    return f"keyed orders: {more} ms of CPU more than with a file (target 0.2); commands of each: {listed}\n"


async def _order(url: str, count: int) -> None:
    """Make orders of a player each, some at once."""
    now = time.time()
    tokens = [sandbox.mint_token(f"buyer-{number % 50}", now=now) for number in range(count)]
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(http: aiohttp.ClientSession, token: str) -> None:
        body = {"query": ORDER, "variables": {"key": str(uuid.uuid4())}}
        async with (
            turns,
            http.post(f"{url}/graphql", json=body, headers={"authorization": f"Bearer {token}"}) as answer,
        ):
            told = await answer.json()
            if "errors" in told or not told["data"]["orderItem"]["order"]:
                raise SystemExit(f"An order was not made: {json.dumps(told)}")

    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        for token in tokens:
            group.create_task(one(http, token))


@contextmanager
def _gateways(folder: Path, store_url: str) -> Iterator[tuple[Gateway, Gateway]]:
    """Start a sandbox, a gateway with the store, and one with a file."""
    with ExitStack() as closing:
        upstream = free_url()
        command = [sys.executable, "-m", "gateway", "sandbox", "--port", upstream.rpartition(":")[2]]
        closing.callback(processes.end, processes.start(command, core=processes.LOAD_CORE, log=folder / "sandbox.log"))
        started = []
        for name, own in (
            ("shared", {"GATEWAY_STORE_URL": store_url}),
            ("alone", {"GATEWAY_RECORDS_FILE": str(folder / "records.sqlite3")}),
        ):
            url = free_url()
            gateway = processes.start(
                [sys.executable, "-m", "gateway", "serve"],
                core=processes.SERVER_CORE,
                log=folder / f"{name}.log",
                environment=_settings(upstream, url, own),
            )
            closing.callback(processes.end, gateway)
            asyncio.run(answers(url))
            started.append(Gateway(url, gateway.pid))
        yield started[0], started[1]


def _settings(upstream: str, url: str, own: Mapping[str, str]) -> dict[str, str]:
    bounds = ("ADDRESS_CALLS", "ADDRESS_MUTATIONS", "PLAYER_CALLS", "PLAYER_MUTATIONS", "NEW_TOKEN_CALLS")
    return {
        "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
        "GATEWAY_UPSTREAM_URL": f"{upstream}/api",
        "GATEWAY_PORT": url.rpartition(":")[2],
        "GATEWAY_CACHE_CHAINS_SECONDS": "3600",
        "GATEWAY_CACHE_BALANCE_SECONDS": "3600",
        "GATEWAY_PLAYER_ORDERS": "off",
        **{f"GATEWAY_{bound}_PER_SECOND": "off" for bound in bounds},
        **own,
    }


def _commands(store: "redis.Redis") -> Counter[str]:
    """How often each command ran since the store started, without those that count them."""
    told = cast(dict[str, dict[str, int]], store.info("commandstats"))
    names = {name.removeprefix("cmdstat_"): facts["calls"] for name, facts in told.items()}
    return Counter({name: calls for name, calls in names.items() if name not in {"info", "hello", "client|setinfo"}})


def _quartiles(values: list[float]) -> str:
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.3f} [{low:.3f}-{high:.3f}]"


if __name__ == "__main__":
    main()
