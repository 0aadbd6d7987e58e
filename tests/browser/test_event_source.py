"""`EventSource` of a real browser, which sends no headers: a page of another site listens with a stream token."""

import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.support.stack import BEN, running_stack, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

GAME = Starlette(routes=[Route("/", lambda _: HTMLResponse("<p>A game</p>"))])
LISTEN = "subscription { chainsChanged { reasons } }"
WRITE = "mutation { updateClan { userErrors { code } } }"

OPEN = """async ([gateway, token, query]) => {
  const answer = await fetch(`${gateway}/graphql/stream-token`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  const { streamToken } = await answer.json();
  const address = new URL(`${gateway}/graphql`);
  address.search = new URLSearchParams({ query, streamToken });
  window.heard = [];
  const source = new EventSource(address);
  source.addEventListener("next", (event) => window.heard.push(JSON.parse(event.data)));
  await new Promise((open, fail) => { source.onopen = open; source.onerror = fail; });
}"""


async def test_a_page_of_another_origin_listens(browser: Browser) -> None:
    async with serving(GAME) as other_site, running_stack({"GATEWAY_CORS_ORIGINS": other_site}) as stack:
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(other_site)
        await page.evaluate(OPEN, [stack.gateway_url, stack.token(BEN), LISTEN])
        await stack.until("gateway_subscriptions", 1)
        await stack.data(WRITE, token=stack.token(BEN))
        await page.wait_for_function("window.heard.length === 1")
        heard = await page.evaluate("window.heard")
        assert heard == [{"data": {"chainsChanged": {"reasons": ["CLAN"]}}}]
        await context.close()
