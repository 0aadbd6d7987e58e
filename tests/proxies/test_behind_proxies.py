"""The whole gateway behind nginx and behind Caddy: TLS, HTTP/2, paths, addresses, sockets and event streams."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from tests.support.proxy import CADDY, NGINX, Proxy, Way, running_proxy
from tests.support.stack import ANN, Stack, running_stack
from tests.support.websocket_client import CHANGES, PROTOCOL, Talk

pytestmark = pytest.mark.slow

CLIENT = "127.0.0.2"
"""Where clients come from; the proxies are at 127.0.0.1."""

CHAINS = "{ viewer { isSignedIn offerChains { nextStep { id } } } }"
CLAIM = "mutation($step: ID!) { claimOfferChainStep(input: { stepId: $step }) { userErrors { code } } }"
WAYS = [
    pytest.param(Way(), id="at the root"),
    pytest.param(Way("/liveops", is_stripped=True, tells_port=True), id="path stripped, address with port"),
    pytest.param(Way("/liveops"), id="path kept"),
]


class Player:
    """A player's device on the other side of a proxy."""

    def __init__(self, stack: Stack, proxy: Proxy, http: httpx.AsyncClient) -> None:
        self.stack = stack
        self.proxy = proxy
        self.http = http
        self.endpoint = f"{proxy.url}/graphql"
        self.token = stack.token(ANN)

    async def data(self, query: str, **variables: object) -> Any:
        response = await self.http.post(
            self.endpoint,
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {self.token}"},
        )
        assert response.http_version == "HTTP/2"
        body = response.json()
        assert "errors" not in body, body
        return body["data"]

    async def claim(self) -> None:
        """Do what subscriptions hear of."""
        chains = (await self.data(CHAINS))["viewer"]["offerChains"]
        assert (await self.data(CLAIM, step=chains[0]["nextStep"]["id"]))["claimOfferChainStep"]["userErrors"] == []


@pytest.fixture(params=[NGINX, CADDY])
def program(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


@pytest.fixture
async def player(program: str, way: Way, tmp_path: Path) -> AsyncIterator[Player]:
    settings = {
        "GATEWAY_ROOT_PATH": way.prefix,
        "GATEWAY_TRUSTED_PROXIES": "127.0.0.1",
        "GATEWAY_CLIENT_IP_HEADER": "X-Forwarded-For",
    }
    transport_options: dict[str, Any] = {"http2": True, "local_address": CLIENT}
    async with (
        running_stack(settings, graphiql_player=ANN) as stack,
        running_proxy(program, tmp_path, way, [stack.gateway_url]) as proxy,
        httpx.AsyncClient(
            timeout=60, transport=httpx.AsyncHTTPTransport(verify=proxy.trust, **transport_options)
        ) as http,
    ):
        yield Player(stack, proxy, http)


async def test_queries_mutations_and_the_players_address_come_through(player: Player) -> None:
    assert (await player.data(CHAINS))["viewer"]["isSignedIn"] is True
    await player.claim()
    assert {one.headers["x-forwarded-for"] for one in player.stack.seam.requests} == {CLIENT}


async def test_the_page_and_all_that_it_loads_come_through(player: Player) -> None:
    page = await player.http.get(f"{player.proxy.url}/graphiql")
    assert (page.status_code, page.http_version) == (200, "HTTP/2")
    assets = re.findall(r'(?:src|href)="([^"]+/assets/[^"]+)"', page.text)
    assert len(assets) > 2
    for asset in assets:
        assert (await player.http.get(urljoin(player.proxy.url, asset))).status_code == 200, asset
    assert f'"{player.proxy.url.partition("localhost")[2].partition("/")[1]}' in page.text


async def test_an_event_stream_brings_events_as_they_happen(player: Player) -> None:
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {player.token}"}
    asked = player.http.stream("POST", player.endpoint, json={"query": CHANGES}, headers=headers)
    async with asked as response:
        assert response.http_version == "HTTP/2"
        lines = response.aiter_lines()
        # The first comment arrives though nothing else is to come for a while: no proxy waits for more.
        assert await anext(lines) == ":"
        await player.stack.until("gateway_subscriptions", 1)
        await player.claim()
        while not (line := await anext(lines)).startswith("data: "):
            continue
        assert json.loads(line.removeprefix("data: ")) == {"data": {"chainsChanged": {"reasons": ["CLAIM"]}}}


async def test_a_socket_brings_events_as_they_happen(player: Player) -> None:
    url = player.endpoint.replace("https://", "wss://")
    origin = Origin(player.proxy.url.removesuffix("/liveops"))
    opened = connect(
        url, ssl=player.proxy.trust, subprotocols=[Subprotocol(PROTOCOL)], origin=origin, proxy=None, host="127.0.0.1"
    )
    async with opened as connection:
        talk = Talk(connection)
        await talk.begin(player.token)
        assert (await talk.answer(CHAINS))["data"]["viewer"]["isSignedIn"] is True
        await talk.ask("changes", CHANGES)
        await player.stack.until("gateway_subscriptions", 1)
        await player.claim()
        assert (await talk.hear())["payload"] == {"data": {"chainsChanged": {"reasons": ["CLAIM"]}}}
