"""Shows what a second worker gives, and how evenly connections spread over workers.

    scripts/bench workers [--seconds 5] [--rounds 3]

The gateway is `gateway serve` with a store of its own (valkey-server or redis-server), before the sandbox; answers come
from its response cache. The load has a core of its own where all workers share the other one, which shows what a
request costs; in the last row the second worker shares the load's core, since a machine of two has no third. The model
of eight workers has a core for each of them, and the load elsewhere. The exit code is 1 where connections are spread
unevenly.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench import processes
from bench.load import Load
from gateway import sandbox
from gateway.commands.demo_store import local_store
from gateway.server.listener import listen, url

PLAYERS = 50
WARM_SECONDS = 6
CONNECTIONS = 128
EVEN_WITHIN = 0.35
MODEL = 8
HOME = Path(__file__).parent / "operations" / "home.graphql"


@dataclass(frozen=True, slots=True)
class Setup:
    """So many workers, on these cores in turn."""

    workers: int
    cores: tuple[int, ...]
    text: str


ONE = Setup(1, (processes.SERVER_CORE,), "1 worker")
SIDE_BY_SIDE = Setup(2, (processes.SERVER_CORE,), "2 workers on one core")
SPREAD = Setup(2, (processes.SERVER_CORE, processes.LOAD_CORE), "2 workers on two cores, one with the load")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of load showed."""

    per_second: float
    cpu_ms: float
    p99_ms: float


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench workers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each round sends (5)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds for each number of workers; the best counts (3)")
    options = parser.parse_args()
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        body, tokens = files(folder)
        best = {}
        for setup in (ONE, SIDE_BY_SIDE, SPREAD):
            with _serving(setup, folder) as (address, pid):
                load = Load(f"{address}/graphql", body, tokens, CONNECTIONS)
                load.send(WARM_SECONDS)
                rounds = [_round(load, pid, options.seconds) for _ in range(options.rounds)]
                best[setup] = max(rounds, key=lambda one: one.per_second)
                connections = [asyncio.run(_spread(address, pid)) for _ in range(options.rounds)]
    text, code = _report(best, connections)
    sys.stdout.write(text)
    return code


def _report(best: dict[Setup, Round], connections: list[list[int]]) -> tuple[str, int]:
    lines = [
        f"{setup.text}: {one.per_second:,.0f} req/s, {one.cpu_ms:.3f} CPU ms each, p99 {one.p99_ms:.1f} ms"
        for setup, one in best.items()
    ]
    ratio = best[SPREAD].per_second / best[ONE].per_second
    cost = best[SIDE_BY_SIDE].cpu_ms / best[ONE].cpu_ms
    lines.append(f"1 -> 2 workers: {ratio:.2f}x requests on two cores with the load, {cost:.2f}x CPU for each")
    lines.append(f"model of {MODEL} workers on {MODEL} cores: {MODEL * 1000 / best[SIDE_BY_SIDE].cpu_ms:,.0f} req/s")
    even = CONNECTIONS / SPREAD.workers
    worst = max(abs(share - even) for shares in connections for share in shares) / even
    lines.append(f"{CONNECTIONS} connections: {connections}, {worst:.0%} from even at most (target {EVEN_WITHIN:.0%})")
    return "\n".join([*lines, ""]), int(worst > EVEN_WITHIN)


def files(folder: Path) -> tuple[Path, Path]:
    """The request's body, and the players' tokens."""
    body, tokens = folder / "body", folder / "tokens"
    body.write_text(json.dumps({"query": HOME.read_text()}))
    now = time.time()
    tokens.write_text("\n".join(sandbox.mint_token(f"player-{number}", now=now) for number in range(PLAYERS)))
    return body, tokens


@contextmanager
def _serving(setup: Setup, folder: Path) -> Iterator[tuple[str, int]]:
    """Start everything; gives the gateway's URL and its process."""
    with ExitStack() as closing:
        store = closing.enter_context(local_store())
        upstream, port = free_url(), free_url()
        alone = [sys.executable, "-m", "gateway", "sandbox", "--port", upstream.rpartition(":")[2]]
        closing.callback(processes.end, processes.start(alone, core=processes.LOAD_CORE, log=folder / "sandbox.log"))
        gateway = processes.start(
            [sys.executable, "-m", "gateway", "serve", "--workers", str(setup.workers)],
            core=processes.SERVER_CORE,
            log=folder / "gateway.log",
            environment={
                "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
                "GATEWAY_UPSTREAM_URL": f"{upstream}/api",
                "GATEWAY_PORT": port.rpartition(":")[2],
                "GATEWAY_STORE_URL": store,
                "GATEWAY_CACHE_CHAINS_SECONDS": "3600",
                "GATEWAY_CACHE_BALANCE_SECONDS": "3600",
            },
        )
        closing.callback(processes.end, gateway)
        asyncio.run(answers(port))
        for number, one in enumerate(_workers(gateway.pid)):
            for thread in os.listdir(f"/proc/{one}/task"):
                os.sched_setaffinity(int(thread), {setup.cores[number % len(setup.cores)]})
        yield port, gateway.pid


def _workers(pid: int) -> list[int]:
    """The processes that serve: the gateway, or those that it started."""
    return [one for one in processes.tree(pid) if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()] or [pid]


def free_url() -> str:
    with listen("127.0.0.1", 0) as listener:
        return url(listener)


async def answers(address: str) -> None:
    """Wait until the gateway is ready, and its log says that all workers are."""
    async with asyncio.timeout(60), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"{address}/readyz") as response:
                    if response.status == 200:
                        break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
        await asyncio.sleep(3)


def _round(load: Load, pid: int, seconds: float) -> Round:
    before = processes.cpu_seconds(pid)
    sent = load.send(seconds)
    used = processes.cpu_seconds(pid) - before
    if sent.failed or sent.broken or not sent.answered:
        raise SystemExit(f"{sent.failed + sent.broken} of {sent.sent} requests failed")
    return Round(sent.answered / seconds, used * 1000 / sent.answered, sent.p99_us / 1000)


async def _spread(address: str, pid: int) -> list[int]:
    """How many of so many connections each worker has."""
    before = [len(os.listdir(f"/proc/{one}/fd")) for one in _workers(pid)]
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        responses = await asyncio.gather(*[http.get(f"{address}/livez") for _ in range(CONNECTIONS)])
        after = [len(os.listdir(f"/proc/{one}/fd")) for one in _workers(pid)]
        for response in responses:
            response.close()
    await asyncio.sleep(1)
    return [now - then for now, then in zip(after, before, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
