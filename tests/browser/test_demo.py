"""The demo as a person meets it: be a player, claim, buy, pay, move the clock, break the upstream and heal it."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.commands import ask, first_line, running
from tests.support.graphiql_page import Site, Visit, picture, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

NO_POLL = {"GATEWAY_ORDER_POLL_SECONDS": "3600", "GATEWAY_ORDER_POLL_LIMIT_SECONDS": "3600"}
"""So that only the sandbox's webhooks can tell of an order in time."""


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[dict[str, Any]]:
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json", **NO_POLL) as process:
        yield json.loads(await first_line(process))


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, demo: dict[str, Any]) -> AsyncIterator[Visit]:
    """A first visit, by the endpoint's own address; the first tab has run."""
    async with visiting(browser, Site(demo["graphiql_url"].removesuffix("/graphiql"))) as visit:
        await visit.page.goto(demo["graphql_url"])
        assert visit.page.url == demo["graphiql_url"]
        await expect(visit.page.get_by_label("Result Window")).to_contain_text("offerChains")
        yield visit
        assert visit.complaints == []


async def be(visit: Visit, player: str) -> None:
    await visit.page.get_by_label("You are").select_option(player)
    await expect(visit.page.get_by_role("status")).to_contain_text(f"You are {player} now.")


async def run_tab(visit: Visit, name: str, wait_for: str) -> Any:
    """Open a tab and run it; gives the answer, a text of whose first lines is shown."""
    await visit.page.get_by_role("button", name=name, exact=True).click()
    named = re.compile(rf"(query|mutation|subscription) {name}\b")
    async with visit.page.expect_response(lambda one: bool(named.search(one.request.post_data or ""))) as answered:
        await visit.run_button.click()
    await expect(visit.page.get_by_label("Result Window")).to_contain_text(wait_for)
    answer = await answered.value
    return await answer.json() if "json" in answer.headers["content-type"] else None


async def sandbox_page(visit: Visit) -> Page:
    """The sandbox's first page, by the link of the bar."""
    async with visit.page.expect_popup() as popup:
        await visit.page.get_by_role("link", name="Sandbox").click()
    return await popup.value


async def test_the_first_screen_shows_what_can_be_claimed_bought_and_earned(visit: Visit) -> None:
    shown = json.loads(await visit.editor("Result Window"))["data"]["viewer"]
    assert {"CLAIM", "BUY"} <= {chain["nextAction"] for chain in shown["offerChains"]}
    assert "EARN_POINTS" in {chain["nextAction"] for chain in shown["rewardChains"]}
    await picture(visit, "demo-first-screen")


async def test_a_person_claims_buys_pays_and_gets_a_refund_with_clicks_only(visit: Visit) -> None:
    await be(visit, "Mira")
    claimed = await run_tab(visit, "ClaimOffer", "userErrors")
    assert claimed["data"]["claimOfferChainStep"]["userErrors"] == []
    assert claimed["data"]["claimOfferChainStep"]["offerChain"]["nextAction"] == "BUY"
    ordered = await run_tab(visit, "BuyOffer", "paymentUrl")
    order = ordered["data"]["orderOfferChainStep"]["order"]

    await run_tab(visit, "OrderUpdated", '"NEW"')
    await expect(visit.page.get_by_role("status")).to_have_text("Listening: 1 event so far.")
    await picture(visit, "demo-listening")
    async with visit.page.expect_popup() as popup:
        await visit.page.get_by_role("link", name="Pay this order").click()
    payment = await popup.value
    await payment.get_by_role("button", name="Pay").click()
    await expect(payment.get_by_role("heading")).to_have_text("Payment received")
    # The order's last state; what comes before it may be gone before a person has seen it.
    await expect(visit.run_button).to_be_visible()
    update = json.loads(await visit.editor("Result Window"))
    assert update == {"data": {"orderUpdated": {"id": order["id"], "status": "DONE", "isTerminal": True}}}

    overview = await run_tab(visit, "Overview", "viewer")
    assert "CLAIM" in {chain["nextAction"] for chain in overview["data"]["viewer"]["rewardChains"]}
    sandbox = await sandbox_page(visit)
    await sandbox.get_by_role("button", name="Refund").first.click()
    await expect(sandbox.get_by_role("status")).to_have_text("The order was refunded.")
    refunded = await run_tab(visit, "Order", "isTerminal")
    assert (refunded["data"]["order"]["id"], refunded["data"]["order"]["status"]) == (order["id"], "CANCELED")


async def test_an_address_in_the_answer_opens_by_a_click(visit: Visit) -> None:
    await run_tab(visit, "BuyOffer", "paymentUrl")
    async with visit.page.expect_popup() as popup:
        await visit.page.get_by_label("Result Window").get_by_text("paystation4").click()
    await expect((await popup.value).get_by_role("button", name="Pay 0.99 USD")).to_be_visible()


async def test_ids_that_a_person_has_typed_stay(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="OfferChain", exact=True).click()
    await expect(visit.page.get_by_label("Variables")).to_contain_text("b2M6MQ")
    await visit.write("Variables", '{"id": "b2M6Mg"}')
    await visit.remembered("b2M6Mg")
    await visit.page.get_by_role("button", name="Badge", exact=True).click()
    chain = await run_tab(visit, "OfferChain", "b2M6Mg")
    assert chain["data"]["viewer"]["offerChain"]["id"] == "b2M6Mg"


async def test_the_clock_is_moved_over_a_reset_and_the_countdown_begins_anew(visit: Visit) -> None:
    def weekly(answer: Any) -> tuple[int, str]:
        (chain,) = [one for one in answer["data"]["viewer"]["offerChains"] if one["name"] == "Weekly Supplies"]
        return chain["schedule"]["secondsUntilReset"], chain["steps"][0]["state"]

    before, state = weekly(await run_tab(visit, "Home", "viewer"))
    assert state == "CLAIMED"
    sandbox = await sandbox_page(visit)
    await sandbox.get_by_role("button", name="To the next reset").click()
    await expect(sandbox.get_by_role("status")).to_have_text("The clock was moved.")
    after, state = weekly(await run_tab(visit, "Home", "viewer"))
    assert 7 * 86_400 - 600 < after <= 7 * 86_400
    assert after > before - 600
    assert state == "AVAILABLE"


async def test_the_upstream_is_broken_and_healed(visit: Visit) -> None:
    sandbox = await sandbox_page(visit)
    await sandbox.get_by_role("link", name="Faults").click()
    await sandbox.get_by_role("button", name="The upstream is down").click()
    await expect(sandbox.get_by_role("status")).to_have_text("The fault is on.")
    await be(visit, "Juno")
    broken = await run_tab(visit, "Overview", "errors")
    assert broken["data"]["viewer"]["offerChains"] is None
    assert {one["extensions"]["code"] for one in broken["errors"]} == {"UPSTREAM_UNAVAILABLE"}
    await sandbox.get_by_role("button", name="Switch all off").click()
    await expect(sandbox.get_by_role("status")).to_contain_text("all calls work normally")
    healed = await run_tab(visit, "Overview", "offerChains")
    assert "errors" not in healed
    assert healed["data"]["viewer"]["offerChains"][0]["nextAction"] == "CLAIM"


async def test_a_person_sees_what_another_device_of_the_player_does(visit: Visit, demo: dict[str, Any]) -> None:
    await be(visit, "Mira")
    await visit.write("Query Editor", "subscription { chainsChanged { reasons viewer { badge { claimableCount } } } }")
    await visit.run_button.click()
    await expect(visit.page.get_by_role("status")).to_have_text("Listening: nothing has happened yet.")
    async with httpx.AsyncClient() as http:
        while "gateway_subscriptions 1.0" not in (await http.get(f"{visit.site.origin}/metrics")).text:
            continue
    await ask(demo["graphql_url"], "mutation { updateClan { userErrors { code } } }", demo["players"][0]["token"])
    await expect(visit.page.get_by_label("Result Window")).to_contain_text("claimableCount")
    change = json.loads(await visit.editor("Result Window"))["data"]["chainsChanged"]
    assert change["reasons"] == ["CLAN"]
    await visit.stop_button.click()
    await expect(visit.run_button).to_be_visible()
    await expect(visit.page.get_by_role("status")).to_have_text("")
