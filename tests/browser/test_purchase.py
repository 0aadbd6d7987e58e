"""A person buys in one tab, pays in another, and sees it in those that listen or wait, without a single poll."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.graphiql_page import Site, Visit, picture, visiting
from tests.support.stack import Stack
from tests.support.webhook_purchase import (
    BOUGHT,
    BUY,
    CHANGES,
    LIMIT_SECONDS,
    NEXT_STEP,
    ORDER,
    ORDER_CALL,
    POLL_SECONDS,
    READ_CHAIN,
    READ_ORDER,
    TO_BUY,
    changed,
    purchase_stack,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def stack() -> AsyncIterator[Stack]:
    async with purchase_stack() as running:
        yield running


async def start(tab: Visit, query: str) -> None:
    """Run something that may take its time."""
    await tab.write("Query Editor", query)
    await tab.run_button.click()
    await expect(tab.stop_button).to_be_visible()


async def shown(tab: Visit, text: str) -> Any:
    """What stands in the response pane once a text is part of it."""
    await expect(tab.page.get_by_label("Result Window")).to_contain_text(text)
    return json.loads(await tab.editor("Result Window"))


async def buy(tab: Visit) -> str:
    """Order the step; gives where to pay."""
    await tab.write("Query Editor", BUY)
    answer: Any = await tab.run("paymentUrl")
    payload = answer["data"]["orderOfferChainStep"]
    assert (payload["order"]["id"], payload["userErrors"]) == (ORDER, [])
    url: str = payload["order"]["paymentUrl"]
    return url


async def pay(visit: Visit, url: str) -> None:
    """Press the payment page's button, in a tab of its own."""
    page = await visit.page.context.new_page()
    await page.goto(url)
    await page.get_by_role("button", name="Pay 0.99 USD").click()
    await expect(page.get_by_role("heading")).to_have_text("Payment received")


def updated(status: str, *, is_terminal: bool) -> dict[str, Any]:
    return {"data": {"orderUpdated": {"status": status, "isTerminal": is_terminal}}}


def waited(status: str, *, is_terminal: bool) -> dict[str, Any]:
    return {"data": {"waitForOrder": {"status": status, "isTerminal": is_terminal}}}


async def test_open_subscriptions_show_a_purchase_as_it_is_paid_and_done_and_the_next_step(
    browser: Browser, stack: Stack
) -> None:
    async with visiting(browser, Site(stack.gateway_url)) as shop:
        await shop.open()
        chains, order = await shop.another_tab(), await shop.another_tab()
        await start(chains, CHANGES)
        await stack.until("gateway_subscriptions", 1)
        url = await buy(shop)
        assert await shown(chains, "ORDER_PLACED") == changed("ORDER_PLACED", TO_BUY)
        await start(order, f'subscription {{ orderUpdated(id: "{ORDER}") {{ status isTerminal }} }}')
        assert await shown(order, "NEW") == updated("NEW", is_terminal=False)
        await stack.clock.until_alarm(POLL_SECONDS)
        stack.calls()

        # `paid` comes by webhook, `done` with the read that follows it: held, so that the pane surely shows both.
        may_go_on = asyncio.Event()

        async def hold(_: httpx.Request) -> None:
            await may_go_on.wait()

        stack.seam.on(READ_ORDER, hold)
        await pay(shop, url)
        assert await shown(order, "PAID") == updated("PAID", is_terminal=False)
        assert await shown(chains, "ORDER_PAID") == changed("ORDER_PAID", BOUGHT)
        await picture(order, "purchase-paid")
        assert stack.calls() == {READ_ORDER: 1, READ_CHAIN: 1}

        events = await stack.figure("gateway_subscription_events_total")
        may_go_on.set()
        assert await shown(order, "DONE") == updated("DONE", is_terminal=True)
        await expect(order.run_button).to_be_visible()
        # The chains' subscription hears of this state as well, and has the same to show.
        await stack.until("gateway_subscription_events_total", events + 2)
        assert stack.calls() == {READ_CHAIN: 1}
        await expect(chains.stop_button).to_be_visible()
        await picture(chains, "purchase-next-step")
        await picture(order, "purchase-done")
        assert shop.complaints == []


async def test_a_long_poll_shows_a_purchase_as_it_is_paid_and_done_and_the_chain_the_next_step(
    browser: Browser, stack: Stack
) -> None:
    async with visiting(browser, Site(stack.gateway_url)) as shop:
        await shop.open()
        url = await buy(shop)
        assert stack.calls() == {ORDER_CALL: 1}
        game = await shop.another_tab()
        wait = 'query {{ waitForOrder(id: "{}", after: {}, timeoutSeconds: 55) {{ status isTerminal }} }}'
        await start(game, wait.format(ORDER, "NEW"))
        await stack.clock.until_alarm(POLL_SECONDS)
        assert stack.clock.alarms == [55, POLL_SECONDS, LIMIT_SECONDS]

        await pay(shop, url)
        assert await shown(game, "PAID") == waited("PAID", is_terminal=False)
        # Who waited has left with this answer, so nobody was there to read the order for.
        assert stack.calls() == {READ_ORDER: 1}
        await game.write("Query Editor", wait.format(ORDER, "PAID"))
        assert await game.run("DONE") == waited("DONE", is_terminal=True)
        assert stack.calls() == {READ_ORDER: 1}
        await game.write("Query Editor", f"{{ {NEXT_STEP} }}")
        assert await game.run("offerChain") == {"data": {"viewer": {"offerChain": BOUGHT}}}
        assert stack.calls() == {READ_CHAIN: 1}
        assert stack.clock.alarms == []
        assert shop.complaints == []
