"""What is looked at before a store is used, so that a wrong set-up ends the start and not an evening."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from gateway.concurrency.timers import CallLater, call_later
from gateway.errors import StoreUnusable
from gateway.store.errors import StoreUnavailable
from gateway.store.pauses import pause
from gateway.store.settings import StoreSettings
from gateway.store.shared.client import WAIT_MILLISECONDS, Client, parse_info
from gateway.store.shared.connections import Command, Reply
from gateway.store.shared.epoch import Epoch
from gateway.store.shared.failures import is_error
from gateway.telemetry import log

logger = logging.getLogger(__name__)

START_SECONDS = 30.0
"""For how long a store is waited for at the start."""

AGAIN_SECONDS = 0.5

_UNAVAILABLE = {
    "auth": "it refuses the user or the password; look at GATEWAY_STORE_PASSWORD and the user in GATEWAY_STORE_URL",
    "denied": "the user may not run what is needed; grant what docs/fleet.md lists",
    "tls": "TLS fails; look at GATEWAY_STORE_CA_FILE, _CERT_FILE and _KEY_FILE, and at the host's name",
    "refused": "it is a replica, or not ready to serve; GATEWAY_STORE_URL has to name the primary",
    "full": "its memory is full; raise its maxmemory",
    "error": "it does not run what is needed; it has to be Redis 7.0, Valkey 7.2 or later, with scripts",
}
_NO_ANSWER = "it cannot be reached, or does not answer in time; look at GATEWAY_STORE_URL and the network"
_MAY_PASS = {"timeout", "connect", "refused"}
"""Reasons that may be over by themselves while servers start."""

_FACTS: list[Command] = [("INFO", section) for section in ("server", "memory", "persistence", "replication")]


class Finding(NamedTuple):
    """Something wrong with a store: the event that is logged, what to do, and whether it makes the store unusable."""

    event: str
    text: str
    is_fatal: bool = True


class StoreCheck:
    """Looks at a store before it is used."""

    def __init__(
        self,
        client: Client,
        epoch: Epoch,
        settings: StoreSettings,
        *,
        call_later: CallLater = call_later,
    ) -> None:
        self._client = client
        self._epoch = epoch
        self._settings = settings
        self._call_later = call_later
        self._clock: Callable[[], float] = client.clock.monotonic

    async def run(self) -> None:
        """Log what is wrong, and raise StoreUnusable where that makes the store unusable.

        It is waited for up to START_SECONDS while servers start. Nothing is raised where checks only warn, or for a
        store that does not answer where writes go on without it.
        """
        try:
            findings = await self._patiently()
        except StoreUnavailable as error:
            text = str(unusable(error))
            is_away = error.reason in _MAY_PASS
            if is_away and self._settings.down == "refuse":
                raise StoreUnusable(text) from None
            findings = [Finding("store_check_failed", text, is_fatal=not is_away)]
        fatal = [one for one in findings if one.is_fatal]
        if fatal and self._settings.is_strict:
            raise StoreUnusable(" ".join(one.text for one in fatal))
        for one in findings:
            log.event(logger, logging.WARNING, one.event, reason=one.text)

    async def _patiently(self) -> list[Finding]:
        end = self._clock() + START_SECONDS
        while True:
            try:
                return await self._look()
            except StoreUnavailable as error:
                if error.reason not in _MAY_PASS or self._clock() >= end:
                    raise
            await pause(AGAIN_SECONDS, self._call_later)

    async def _look(self) -> list[Finding]:
        """What is wrong with any server. Raises StoreUnavailable."""
        found = dict.fromkeys(await look(self._client))
        # Runs a script that reads the time and writes.
        await self._epoch.refresh()
        if self._settings.replicas != 0:
            for [is_acknowledged] in await self._client.on_each("check", [("WAIT", 0, WAIT_MILLISECONDS)]):
                if not is_acknowledged:
                    found[_NO_WAIT] = None
        return list(found)


async def look(client: Client) -> list[Finding]:
    """What is wrong with any server as far as it tells; nothing is written. Raises StoreUnavailable."""
    replies = await client.on_each("check", _FACTS)
    return list(dict.fromkeys(finding for one in replies for finding in _findings(one)))


def unusable(error: StoreUnavailable) -> StoreUnusable:
    """The error for people of a store that does not answer."""
    return StoreUnusable(f"The store cannot be used: {_UNAVAILABLE.get(error.reason, _NO_ANSWER)}.")


_NO_WAIT = Finding(
    "store_check_failed",
    "Too few replicas of the store acknowledge, or its user may not wait for them (WAIT): set GATEWAY_STORE_REPLICAS to"
    " how many there are, 0 for none.",
)


def _findings(replies: list[Reply]) -> Iterator[Finding]:
    facts: dict[bytes, bytes] = {}
    for reply in replies:
        if not is_error(reply):
            facts |= parse_info(reply)
    yield from _version(facts)
    yield from _eviction(facts)
    if facts.get(b"aof_enabled") == b"0" and facts.get(b"connected_slaves") == b"0":
        text = "The store keeps nothing over a restart: turn on its append-only file, or give it a replica."
        yield Finding("store_not_durable", text, is_fatal=False)


def _version(facts: dict[bytes, bytes]) -> Iterator[Finding]:
    name, found, least = (
        ("Valkey", facts[b"valkey_version"], (7, 2))
        if b"valkey_version" in facts
        else (
            "Redis",
            facts.get(b"redis_version", b""),
            (7, 0),
        )
    )
    version = tuple(int(number) for number in re.findall(rb"\d+", found)[:2])
    if version < least:
        text = f"The store is {name} {found.decode(errors='replace') or 'of an unknown version'}; it has to be"
        yield Finding("store_check_failed", f"{text} Redis 7.0, Valkey 7.2 or later.")


def _eviction(facts: dict[bytes, bytes]) -> Iterator[Finding]:
    policy = facts.get(b"maxmemory_policy")
    if policy is None:
        text = "The store does not tell its maxmemory-policy: see to it that it is noeviction."
        yield Finding("store_evicts", text, is_fatal=False)
    elif policy != b"noeviction":
        text = (
            f"The store evicts keys (maxmemory-policy is {policy.decode(errors='replace')}), and an evicted record "
            "lets an order be made twice: set maxmemory-policy to noeviction."
        )
        yield Finding("store_evicts", text)
