"""The sandbox's pages in a real browser: nothing is blocked, nothing overflows, and clicks and keys are enough."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from gateway.sandbox import DEMO_PLAYERS, create_sandbox, mint_token
from tests.support.stack import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
OFFER = "/api/v2/project/44056/user/offer_chain/1/step/number"
PAGES = "/_sandbox/pages"
LOOKED_AT = (
    "/",
    *(f"{PAGES}/{name}" for name in ("players", "players/2", "orders", "webhooks", "faults")),
    "/paystation4/?token=unknown",
)
UNNAMED = """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea")]
    .filter(one => !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim())).length"""
"""How many controls have no name that a screen reader could say."""


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

    def complain_of_failure(request: Request) -> None:
        # The browser gives up what a page still loads, such as its icon, when the test goes on to the next page.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(request.url)

    page.on("requestfailed", complain_of_failure)
    await page.goto(url)
    yield page, complaints
    await context.close()


async def ordered(sandbox: str) -> str:
    """Let Mira order a step; gives the token of its payment page."""
    player = DEMO_PLAYERS[0]
    token = mint_token(player.id, name=player.name, now=time.time())
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=sandbox, headers=headers, trust_env=False) as game:
        await game.post(f"{OFFER}/1/claim")
        payment: str = (await game.post(f"{OFFER}/2/order")).json()["token"]
    return payment


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_fit_their_window_and_load_all_that_they_name(
    browser: Browser, sandbox: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    async with opened(browser, sandbox, width, scheme) as (page, complaints):
        for path in LOOKED_AT:
            await page.goto(sandbox + path)
            await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert await page.evaluate("document.documentElement.scrollWidth") == width, path
            assert all(await page.evaluate("[...document.images].map(image => image.naturalWidth)")), path
            assert await page.evaluate(UNNAMED) == 0, path
        # The last one is of an unknown order.
        assert complaints == ["Failed to load resource: the server responded with a status of 404 (Not Found)"]


async def test_a_person_orders_pays_after_a_declined_card_and_finds_it_on_their_page(
    browser: Browser, sandbox: str
) -> None:
    payment = await ordered(sandbox)
    async with opened(browser, f"{sandbox}/paystation4/?{urlencode({'token': payment})}") as (page, complaints):
        await page.get_by_role("button", name="Try a card that is declined").click()
        await expect(page.get_by_role("alert")).to_contain_text("The card was declined.")
        await page.get_by_role("button", name="Pay 4.99 USD").click()
        await expect(page.get_by_role("heading")).to_have_text("Payment received")
        await page.goto(sandbox)
        await page.get_by_role("link", name="Players", exact=True).click()
        await page.get_by_label("Name or id").fill("mir")
        await page.keyboard.press("Enter")
        await page.get_by_text("Mira", exact=True).click()
        progress = page.get_by_role("listitem").filter(has_text="Wanderer's Path").get_by_role("img")
        await expect(progress).to_have_attribute("aria-label", "2 of 5 steps taken; next is step 3: Free")
        assert complaints == []


async def test_a_person_acts_on_every_page_with_clicks_only(browser: Browser, sandbox: str) -> None:
    await ordered(sandbox)
    async with opened(browser, sandbox) as (page, complaints):
        notice = page.get_by_role("status")
        await page.get_by_role("button", name="Pay: order 11").click()
        await expect(notice).to_have_text("The order was paid.")
        await page.get_by_role("button", name="Refund: order 11").click()
        await expect(notice).to_have_text("The order was refunded.")
        before = await page.locator("time").inner_text()
        await page.get_by_role("button", name="+ 1 day").click()
        await expect(notice).to_have_text("The clock was moved.")
        assert await page.locator("time").inner_text() > before
        await page.get_by_role("link", name="Faults").click()
        await page.get_by_role("button", name="The upstream is down").click()
        await expect(page.get_by_role("navigation", name="Pages")).to_contain_text("1 on")
        await page.get_by_role("button", name="Switch all off").click()
        await expect(notice).to_contain_text("all calls work normally")
        await page.get_by_role("link", name="Players", exact=True).click()
        await page.get_by_text("Rocket", exact=True).click()
        await page.get_by_role("link", name="Set the progress of Rocket").click()
        form = page.get_by_role("form", name="Progress in Ember Trail")
        await form.get_by_label("Own points").fill("700")
        await form.get_by_role("button", name="Set").click()
        await expect(page.locator("article", has_text="Ember Trail")).to_contain_text("700 points")
        await page.get_by_role("link", name="Overview").click()
        await page.get_by_label("Yes, delete them").check()
        await page.get_by_role("button", name="Reset the sandbox").click()
        await expect(notice).to_contain_text("as at the first start")
        assert complaints == []


async def test_the_keyboard_is_enough(browser: Browser, sandbox: str) -> None:
    async with opened(browser, f"{sandbox}{PAGES}/players") as (page, complaints):
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="To the content")).to_be_focused()
        await page.get_by_role("button", name="Find").focus()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name="Set the progress of Juno")).to_be_visible()
        assert complaints == []


async def test_a_page_of_another_site_changes_nothing(browser: Browser, sandbox: str) -> None:
    button = '<button name="advance" value="86400">Win</button>'
    form = f'<form method="post" action="{sandbox}{PAGES}/clock">{button}</form>'
    other_site = Starlette(routes=[Route("/", HTMLResponse(form))])
    async with serving(other_site) as other, opened(browser, other) as (page, _):
        await page.get_by_role("button", name="Win").click()
        await expect(page.get_by_text("Pages of other sites may not change the sandbox.")).to_be_visible()
        await page.goto(sandbox)
        await expect(page.get_by_role("form", name="Clock")).to_contain_text("same as the machine's clock")
