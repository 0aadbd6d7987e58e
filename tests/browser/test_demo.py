"""The demo as a person meets it: open GraphiQL, run, claim, buy on the payment page, see the chain move."""

import json
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.support.commands import ask, first_line, running
from tests.support.graphiql_page import Site, Visit, picture, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

NO_POLL = {"GATEWAY_ORDER_POLL_SECONDS": "3600", "GATEWAY_ORDER_POLL_LIMIT_SECONDS": "3600"}
"""So that only the sandbox's webhooks can tell of an order in time."""


async def run_tab(visit: Visit, name: str, wait_for: str) -> Any:
    await visit.page.get_by_role("button", name=name, exact=True).click()
    return await visit.run(wait_for)


async def test_a_person_plays_through_the_first_steps(browser: Browser) -> None:
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json", **NO_POLL) as process:
        facts = json.loads(await first_line(process))
        site = Site(facts["graphiql_url"].removesuffix("/graphiql"))
        async with visiting(browser, site) as visit:
            await visit.page.goto(f"{site.origin}/")
            await visit.run_button.wait_for()
            assert visit.page.url == facts["graphiql_url"]

            home = await visit.run("offerChains")
            assert isinstance(home, dict)
            assert home["data"]["viewer"]["isSignedIn"] is True
            assert home["data"]["viewer"]["offerChains"][0]["nextAction"] == "CLAIM"
            await picture(visit, "demo-home")

            claimed = await run_tab(visit, "ClaimOffer", "userErrors")
            assert claimed["data"]["claimOfferChainStep"]["offerChain"]["nextAction"] == "BUY"
            ordered = await run_tab(visit, "BuyOffer", "paymentUrl")

            listening = await visit.another_tab()
            await listening.page.get_by_role("button", name="OrderUpdated", exact=True).click()
            update = await listening.run("isTerminal")
            order_id = ordered["data"]["orderOfferChainStep"]["order"]["id"]
            assert update == {"data": {"orderUpdated": {"id": order_id, "status": "NEW", "isTerminal": False}}}
            await visit.page.goto(ordered["data"]["orderOfferChainStep"]["order"]["paymentUrl"])
            await visit.page.get_by_role("button", name="Pay").click()
            await expect(visit.page.get_by_role("heading")).to_have_text("Payment received")
            await picture(visit, "demo-paid")
            # The order's last state; what comes before it may be gone before a person has seen it.
            await expect(listening.run_button).to_be_visible()
            update = json.loads(await listening.editor("Result Window"))
            assert update == {"data": {"orderUpdated": {"id": order_id, "status": "DONE", "isTerminal": True}}}

            await visit.page.goto(facts["graphiql_url"])
            await visit.run_button.wait_for()
            order = await run_tab(visit, "Order", "isTerminal")
            assert order["data"]["order"]["status"] == "DONE"
            home = await run_tab(visit, "Home", "offerChains")
            chain = home["data"]["viewer"]["offerChains"][0]
            assert [step["state"] for step in chain["steps"]][:3] == ["CLAIMED", "CLAIMED", "AVAILABLE"]
            assert home["data"]["viewer"]["rewardChains"][0]["nextAction"] == "CLAIM"
            assert visit.complaints == []


async def test_a_person_sees_what_another_device_of_the_player_does(browser: Browser) -> None:
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json") as process:
        facts = json.loads(await first_line(process))
        site = Site(facts["graphiql_url"].removesuffix("/graphiql"))
        async with visiting(browser, site) as visit:
            await visit.open()
            await visit.write(
                "Query Editor", "subscription { chainsChanged { reasons viewer { badge { claimableCount } } } }"
            )
            await visit.run_button.click()
            async with httpx.AsyncClient() as http:
                while "gateway_subscriptions 1.0" not in (await http.get(f"{site.origin}/metrics")).text:
                    continue
            await ask(
                facts["graphql_url"], "mutation { updateClan { userErrors { code } } }", facts["players"][0]["token"]
            )
            await expect(visit.page.get_by_label("Result Window")).to_contain_text("claimableCount")
            change = json.loads(await visit.editor("Result Window"))["data"]["chainsChanged"]
            assert change["reasons"] == ["CLAN"]
            await visit.stop_button.click()
            await expect(visit.run_button).to_be_visible()
            assert visit.complaints == []
