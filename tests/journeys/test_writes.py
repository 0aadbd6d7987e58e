"""Mutations through the whole product: refusals explained, outcomes kept apart, nothing sent twice."""

import asyncio
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gateway.player.recent_writes import JOINED_SECONDS
from gateway.schema import ids
from gateway.schema.reward_writes import CLAIMS_AT_ONCE
from tests.support import operations
from tests.support.chain_lists import LISTS, NAMES, error
from tests.support.held_calls import HeldCall, SlowWrite, half_a_request
from tests.support.stack import ANN, BEN, CLEO, Fault, Stack, answers, raises, running_stack

OFFER_STEP, REWARD_STEP = ids.IdKind.OFFER_STEP, ids.IdKind.REWARD_STEP
WRITES: dict[str, tuple[str, dict[str, str], str]] = {
    "claimOfferChainStep": (operations.CLAIM_OFFER, {"stepId": ids.encode(OFFER_STEP, 1, 1)}, "POST .*/claim"),
    "orderOfferChainStep": (operations.ORDER_OFFER, {"stepId": ids.encode(OFFER_STEP, 1, 2)}, "POST .*/order"),
    "claimRewardChainStep": (operations.CLAIM_REWARD, {"stepId": ids.encode(REWARD_STEP, 1, 1)}, "POST .*/claim"),
    "updateClan": (operations.UPDATE_CLAN, {}, "PUT /user/clan/update"),
}
RECOVERED_FROM = {
    "claimOfferChainStep": ["GET /user/offer_chain/1"],
    "orderOfferChainStep": ["GET /user/offer_chain/1"],
    "claimRewardChainStep": ["GET /user/reward_chain"],
}
"""What is read once the answer of a write was lost; nothing tells what a change of clan paid out."""

ALL_WRITES = {
    **WRITES,
    "claimAvailableRewards": (
        operations.CLAIM_ALL,
        {"rewardChainId": ids.encode(ids.IdKind.REWARD_CHAIN, 1)},
        "POST .*/claim",
    ),
}


async def offer_steps(stack: Stack, token: str, chain: int = 0) -> list[str]:
    viewer = (await stack.data(operations.HOME, token=token))["viewer"]
    return [step["id"] for step in viewer["offerChains"][chain]["steps"]]


async def reward_chains(stack: Stack, token: str) -> list[dict[str, Any]]:
    viewer = (await stack.data(operations.HOME, token=token))["viewer"]
    chains: list[dict[str, Any]] = viewer["rewardChains"]
    return chains


async def codes(stack: Stack, field: str, query: str, variables: dict[str, str], token: str) -> list[str]:
    payload = (await stack.data(query, variables, token=token))[field]
    return [one["code"] for one in payload["userErrors"]]


# Who may, and what an input has to be


@pytest.mark.parametrize("name", ALL_WRITES)
async def test_a_visitor_has_to_sign_in_and_nothing_is_asked(stack: Stack, name: str) -> None:
    query, variables, _ = ALL_WRITES[name]
    body = await stack.ask(query, variables)
    assert error(body) == ("UNAUTHENTICATED", [name])
    assert body["data"] == {name: None}
    assert stack.calls() == {}


@pytest.mark.parametrize("name", sorted(set(ALL_WRITES) - {"updateClan"}))
async def test_a_malformed_or_foreign_id_is_a_user_error_and_nothing_is_asked(stack: Stack, name: str) -> None:
    query, variables, _ = ALL_WRITES[name]
    (argument,) = variables
    for text in ("", "1", ids.encode(ids.IdKind.ORDER, 1)):
        payload = (await stack.data(query, {argument: text}, token=stack.token(ANN)))[name]
        assert [one["code"] for one in payload["userErrors"]] == ["INVALID_ID"]
        assert payload.get("offerChain", payload.get("rewardChain")) is None
    assert stack.calls() == {}


async def test_a_user_error_says_what_it_is_about(stack: Stack) -> None:
    query = """mutation($stepId: ID!) { claimOfferChainStep(input: {stepId: $stepId}) {
        userErrors { code message path upstreamCode isRetryable } } }"""
    payload = await stack.data(query, {"stepId": ids.encode(OFFER_STEP, 1, 5)}, token=stack.token(ANN))
    assert payload["claimOfferChainStep"]["userErrors"] == [
        {
            "code": "STEP_LOCKED",
            "message": "This step is locked: an earlier step or its day comes first, or the chain's start.",
            "path": ["input", "stepId"],
            "upstreamCode": 1102,
            "isRetryable": False,
        }
    ]


# Refusals, explained


async def test_the_refusals_of_offer_steps(stack: Stack) -> None:
    token = stack.token(ANN)
    first, second, third, fourth, _ = await offer_steps(stack, token)
    claim = ("claimOfferChainStep", operations.CLAIM_OFFER)
    order = ("orderOfferChainStep", operations.ORDER_OFFER)
    assert await codes(stack, *order, {"stepId": first}, token) == ["STEP_IS_FREE"]
    assert await codes(stack, *claim, {"stepId": second}, token) == ["STEP_IS_PAID"]
    assert await codes(stack, *order, {"stepId": fourth}, token) == ["STEP_LOCKED"]
    assert await codes(stack, *claim, {"stepId": first}, token) == []
    stack.clock.advance(JOINED_SECONDS)
    assert await codes(stack, *claim, {"stepId": first}, token) == ["ALREADY_CLAIMED"]
    assert await codes(stack, *claim, {"stepId": ids.encode(OFFER_STEP, 1, 99)}, token) == ["NOT_FOUND"]
    assert await codes(stack, *claim, {"stepId": ids.encode(OFFER_STEP, 999, 1)}, token) == ["NOT_FOUND"]
    assert await codes(stack, *claim, {"stepId": third}, token) == ["STEP_LOCKED"]


async def test_a_chain_that_ended_says_so(stack: Stack) -> None:
    steps = await offer_steps(stack, stack.token(ANN), chain=1)
    stack.clock.advance(4 * 3600)
    token = stack.token(ANN)
    query, field = operations.CLAIM_OFFER, "claimOfferChainStep"
    assert await codes(stack, field, query, {"stepId": steps[0]}, token) == ["CHAIN_ENDED"]


async def test_the_refusals_of_reward_steps(stack: Stack) -> None:
    token = stack.token(ANN)
    personal, _ = await reward_chains(stack, token)
    claim = ("claimRewardChainStep", operations.CLAIM_REWARD)
    assert await codes(stack, *claim, {"stepId": personal["steps"][0]["id"]}, token) == ["NOT_ENOUGH_POINTS"]
    assert await codes(stack, *claim, {"stepId": ids.encode(REWARD_STEP, 1, 999)}, token) == ["NOT_FOUND"]


async def test_a_refusal_that_the_chain_cannot_explain_for_want_of_the_chain_is_told_as_it_is(stack: Stack) -> None:
    token = stack.token(ANN)
    stack.seam.on("POST .*", answers(422, {"errorCode": 1102}))
    stack.seam.on("GET .*", answers(503))
    for name in ("claimOfferChainStep", "claimRewardChainStep"):
        query, variables, _ = WRITES[name]
        body = await stack.ask(query, variables, token=token)
        assert [one["code"] for one in body["data"][name]["userErrors"]] == ["REJECTED"]
        assert len(body["errors"]) == 1, "the fresh chain, which was asked for"


async def test_a_refused_change_of_clan_is_told(stack: Stack) -> None:
    stack.seam.on("PUT .*", answers(422, {"errorCode": 1102}))
    query, variables, _ = WRITES["updateClan"]
    payload = (await stack.data(query, variables, token=stack.token(BEN)))["updateClan"]
    assert [one["code"] for one in payload["userErrors"]] == ["REJECTED"]
    assert payload["rewards"] == []


async def test_one_failing_mutation_leaves_its_neighbours_answer(stack: Stack) -> None:
    steps = await offer_steps(stack, stack.token(ANN))
    query = """mutation($one: ID!) {
      claimed: claimOfferChainStep(input: {stepId: $one}) { orderId }
      updateClan { userErrors { code } }
    }"""
    stack.seam.on("PUT .*", raises(httpx.ReadTimeout("late")))
    body = await stack.ask(query, {"one": steps[0]}, token=stack.token(ANN))
    assert body["data"]["claimed"]["orderId"]
    assert error(body) == ("OUTCOME_UNKNOWN", ["updateClan"])


# Outcomes


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(raises(httpx.ReadTimeout("x")), "OUTCOME_UNKNOWN", id="no answer in time"),
        pytest.param(raises(httpx.ReadError("x")), "OUTCOME_UNKNOWN", id="reset"),
        pytest.param(answers(502), "OUTCOME_UNKNOWN", id="bad gateway"),
        pytest.param(raises(httpx.ConnectError("x")), "UPSTREAM_UNAVAILABLE", id="refused connection"),
        pytest.param(raises(httpx.PoolTimeout("x")), "OVERLOADED", id="no connection free"),
        pytest.param(answers(401, {"errorCode": 1501}), "UNAUTHENTICATED", id="401"),
        pytest.param(answers(403), "FORBIDDEN", id="403"),
        pytest.param(answers(429), "RATE_LIMITED", id="429"),
        pytest.param(raises(RuntimeError("x")), "INTERNAL", id="unexpected"),
    ],
)
@pytest.mark.parametrize("name", WRITES)
async def test_the_players_chains_are_forgotten_unless_nothing_was_sent_and_nothing_is_sent_twice(
    stack: Stack, name: str, fault: Any, code: str
) -> None:
    token = stack.token(ANN)
    await stack.data(NAMES, token=token)
    stack.calls()
    query, variables, call = WRITES[name]
    stack.seam.on(call, fault)
    body = await stack.ask(query, variables, token=token)
    assert error(body) == (code, [name])
    (written,) = [called for called in stack.seam.calls if re.fullmatch(call, called)]
    read = RECOVERED_FROM.get(name, ()) if code == "OUTCOME_UNKNOWN" else ()
    assert stack.calls() == Counter([written, *read])
    await stack.data(NAMES, token=token)
    assert stack.calls() == (Counter() if code in {"UPSTREAM_UNAVAILABLE", "OVERLOADED"} else LISTS)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_write_is_forgotten_in_every_language(stack: Stack, language: str) -> None:
    token = stack.token(ANN)
    await stack.data(NAMES, token=token, headers={"accept-language": "de"})
    query, variables, _ = WRITES["claimOfferChainStep"]
    await stack.data(query, variables, token=token, headers={"accept-language": language})
    stack.calls()
    await stack.data(NAMES, token=token, headers={"accept-language": "de"})
    assert stack.calls() == LISTS


async def test_a_placed_order_whose_answer_cannot_be_read_has_an_unknown_outcome(stack: Stack) -> None:
    stack.seam.on("POST .*/order", answers(200, {"token": "secret"}))
    query, variables, _ = WRITES["orderOfferChainStep"]
    assert error(await stack.ask(query, variables, token=stack.token(ANN)))[0] == "OUTCOME_UNKNOWN"


async def test_a_read_that_began_before_a_write_is_not_kept(stack: Stack) -> None:
    token = stack.token(ANN)
    steps = await offer_steps(stack, token)
    stack.clock.advance(60)
    held = HeldCall()
    stack.seam.on("GET /user/offer_chain", held)
    before = asyncio.ensure_future(stack.data("{ viewer { offerChains { name } } }", token=token))
    await held.opened.wait()
    await stack.data(operations.CLAIM_OFFER, {"stepId": steps[0]}, token=token)
    held.release.set()
    assert (await before)["viewer"]["offerChains"] == []
    stack.seam.faults.clear()
    viewer = (await stack.data(operations.HOME, token=token))["viewer"]
    assert viewer["offerChains"][0]["steps"][0]["state"] == "CLAIMED"


async def test_a_write_runs_to_its_end_when_the_client_hangs_up(stack: Stack) -> None:
    token = stack.token(ANN)
    write = SlowWrite(stack)
    stack.seam.on("POST .*", write)
    query, variables, _ = WRITES["claimOfferChainStep"]
    hang_up = await half_a_request(stack, query, variables, token=token)
    await write.sent.wait()
    await hang_up()
    write.release.set()
    await write.done.wait()
    viewer = (await stack.data(operations.HOME, token=token))["viewer"]
    assert viewer["offerChains"][0]["steps"][0]["state"] == "CLAIMED"


async def test_a_write_that_outlasts_the_deadline_has_an_unknown_outcome_and_runs_to_its_end() -> None:
    async with running_stack({"GATEWAY_MUTATION_SECONDS": "0.2"}) as stack:
        token = stack.token(ANN)
        write = SlowWrite(stack)
        stack.seam.on("POST .*", write)
        query, variables, _ = WRITES["claimOfferChainStep"]
        assert error(await stack.ask(query, variables, token=token))[0] == "OUTCOME_UNKNOWN"
        await stack.data(NAMES, token=token)
        write.release.set()
        await write.done.wait()
        viewer = (await stack.data(operations.HOME, token=token))["viewer"]
        assert viewer["offerChains"][0]["steps"][0]["state"] == "CLAIMED"


@pytest.mark.parametrize("graphiql", ["on", "off"])
async def test_the_upstreams_own_words_are_for_developers(graphiql: str) -> None:
    refusal = {"errorCode": 2000, "errorMessage": "The item is out of stock for Bearer secret"}
    read = 'query { viewer { offerChain(id: "b2M6MQ") { id } } }'
    async with running_stack({"GATEWAY_GRAPHIQL": graphiql}) as stack:
        stack.seam.on("POST .*/order", answers(422, refusal))
        stack.seam.on("GET /user/offer_chain/1", answers(503, refusal, **{"retry-after": "300"}))
        query = """mutation($s: ID!) { orderOfferChainStep(input: {stepId: $s}) {
            userErrors { code upstreamCode message } } }"""
        step = {"s": ids.encode(OFFER_STEP, 1, 2)}
        answer = await stack.data(query, step, token=stack.token(ANN))
        (refused,) = answer["orderOfferChainStep"]["userErrors"]
        (away,) = (await stack.ask(read, token=stack.token(BEN)))["errors"]
    assert (refused["code"], refused["upstreamCode"]) == ("REJECTED", 2000)
    words = "The item is out of stock for Bearer [redacted]"
    assert refused["message"].endswith(f" The upstream says: {words}" if graphiql == "on" else "see `upstreamCode`.")
    extensions = away["extensions"]
    assert (extensions["code"], extensions["retryAfterSeconds"]) == ("UPSTREAM_UNAVAILABLE", 300)
    assert extensions.get("upstreamMessage") == (words if graphiql == "on" else None)


# Orders


@pytest.mark.parametrize("token_sent", [{"token": None}, {"token": ""}, {}], ids=str)
async def test_an_order_without_a_token_is_told_and_watched(token_sent: dict[str, object]) -> None:
    async with running_stack() as stack:
        token = stack.token(ANN)
        stack.seam.on("POST .*/order", answers(200, {"order_id": 5, **token_sent}))
        query = """mutation($s: ID!) { orderOfferChainStep(input: {stepId: $s, idempotencyKey: "tap"}) {
            order { id upstreamId token paymentUrl } userErrors { code } } }"""
        step = {"s": ids.encode(OFFER_STEP, 1, 2)}
        order = {"id": ids.encode(ids.IdKind.ORDER, 5), "upstreamId": 5, "token": None, "paymentUrl": None}
        for _ in range(2):
            payload = (await stack.data(query, step, token=token))["orderOfferChainStep"]
            assert payload == {"order": order, "userErrors": []}
        assert stack.calls()["POST /user/offer_chain/1/step/number/2/order"] == 1
        read = asyncio.Event()

        async def paid(_: httpx.Request) -> httpx.Response:
            read.set()
            return httpx.Response(200, json={"order_id": 5, "status": "done"})

        stack.seam.on("GET /order/5", paid)
        stack.clock.advance(3)
        await read.wait()


async def test_the_payment_url_leads_to_the_payment_page_of_the_order(stack: Stack) -> None:
    token = stack.token(ANN)
    first, second, *_ = await offer_steps(stack, token)
    await stack.data(operations.CLAIM_OFFER, {"stepId": first}, token=token)
    query = """mutation($s: ID!) { orderOfferChainStep(input: {stepId: $s}) {
        order { id upstreamId token paymentUrl paymentMode } } }"""
    order = (await stack.data(query, {"s": second}, token=token))["orderOfferChainStep"]["order"]
    address = urlsplit(order["paymentUrl"])
    assert f"{address.scheme}://{address.netloc}" == stack.sandbox_url
    assert (address.path, parse_qs(address.query)) == ("/paystation4/", {"token": [order["token"]]})
    assert order["paymentMode"] == "SANDBOX"
    assert ids.decode(ids.IdKind.ORDER, order["id"]) == (order["upstreamId"],)
    page = await stack.http.get(order["paymentUrl"])
    assert "Wanderer's Bundle" in page.text.replace("&#x27;", "'").replace("&#39;", "'")


# Claiming all that is ready


def many_steps(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """A reward chain with 30 points, as the upstream sends it."""
    point = {"sku": "v", "name": "V", "amount": 30}
    return {
        "reward_chain_id": 7,
        "name": "M",
        "date_start": "2020-01-01T00:00:00Z",
        "value_point": point,
        "steps": steps,
    }


async def three_ready(stack: Stack, *, then: Fault | None = None) -> list[str]:
    """Replace the reward chains by one with a claimed step, three ready ones and a closed one.

    With `then`, the first list alone is replaced so, and the later ones by that.
    """
    prices = enumerate((5, 10, 20, 30, 31), start=1)
    steps = [{"step_id": number, "price": {"amount": price}, "is_claimed": number == 1} for number, price in prices]
    lists = iter([answers(200, {"items": [many_steps(steps)]})])

    async def take_turns(request: httpx.Request) -> httpx.Response | None:
        return await next(lists, later)(request)

    later = then or next(lists)
    stack.seam.on("GET /user/reward_chain", take_turns)
    return [ids.encode(REWARD_STEP, 7, number) for number in (2, 3, 4)]


CLAIM_SEVEN = {"rewardChainId": ids.encode(ids.IdKind.REWARD_CHAIN, 7)}


async def test_all_that_is_ready_is_claimed_with_a_result_for_each(stack: Stack) -> None:
    steps = await three_ready(stack)
    stack.seam.on("POST /user/reward_chain/7/step/3/claim", answers(422, {"errorCode": 9913}))
    stack.seam.on("POST /user/reward_chain/7/step/4/claim", raises(httpx.ConnectError("x")))
    stack.seam.on("POST .*", answers(204))
    payload = (await stack.data(operations.CLAIM_ALL, CLAIM_SEVEN, token=stack.token(ANN)))["claimAvailableRewards"]
    assert payload["userErrors"] == []
    assert payload["results"] == [
        {"stepId": steps[0], "isClaimed": True, "userError": None},
        {"stepId": steps[1], "isClaimed": False, "userError": {"code": "NOT_ENOUGH_POINTS"}},
        {"stepId": steps[2], "isClaimed": False, "userError": {"code": "UNAVAILABLE"}},
    ]
    claims = [name for name in stack.seam.calls if name.startswith("POST")]
    assert sorted(claims) == [f"POST /user/reward_chain/7/step/{number}/claim" for number in (2, 3, 4)]


async def test_a_step_that_was_claimed_already_counts_as_claimed(stack: Stack) -> None:
    await three_ready(stack)
    stack.seam.on("POST .*", answers(422, {"errorCode": 9912}))
    payload = (await stack.data(operations.CLAIM_ALL, CLAIM_SEVEN, token=stack.token(ANN)))["claimAvailableRewards"]
    assert [(one["isClaimed"], one["userError"]) for one in payload["results"]] == [(True, None)] * 3


@pytest.mark.parametrize("is_granted", [True, False])
async def test_a_claim_whose_answer_was_lost_is_recovered_from_the_chain(stack: Stack, is_granted: bool) -> None:
    chain = many_steps([{"step_id": 3, "price": {"amount": 20}, "is_claimed": is_granted}])
    await three_ready(stack, then=answers(200, {"items": [chain]}))
    stack.seam.on("POST .*/step/3/claim", raises(httpx.ReadTimeout("x")))
    stack.seam.on("POST .*", answers(204))
    payload = (await stack.data(operations.CLAIM_ALL, CLAIM_SEVEN, token=stack.token(ANN)))["claimAvailableRewards"]
    result = payload["results"][1]
    code = None if is_granted else {"code": "OUTCOME_UNKNOWN"}
    assert (result["isClaimed"], result["userError"]) == (is_granted, code)


async def test_a_lost_claim_stays_unknown_when_the_chain_cannot_be_read(stack: Stack) -> None:
    await three_ready(stack, then=answers(503))
    stack.seam.on("POST .*", raises(httpx.ReadTimeout("x")))
    body = await stack.ask(operations.CLAIM_ALL, CLAIM_SEVEN, token=stack.token(ANN))
    results = body["data"]["claimAvailableRewards"]["results"]
    assert [one["userError"] for one in results] == [{"code": "OUTCOME_UNKNOWN"}] * 3
    assert error(body) == ("UPSTREAM_UNAVAILABLE", ["claimAvailableRewards", "rewardChain"])


async def test_a_rejected_player_is_told_so_at_once(stack: Stack) -> None:
    await three_ready(stack)
    stack.seam.on("POST .*", answers(401))
    body = await stack.ask(operations.CLAIM_ALL, CLAIM_SEVEN, token=stack.token(ANN))
    assert error(body) == ("UNAUTHENTICATED", ["claimAvailableRewards"])


async def test_a_player_who_is_refused_half_way_keeps_what_was_claimed(stack: Stack) -> None:
    steps = await three_ready(stack)
    stack.seam.on("POST .*/step/3/claim", answers(401))
    stack.seam.on("POST .*", answers(204))
    payload = (await stack.data(operations.CLAIM_ALL, CLAIM_SEVEN, token=stack.token(ANN)))["claimAvailableRewards"]
    assert [(one["stepId"], one["isClaimed"], one["userError"]) for one in payload["results"]] == [
        (steps[0], True, None),
        (steps[1], False, {"code": "UNAVAILABLE"}),
        (steps[2], True, None),
    ]


async def test_claiming_all_of_an_unknown_chain_is_a_user_error(stack: Stack) -> None:
    field, query = "claimAvailableRewards", operations.CLAIM_ALL
    assert await codes(stack, field, query, CLAIM_SEVEN, stack.token(ANN)) == ["NOT_FOUND"]


async def test_only_a_few_claims_of_one_player_are_under_way_at_once(stack: Stack) -> None:
    chain = many_steps([{"step_id": number, "price": {"amount": 0}} for number in range(1, 32)])
    stack.seam.on("GET /user/reward_chain", answers(200, {"items": [chain]}))
    under_way = most = 0

    async def count(_: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(204)

    stack.seam.on("POST .*", count)
    payload = (await stack.data(operations.CLAIM_ALL, CLAIM_SEVEN, token=stack.token(ANN)))["claimAvailableRewards"]
    assert len(payload["results"]) == 31
    assert most == CLAIMS_AT_ONCE


# Clans


async def test_a_change_of_clan_pays_out_and_shows_the_chains_anew(stack: Stack) -> None:
    token = stack.token(CLEO)
    _, clan = await reward_chains(stack, token)
    assert clan["claimableCount"] == 1
    stack.calls()
    away = {**CLEO.attributes, "clan": "tide-callers"}
    moved = stack.token(type(CLEO)(CLEO.id, CLEO.name, away))
    payload = (await stack.data(operations.UPDATE_CLAN, token=moved))["updateClan"]
    assert payload["userErrors"] == []
    assert len(payload["rewards"]) == 1
    assert [chain["balance"]["amount"] for chain in payload["rewardChains"] if chain["isClan"]] == [0]
    assert stack.calls() == {"PUT /user/clan/update": 1, "GET /user/reward_chain": 1}
    again = (await stack.data(operations.UPDATE_CLAN, token=moved))["updateClan"]
    assert again["rewards"] == []
