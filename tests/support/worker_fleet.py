"""`gateway serve --workers N` in processes of their own, before a sandbox, with a store of its own."""

import asyncio
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from prometheus_client.parser import text_string_to_metric_families

from gateway import sandbox
from gateway.sandbox import DEMO_PROJECT_ID
from tests.support.commands import first_line, running, start
from tests.support.purchase_mutations import CLAIM, FREE, ORDER, PAID
from tests.support.stack import NO_AUTHORITIES
from tests.support.store_servers import Redis


class WorkerFleet:
    """A running gateway of several workers."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, admin: str, http: httpx.AsyncClient) -> None:
        self.process = process
        self.url = url
        self.admin = admin
        self.http = http

    @property
    def workers(self) -> list[int]:
        """The processes of the workers."""
        return workers_of(self.process)

    async def figures(self, name: str) -> Mapping[str, float]:
        """The sum of a metric's series for each worker, from whichever worker is asked."""
        async with httpx.AsyncClient() as http:
            text = (await http.get(f"{self.admin}/metrics")).text
        samples = [one for family in text_string_to_metric_families(text) for one in family.samples if one.name == name]
        found: Counter[str] = Counter()
        for one in samples:
            found[one.labels["worker"]] += one.value  # type: ignore[assignment]  # counters add up floats as well
        return found


def workers_of(process: asyncio.subprocess.Process) -> list[int]:
    """The processes of a gateway's workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(one) for one in children if "spawn_main" in _read(one, "cmdline")]


class Store(Redis):
    """A store that ends with its context."""

    close = Redis.stop


@asynccontextmanager
async def worker_fleet(count: int = 2, **settings: str) -> AsyncIterator[WorkerFleet]:
    """Start it. Processes that are left at the end are killed."""
    with closing(Store()) as store:
        async with running("sandbox", "--port", "0") as upstream:
            url = (await first_line(upstream)).partition("GATEWAY_UPSTREAM_URL=")[2].rstrip(")")
            process = await start(
                *("serve", "--workers", str(count)),
                GATEWAY_PROJECT_ID=str(DEMO_PROJECT_ID),
                GATEWAY_UPSTREAM_URL=url,
                GATEWAY_STORE_URL=store.url,
                GATEWAY_STORE_SECONDS="60",
                GATEWAY_PORT="0",
                GATEWAY_ADMIN_PORT="0",
                **settings,
            )
            try:
                graphql = (await first_line(process)).removeprefix("Listening on ")
                admin = (await first_line(process)).removeprefix("Probes and metrics on ")
                async with httpx.AsyncClient(timeout=60) as http:
                    yield WorkerFleet(process, graphql, admin, http)
            finally:
                if process.returncode is None:
                    process.kill()
                await process.communicate()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what processes of their own do."""
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110 - other processes have no event
            await asyncio.sleep(0.05)


_REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
    b'Content-Length: 26\r\n\r\n{"query":"{ serverTime }"}'
)


class NewConnections:
    """Opens a connection for each request, again and again, and counts how each ended."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname, parts.port)
        self.ended: Counter[str] = Counter()
        self.is_over = False

    async def go_on(self) -> None:
        while not self.is_over:
            self.ended[await self._ask()] += 1

    async def _ask(self) -> str:
        try:
            # Nothing is waited for between connecting and sending: on a busy machine that can be longer than the second
            # for which a process that ends keeps a connection on which nothing comes.
            with socket.create_connection(self._address) as connection:
                connection.sendall(_REQUEST)
                reader, writer = await asyncio.open_connection(sock=connection)
                answer = await reader.read()
                writer.close()
                with suppress(ConnectionError):
                    await writer.wait_closed()
        except OSError as error:
            return type(error).__name__
        return "answered" if answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"}}") else repr(answer)


class Buyers:
    """Players who buy, each by two new connections with one key, and what they were told."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.orders: list[int] = []
        self.is_over = False

    async def go_on(self, name: str) -> None:
        number = 0
        while not self.is_over:
            number += 1
            token = sandbox.mint_token(f"{name}-{number}", now=time.time())
            await self._ask(token, CLAIM, {"step": FREE, "key": "claim"})
            told = await asyncio.gather(*(self._ask(token, ORDER, {"step": PAID, "key": "order"}) for _ in range(2)))
            assert told[0] == told[1]
            self.orders.append(told[0]["order"]["upstreamId"])

    async def _ask(self, token: str, query: str, variables: Mapping[str, object]) -> Any:
        headers = {"authorization": f"Bearer {token}", "connection": "close"}
        async with httpx.AsyncClient(timeout=60, verify=NO_AUTHORITIES, trust_env=False) as http:
            body = {"query": query, "variables": variables}
            answer = (await http.post(self._url, json=body, headers=headers)).json()
        assert answer["data"]["answer"]["userErrors"] == [], answer
        return answer["data"]["answer"]


async def kill(pid: int) -> None:
    """Kill a process and wait until it is dead, so that it accepts nothing more."""
    os.kill(pid, signal.SIGKILL)

    async def is_dead() -> bool:
        return not is_alive(pid)

    await until(is_dead)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked for its exit code does not."""
    return "\nState:\t" in (status := _read(pid, "status")) and "\nState:\tZ" not in status


def _read(pid: int | str, file: str) -> str:
    """What the system tells of a process; nothing of one that is gone."""
    try:
        return Path(f"/proc/{pid}/{file}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
