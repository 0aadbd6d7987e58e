"""Commands to the store: each within one deadline, each sent once, each counted."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from hashlib import sha1
from pathlib import Path
from typing import NamedTuple

from gateway.store.errors import StoreUnavailable
from gateway.store.settings import StoreSettings
from gateway.store.shared.clock import StoreClock
from gateway.store.shared.connections import Argument, Command, Connection, Node, Reply, talk
from gateway.store.shared.failures import (
    FAILURES,
    NotPrimary,
    is_error,
    is_unknown_script,
    raise_refusal,
    reason_of,
    redirection,
)
from gateway.store.shared.metrics import StoreMetrics
from gateway.store.shared.topology import topology
from gateway.telemetry import log

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 64
MOST_REDIRECTIONS = 3
WAIT_MILLISECONDS = 100
_LUA = Path(__file__).parent / "lua"


class Script(NamedTuple):
    """A script and its name in the store: its SHA-1, so that releases do not share scripts."""

    name: str
    source: str
    sha: str


def load_script(name: str, *, on_records: bool = True) -> Script:
    """A script of this package; one on records begins with how they are packed."""
    source = (_LUA / f"{name}.lua").read_text()
    prelude = (_LUA / "record.lua").read_text() if on_records else ""
    whole = prelude + source
    return Script(name, whole, sha1(whole.encode(), usedforsecurity=False).hexdigest())


def parse_info(reply: bytes) -> dict[bytes, bytes]:
    """What a server says about itself."""
    return dict(line.split(b":", 1) for line in reply.splitlines() if b":" in line)


class Client:
    """A store of Redis's protocol. Every call raises StoreUnavailable, whatever went wrong."""

    def __init__(self, settings: StoreSettings, clock: StoreClock, metrics: StoreMetrics) -> None:
        self.clock = clock
        self.seconds = settings.seconds
        self._replicas = settings.replicas
        self.metrics = metrics
        self._watched: tuple[str, Callable[[bytes | None], None]] | None = None
        self._topology = topology(settings, self._greet)
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self._is_up = True

    @property
    def is_cluster(self) -> bool:
        """Whether keys are spread over servers, so that a script can touch those of one slot only."""
        return self._topology.is_cluster

    def watch(self, key: str, saw: Callable[[bytes | None], None]) -> None:
        """Read a key on each connection that is made; not in a cluster, where most servers do not have it."""
        self._watched = None if self.is_cluster else (key, saw)

    async def call(self, name: str, key: str, *command: Argument, seconds: float = 0) -> Reply:
        """One command to the server that has `key`; a command that waits there has more `seconds`."""
        [reply] = await self.batch(name, key, [command], seconds=seconds)
        return reply

    async def batch(self, name: str, key: str, commands: Sequence[Command], *, seconds: float = 0) -> list[Reply]:
        """Commands on keys of one slot in one round trip."""
        replies = await self._within(name, seconds, key, commands)
        for reply in replies:
            if is_error(reply):
                raise self._failed(name, reason_of(reply))
        return replies

    async def on_each(self, name: str, commands: Sequence[Command]) -> list[list[Reply]]:
        """Commands to every primary, with their replies, of which some may be errors."""
        try:
            async with asyncio.timeout(self.seconds):
                nodes = await self._topology.nodes()
        except (TimeoutError, *FAILURES) as error:
            raise self._failed(name, reason_of(error)) from error
        return [await self._within(name, 0, "", commands, node=node) for node in nodes]

    async def script(
        self, script: Script, keys: Sequence[str], *arguments: Argument, wait: bool = False
    ) -> tuple[list[Reply], bool]:
        """Run a script; with `wait` in the same round trip wait for replicas to have what it wrote.

        Answers what the script did, and whether enough replicas have it. The second part of every script's answer is
        the store's time.
        """
        sent_at = self.clock.monotonic()
        command: Command = ("EVALSHA", script.sha, len(keys), *keys, *arguments)
        commands: list[Command] = [command]
        wait = wait and self._replicas != 0
        if wait:
            commands.append(("WAIT", 0, WAIT_MILLISECONDS))
        replies = await self._within(script.name, 0, keys[0], commands, script)
        if is_error(replies[0]):
            raise self._failed(script.name, reason_of(replies[0]))
        self.clock.saw(replies[0][1], sent_at)
        return replies[0], not wait or replies[1] is True

    async def aclose(self) -> None:
        """Close all connections."""
        await self._topology.aclose()

    async def _within(
        self,
        name: str,
        seconds: float,
        key: str,
        commands: Sequence[Command],
        script: Script | None = None,
        node: Node | None = None,
    ) -> list[Reply]:
        """Send commands within the deadline, and turn every failure into one of ours."""
        started = self.clock.monotonic()
        try:
            async with asyncio.timeout(self.seconds + seconds), self._places:
                node = node or await self._topology.node(key)
                replies = await self._routed(node, key, commands, script)
        except (TimeoutError, NotPrimary, *FAILURES) as error:
            if node is not None:
                self._topology.failed(node)
            raise self._failed(name, reason_of(error)) from error
        self.metrics.took(name, self.clock.monotonic() - started)
        if not self._is_up:
            self._is_up = True
            log.event(logger, logging.WARNING, "store_up")
        self.metrics.is_up = True
        return replies

    def _failed(self, name: str, reason: str) -> StoreUnavailable:
        self.metrics.failed(name, reason)
        if reason not in {"denied", "error"} and self._is_up:
            self._is_up = self.metrics.is_up = False
            log.event(logger, logging.ERROR, "store_down", reason=reason)
        return StoreUnavailable(reason)

    async def _routed(self, node: Node, key: str, commands: Sequence[Command], script: Script | None) -> list[Reply]:
        """Send commands, and those again that a server says it has not run."""
        is_asking = False
        for _ in range(MOST_REDIRECTIONS):
            replies = await self._sent(node, commands, is_asking=is_asking)
            if script is not None and is_unknown_script(replies[0]):
                replies = await self._sent(node, [("SCRIPT", "LOAD", script.source), *commands], is_asking=is_asking)
                replies = replies[1:]
            target = next((found for reply in replies if (found := redirection(reply, node.address))), None)
            if target is None:
                return replies
            address, is_for_good = target
            if is_for_good:
                self._topology.moved(key, address)
            node, is_asking = self._topology.at(address), not is_for_good
        raise ConnectionError("the cluster sends a command around")

    async def _sent(self, node: Node, commands: Sequence[Command], *, is_asking: bool) -> list[Reply]:
        sent: list[Command] = []
        for command in commands:
            if is_asking:
                sent.append(("ASKING",))
            sent.append(("WAIT", node.replicas, command[2]) if command[0] == "WAIT" else command)
        replies = await node.exchange(sent)
        if is_asking:
            replies = replies[1::2]
        raise_refusal(replies)
        return [
            (not is_error(reply) and reply >= node.replicas) if command[0] == "WAIT" else reply
            for command, reply in zip(commands, replies, strict=True)
        ]

    async def _greet(self, node: Node, connection: Connection) -> None:
        """Find out the store's time, and whether this is a primary and has replicas."""
        sent_at = self.clock.monotonic()
        commands: list[Command] = [("TIME",), ("INFO", "replication")]
        if self._watched is not None:
            commands.append(("GET", self._watched[0]))
        replies = await talk(connection, commands)
        for reply in replies:
            if is_error(reply):
                raise reply
        time, info, *watched = replies
        facts = parse_info(info)
        if facts[b"role"] != b"master":
            raise NotPrimary
        self.clock.saw(int(time[0]) * 1000 + int(time[1]) // 1000, sent_at)
        node.replicas = self._needed(node, facts)
        node.replication_id = facts[b"master_replid"]
        if self._watched is not None:
            self._watched[1](*watched)

    def _needed(self, node: Node, facts: dict[bytes, bytes]) -> int:
        """How many replicas must have a record. A primary that had one needs one, also while that is away."""
        if self._replicas is not None:
            return self._replicas
        # Those that still copy the whole data set are connected too, and acknowledge nothing.
        reported = min(1, sum(b"state=online" in value for name, value in facts.items() if name.startswith(b"slave")))
        return max(reported, node.replicas) if facts[b"master_replid"] == node.replication_id else reported
