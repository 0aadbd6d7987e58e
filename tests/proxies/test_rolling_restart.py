"""Two gateways behind nginx are restarted one after the other while players go on: no request is refused or cut."""

import asyncio
import itertools
import json
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway import sandbox
from tests.support.commands import first_line, running, start
from tests.support.proxy import NGINX, Way, free_port, running_proxy
from tests.support.websocket_client import CHANGES

pytestmark = pytest.mark.slow

REQUESTS = 1_000
CHAINS = "{ viewer { isSignedIn offerChains { nextStep { id } } } }"
CLAIM = """mutation($step: ID!, $key: String!) {
  claimOfferChainStep(input: { stepId: $step, idempotencyKey: $key }) { userErrors { code } }
}"""
EVENTS = {"accept": "text/event-stream"}


class Players:
    """Sends requests of three kinds, each as a player of its own, and counts what came back whole."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self.http = http
        self.url = url
        self.answered: Counter[str] = Counter()
        self.is_over = False
        self._numbers = itertools.count()
        self._step = ""

    async def begin(self) -> None:
        """Learn what there is to claim."""
        viewer = (await self._post(CHAINS))["viewer"]
        self._step = viewer["offerChains"][0]["nextStep"]["id"]

    async def go_on(self, kind: str, ask: Callable[[], Awaitable[None]]) -> None:
        """Ask again and again."""
        while not self.is_over:
            await ask()
            self.answered[kind] += 1

    async def query(self) -> None:
        assert (await self._post(CHAINS))["viewer"]["isSignedIn"] is True

    async def mutate(self) -> None:
        number = next(self._numbers)
        data = await self._post(CLAIM, step=self._step, key=f"claim-{number}")
        assert data["claimOfferChainStep"]["userErrors"] == []

    async def stream(self) -> None:
        """Have a query answered as a stream, which says that it is complete."""
        response = await self.http.post(self.url, json={"query": CHAINS}, headers=EVENTS | self._credential())
        assert response.status_code == 200, response.text
        assert response.text.rstrip().endswith("event: complete\ndata:"), response.text

    async def subscribe(self) -> None:
        """Listen until the gateway ends; httpx raises where the end is not one of HTTP."""
        async with self.http.stream(
            "POST", self.url, json={"query": CHANGES}, headers=EVENTS | self._credential()
        ) as one:
            assert one.status_code == 200
            async for _ in one.aiter_raw():
                if self.is_over:
                    break

    async def _post(self, query: str, **variables: object) -> Any:
        body = {"query": query, "variables": variables}
        response = await self.http.post(self.url, json=body, headers=self._credential())
        assert response.status_code == 200, response.text
        answer = response.json()
        assert "errors" not in answer, answer
        return answer["data"]

    def _credential(self) -> dict[str, str]:
        player = f"player-{next(self._numbers)}"
        return {"authorization": f"Bearer {sandbox.mint_token(player, now=time.time())}"}


async def restart(process: asyncio.subprocess.Process, settings: dict[str, str]) -> asyncio.subprocess.Process:
    """Replace one gateway, as a supervisor does."""
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    events = [json.loads(line) for line in errors.splitlines()]
    assert [one for one in events if one["level"] == "ERROR"] == []
    replacement = await start("serve", **settings)
    await first_line(replacement)
    return replacement


@pytest.mark.parametrize("drain_seconds", ["0", "2"])
async def test_a_rolling_restart_refuses_and_cuts_nothing(tmp_path: Path, drain_seconds: str) -> None:
    async with running("sandbox", "--port", "0") as upstream:
        upstream_url = (await first_line(upstream)).partition("GATEWAY_UPSTREAM_URL=")[2].rstrip(")")
        shared = {
            "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
            "GATEWAY_UPSTREAM_URL": upstream_url,
            "GATEWAY_DRAIN_SECONDS": drain_seconds,
            "GATEWAY_LOG_LEVEL": "warning",
        }
        all_settings = [{**shared, "GATEWAY_PORT": str(free_port())} for _ in range(2)]
        gateways = [await start("serve", **settings) for settings in all_settings]
        urls = [f"http://127.0.0.1:{settings['GATEWAY_PORT']}" for settings in all_settings]
        try:
            for process in gateways:
                await first_line(process)
            async with (
                running_proxy(NGINX, tmp_path, Way(), urls) as proxy,
                httpx.AsyncClient(verify=proxy.trust, timeout=60) as http,
                asyncio.timeout(180),
            ):
                players = Players(http, f"{proxy.url}/graphql")
                await players.begin()
                async with asyncio.TaskGroup() as group:
                    asking = [
                        group.create_task(players.go_on(kind.__name__, kind))
                        for kind in (players.query, players.mutate, players.stream) * 3
                    ]
                    for _ in range(3):
                        group.create_task(players.go_on("subscribe", players.subscribe))
                    for number, settings in enumerate(all_settings):
                        gateways[number] = await restart(gateways[number], settings)
                    while min(players.answered[kind] for kind in ("query", "mutate", "stream")) < REQUESTS // 3 + 1:
                        await players.query()
                    players.is_over = True
                    # Both gateways end now: whatever is still to be answered would have none to go to.
                    await asyncio.gather(*asking)
                    for process in gateways:
                        process.send_signal(signal.SIGTERM)
                assert players.answered["subscribe"] >= 3
        finally:
            for process in gateways:
                if process.returncode is None:
                    process.kill()
                await process.communicate()
