"""Runs the script: starts everything, lets players play through the phases, and looks at what is left."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from gateway import sandbox
from tests.chaos.clients import SECONDS, HttpClient, SocketClient, StreamClient, parsed
from tests.chaos.floods import Flood
from tests.chaos.gateway_process import GatewayProcess
from tests.chaos.phases import LONGEST_WAIT_SECONDS, Phase, Scene
from tests.chaos.players import Player
from tests.chaos.report import MOST_RECOVERY_SECONDS, Ending, Row
from tests.chaos.restarts import Restarts
from tests.chaos.tally import Tally
from tests.chaos.upstream import Certificates, Waits, running_upstream
from tests.support.proxy import free_port
from tests.support.worker_fleet import Store

CLIENTS = (HttpClient,) * 4 + (SocketClient,) * 3 + (StreamClient,) * 3
LOOKING = frozenset({0, 4, 7})
"""One of each kind takes nothing: these show what becomes of players who only look."""

PAUSE_SECONDS = 0.25
WEBHOOK_TRIES = 20
ORDER_TRIES = 20

SETTINGS = {
    "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
    "GATEWAY_WEBHOOK_SECRET": sandbox.DEMO_WEBHOOK_SECRET,
    # Short, so that a phase of seconds is as an outage of minutes is with the defaults.
    "GATEWAY_CACHE_CHAINS_SECONDS": "2",
    "GATEWAY_CACHE_BALANCE_SECONDS": "1",
    "GATEWAY_ORDER_POLL_SECONDS": "1",
    "GATEWAY_UPSTREAM_WAIT_SECONDS": str(LONGEST_WAIT_SECONDS),
    # All players have one address here.
    "GATEWAY_NEW_TOKEN_CALLS_PER_SECOND": "60",
}


@dataclass
class Game:
    """All players, and the tally of the phase that is on."""

    scene: Scene
    http: HttpClient
    players: list[Player]
    tally: Tally

    @property
    def well_since(self) -> float:
        """Since when all players are answered afresh; infinity where one is not."""
        return max(player.has_been_well_since for player in self.players)


@contextmanager
def what_is_recorded(folder: Path, workers: int) -> Iterator[Mapping[str, str]]:
    """Settings of a file for one process, or of a running store for several."""
    if workers == 1:
        yield {"GATEWAY_RECORDS_FILE": str(folder / "records.sqlite3")}
        return
    with closing(Store()) as store:
        yield {"GATEWAY_STORE_URL": store.url, "GATEWAY_STORE_SECRET": "the secret of the players"}


@asynccontextmanager
async def playing(folder: Path, workers: int) -> AsyncIterator[Game]:
    """Upstream, gateway and players, all of them running."""
    certificates = Certificates(folder)
    port = free_port()
    connector = aiohttp.TCPConnector(limit=0)
    async with AsyncExitStack() as opened:
        records = opened.enter_context(what_is_recorded(folder, workers))
        upstream = await opened.enter_async_context(running_upstream(folder, certificates))
        timeout = aiohttp.ClientTimeout(SECONDS)
        http = await opened.enter_async_context(aiohttp.ClientSession(connector=connector, timeout=timeout))
        settings = {
            **SETTINGS,
            **records,
            "GATEWAY_UPSTREAM_URL": f"https://127.0.0.1:{upstream.network.port}/api",
            "GATEWAY_UPSTREAM_CA_FILE": str(certificates.ca_file),
        }
        gateway = GatewayProcess(folder, port, settings, workers=workers)
        scene = Scene(upstream, certificates, gateway, Flood(gateway.url, http))
        game = Game(scene, HttpClient(http, gateway.url), [], Tally())
        clients = [make(http, gateway.url) for make in CLIENTS]
        game.players += [
            Player(client, f"{client.kind}-{number}", lambda: game.tally, upstream, only_looks=number in LOOKING)
            for number, client in enumerate(clients)
        ]
        try:
            await gateway.start()
            await upstream.send_webhooks(gateway.url)
            yield game
        finally:
            for client in clients:
                if isinstance(client, SocketClient):
                    await client.aclose()
            if gateway.is_up.is_set():
                await gateway.end()
            gateway.kill()


async def run(
    folder: Path,
    phases: Sequence[Phase],
    seconds_of: Callable[[Phase], float],
    say: Callable[[str], None],
    *,
    workers: int = 1,
) -> tuple[list[Row], Ending]:
    """Let players play through the phases; gives a row for each, and what is left in the end."""
    async with playing(folder, workers) as game:
        # Documents are compiled and modules loaded at their first use.
        for player in game.players:
            await player.look()
        tasks = [asyncio.ensure_future(player.play(PAUSE_SECONDS)) for player in game.players]
        try:
            rows = []
            for phase in phases:
                say(f"{phase.name}, {seconds_of(phase):.0f} s ...")
                rows.append(await _played(game, phase, seconds_of(phase)))
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        return rows, await _ending(game)


async def _played(game: Game, phase: Phase, seconds: float) -> Row:
    scene = game.scene
    scene.upstream.marked.taken()
    scene.upstream.network.requests = b""
    for player in game.players:
        player.give_up()
    tally = game.tally = Tally()
    began_at, began = time.time(), time.monotonic()
    async with phase.fault(scene) as fault:
        await (fault.go_on(seconds) if isinstance(fault, Restarts) else asyncio.sleep(seconds))
        _, at = scene.upstream.marked.taken()
        lasted = time.monotonic() - began
    healed = time.monotonic()
    for player in game.players:
        player.forget_being_well()
    recovery = await _recovery(game, healed)
    await asyncio.sleep(healed + 1 - time.monotonic())
    _, later = scene.upstream.marked.taken()
    return Row(
        phase,
        tally,
        lasted,
        len(at),
        sum(one < healed + 1 for one in later),
        recovery,
        fault.ignored if isinstance(fault, Waits) else 0,
        scene.gateway.longest_turn_ms(began_at, time.time()),
        scene.gateway.memory_mb(),
        *((fault.made, fault.with_webhooks) if isinstance(fault, Restarts) else ()),
    )


async def _recovery(game: Game, healed: float) -> float | None:
    """How long it takes until everybody is answered afresh. What is asked meanwhile is part of the phase."""
    while game.well_since == math.inf:
        if time.monotonic() - healed > MOST_RECOVERY_SECONDS:
            return None
        await asyncio.sleep(PAUSE_SECONDS / 5)
    return game.well_since - healed


async def _is_done(game: Game, order_id: str, token: str) -> bool:
    for _ in range(ORDER_TRIES):
        body = parsed(await game.http.ask("query($id: ID!) { order(id: $id) { status } }", {"id": order_id}, token))
        if "errors" not in body:
            return bool(body["data"] == {"order": {"status": "DONE"}})
        # All of them are asked for at once, by one address.
        await asyncio.sleep(PAUSE_SECONDS)
    return False


async def _ending(game: Game) -> Ending:
    upstream = game.scene.upstream
    for _ in range(WEBHOOK_TRIES):
        if not upstream.webhooks_waiting():
            break
        await upstream.repeat_webhooks()
        await asyncio.sleep(PAUSE_SECONDS)
    orders = upstream.orders()
    keys = sum((player.order_keys for player in game.players), start=type(orders)())
    await asyncio.sleep(1)  # the time for which an order is cached may not have ended
    unpaid = [order for player in game.players for order in player.paid.items() if not await _is_done(game, *order)]
    try:
        upstream.audit()
        audit = ""
    except AssertionError as error:
        audit = str(error)
    return Ending(
        double_orders=[
            f"{player} {orders[player]} of {count}" for player, count in keys.items() if orders[player] > count
        ],
        lost_webhooks=upstream.webhooks_waiting() + upstream.webhooks_given_up(),
        unpaid_orders=[order_id for order_id, _ in unpaid],
        defects=game.scene.gateway.defects,
        orders=sum(orders[player] for player in keys),
        audit=audit,
    )
