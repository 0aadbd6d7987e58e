"""The script: what fails, for how long, and what has to be true of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.chaos.floods import Flood
from tests.chaos.gateway_process import DISK_FULL, DISK_SLOW, NO_NAMES, GatewayProcess
from tests.chaos.restarts import SECONDS_EACH, Restarts
from tests.chaos.upstream import Certificates, Upstream, Waits, absurd, as_date, in_seconds

RESTARTS = 20

LONGEST_WAIT_SECONDS = 8
"""What the gateway is set to, so that an absurd `Retry-After` does not cost more of the script."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a phase takes place."""

    upstream: Upstream
    certificates: Certificates
    gateway: GatewayProcess
    flood: Flood


Fault = Callable[[Scene], AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True)
class Phase:
    """A fault that lasts `seconds`, or `quick_seconds` in a quick run; 0 leaves it out there.

    `is_harmless` says that no player may be refused anything or fail while it lasts. `most_calls` is how many times
    the normal upstream calls there may be, `most_herd` the same for the first second after it, and `looks_answered`
    the share of looks that get an answer, fresh or a copy. `most_turn_ms` is the CPU that one turn of the gateway's
    loop may take; 50 is the aim, a busy machine needs more. `needs_file` says that it is a fault of the file of
    records, which workers with a store do not have.
    """

    name: str
    seconds: float
    quick_seconds: float
    fault: Fault
    is_harmless: bool = False
    most_calls: float | None = None
    most_herd: float = 2.0
    looks_answered: float = 0.0
    most_turn_ms: float = 100.0
    needs_file: bool = False


@asynccontextmanager
async def nothing(_: Scene) -> AsyncIterator[None]:
    """Nothing fails."""
    yield


def upstream_faults(*faults: str) -> Fault:
    """Faults of the sandbox."""
    return lambda scene: scene.upstream.faults(*faults)


def told_to_wait(make: Callable[[], Waits]) -> Fault:
    """429 for every call."""

    @asynccontextmanager
    async def fault(scene: Scene) -> AsyncIterator[Waits]:
        with scene.upstream.telling_to_wait(make()) as waits:
            yield waits

    return fault


@asynccontextmanager
async def outage(scene: Scene) -> AsyncIterator[None]:
    """Nobody listens: connections end at once."""
    scene.upstream.network.cut_off()
    try:
        yield
    finally:
        scene.upstream.network.go_on()


@asynccontextmanager
async def silence(scene: Scene) -> AsyncIterator[None]:
    """Connections stay open, and nothing passes."""
    scene.upstream.network.hang()
    try:
        yield
    finally:
        scene.upstream.network.go_on()


@asynccontextmanager
async def impostor(scene: Scene) -> AsyncIterator[None]:
    """The upstream shows a certificate that nobody trusts."""
    with scene.certificates.untrusted():
        scene.upstream.network.drop()
        yield
    scene.upstream.network.drop()


def switched(fault: str) -> Fault:
    """A fault inside of the gateway's process."""

    @asynccontextmanager
    async def on(scene: Scene) -> AsyncIterator[None]:
        with scene.gateway.switch(fault):
            if fault == NO_NAMES:
                # Names are looked up for new connections.
                scene.upstream.network.drop()
            yield

    return on


def flooded(flood: Callable[[Flood], Coroutine[Any, Any, None]]) -> Fault:
    """A flood from the same address."""

    @asynccontextmanager
    async def fault(scene: Scene) -> AsyncIterator[None]:
        flooding = asyncio.ensure_future(flood(scene.flood))
        try:
            yield
        finally:
            flooding.cancel()
            await asyncio.gather(flooding, return_exceptions=True)

    return fault


@asynccontextmanager
async def restarts(scene: Scene) -> AsyncIterator[Restarts]:
    """The gateway ends and starts again, or its workers are replaced."""
    yield Restarts(scene.upstream, scene.gateway)


WRITES = ("claim-user-offer-chain-step-reward", "order-user-offer-chain-step-reward")
RESETS = (
    "*:reset,probability=0.1",
    *(f"{call}:reset,after,probability=0.3" for call in WRITES),
    *(f"{call}:status=502,after,probability=0.1" for call in WRITES),
)
JUNK = (
    "*:malformed,probability=0.1",
    "*:truncated,probability=0.1",
    "*:unknown_value=status,probability=0.2",
    "*:missing_field=name,probability=0.2",
    "*:extra_field=surprise,probability=0.5",
)

# While some of the calls fail there are more of them: retries, a tenth and what was saved up, and the chains of players
# who wrote, which have no copy and are asked for at each look. While all fail, windows and breakers hold them back.
PHASES = (
    Phase("normal", 20, 8, nothing, is_harmless=True),
    Phase("slow: 0.3 s for each call", 12, 0, upstream_faults("*:delay_ms=300"), is_harmless=True),
    Phase("slower than its time limit", 12, 0, upstream_faults("*:delay_ms=2000"), most_calls=1.1, looks_answered=0.9),
    Phase("5xx burst", 10, 8, upstream_faults("*:status=500"), most_calls=1.1, looks_answered=0.95),
    Phase("30 % 503", 12, 0, upstream_faults("*:status=503,probability=0.3"), most_calls=1.5, looks_answered=0.95),
    Phase("429, Retry-After: 3", 8, 5, told_to_wait(lambda: in_seconds(3)), most_calls=1, looks_answered=0.95),
    Phase("429, Retry-After as a date", 8, 0, told_to_wait(lambda: as_date(4)), most_calls=1, looks_answered=0.95),
    Phase(
        "429, absurd Retry-After",
        6,
        0,
        told_to_wait(lambda: absurd(LONGEST_WAIT_SECONDS)),
        most_calls=1,
        looks_answered=0.95,
    ),
    Phase("resets, lost answers", 15, 6, upstream_faults(*RESETS), most_calls=2, looks_answered=0.95),
    Phase("junk", 12, 0, upstream_faults(*JUNK), most_calls=2),
    Phase("outage", 60, 8, outage, most_calls=1.1, looks_answered=0.95),
    # What the network has held back reaches the upstream in the first second after the silence as well.
    Phase("silence", 10, 0, silence, most_calls=1.1, most_herd=4, looks_answered=0.75),
    Phase("no DNS", 10, 0, switched(NO_NAMES), most_calls=1.1, looks_answered=0.95),
    Phase("TLS: untrusted", 10, 0, impostor, most_calls=1.1, looks_answered=0.95),
    Phase("flood: random tokens", 10, 5, flooded(lambda flood: flood.random_tokens(30)), looks_answered=0.95),
    # Its documents are all new: they fill the cache of documents, which a full garbage collection has to look through.
    Phase(
        "flood: one greedy player",
        10,
        0,
        flooded(lambda flood: flood.greedy_player(40)),
        looks_answered=0.95,
        most_turn_ms=400,
    ),
    Phase("600 slow clients", 15, 0, flooded(lambda flood: flood.slow_clients(600)), is_harmless=True),
    Phase("disk full", 8, 0, switched(DISK_FULL), looks_answered=1, needs_file=True),
    Phase("disk slow: 1 s a commit", 10, 0, switched(DISK_SLOW), looks_answered=1, needs_file=True),
    Phase("restarts", RESTARTS * SECONDS_EACH, 8, restarts, is_harmless=True),
    Phase("webhook storm", 8, 4, flooded(lambda flood: flood.webhooks(20)), is_harmless=True),
    Phase("normal again", 15, 6, nothing, is_harmless=True),
)
