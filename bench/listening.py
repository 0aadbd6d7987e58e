"""A worker of the gateway under measurement, and the clients that listen to it."""

import asyncio
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench import processes
from bench.unlimited import UNLIMITED
from gateway import sandbox
from gateway.app import create_app
from gateway.server.listener import listen
from gateway.server.serve import Site, run
from gateway.settings import read_settings

SECRET = "bench-webhooks"  # noqa: S105 - of this run only
CHAINS = "{ viewer { offerChains { nextStep { id } } } }"
CLAIM = "mutation($step: ID!) { claimOfferChainStep(input: { stepId: $step }) { userErrors { code } } }"
BUY = "mutation($step: ID!) { orderOfferChainStep(input: { stepId: $step }) { order { id } } }"


@dataclass
class Worker:
    """The gateway under measurement, and a client of it."""

    url: str
    pid: int
    http: aiohttp.ClientSession
    orders: int = 1_000_000

    @property
    def resident_mb(self) -> float:
        return processes.resident_mb(self.pid)

    @property
    def files(self) -> int:
        """How many files and connections it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    async def figure(self, name: str) -> float:
        """What `/metrics` says."""
        async with self.http.get(f"{self.url}/metrics") as response:
            lines = (await response.text()).splitlines()
        return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))

    async def until(self, name: str, value: float) -> None:
        """Wait until `/metrics` says so."""
        async with asyncio.timeout(120):
            while await self.figure(name) != value:
                continue

    async def ask(self, query: str, token: str, **variables: object) -> dict[str, Any]:
        """Run an operation that has to succeed."""
        body = {"query": query, "variables": variables}
        async with self.http.post(f"{self.url}/graphql", json=body, headers=bearer(token)) as response:
            answer = await response.json()
        if "errors" in answer:
            raise SystemExit(f"{query}: {answer['errors']}")
        data: dict[str, Any] = answer["data"]
        return data

    async def placed_order(self, token: str) -> dict[str, object]:
        """Order the first step that costs something; answers the variables that name the order."""
        for mutation in (CLAIM, BUY):
            viewer = (await self.ask(CHAINS, token))["viewer"]
            step = viewer["offerChains"][0]["nextStep"]["id"]
            answer = await self.ask(mutation, token, step=step)
        return {"id": answer["orderOfferChainStep"]["order"]["id"]}

    async def change(self, player: str) -> None:
        """Tell the gateway that a player paid an order."""
        self.orders += 1
        webhook = {
            "notification_type": "order_paid",
            "items": [],
            "order": {"id": self.orders, "status": "paid"},
            "user": {"external_id": player},
        }
        body = json.dumps(webhook).encode()
        signature = hashlib.sha1(body + SECRET.encode(), usedforsecurity=False).hexdigest()
        headers = {"authorization": f"Signature {signature}", "content-type": "application/json"}
        async with self.http.post(f"{self.url}/webhooks/xsolla", data=body, headers=headers) as response:
            if response.status != 204:
                raise SystemExit(f"webhook answered {response.status}: {await response.text()}")

    async def talk(self, token: str, *subscriptions: tuple[str, object]) -> ClientConnection:
        """A socket that is signed in and has subscribed."""
        connection = await connect(
            f"{self.url.replace('http', 'ws', 1)}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            compression=None,
            ping_interval=None,
            proxy=None,
        )
        signing_in = {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}
        await connection.send(json.dumps(signing_in))
        await connection.recv()
        for number, (query, variables) in enumerate(subscriptions):
            payload = {"query": query, "variables": variables}
            await connection.send(json.dumps({"type": "subscribe", "id": str(number), "payload": payload}))
        return connection

    async def plug(self, query: str, token: str, variables: object = None) -> socket.socket:
        """An event stream of which nothing is read."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        plug = socket.socket()
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plug.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plug, (host, int(port)))
        body = json.dumps({"query": query, "variables": variables})
        lines = ["POST /graphql HTTP/1.1", "host: bench", "accept: text/event-stream", "content-type: application/json"]
        lines += [f"authorization: Bearer {token}", f"content-length: {len(body)}", "", body]
        await asyncio.get_running_loop().sock_sendall(plug, "\r\n".join(lines).encode())
        return plug


def bearer(token: str) -> dict[str, str]:
    """The header that a player sends."""
    return {"authorization": f"Bearer {token}"}


def token(player: str) -> str:
    """A player's token."""
    return sandbox.mint_token(player, name=player, now=time.time())


@asynccontextmanager
async def working(send_buffer_bytes: int) -> AsyncIterator[Worker]:
    """Start the sandbox and a worker, each on its core."""
    upstream, port = _free_port(), _free_port()
    environment = {
        "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
        "GATEWAY_UPSTREAM_URL": f"http://127.0.0.1:{upstream}/api",
        "GATEWAY_TOKEN_SECRET": sandbox.DEMO_LOGIN_SECRET,
        "GATEWAY_WEBHOOK_SECRET": SECRET,
        "GATEWAY_WEBHOOK_SECONDS": "60",
        "GATEWAY_PORT": str(port),
        **UNLIMITED,
    }
    serve = (
        ["-m", "bench.subscriptions", "--worker", str(send_buffer_bytes)]
        if send_buffer_bytes
        else ["-m", "gateway", "serve"]
    )
    async with AsyncExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        alone = ["-m", "gateway", "sandbox", "--port", str(upstream)]
        opened.callback(processes.end, _start(alone, processes.LOAD_CORE, folder / "sandbox", {}))
        process = _start(serve, processes.SERVER_CORE, folder / "gateway", environment)
        opened.callback(processes.end, process)
        connector = aiohttp.TCPConnector(limit=0)
        http = await opened.enter_async_context(aiohttp.ClientSession(connector=connector))
        worker = Worker(f"http://127.0.0.1:{port}", process.pid, http)
        await _answers(http, f"http://127.0.0.1:{upstream}/_sandbox/health")
        await _answers(http, f"{worker.url}/readyz")
        yield worker


def _start(arguments: Sequence[str], core: int, log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return processes.start([sys.executable, *arguments], core=core, log=log, environment=environment)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def _answers(http: aiohttp.ClientSession, url: str) -> None:
    """Wait until a server answers."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with http.get(url):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


def work(send_buffer_bytes: int) -> int:
    """Be a worker whose system buffers take little, so that a reader is slow soon and not after megabytes."""
    settings = read_settings(os.environ)
    with listen(settings.host, settings.port) as listener:
        listener.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
        app = create_app(settings)
        return run([Site(app, listener, app.drain)], lambda: None)
