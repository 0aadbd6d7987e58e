"""The vendor's published responses, shown by the gateway's GraphQL endpoint."""

from copy import deepcopy

from tests.support.published_samples import published
from tests.support.stack import BEN, Stack, answers

TOP = "get-user-clan-top-contributors"
OFFERS = """{ viewer { offerChains { id name nextAction steps { id number isFree price { amount } items { sku quantity
  content { sku quantity content { sku } } } } } } }"""
REWARDS = """{ viewer { rewardChains { id name isClan balance { name amount } steps { id state pointsRequired
  rewards { sku quantity } } topContributors { name amount } popup { header } } } }"""

DAYS = """{ viewer { dailyChains { id type nextAction nextStep { id number } steps { id state isMissed unlocksAt
  items { sku quantity content { sku quantity } } } } } }"""


async def test_a_published_offer_chain_is_shown_with_its_nested_bundle(stack: Stack) -> None:
    chain = published("get-user-offer-chain-by-id", "200") | {"date_end": None}
    page = published("get-offer-chains-list", "200") | {"items": [chain]}
    stack.seam.on("GET /user/offer_chain", answers(200, page))
    (shown,) = (await stack.data(OFFERS, token=stack.token(BEN)))["viewer"]["offerChains"]
    ((item,),) = (step["items"] for step in shown["steps"])
    assert (item["sku"], item["quantity"]) == ("bundle_with_many_items", 1)
    assert [one["quantity"] for one in item["content"]] == [1, 1, 100, 1, 1]
    assert item["content"][-1]["content"] == [{"sku": "vc-in-bundle-gold-coins"}]


async def test_published_reward_chains_are_shown(stack: Stack) -> None:
    stack.seam.on("GET /user/reward_chain", answers(200, published("get-reward-chains-list", "200")))
    stack.seam.on("GET /user/clan/contributors/12/top", answers(200, published(TOP, "200 clan")))
    own, clan = (await stack.data(REWARDS, token=stack.token(BEN)))["viewer"]["rewardChains"]
    assert (own["balance"], clan["balance"]) == (
        {"name": "A name", "amount": 130},
        {"name": "A name", "amount": 80},
    )
    assert [step["pointsRequired"] for step in own["steps"]] == [100, 200]
    assert [one["amount"] for one in clan["topContributors"]] == [555, 398, 201, 1]
    assert (own["popup"], clan["popup"]["header"]) == (None, "How to get rewards")


async def test_an_empty_balance_costs_nothing_and_counts_as_no_points(stack: Stack) -> None:
    page = deepcopy(published("get-reward-chains-list", "200"))
    for chain in page["items"]:
        del chain["value_point"]["amount"]
    stack.seam.on("GET /user/reward_chain", answers(200, page))
    stack.seam.on("GET /user/clan/contributors/12/top", answers(200, published(TOP, "200 without-clan")))
    empty = answers(200, published("get-user-reward-chain-balance", "200 empty"))
    for chain in page["items"]:
        stack.seam.on(f"GET /user/reward_chain/{chain['reward_chain_id']}/balance", empty)
    shown = (await stack.data(REWARDS, token=stack.token(BEN)))["viewer"]["rewardChains"]
    assert [chain["balance"] for chain in shown] == [{"name": "A name", "amount": 0}] * 2


async def test_a_published_daily_chain_is_shown_with_its_missed_day(stack: Stack) -> None:
    chain = published("get-user-daily-chain-by-id", "200") | {"date_end": None}
    stack.seam.on("GET /user/daily_chain", answers(200, {"items": [chain], "has_more": False}))
    (shown,) = (await stack.data(DAYS, token=stack.token(BEN)))["viewer"]["dailyChains"]
    assert (shown["type"], shown["nextAction"], shown["nextStep"]["number"]) == ("CALENDAR_HARD", "CLAIM", 3)
    assert [step["state"] for step in shown["steps"]] == ["LOCKED", "CLAIMED", "AVAILABLE", "LOCKED"]
    assert [step["isMissed"] for step in shown["steps"]] == [True, False, False, False]
    assert shown["steps"][-1]["unlocksAt"] == "2024-04-04T13:36:00Z"
    assert [one["quantity"] for one in shown["steps"][0]["items"][0]["content"]] == [1, 100]
