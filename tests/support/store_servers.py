"""A Redis server of a test's own, and what this project keeps in it."""

import asyncio
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from gateway.store.ports import KEYED_SECONDS
from gateway.store.settings import Address, StoreSettings, parse_url
from gateway.store.shared.background import Background
from gateway.store.shared.client import Client
from gateway.store.shared.clock import StoreClock
from gateway.store.shared.confirmations import SharedConfirmations
from gateway.store.shared.connections import Node, Reply, maker
from gateway.store.shared.epoch import Epoch
from gateway.store.shared.keys import Keys
from gateway.store.shared.metrics import StoreMetrics
from gateway.store.shared.peers import SharedPeers
from gateway.store.shared.publisher import SharedPublisher
from gateway.store.shared.reader import BusReader
from gateway.store.shared.records import SharedRecords
from gateway.store.shared.silence import Silence
from gateway.store.shared.topology import _nobody
from gateway.store.tags import Tags
from gateway.telemetry.metrics import Metrics
from tests.support.bus_listener import RecordingListener
from tests.support.clock import Clock

REDIS = shutil.which("redis-server")
SECRET = "a secret of the fleet"


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - a server of others has no event
            await asyncio.sleep(0.01)


class Redis:
    """A server on a Unix socket, ended by its process id."""

    def __init__(self, *options: str, config: Path | None = None) -> None:
        assert REDIS is not None
        self.folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self.socket = self.folder / "s"
        fixed = ("--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder), "--save", "")
        self._command = [REDIS, *([str(config)] if config else []), *fixed, *options]
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[str]":
        """Start it, and wait until it takes commands."""
        process = subprocess.Popen(  # noqa: S603 - our own command
            self._command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            if "eady to accept connections" in line or "Sentinel ID" in line:
                break
        return process

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def send(self, name: signal.Signals) -> None:
        """Send a signal: SIGSTOP freezes the server, SIGCONT lets it go on."""
        self._process.send_signal(name)

    def restart(self) -> None:
        """Kill it and start it again, with what it wrote to its folder."""
        self._kill()
        self._process = self._start()

    def stop(self) -> None:
        """End it, frozen or not."""
        self._kill()
        shutil.rmtree(self.folder)

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def redis(*options: str) -> Iterator[Redis]:
    """A server for as long as a fixture lasts."""
    server = Redis(*options)
    try:
        yield server
    finally:
        server.stop()


class Fleet:
    """Processes of one fleet; their time passes by moving back what is in the store."""

    def __init__(self, server: Redis | None = None, *, url: str = "", seconds: float = 30) -> None:
        """`seconds` bound a command. A busy machine does not reach as many as these."""
        self._url = url or (server.url if server else "")
        self.metrics = StoreMetrics(Metrics())
        self.keys = Keys(77, Tags(SECRET))
        self._seconds = seconds
        self._clients: list[Client] = []
        self.client = self.new_client()
        self.epoch, self.epoch_of = Epoch(self.client, self.keys), self.client
        self.background = Background(self.metrics)

    def new_client(self, **settings: object) -> Client:
        url = parse_url(self._url)
        client = Client(
            StoreSettings(url=url, **{"seconds": self._seconds, **settings}),  # type: ignore[arg-type]
            StoreClock(),
            self.metrics,
        )
        self._clients.append(client)
        return client

    async def records(self, remembered_seconds: float = KEYED_SECONDS, table: str = "k") -> SharedRecords:
        if self.epoch_of is not self.client:
            self.epoch, self.epoch_of = Epoch(self.client, self.keys), self.client
        return SharedRecords(
            self.client,
            self.keys,
            self.epoch,
            self.background,
            sender=b"process1",
            remembered_seconds=remembered_seconds,
            table=table,
        )

    async def raw(self, *command: bytes | str | int | float) -> object:
        return await self.client.call("begin", "any", *command)

    async def pass_time(self, seconds: float) -> None:
        """Move all records so far into the past; a record that would be forgotten then is."""
        milliseconds = round(seconds * 1000)
        for key in await self.raw("KEYS", "*:k:*"):  # type: ignore[attr-defined]
            value = bytes(await self.raw("GET", key))  # type: ignore[call-overload]
            times = [int.from_bytes(value[at : at + 8], "big") - milliseconds for at in (10, 18)]
            expires = int(str(await self.raw("PEXPIRETIME", key))) - milliseconds
            moved = value[:10] + b"".join(time.to_bytes(8, "big") for time in times) + value[26:]
            await self.raw("SET", key, moved, "PXAT", max(expires, 1))
        await asyncio.sleep(0)

    async def aclose(self) -> None:
        await self.background.aclose()
        for client in self._clients:
            await client.aclose()


@asynccontextmanager
async def a_fleet(server: Redis) -> AsyncIterator[Fleet]:
    """A fleet on an empty server."""
    fleet = Fleet(server)
    await fleet.raw("FLUSHALL")
    try:
        yield fleet
    finally:
        await fleet.aclose()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def listening(*options: str, port: int = 0) -> Iterator[tuple[Redis, int]]:
    """A server on a port, with that."""
    port = port or free_port()
    server = Redis("--port", str(port), "--bind", "127.0.0.1", *options)
    try:
        yield server, port
    finally:
        server.stop()


@asynccontextmanager
async def asking(port: int, password: str = "") -> AsyncIterator[Callable[..., Awaitable[Reply]]]:
    """Commands of an operator to one server."""
    settings = StoreSettings(url=parse_url(f"redis://:{password}@127.0.0.1:{port}"), seconds=5)
    node = Node(Address("127.0.0.1", port), maker(settings), _nobody)

    async def ask(*command: str | int) -> Reply:
        [reply] = await node.exchange([command])
        return reply

    try:
        yield ask
    finally:
        await node.aclose()


class Process:
    """One process of a fleet that reads events; `read` must be called for it to hear."""

    def __init__(self, fleet: Fleet, sender: bytes, listener: RecordingListener | None = None) -> None:
        self.clock = Clock()
        self.listener = listener or RecordingListener()
        self.client = fleet.new_client(seconds=0.5)
        self.epoch = Epoch(self.client, fleet.keys)
        self.silence = Silence(2, clock=self.clock)
        publisher = SharedPublisher(self.client, fleet.keys, sender=sender)
        self.confirmations = SharedConfirmations(self.client, fleet.keys)
        self.peers = SharedPeers(publisher, self.confirmations, fleet.background)
        self.publish = self.peers.publish
        self.reader = BusReader(
            self.client,
            fleet.keys,
            self.epoch,
            self.silence,
            self.listener,
            sender=sender,
            call_later=self.clock.call_later,
        )
