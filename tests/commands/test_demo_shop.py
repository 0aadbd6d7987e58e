"""What the demo's gateway answers for its web shop."""

from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.commands.demo_shop import create_app_with_shop
from gateway.settings import read_settings

PLAYER = {"id": "ana", "name": "Ana", "token": "the.players.token"}


@pytest.fixture
async def site() -> AsyncIterator[httpx.AsyncClient]:
    gateway = create_app_with_shop(read_settings({"GATEWAY_PROJECT_ID": "1"}), player=PLAYER)
    transport = httpx.ASGITransport(gateway)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as client:
        yield client


async def test_the_page_and_its_scripts_are_there(site: httpx.AsyncClient) -> None:
    page = await site.get("/shop", follow_redirects=True)
    assert page.url.path == "/shop/"
    for path in ("/shop/shop.css", "/shop/js/shop/shop.js", "/shop/js/liveops.js"):
        file = await site.get(path)
        assert file.status_code == 200
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (await site.get("/shop/shop.ts")).status_code == 404


async def test_the_page_is_told_its_player_and_nobody_keeps_it(site: httpx.AsyncClient) -> None:
    told = await site.get("/shop/player.json")
    assert told.json() == {"player": "ana", "token": PLAYER["token"]}
    assert told.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in told.headers


async def test_everything_else_is_the_gateways(site: httpx.AsyncClient) -> None:
    assert (await site.get("/livez")).status_code == 200
    assert (await site.get("/shopping")).status_code == 404
    assert (await site.post("/graphql", json={"query": "{ serverTime }"})).json()["data"].keys() == {"serverTime"}
