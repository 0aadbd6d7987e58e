"""The web shop that the demo serves, as players meet it: with clicks, with keys, with ears, and without a network."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.support.commands import ask, first_line, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
DRAUGHT = "3 \u00d7 Healing Draught"
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries().filter(one => !one.hadRecentInput)))
    .observe({ type: 'layout-shift', buffered: true });
"""
SHIFTED = "window.shifts.map(one => [one.value, ...one.sources.map(each => each.node?.outerHTML ?? '')])"
"""What moved without the player's doing, and how much of the page that was: nothing may."""


@dataclass
class Shop:
    """The page, in a demo of its own."""

    facts: dict[str, Any]
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    async def open(self) -> None:
        await self.page.goto(self.facts["shop_url"])
        await expect(self.network).to_have_text("Live")

    @property
    def network(self) -> Any:
        return self.page.locator("#network")

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name)

    def step(self, number: int) -> Any:
        return self.page.get_by_role("main").get_by_role("listitem").nth(number - 1)

    async def pay(self, link: Any) -> None:
        """Pay in the tab that the link opens, and come back."""
        async with self.context.expect_page() as opening:
            await link.click()
        payment = await opening.value
        await payment.get_by_role("button", name="Pay").click()
        await expect(payment.get_by_role("heading")).to_have_text("Payment received")
        await payment.close()


@asynccontextmanager
async def visiting(browser: Browser, **context: Any) -> AsyncIterator[Shop]:
    """A shop that has not been opened; the browser may complain of nothing at its end."""
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json") as process:
        facts = json.loads(await first_line(process))
        async with await browser.new_context(locale="en-US", **context) as made:
            page = await made.new_page()
            shop = Shop(facts, made, page)
            page.on("console", lambda said: shop.complaints.append(said.text))
            page.on("pageerror", lambda error: shop.complaints.append(str(error)))
            await page.add_init_script(WATCH_SHIFTS)
            yield shop


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_player_claims_buys_and_sees_it_arrive(browser: Browser, viewport: Any, scheme: Any) -> None:
    async with visiting(browser, viewport=viewport, color_scheme=scheme) as shop:
        await shop.open()
        await shop.button(f"Claim: {DRAUGHT}").click()
        await expect(shop.page.get_by_text(f"{DRAUGHT} is yours!")).to_be_visible()
        await expect(shop.step(1)).to_contain_text("Yours")
        await shop.button("Buy for $4.99: Wanderer's Bundle").click()
        await expect(shop.step(2)).to_contain_text("Waiting for your payment")
        await shop.pay(shop.page.get_by_role("link", name="Pay for Wanderer's Bundle"))
        await expect(shop.page.get_by_text("Wanderer's Bundle has arrived!")).to_be_visible()
        await expect(shop.step(2)).to_contain_text("Yours")
        await expect(shop.page.get_by_role("region", name="Orders")).to_be_hidden()
        await shop.button("Ember Trail").click()
        await expect(shop.button("Claim: 200 \u00d7 Gold")).to_be_visible()
        assert await shop.page.evaluate(SHIFTED) == []
        width = await shop.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width == 0
        assert shop.complaints == []


async def test_what_was_wanted_without_a_network_is_done_when_it_is_back(browser: Browser) -> None:
    async with visiting(browser, viewport=PHONE) as shop:
        await shop.open()
        await shop.context.set_offline(True)
        await expect(shop.network).to_have_text("Offline: what you saw last")
        await shop.button(f"Claim: {DRAUGHT}").click()
        await expect(shop.step(1)).to_contain_text("Waiting for the network")
        await expect(shop.network).to_have_text("Offline: what you saw last, 1 waiting")
        await shop.context.set_offline(False)
        await expect(shop.step(1)).to_contain_text("Yours")
        await expect(shop.network).to_have_text("Live")


async def test_an_order_is_followed_on_after_the_page_is_loaded_again(browser: Browser) -> None:
    async with visiting(browser, viewport=DESKTOP) as shop:
        await shop.open()
        await shop.button("Ember Trail").click()
        await shop.button("Buy for $1.99: Storm Lantern").click()
        link = shop.page.get_by_role("link", name="Pay for Storm Lantern")
        await link.wait_for()
        await shop.page.reload()
        await expect(shop.page.get_by_role("heading", name="Ember Trail")).to_be_visible()
        await shop.pay(link)
        await expect(shop.page.get_by_text("Storm Lantern has arrived!")).to_be_visible()
        await expect(shop.page.get_by_text("40 Embers")).to_be_visible()


async def test_other_devices_are_heard_where_no_socket_opens(browser: Browser) -> None:
    async with visiting(browser, viewport=DESKTOP) as shop:
        await shop.page.route_web_socket(re.compile("graphql"), lambda socket: socket.close())
        async with shop.page.expect_response(
            lambda answer: answer.headers.get("content-type", "").startswith("text/event-stream")
        ):
            await shop.open()
        claim = 'mutation { claimOfferChainStep(input: {stepId: "%s"}) { userErrors { code } } }'
        step = await shop.step(1).get_attribute("data-key")
        await ask(shop.facts["graphql_url"], claim % step, shop.facts["players"][0]["token"])
        await expect(shop.step(1)).to_contain_text("Yours")


async def test_a_keyboard_is_enough(browser: Browser) -> None:
    async with visiting(browser, viewport=DESKTOP) as shop:
        await shop.open()
        keys = shop.page.keyboard
        await keys.press("Tab")
        await expect(shop.page.get_by_role("link", name="Skip to the chain")).to_be_focused()
        await keys.press("Enter")
        await keys.press("Tab")
        await expect(shop.button(f"Claim: {DRAUGHT}")).to_be_focused()
        await keys.press("Space")
        await expect(shop.step(1)).to_contain_text("Yours")
        # The button is gone, and the focus stays where it was.
        await expect(shop.step(1)).to_be_focused()
        await keys.press("Tab")
        await expect(shop.button("Buy for $4.99: Wanderer's Bundle")).to_be_focused()
        await keys.press("Enter")
        await shop.page.get_by_role("link", name="Pay for Wanderer's Bundle").wait_for()
        await keys.press("Tab")
        await expect(shop.page.get_by_role("link", name="Pay for Wanderer's Bundle")).to_be_focused()


async def test_a_screen_reader_hears_names(browser: Browser) -> None:
    async with visiting(browser, viewport=DESKTOP) as shop:
        await shop.open()
        await expect(shop.page.locator("body")).to_match_aria_snapshot("""
            - banner:
              - heading "Shop" [level=1]
              - status: Live
            - navigation "Chains":
              - list:
                - listitem:
                  - button "Wanderer's Path Claim your gift 1 to claim"
            - main:
              - heading "Wanderer's Path" [level=2]
              - progressbar "Steps taken"
              - list:
                - listitem:
                  - heading "Step 1" [level=3]
                  - 'button "Claim: 3 \u00d7 Healing Draught"'
                - listitem:
                  - heading "Step 2" [level=3]
        """)
        await shop.button(f"Claim: {DRAUGHT}").click()
        await expect(shop.page.get_by_role("status").last).to_have_text(f"{DRAUGHT} is yours!")
        for one in await shop.page.get_by_role("button").or_(shop.page.get_by_role("link")).all():
            assert re.match(r"""- '?(button|link) "[^"]""", await one.aria_snapshot())


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
async def test_nothing_moves_for_those_who_do_not_want_it(browser: Browser, wish: Any, moves: bool) -> None:
    async with visiting(browser, viewport=PHONE, reduced_motion=wish) as shop:
        await shop.open()
        await shop.button(f"Claim: {DRAUGHT}").wait_for()
        assert await shop.page.evaluate("document.getAnimations().length > 0") is moves
