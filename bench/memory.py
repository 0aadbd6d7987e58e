"""Shows the memory of a worker after very many players have sent very many different documents.

Each request is a valid document that was not sent before, by a new player; documents are made of
the shipped examples, with names, aliases and fields that vary. The worker is `gateway serve` with the product's default
settings, but for its limits of time and rate (GATEWAY_ variables of the environment are passed on, to try others). The
upstream is another process that answers at once, with chains as large as the bench's, in which players have got
differently far.
The exit code is 1 if the worker's memory reached the limit.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast
from zlib import crc32

import aiohttp
import msgspec
import uvloop

import gateway
from bench import stub
from bench.unlimited import UNLIMITED
from gateway.sandbox import mint_token

EXAMPLES = ("01-home", "02-overview", "02-overview", "03-badge", "03-badge", "08-reward-chains")
"""What players send, equally often: large and small, with much and little to cache."""

DROPPED, ALIASED = 0.15, 0.1
"""Shares of the fields that a document leaves out, and that it renames."""

PROGRESSES = 200
"""Players who have got differently far in their chains."""

TOKEN_SECONDS = 86_400
REPORTS = 20
STARTUP_SECONDS = 60.0

_OPERATION = re.compile(r"query (\w+)")
_LEAF = re.compile(r"^( +)(\w+)$")


Chain = dict[str, Any]
"""A chain as the upstream writes it."""


class ProofError(Exception):
    """The proof cannot be carried out; the text says why."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What the kernel says of a process: resident bytes now, and at most so far, in MB (10⁶ bytes)."""

    now: float
    peak: float

    @classmethod
    def of(cls, pid: int) -> "Weight":
        """Read it. Needs Linux."""
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        return cls(*(int(lines[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")))


def documents(seed: int) -> Iterator[str]:
    """Valid documents without end, none twice."""
    chance = random.Random(seed)  # noqa: S311 - varies texts, keeps no secret
    folder = Path(gateway.__file__).parent / "examples"
    texts = [(folder / f"{name}.graphql").read_text() for name in EXAMPLES]
    for number in range(sys.maxsize):
        lines = chance.choice(texts).splitlines()
        lines = [varied(before, line, number, chance) for before, line in zip(["", *lines], lines, strict=False)]
        yield _OPERATION.sub(rf"query \g<1>{number}", "\n".join(line for line in lines if line))


def varied(before: str, line: str, number: int, chance: random.Random) -> str:
    """A line as this document has it: empty where it leaves a field out, which is never the first of a selection."""
    leaf = _LEAF.fullmatch(line)
    if leaf is None:
        return line
    if chance.random() < DROPPED and not before.endswith("{"):
        return ""
    return f"{leaf[1]}{leaf[2]}{number}: {leaf[2]}" if chance.random() < ALIASED else line


def tokens() -> Iterator[str]:
    """Players' tokens without end, none twice."""
    now = time.time()
    for number in range(sys.maxsize):
        player = f"00000000-1111-2222-3333-{number:012d}"
        yield mint_token(player, name=f"Player {number}", lifetime_seconds=TOKEN_SECONDS, now=now)


def progressed(seed: int) -> dict[str, bytes]:
    """The upstream's answers by path, as one of many players gets them who have got differently far."""
    chance = random.Random(seed)  # noqa: S311 - as above
    offers, rewards, dailies = stub.offer_chains(), stub.reward_chains(), stub.daily_chains()
    for chain in (*cast("list[Chain]", offers["items"]), *cast("list[Chain]", rewards["items"])):
        claimed = chance.randrange(len(chain["steps"]))
        for place, step in enumerate(chain["steps"]):
            step["is_claimed"] = place < claimed
        if "value_point" in chain:
            chain["value_point"]["amount"] = claimed * 100 + chance.randrange(100)
        else:
            chain["next_step_number"] = claimed + 1
    for chain in cast("list[Chain]", dailies["items"]):
        claimed = chance.randrange(len(chain["steps"]))
        for place, step in enumerate(chain["steps"]):
            step["status"] = "claimed" if place < claimed else "claimable" if place == claimed else "claim_in_future"
    bodies: dict[str, object] = {"offer_chain": offers, "reward_chain": rewards, "daily_chain": dailies}
    for chain in cast("list[Chain]", rewards["items"]):
        bodies[f"reward_chain/{chain['reward_chain_id']}/balance"] = chain["value_point"]
    return {path: _http_answer(msgspec.json.encode(body)) for path, body in bodies.items()}


def _http_answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body


class _Upstream(asyncio.Protocol):
    """Answers GET requests: each token has the progress that falls to it."""

    def __init__(self, progresses: Sequence[Mapping[str, bytes]]) -> None:
        self._progresses = progresses
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is one without saying so

    def data_received(self, data: bytes) -> None:
        *heads, self._unread = (self._unread + data).split(b"\r\n\r\n")
        for head in heads:
            path = head.split(b" ", 2)[1].decode().rpartition("/user/")[2]
            token = head.partition(b"Bearer ")[2].partition(b"\r\n")[0]
            self._transport.write(self._progresses[crc32(token) % len(self._progresses)][path])


def serve_upstream(port: Connection) -> None:
    """Answer the upstream's calls on a free port, which is told, until the process is ended."""
    progresses = [progressed(seed) for seed in range(PROGRESSES)]

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Upstream(progresses), "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(serve())


@contextmanager
def upstream() -> Iterator[str]:
    """Run the upstream in a process of its own; gives its URL."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=serve_upstream, args=(there,), daemon=True)
    with here, there:
        process.start()
        try:
            if not here.poll(STARTUP_SECONDS):
                raise ProofError("the stub upstream did not start")
            yield f"http://127.0.0.1:{here.recv()}/api"
        finally:
            process.terminate()
            process.join()
            process.close()


@contextmanager
def worker(upstream_url: str) -> Iterator[tuple[int, str]]:
    """Run `gateway serve`; gives its process id and URL."""
    environment = {
        "GATEWAY_PROJECT_ID": str(stub.PROJECT_ID),
        "GATEWAY_UPSTREAM_URL": upstream_url,
        "GATEWAY_PORT": "0",
        # A busy machine may be slow; what is kept does not depend on it.
        "GATEWAY_QUERY_SECONDS": "60",
        "GATEWAY_UPSTREAM_READ_SECONDS": "60",
        "GATEWAY_UPSTREAM_CONNECT_SECONDS": "60",
        **UNLIMITED,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "gateway", "serve"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            line = process.stdout.readline().strip()
            if not line:
                raise ProofError("the gateway did not start: run `gateway serve` to see why")
            yield process.pid, line.removeprefix("Listening on ")
        finally:
            process.terminate()


async def ask_all(url: str, pid: int, requests: int, connections: int) -> None:
    """Send so many requests, so many at a time; print the worker's memory meanwhile. Raises ProofError."""
    asked = zip(range(requests), documents(seed=20261120), tokens(), strict=False)
    began_at = time.monotonic()

    async def ask_some(http: aiohttp.ClientSession) -> None:
        for number, document, token in asked:
            body = msgspec.json.encode({"query": document})
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            async with http.post(url, data=body, headers=headers) as response:
                answer = await response.read()
            if response.status != 200 or not answer.startswith(b'{"data":') or b'"errors":' in answer:
                raise ProofError(f"request {number} was answered {response.status}: {answer[:300]!r}\n{document}")
            if (number + 1) % max(1, requests // REPORTS) == 0:
                report(number + 1, Weight.of(pid), time.monotonic() - began_at)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as http:
        await asyncio.gather(*(ask_some(http) for _ in range(connections)))


def report(requests: int, weight: Weight, seconds: float) -> None:
    """Print one line of progress."""
    say(f"{requests:9,} requests   {weight.now:6.1f} MB   {weight.peak:6.1f} MB at most   {seconds:5.0f} s")


def say(text: str) -> None:
    """Print at once, so that a log can be followed."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def prove(requests: int, connections: int, limit_mb: float) -> bool:
    """Run everything and print the verdict; answers whether the worker stayed under the limit."""
    with ExitStack() as stack:
        pid, url = stack.enter_context(worker(stack.enter_context(upstream())))
        report(0, Weight.of(pid), 0)
        uvloop.run(ask_all(url, pid, requests, connections))
        weight = Weight.of(pid)
    is_under = weight.peak < limit_mb
    verdict = "under" if is_under else "NOT under"
    say(
        f"{requests:,} documents by {requests:,} players left the worker at {weight.now:.1f} MB,"
        f" and {weight.peak:.1f} MB at most: {verdict} {limit_mb:g} MB."
    )
    return is_under


def _end(*_: object) -> None:
    sys.exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; answers the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench memory", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=100_000, metavar="N", help="documents, and players (100,000)")
    parser.add_argument("--limit", type=float, default=150.0, metavar="MB", help="what it must stay under (150)")
    parser.add_argument("--connections", type=int, default=16, metavar="N", help="requests at a time (16)")
    options = parser.parse_args(arguments)
    try:
        return 0 if prove(options.requests, options.connections, options.limit) else 1
    except ProofError as error:
        sys.stderr.write(f"bench.memory: {error}\n")
        return 2


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)  # so that both servers end, too
    sys.exit(main())
