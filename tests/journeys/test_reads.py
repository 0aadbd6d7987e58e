"""Queries through the whole product: what is asked of the upstream, what is kept, and what one fault costs."""

import asyncio
import json
import logging

import httpx
import pytest

from gateway.schema import ids
from tests.support import operations
from tests.support.chain_lists import ALL_LISTS, LISTS, NAMES, error
from tests.support.held_calls import HeldCall, half_a_request
from tests.support.stack import ANN, BEN, CLEO, Stack, answers, raises, running_stack

POINTS = "{ viewer { rewardChains { name isClan balance { amount isClan } steps { state } } } }"


# What is kept, and for how long


async def test_a_screen_of_all_kinds_is_three_calls_and_then_none_until_the_chains_are_stale(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(operations.HOME, token=token)
    assert stack.calls() == ALL_LISTS
    stack.clock.advance(4.9)
    await stack.data(operations.HOME, token=token)
    assert stack.calls() == {}


async def test_points_older_than_a_balance_may_be_are_read_with_the_list(stack: Stack) -> None:
    token = stack.token(BEN)
    first = await stack.data(POINTS, token=token)
    assert stack.calls() == {"GET /user/reward_chain": 1}
    stack.clock.advance(5)
    assert await stack.data(POINTS, token=token) == first
    assert stack.calls() == {"GET /user/reward_chain": 1}
    await stack.data(NAMES, token=token)
    assert stack.calls() == {"GET /user/offer_chain": 1}
    stack.clock.advance(14.9)
    await stack.data("{ viewer { rewardChains { name } } }", token=token)
    assert stack.calls() == {}, "the list lives from its second reading on"


async def test_a_list_without_points_costs_the_balance_calls_at_once(stack: Stack) -> None:
    async def strip(request: httpx.Request) -> httpx.Response:
        answer = await stack.seam.inner.handle_async_request(request)
        body = json.loads(await answer.aread())
        for chain in body["items"]:
            del chain["value_point"]["amount"]
        return httpx.Response(200, json=body)

    token = stack.token(BEN)
    whole = await stack.data(POINTS, token=token)
    stack.clock.advance(60)
    stack.seam.on("GET /user/reward_chain", strip)
    stack.calls()
    assert await stack.data(POINTS, token=token) == whole
    assert sorted(name.rpartition("/")[2] for name in stack.calls()) == ["balance", "balance", "reward_chain"]


async def test_the_same_read_under_many_names_is_made_once(stack: Stack) -> None:
    query = (
        "{ a: viewer { offerChains { name } x: offerChains { id } badge { claimableCount } } b: viewer { imageUrls } }"
    )
    await stack.data(query, token=stack.token(BEN))
    assert stack.calls() == ALL_LISTS


async def test_players_and_languages_are_kept_apart_and_visitors_share(stack: Stack) -> None:
    for token in (stack.token(ANN), stack.token(BEN), None):
        for language in ("en", "de"):
            for _ in range(2):
                await stack.data(NAMES, token=token, headers={"accept-language": language})
            assert stack.calls() == LISTS


async def test_nothing_is_kept_beyond_the_end_of_the_token(stack: Stack) -> None:
    token = stack.token(BEN, lifetime_seconds=10)
    await stack.data(NAMES, token=token)
    stack.clock.advance(9)
    await stack.data(NAMES, token=token)
    assert stack.calls() == LISTS
    stack.clock.advance(1)
    body = await stack.ask(NAMES, token=token)
    assert {error(body, number)[0] for number in (0, 1)} == {"TOKEN_EXPIRED"}
    assert body["data"] == {"viewer": {"offerChains": None, "rewardChains": None}}


async def test_lifetimes_of_zero_ask_each_time() -> None:
    environment = {"GATEWAY_CACHE_CHAINS_SECONDS": "0", "GATEWAY_CACHE_BALANCE_SECONDS": "0"}
    async with running_stack(environment) as stack:
        for _ in range(2):
            await stack.data(POINTS, token=stack.token(BEN))
            assert len(stack.calls()) == 3


async def test_readers_at_the_same_time_share_one_call(stack: Stack) -> None:
    token = stack.token(BEN)
    await asyncio.gather(*(stack.data(NAMES, token=token) for _ in range(20)))
    assert stack.calls() == LISTS


async def test_a_finished_order_is_kept_and_an_open_one_is_not(stack: Stack) -> None:
    token = stack.token(ANN)
    chain = (await stack.data(operations.HOME, token=token))["viewer"]["offerChains"][0]
    await stack.data(operations.CLAIM_OFFER, {"stepId": chain["steps"][0]["id"]}, token=token)
    placed = await stack.data(operations.ORDER_OFFER, {"stepId": chain["steps"][1]["id"]}, token=token)
    number = placed["orderOfferChainStep"]["order"]["id"]
    stack.calls()
    for _ in range(2):
        await stack.data(operations.ORDER, {"id": number}, token=token)
    (calls,) = stack.calls().values()
    assert calls == 2
    (upstream_id,) = ids.decode(ids.IdKind.ORDER, number)
    await stack.pay(upstream_id)
    for _ in range(3):
        assert (await stack.data(operations.ORDER, {"id": number}, token=token))["order"]["status"] == "DONE"
    (calls,) = stack.calls().values()
    assert calls == 1


# What is shown


async def test_a_visitor_sees_the_chains_without_progress(stack: Stack) -> None:
    viewer = (await stack.data(operations.HOME))["viewer"]
    assert viewer["isSignedIn"] is False
    assert viewer["badge"]["claimableCount"] == 0
    assert {
        chain["nextAction"] for chain in viewer["offerChains"] + viewer["rewardChains"] + viewer["dailyChains"]
    } == {"SIGN_IN"}
    assert {chain["balance"]["amount"] for chain in viewer["rewardChains"]} == {0}
    stack.clock.advance(6)
    await stack.data(POINTS)
    assert stack.calls() == ALL_LISTS


async def test_clan_chains_show_the_clans_points_and_its_best_members(stack: Stack) -> None:
    chains = (await stack.data(operations.REWARD_CHAINS, token=stack.token(BEN)))["viewer"]["rewardChains"]
    personal, clan = sorted(chains, key=lambda chain: chain["clanType"] is not None)
    assert (personal["clanType"], personal["topContributors"], personal["popup"]) == (None, [], None)
    assert (clan["clanType"], clan["balance"]["isClan"]) == ("GUILD", True)
    names = [one["name"] for one in clan["topContributors"]]
    assert names == [BEN.name, CLEO.name]
    assert sum(one["amount"] for one in clan["topContributors"]) == clan["balance"]["amount"]
    assert clan["popup"]["header"] == "How to unlock rewards"
    calls = stack.calls()
    assert calls.pop("GET /user/reward_chain") == 1
    assert [name.startswith("GET /user/clan/contributors/") for name in calls] == [True]


async def test_texts_come_in_the_players_language(stack: Stack) -> None:
    query = "{ viewer { offerChains { name } rewardChains { popup { header } } } }"
    viewer = (await stack.data(query, headers={"accept-language": "de-DE"}))["viewer"]
    assert viewer["offerChains"][0]["name"] == "Pfad des Wanderers"
    assert {"header": "So schaltet ihr Belohnungen frei"} in [chain["popup"] for chain in viewer["rewardChains"]]


async def test_one_chain_is_read_by_its_id(stack: Stack) -> None:
    token = stack.token(BEN)
    query = "{ viewer { offerChains { id name } rewardChains { id name } } }"
    viewer = (await stack.data(query, token=token))["viewer"]
    stack.calls()
    for kind, call in (("offerChain", {"GET /user/offer_chain/2": 1}), ("rewardChain", {})):
        listed = viewer[f"{kind}s"][1]
        one = await stack.data(
            f"query($id: ID!) {{ viewer {{ {kind}(id: $id) {{ id name }} }} }}", {"id": listed["id"]}, token=token
        )
        assert one["viewer"][kind] == listed
        assert stack.calls() == call


async def test_an_id_that_names_nothing_is_null(stack: Stack) -> None:
    query = """query($o: ID!, $r: ID!, $n: ID!) {
      viewer { offerChain(id: $o) { id } rewardChain(id: $r) { id } }
      order(id: $n) { id }
    }"""
    kinds = (ids.IdKind.OFFER_CHAIN, ids.IdKind.REWARD_CHAIN, ids.IdKind.ORDER)
    variables = dict(zip("orn", (ids.encode(kind, 999_999) for kind in kinds), strict=True))
    data = await stack.data(query, variables, token=stack.token(ANN))
    assert data == {"viewer": {"offerChain": None, "rewardChain": None}, "order": None}


async def test_a_malformed_id_costs_its_field_and_asks_nothing(stack: Stack) -> None:
    body = await stack.ask('{ serverTime order(id: "656") { id } viewer { offerChain(id: "x") { id } } }')
    assert body["data"]["serverTime"] == "2027-01-15T08:00:00Z"
    assert (body["data"]["order"], body["data"]["viewer"]["offerChain"]) == (None, None)
    assert {error(body, number)[0] for number in (0, 1)} == {"BAD_USER_INPUT"}
    assert stack.calls() == {}


async def test_another_players_order_is_not_shown(stack: Stack) -> None:
    token = stack.token(ANN)
    chain = (await stack.data(operations.HOME, token=token))["viewer"]["offerChains"][0]
    claimed = await stack.data(operations.CLAIM_OFFER, {"stepId": chain["steps"][0]["id"]}, token=token)
    number = claimed["claimOfferChainStep"]["orderId"]
    assert (await stack.data(operations.ORDER, {"id": number}, token=token))["order"]["status"] == "DONE"
    assert (await stack.data(operations.ORDER, {"id": number}, token=stack.token(BEN)))["order"] is None


# Faults


async def test_one_dead_list_costs_one_field(stack: Stack) -> None:
    stack.seam.on("GET /user/reward_chain", answers(500))
    body = await stack.ask(NAMES, token=stack.token(ANN))
    assert error(body) == ("UPSTREAM_UNAVAILABLE", ["viewer", "rewardChains"])
    assert body["errors"][0]["extensions"]["retryable"] is True
    assert body["data"]["viewer"]["rewardChains"] is None
    assert len(body["data"]["viewer"]["offerChains"]) == 4


async def test_a_dead_balance_is_covered_by_what_the_list_told(stack: Stack) -> None:
    token = stack.token(BEN)
    whole = (await stack.data(POINTS, token=token))["viewer"]["rewardChains"]
    stack.clock.advance(6)
    (number,) = ids.decode(
        ids.IdKind.REWARD_CHAIN,
        (await stack.data("{ viewer { rewardChains { id } } }", token=token))["viewer"]["rewardChains"][1]["id"],
    )
    stack.seam.on("GET /user/reward_chain", answers(503))
    stack.seam.on(f"GET /user/reward_chain/{number}/balance", raises(httpx.ReadTimeout("late")))
    body = await stack.ask(POINTS, token=token)
    assert body == {"data": {"viewer": {"rewardChains": whole}}, "extensions": {"stale": {"ageSeconds": 6}}}
    stack.clock.advance(600)
    stack.seam.faults.clear()
    stack.seam.on("GET /user/reward_chain/.*/balance", raises(httpx.ReadTimeout("late")))
    assert await stack.data(POINTS, token=token) == {"viewer": {"rewardChains": whole}}


async def test_without_points_from_anywhere_steps_are_shown_closed(stack: Stack) -> None:
    chain = {
        "reward_chain_id": 5,
        "name": "Bare",
        "date_start": "2020-01-01T00:00:00Z",
        "value_point": {"sku": "v", "name": "V"},
        "steps": [{"step_id": 1, "price": {"amount": 1}}],
    }
    stack.seam.on("GET /user/reward_chain", answers(200, {"items": [chain]}))
    stack.seam.on("GET /user/reward_chain/5/balance", answers(503))
    body = await stack.ask(POINTS, token=stack.token(ANN))
    assert body["data"]["viewer"]["rewardChains"][0]["steps"] == [{"state": "LOCKED"}]
    assert error(body) == ("UPSTREAM_UNAVAILABLE", ["viewer", "rewardChains", 0, "balance"])


async def test_prices_are_written_in_the_language_of_each_request_though_players_share_them(stack: Stack) -> None:
    prices = [("29.949999999999999", "USD"), ("500.0", "JPY"), ("1.50", "gems")]
    steps = [
        {"step_number": number, "is_free": False, "step_price": {"amount": amount, "currency": currency}}
        for number, (amount, currency) in enumerate(prices, start=1)
    ]
    chain = {"id": 5, "name": "Priced", "date_start": "2020-01-01T00:00:00Z", "steps": steps}
    stack.seam.on("GET /user/offer_chain", answers(200, {"items": [chain]}))
    query = '{ viewer { offerChains { steps { price { amount display in_japan: display(locale: "ja-JP") } } } } }'

    async def shown(language: str) -> list[tuple[str, str, str]]:
        data = await stack.data(query, token=stack.token(ANN), headers={"accept-language": language})
        found = [step["price"] for step in data["viewer"]["offerChains"][0]["steps"]]
        return [(price["amount"], price["display"], price["in_japan"]) for price in found]

    amounts, japanese = ["29.95", "500", "1.5"], ["$29.95", "￥500", "1.5\xa0gems"]
    german = ["29,95\xa0$", "500\xa0¥", "1,5\xa0gems"]
    english = ["$29.95", "¥500", "1.5\xa0gems"]
    for language, expected in (("de", german), ("en", english), ("de;q=0.5, xx", german), ("xx", english)):
        assert await shown(language) == list(zip(amounts, expected, japanese, strict=True))


async def test_an_address_that_is_empty_counts_as_none(stack: Stack) -> None:
    item = {"sku": "gold", "image_url": "", "content": [{"sku": "coin", "image_url": ""}]}
    shared = {"name": "Bare", "date_start": "2020-01-01T00:00:00Z"}
    points = {"sku": "v", "name": "V", "amount": 1, "image_url": ""}
    rewards = [{"sku": "v", "amount": 5, "image_url": ""}]
    steps = [{"step_number": 1, "is_free": True, "items": [item], "step_vp_rewards": rewards}]
    stack.seam.on("GET /user/offer_chain", answers(200, {"items": [{**shared, "id": 5, "steps": steps}]}))
    step = {"step_id": 1, "price": {"amount": 1}, "image_url": "", "reward": [item]}
    hint = {"popup_header": {"en": "Hi"}, "popup_image_url": "", "image_url": ""}
    chain = {**shared, **hint, "reward_chain_id": 5, "value_point": points, "steps": [step]}
    stack.seam.on("GET /user/reward_chain", answers(200, {"items": [chain]}))
    stack.seam.on("GET /user/reward_chain/5/balance", answers(200, points))
    stack.seam.on("GET /user/daily_chain", answers(200, {"items": []}))
    pictures = """{ viewer { imageUrls
        offerChains { steps { items { imageUrl content { imageUrl } } valuePoints { imageUrl } } }
        rewardChains { imageUrl popup { header imageUrl } balance { imageUrl }
            steps { imageUrl rewards { imageUrl content { imageUrl } } } } } }"""
    text = json.dumps(await stack.data(pictures, token=stack.token(ANN), headers={"accept-language": "en"}))
    assert '""' not in text
    assert text.count('"imageUrl": null') == 9
    assert '"imageUrls": []' in text


async def test_chains_that_cannot_be_read_are_left_out_with_an_error_beside_the_list(stack: Stack) -> None:
    async def require_replay(request: httpx.Request) -> httpx.Response:
        answer = await stack.seam.inner.handle_async_request(request)
        body = json.loads(await answer.aread())
        body["items"][0].pop("steps")
        return httpx.Response(200, json=body)

    stack.seam.on("GET /user/(offer|reward)_chain", require_replay)
    body = await stack.ask(NAMES, token=stack.token(ANN))
    assert [len(body["data"]["viewer"][name]) for name in ("offerChains", "rewardChains")] == [3, 1]
    found = sorted(error(body, number)[1] or [] for number in (0, 1))
    assert found == [["viewer", "offerChains"], ["viewer", "rewardChains"]]
    assert error(body)[0] == "UPSTREAM_INVALID"
    assert body["errors"][0]["message"] == "1 of the chains could not be read and are left out."


async def test_a_rate_limit_says_when_to_come_back(stack: Stack) -> None:
    stack.seam.on("GET /user/offer_chain", answers(429, {"errorCode": 7}, **{"retry-after": "9"}))
    body = await stack.ask("{ viewer { offerChains { name } } }")
    assert body["errors"][0]["extensions"] == {
        "code": "RATE_LIMITED",
        "retryable": True,
        "requestId": body["errors"][0]["extensions"]["requestId"],
        "upstreamCode": 7,
        "retryAfterSeconds": 9,
    }


async def test_a_wrong_token_is_refused_by_the_upstream_and_leaves_nothing_kept(stack: Stack) -> None:
    body = await stack.ask(NAMES, token="wrong")
    assert error(body) in [("UNAUTHENTICATED", ["viewer", name]) for name in ("offerChains", "rewardChains")]
    assert body["errors"][0]["extensions"]["upstreamCode"] == 1013
    stack.calls()
    await stack.ask(NAMES, token="wrong")
    assert stack.calls() == LISTS


async def test_a_token_that_the_upstream_takes_back_empties_what_was_kept(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(NAMES, token=token)
    stack.seam.on("GET /order/.*", answers(401, {"errorCode": 1501}))
    body = await stack.ask(operations.ORDER, {"id": ids.encode(ids.IdKind.ORDER, 1)}, token=token)
    assert error(body) == ("UNAUTHENTICATED", ["order"])
    stack.calls()
    await stack.data(NAMES, token=token)
    assert stack.calls() == LISTS


async def test_an_upstream_that_wants_a_token_of_visitors_does_not_empty_what_they_share(stack: Stack) -> None:
    await stack.data("{ viewer { offerChains { name } } }")
    stack.seam.on("GET /user/reward_chain", answers(401))
    body = await stack.ask(NAMES)
    assert error(body) == ("UNAUTHENTICATED", ["viewer", "rewardChains"])
    stack.calls()
    await stack.data("{ viewer { offerChains { name } } }")
    assert stack.calls() == {}


async def test_what_nobody_expected_is_masked_and_logged_with_the_request_id(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    stack.seam.on("GET /user/offer_chain", raises(RuntimeError("a secret detail")))
    body = await stack.ask("{ serverTime viewer { offerChains { name } } }", headers={"x-request-id": "look-here"})
    assert error(body) == ("INTERNAL", ["viewer", "offerChains"])
    assert body["errors"][0]["extensions"]["requestId"] == "look-here"
    assert "secret detail" not in json.dumps(body)
    assert body["data"]["serverTime"]
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.getMessage() == "unexpected_error"
    assert record.exc_info is not None
    assert "a secret detail" in str(record.exc_info[1])


@pytest.mark.slow
async def test_a_slow_call_costs_its_field_at_the_deadline_and_the_others_are_full() -> None:
    # Long enough for the other field on a busy machine.
    async with running_stack({"GATEWAY_QUERY_SECONDS": "3"}) as stack:
        stack.seam.on("GET /user/reward_chain", HeldCall())
        body = await stack.ask(NAMES, token=stack.token(ANN))
        assert error(body) == ("UPSTREAM_TIMEOUT", ["viewer", "rewardChains"])
        assert len(body["data"]["viewer"]["offerChains"]) == 4


async def test_a_read_ends_when_the_only_client_that_waits_hangs_up(stack: Stack) -> None:
    held = HeldCall()
    stack.seam.on("GET /user/offer_chain", held)
    hang_up = await half_a_request(stack, "{ viewer { offerChains { name } } }")
    await held.opened.wait()
    await hang_up()
    await held.left.wait()
    assert not held.release.is_set()


async def test_a_read_goes_on_when_another_client_waits_for_it(stack: Stack) -> None:
    held, both = HeldCall(), asyncio.Event()

    async def see_the_second(_: httpx.Request) -> None:
        both.set()

    stack.seam.on("GET /user/offer_chain", held)
    stack.seam.on("GET /user/reward_chain", see_the_second)
    hang_up = await half_a_request(stack, "{ viewer { offerChains { name } } }")
    await held.opened.wait()
    other = asyncio.ensure_future(stack.data(NAMES))
    await both.wait()
    await hang_up()
    held.release.set()
    assert (await other)["viewer"]["offerChains"] == []
    assert stack.calls() == LISTS
