"""nginx as a shared cache before the gateway: everybody gets the right bytes in the encoding that they take."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway import sandbox
from tests.support.proxy import NGINX, Proxy, Way, running_proxy
from tests.support.stack import ANN, BEN, Stack, running_stack

pytestmark = pytest.mark.slow

CHAINS = "{ viewer { offerChains { id name steps { id state number items { sku content { name description } } } } } }"
ENCODINGS = ("gzip", "identity", "br, gzip;q=0.5", "identity", "gzip, identity;q=0")


class Cache:
    """A cache between players and the gateway."""

    def __init__(self, stack: Stack, proxy: Proxy, http: httpx.AsyncClient) -> None:
        self.stack = stack
        self._proxy = proxy
        self._http = http

    async def get(self, path: str, encoding: str, **headers: str) -> tuple[httpx.Response, bytes]:
        """A response, and what it holds without its encoding."""
        sent = {"accept-encoding": encoding, **{name.replace("_", "-"): value for name, value in headers.items()}}
        request = self._http.build_request("GET", self._proxy.url + path, headers=sent)
        response = await self._http.send(request, stream=True)
        body = b"".join([part async for part in response.aiter_raw()])
        is_compressed = response.headers.get("content-encoding") == "gzip"
        assert is_compressed == ("gzip" in encoding)
        return response, gzip.decompress(body) if is_compressed else body

    async def chains(self, player: sandbox.DemoPlayer, encoding: str) -> tuple[httpx.Response, bytes]:
        """A player's screen."""
        token = f"Bearer {self.stack.token(player)}"
        query = str(httpx.QueryParams({"query": CHAINS}))
        return await self.get(f"/graphql?{query}", encoding, authorization=token)


@pytest.fixture
async def cache(tmp_path: Path) -> AsyncIterator[Cache]:
    async with (
        running_stack(graphiql_player=ANN) as stack,
        running_proxy(NGINX, tmp_path, Way(is_cache=True), [stack.gateway_url]) as proxy,
        httpx.AsyncClient(timeout=60, verify=proxy.trust) as http,
    ):
        yield Cache(stack, proxy, http)


async def test_each_player_gets_their_own_screen_in_each_encoding(cache: Cache) -> None:
    seen: dict[str, set[bytes]] = {ANN.id: set(), BEN.id: set()}
    for encoding in ENCODINGS:
        for player in (ANN, BEN):
            response, content = await cache.chains(player, encoding)
            seen[player.id].add(content)
            assert response.headers["x-cache"] == "MISS"
    (anns,), (bens,) = seen.values()
    assert anns != bens


async def test_the_scripts_of_the_page_are_cached_once_for_each_encoding(cache: Cache) -> None:
    _, page = await cache.get("/graphiql", "identity")
    found = re.search(rb"/graphiql/assets/graphiql\.js\?[^\"']+", page)
    assert found is not None
    script = found[0].decode()
    answers = [await cache.get(script, encoding) for encoding in ENCODINGS * 2]
    assert len({content for _, content in answers}) == 1
    assert [one.headers["x-cache"] for one, _ in answers[len(ENCODINGS) :]] == ["HIT"] * len(ENCODINGS)
