"""The sandbox's pages in a real browser: nothing is blocked, nothing overflows, and a person can pay."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from gateway.sandbox import DEMO_PLAYERS, create_sandbox, mint_token
from tests.support.stack import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
OFFER = "/api/v2/project/44056/user/offer_chain/1/step/number"


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[str]:
    async with serving(create_sandbox()) as url:
        yield url


@asynccontextmanager
async def opened(
    browser: Browser, url: str, width: int = 1280, scheme: Literal["light", "dark"] = "light"
) -> AsyncIterator[tuple[Page, list[str]]]:
    """Open a page of the sandbox; gives it with what the browser complained of."""
    context = await browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    await page.goto(url)
    yield page, complaints
    await context.close()


@pytest.mark.parametrize("path", ["/", "/_sandbox/webhooks/log", "/paystation4/?token=unknown"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_page_fits_its_window_and_loads_all_that_it_names(
    browser: Browser, sandbox: str, path: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    async with opened(browser, sandbox + path, width, scheme) as (page, complaints):
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        pictures = await page.evaluate("[...document.images].map(image => image.naturalWidth)")
        assert all(pictures)
        assert bool(pictures) is (path == "/")
        expected = ["Failed to load resource: the server responded with a status of 404 (Not Found)"]
        assert complaints == (expected if "token" in path else [])


async def test_a_person_orders_pays_and_finds_it_on_the_first_page(browser: Browser, sandbox: str) -> None:
    player = DEMO_PLAYERS[0]
    token = mint_token(player.id, name=player.name, now=time.time())
    async with httpx.AsyncClient(
        base_url=sandbox, headers={"Authorization": f"Bearer {token}"}, trust_env=False
    ) as game:
        await game.post(f"{OFFER}/1/claim")
        payment = (await game.post(f"{OFFER}/2/order")).json()["token"]
    async with opened(browser, f"{sandbox}/paystation4/?{urlencode({'token': payment})}") as (page, complaints):
        await page.get_by_role("button", name="Pay 4.99 USD").click()
        await expect(page.get_by_role("heading")).to_have_text("Payment received")
        await page.goto(sandbox)
        mira = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Mira"))
        progress = mira.get_by_role("listitem").filter(has_text="Wanderer's Path").get_by_role("img")
        await expect(progress).to_have_attribute("aria-label", "2 of 5 steps claimed")
        first = page.get_by_role("listitem").filter(has_text="Mira").first
        await expect(first).to_contain_text(re.compile("^#11done.*4.99 USD"))
        assert complaints == []
