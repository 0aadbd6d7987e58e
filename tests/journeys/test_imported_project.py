"""The demo's project, imported into an empty sandbox: players see the same there, but for ids and pictures."""

import re
import time
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from gateway import sandbox
from gateway.app import create_app
from gateway.settings import read_settings
from tests.support.clock import Clock
from tests.support.paths import GATEWAY
from tests.support.stack import ANN, BEN, LONG_TIMEOUTS, token_of

SCREENS = ("01-home", "02-overview", "03-badge", "08-reward-chains", "15-earn-points", "17-daily-chains")
CLAIM = """mutation Claim($id: ID!) {
  claimOfferChainStep(input: {stepId: $id}) { userErrors { code } offerChain { name nextAction steps { state } } }
}"""
ORIGIN = "http://sandbox.test"


class Game:
    """A game before a gateway before a sandbox, in process, at one standing moment."""

    def __init__(self, app: Starlette, clock: Clock) -> None:
        settings = {"GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID), "GATEWAY_UPSTREAM_URL": f"{ORIGIN}/api"}
        gateway = create_app(
            read_settings({**settings, **LONG_TIMEOUTS}), transport=httpx.ASGITransport(app), now=clock, monotonic=clock
        )
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url="http://gateway.test")
        self._clock = clock

    async def ask(self, player: sandbox.DemoPlayer, language: str, query: str, **variables: str) -> Any:
        headers = {"authorization": f"Bearer {token_of(player, self._clock())}", "accept-language": language}
        answer = (
            await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        ).json()
        assert "errors" not in answer
        return answer["data"]


async def _empty_with_import(source: Starlette, clock: Clock) -> Starlette:
    async def sleep(_: float) -> None:
        """Go on at once."""

    reading = await sandbox.read_project(
        httpx.ASGITransport(source),
        sandbox.DEMO_PROJECT_ID,
        sandbox.DEMO_API_KEY,
        url="http://127.0.0.1:1/api",
        now=clock,
        sleep=sleep,
    )
    copy = sandbox.create_sandbox(seed_demo=False, clock=clock)
    assert sandbox.load_project(copy.state.sandbox.database, reading.snapshot).problems == ()
    return copy


def _shown(value: Any) -> Any:
    """What players see, without ids and pictures."""
    if isinstance(value, dict):
        hidden = {"id", "imageUrl", "itemId"}
        return {name: _shown(member) for name, member in value.items() if name not in hidden}
    return [_shown(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("language", ["en", "de"])
async def test_players_see_the_same(language: str) -> None:
    clock = Clock(time.time())
    original = sandbox.create_sandbox(clock=clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(original), base_url=ORIGIN) as controls:
        # The Admin calls tell of no promotions (docs/import.md).
        path = f"/_sandbox/projects/{sandbox.DEMO_PROJECT_ID}/items/wanderer_bundle/promotion"
        assert (await controls.delete(path)).is_success
    before, after = Game(original, clock), Game(await _empty_with_import(original, clock), clock)
    for screen in SCREENS:
        query = re.sub(r"^#.*$", "", (GATEWAY / f"examples/{screen}.graphql").read_text(), flags=re.MULTILINE)
        shown = _shown(await before.ask(ANN, language, query))
        assert shown == _shown(await after.ask(ANN, language, query)), screen
    ids = "{ viewer { offerChains { steps { id } } } }"
    claimed = []
    for game in (before, after):
        first = (await game.ask(ANN, language, ids))["viewer"]["offerChains"][0]["steps"][0]["id"]
        claimed.append(await game.ask(ANN, language, CLAIM, id=first))
    assert claimed[0] == claimed[1]
    nobody = await after.ask(BEN, language, "{ viewer { offerChains { progressPercent } } }")
    assert {chain["progressPercent"] for chain in nobody["viewer"]["offerChains"]} == {0}
