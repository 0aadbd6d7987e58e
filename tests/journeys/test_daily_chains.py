"""A player's days, with documented calls only: claims, the next day, a broken streak, a reset, and what goes wrong."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from gateway import sandbox
from gateway.schema import ids
from tests.support import operations
from tests.support.chain_lists import ALL_LISTS
from tests.support.event_stream_client import streaming
from tests.support.stack import ANN, Stack, answers

DAY = 86_400
LIST = "GET /user/daily_chain"
STREAK = "Campfire Streak"
KEY = "4b8f7a1c-6d0e-4a33-8f0c-5e8a8f7f9c10"
CLAIM = """mutation($stepId: ID!, $cycle: String, $key: String) {
  answer: claimDailyChainStep(input: {stepId: $stepId, cycle: $cycle, idempotencyKey: $key}) {
    isReplay userErrors { code path upstreamCode } dailyChain { nextAction claimedCount }
  } }"""
CLAIM_ALL = """mutation($id: ID!, $key: String) {
  answer: claimAvailableRewards(input: {dailyChainId: $id, idempotencyKey: $key}) {
    isReplay results { stepId isClaimed userError { code } } userErrors { code path }
    dailyChain { claimedCount } rewardChain { id }
  } }"""


class Days:
    """A player and their daily chains."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.token = stack.token(ANN, lifetime_seconds=90 * DAY)

    async def chains(self) -> dict[str, Any]:
        viewer = (await self.stack.data(operations.DAILY_CHAINS, token=self.token))["viewer"]
        return {chain["name"]: chain for chain in viewer["dailyChains"]}

    async def states(self, name: str = STREAK) -> str:
        """One letter for each step: missed, or the first one of its state."""
        return "".join("m" if s["isMissed"] else s["state"][0].lower() for s in (await self.chains())[name]["steps"])

    async def claim(self, number: int, cycle: str | None = None, key: str | None = None) -> dict[str, Any]:
        body = await self.claim_body(number, cycle, key)
        assert "errors" not in body, body
        answer: dict[str, Any] = body["data"]["answer"]
        return answer

    async def claim_body(self, number: int, cycle: str | None = None, key: str | None = None) -> dict[str, Any]:
        chain = (await self.chains())[STREAK]
        variables = {"stepId": chain["steps"][number - 1]["id"], "cycle": cycle, "key": key}
        return await self.stack.ask(CLAIM, variables, token=self.token)

    async def claim_all(self, key: str | None = None) -> dict[str, Any]:
        chain_id = (await self.chains())[STREAK]["id"]
        data = await self.stack.data(CLAIM_ALL, {"id": chain_id, "key": key}, token=self.token)
        answer: dict[str, Any] = data["answer"]
        return answer

    def later(self, days: float) -> None:
        self.stack.clock.advance(days * DAY)


@pytest.fixture
def days(stack: Stack) -> Days:
    return Days(stack)


def refused(answer: Mapping[str, Any]) -> list[str]:
    return [error["code"] for error in answer["userErrors"]]


async def reset(stack: Stack, chain_id: str) -> None:
    """Delete all progress, as the publisher does."""
    (number,) = ids.decode(ids.IdKind.DAILY_CHAIN, chain_id)
    path = f"/api/v2/project/{sandbox.DEMO_PROJECT_ID}/admin/daily_chain/id/{number}/reset"
    auth = (str(sandbox.DEMO_PROJECT_ID), sandbox.DEMO_API_KEY)
    response = await stack.http.post(stack.sandbox_url + path, auth=auth)
    assert response.status_code == 204, response.text


async def test_a_streak_from_its_first_day_over_a_missed_one_to_a_reset(stack: Stack, days: Days) -> None:
    chain = (await days.chains())[STREAK]
    assert (chain["type"], chain["nextAction"], await days.states()) == ("ROLLING", "CLAIM", "allll")
    assert await days.claim(1) == {
        "isReplay": False,
        "userErrors": [],
        "dailyChain": {"nextAction": "WAIT", "claimedCount": 1},
    }
    assert refused(await days.claim(1)) == [], "a second tap"
    stack.clock.advance(6)
    assert refused(await days.claim(1)) == ["ALREADY_CLAIMED"]
    assert refused(await days.claim(2)) == ["STEP_LOCKED"], "it is tomorrow's"
    chain = (await days.chains())[STREAK]
    assert 0 < chain["secondsUntilNextUnlock"] <= DAY
    assert chain["nextUnlockAt"] == chain["steps"][1]["unlocksAt"]

    days.later(1)
    assert await days.states() == "calll"
    assert refused(await days.claim(2)) == []
    before = (await days.chains())[STREAK]["schedule"]["cycle"]
    days.later(2)
    assert await days.states() == "allll", "a missed day breaks it"
    answer = await days.claim(1, cycle=before)
    assert answer["userErrors"] == [{"code": "CYCLE_CHANGED", "path": ["input", "cycle"], "upstreamCode": None}]
    assert refused(await days.claim(1)) == []
    assert await days.states() == "cllll"

    cycle = (await days.chains())[STREAK]["schedule"]["cycle"]
    stack.clock.advance(60)
    await reset(stack, chain["id"])
    stack.clock.advance(15)
    assert await days.states() == "allll"
    assert refused(await days.claim(1, cycle=cycle)) == ["CYCLE_CHANGED"]
    assert refused(await days.claim(1)) == []


async def test_a_calendar_shows_what_was_missed_and_takes_the_step_of_the_day(days: Days) -> None:
    chain = (await days.chains())["Seven Sunrises"]
    assert (chain["type"], await days.states("Seven Sunrises")) == ("CALENDAR_HARD", "mmallll")
    claim = {"stepId": chain["steps"][0]["id"]}
    answer = await days.stack.data(operations.CLAIM_DAILY, claim, token=days.token)
    (error,) = answer["claimDailyChainStep"]["userErrors"]
    assert error["code"] == "STEP_MISSED"
    days.later(1)
    assert await days.states("Seven Sunrises") == "mmmalll"


async def test_a_step_opens_on_time_though_the_list_is_kept(stack: Stack, days: Days) -> None:
    await days.claim(1)
    chain = (await days.chains())[STREAK]
    stack.clock.advance(chain["secondsUntilNextUnlock"] - 1)
    await days.states()
    stack.calls()
    stack.clock.advance(1)
    assert await days.states() == "calll"
    assert stack.calls() == {LIST: 1}


async def test_a_screen_of_all_kinds_is_three_calls_at_the_same_time(stack: Stack) -> None:
    """Each call is held back until all three have come: one after the other, they would never be answered."""
    come, all_have_come = 0, asyncio.Event()

    async def hold(_: httpx.Request) -> None:
        nonlocal come
        come += 1
        if come == len(ALL_LISTS):
            all_have_come.set()
        await all_have_come.wait()

    stack.seam.on("GET .*", hold)
    viewer = (await stack.data(operations.HOME, token=stack.token(ANN)))["viewer"]
    assert viewer["badge"]["claimableCount"] >= 2
    assert stack.calls() == ALL_LISTS


async def test_an_id_reads_one_chain(stack: Stack, days: Days) -> None:
    chain_id = (await days.chains())[STREAK]["id"]
    query = "query($id: ID!) { viewer { dailyChain(id: $id) { name steps { unlocksAt secondsUntilUnlock } } } }"
    found = (await stack.data(query, {"id": chain_id}, token=days.token))["viewer"]["dailyChain"]
    assert found["name"] == STREAK
    assert found["steps"][0]["secondsUntilUnlock"] == 0
    assert 0 < found["steps"][1]["secondsUntilUnlock"] <= DAY
    nothing = {"id": ids.encode(ids.IdKind.DAILY_CHAIN, 404)}
    assert await stack.data(query, nothing, token=days.token) == {"viewer": {"dailyChain": None}}


async def test_a_key_answers_again_and_claims_once(stack: Stack, days: Days) -> None:
    first = await days.claim(1, key=KEY)
    stack.calls()
    assert await days.claim(1, key=KEY) == {**first, "isReplay": True}
    assert not [call for call in stack.calls() if call.startswith("POST")]


async def test_everything_that_is_ready_is_claimed_at_once(stack: Stack, days: Days) -> None:
    step = (await days.chains())[STREAK]["steps"][0]
    done = [{"stepId": step["id"], "isClaimed": True, "userError": None}]
    answer = await days.claim_all(KEY)
    assert (answer["results"], answer["userErrors"]) == (done, [])
    assert (answer["dailyChain"], answer["rewardChain"]) == ({"claimedCount": 1}, None)
    assert await days.claim_all(KEY) == {**answer, "isReplay": True}
    assert (await days.claim_all("another"))["results"] == []
    days.later(1)
    assert len((await days.claim_all("another"))["results"]) == 1, "that nothing was ready is final for no key"


@pytest.mark.parametrize("given", ["", 'rewardChainId: "x" dailyChainId: "y"'])
async def test_exactly_one_chain_is_named(stack: Stack, given: str) -> None:
    query = f"mutation {{ claimAvailableRewards(input: {{ {given} }}) {{ isReplay }} }}"
    body = await stack.ask(query, token=stack.token(ANN))
    assert body["errors"][0]["message"] == "Give exactly one of `rewardChainId` and `dailyChainId`."
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_players_other_devices_hear_of_a_claim(stack: Stack, days: Days) -> None:
    chain_id = (await days.chains())[STREAK]["id"]
    selection = "reasons dailyChainIds offerChainIds viewer { badge { claimableDailySteps } }"
    query = f"subscription {{ chainsChanged {{ {selection} }} }}"
    async with streaming(stack, query, token=days.token) as changes:
        await stack.until("gateway_subscriptions", 1)
        await days.claim(1)
        told = {
            "reasons": ["CLAIM"],
            "dailyChainIds": [chain_id],
            "offerChainIds": [],
            "viewer": {"badge": {"claimableDailySteps": 1}},
        }
        assert await changes.event() == ("next", {"data": {"chainsChanged": told}})


# What goes wrong


def lost(stack: Stack, *, is_done: bool) -> Any:
    """A fault that loses the answer: of a call that was carried out, or of one that never arrived."""

    async def fault(request: httpx.Request) -> httpx.Response:
        if is_done:
            await stack.seam.inner.handle_async_request(request)
        raise httpx.ReadError("reset")

    return fault


@pytest.mark.parametrize("key", [KEY, None])
async def test_a_claim_whose_answer_was_lost_stands_if_the_chain_shows_it(
    stack: Stack, days: Days, key: str | None
) -> None:
    stack.seam.on("POST .*", lost(stack, is_done=True))
    assert refused(await days.claim(1, key=key)) == []
    assert stack.calls()["POST /user/daily_chain/9/step/number/1/claim"] == 1


@pytest.mark.parametrize("key", [KEY, None])
async def test_a_claim_that_the_chain_does_not_show_is_unknown_and_not_sent_again(
    stack: Stack, days: Days, key: str | None
) -> None:
    stack.seam.on("POST .*", lost(stack, is_done=False))
    for _ in range(2):
        (error,) = (await days.claim_body(1, key=key))["errors"]
        assert error["extensions"]["code"] == "OUTCOME_UNKNOWN"
    assert stack.calls()["POST /user/daily_chain/9/step/number/1/claim"] == 1


async def test_a_lost_claim_is_found_out_under_its_key(stack: Stack, days: Days) -> None:
    stack.seam.on("POST .*", lost(stack, is_done=False))
    assert (await days.claim_body(1, key=KEY))["errors"]
    stack.seam.faults.clear()
    stack.clock.advance(6)
    assert refused(await days.claim(1)) == []
    stack.clock.advance(6)
    assert refused(await days.claim(1, key=KEY)) == []


@pytest.mark.parametrize("is_done", [True, False])
async def test_all_that_is_ready_with_lost_answers_is_told_as_the_chain_shows_it(
    stack: Stack, days: Days, is_done: bool
) -> None:
    stack.seam.on("POST .*", lost(stack, is_done=is_done))
    (result,) = (await days.claim_all(KEY))["results"]
    assert result["isClaimed"] is is_done
    assert result["userError"] == (None if is_done else {"code": "OUTCOME_UNKNOWN"})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (422, {"errorCode": 1102}, "REJECTED"),
        (404, {"errorCode": 4001}, "NOT_FOUND"),
        (429, {}, "UNAVAILABLE"),
    ],
)
async def test_a_step_of_several_that_is_refused_says_why(
    stack: Stack, days: Days, status: int, body: object, code: str
) -> None:
    stack.seam.on("POST .*", answers(status, body))
    (result,) = (await days.claim_all())["results"]
    assert (result["isClaimed"], result["userError"]) == (False, {"code": code})


async def test_a_player_who_is_refused_gets_one_error_and_no_results(stack: Stack, days: Days) -> None:
    chain_id = (await days.chains())[STREAK]["id"]
    stack.seam.on("POST .*", answers(401, {"errorCode": 1501}))
    body = await stack.ask(CLAIM_ALL, {"id": chain_id}, token=days.token)
    assert body["data"] == {"answer": None}
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def two_ready() -> dict[str, Any]:
    """A chain of which two steps can be claimed."""
    steps = [{"step_number": number, "status": "claimable"} for number in (1, 2)]
    return {"id": 9, "name": STREAK, "date_start": "2020-01-01T00:00:00Z", "steps": steps}


async def test_a_player_who_is_refused_half_way_keeps_what_was_done(stack: Stack, days: Days) -> None:
    stack.seam.on(LIST, answers(200, {"items": [two_ready()]}))
    stack.seam.on("GET /user/daily_chain/9", answers(200, two_ready()))
    stack.seam.on("POST .*/number/1/claim", answers(204))
    stack.seam.on("POST .*/number/2/claim", answers(403, {"errorCode": 0}))
    first, second = (await days.claim_all())["results"]
    assert first["isClaimed"]
    assert second["userError"] == {"code": "UNAVAILABLE"}


async def test_a_lost_claim_stays_unknown_where_the_chain_cannot_be_read(stack: Stack, days: Days) -> None:
    async def lose(_: httpx.Request) -> httpx.Response:
        stack.seam.on("GET /user/daily_chain/9", answers(503))
        raise httpx.ReadError("lost")

    stack.seam.on(LIST, answers(200, {"items": [two_ready()]}))
    stack.seam.on("GET /user/daily_chain/9", answers(200, two_ready()))
    stack.seam.on("POST .*/number/1/claim", lose)
    stack.seam.on("POST .*/number/2/claim", answers(204))
    first, second = (await days.claim_all())["results"]
    assert (first["isClaimed"], first["userError"]) == (False, {"code": "OUTCOME_UNKNOWN"})
    assert (second["isClaimed"], second["userError"]) == (True, None)


async def test_a_refusal_is_not_explained_where_the_chain_cannot_be_read(stack: Stack, days: Days) -> None:
    await days.chains()
    stack.seam.on("POST .*", answers(422, {"errorCode": 1102}))
    stack.seam.on("GET /user/daily_chain/.*", answers(503))
    step_id = ids.encode(ids.IdKind.DAILY_STEP, 9, 1)
    query = "mutation($id: ID!) { answer: claimDailyChainStep(input: {stepId: $id}) { userErrors { code } } }"
    answer = (await stack.data(query, {"id": step_id}, token=days.token))["answer"]
    assert refused(answer) == ["REJECTED"]


@pytest.mark.parametrize("is_id", [True, False], ids=["a chain that is not there", "no id"])
async def test_what_is_not_there_is_told(stack: Stack, is_id: bool) -> None:
    token = stack.token(ANN)
    step_id = ids.encode(ids.IdKind.DAILY_STEP, 404, 1) if is_id else "x"
    chain_id = ids.encode(ids.IdKind.DAILY_CHAIN, 404) if is_id else "x"
    code = "NOT_FOUND" if is_id else "INVALID_ID"
    claim = (await stack.data(CLAIM, {"stepId": step_id}, token=token))["answer"]
    everything = (await stack.data(CLAIM_ALL, {"id": chain_id}, token=token))["answer"]
    assert (refused(claim), claim["dailyChain"]) == ([code], None)
    assert (refused(everything), everything["dailyChain"]) == ([code], None)


async def test_one_kind_that_fails_leaves_the_others(stack: Stack) -> None:
    stack.seam.on(LIST, answers(503))
    query = "{ viewer { offerChains { name } dailyChains { name } } }"
    body = await stack.ask(query, token=stack.token(ANN))
    assert body["data"]["viewer"]["dailyChains"] is None
    assert len(body["data"]["viewer"]["offerChains"]) == 4
    assert [error["path"] for error in body["errors"]] == [["viewer", "dailyChains"]]


async def test_a_copy_that_is_shown_says_so(stack: Stack, days: Days) -> None:
    query = "{ viewer { dailyChains { isStale ageSeconds } } }"
    fresh = (await stack.data(query, token=days.token))["viewer"]["dailyChains"]
    assert fresh == [{"isStale": False, "ageSeconds": None}] * 2
    stack.seam.on(LIST, answers(503))
    stack.clock.advance(20)
    copies = (await stack.data(query, token=days.token))["viewer"]["dailyChains"]
    assert copies == [{"isStale": True, "ageSeconds": 20}] * 2


@pytest.mark.parametrize(
    ("status", "is_signed_in"), [(404, True), (404, False), (401, False)], ids=["no such list", "nor here", "no token"]
)
async def test_an_upstream_without_the_list_shows_none_and_keeps_the_badge(
    stack: Stack, status: int, is_signed_in: bool
) -> None:
    stack.seam.on(LIST, answers(status, {"errorCode": 1501}))
    token = stack.token(ANN) if is_signed_in else None
    query = "{ viewer { dailyChains { name } badge { claimableCount } imageUrls } }"
    viewer = (await stack.data(query, token=token))["viewer"]
    assert viewer["dailyChains"] == []
    assert viewer["badge"] is not None
    stack.calls()
    await stack.data("{ viewer { badge { claimableCount } } }", token=token)
    assert stack.calls() == {}, "that there is none is kept, too"


async def test_a_token_that_is_refused_is_no_empty_list(stack: Stack) -> None:
    stack.seam.on(LIST, answers(401, {"errorCode": 1501}))
    body = await stack.ask("{ viewer { dailyChains { name } } }", token=stack.token(ANN))
    assert body["data"] == {"viewer": {"dailyChains": None}}
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_words_that_the_vendor_adds_later_break_nothing(stack: Stack) -> None:
    steps = [
        {"step_number": 1, "status": "frozen", "unlocked_date": None, "items": None},
        {"step_number": 2, "status": "claimable", "unlocked_date": 1_900_000_000_000},
    ]
    chain = {"id": 1, "name": "N", "date_start": "2020-01-01T00:00:00Z", "type": "soft", "steps": steps}
    stack.seam.on(LIST, answers(200, {"items": [chain, {"id": 2}], "has_more": False}))
    query = "{ viewer { dailyChains { type typeRaw steps { state isMissed unlocksAt items { sku } } } } }"
    body = await stack.ask(query, token=stack.token(ANN))
    assert body["data"]["viewer"]["dailyChains"] == [
        {
            "type": "OTHER",
            "typeRaw": "soft",
            "steps": [
                {"state": "LOCKED", "isMissed": False, "unlocksAt": None, "items": []},
                {"state": "AVAILABLE", "isMissed": False, "unlocksAt": "2030-03-17T17:46:40Z", "items": []},
            ],
        }
    ]
    assert body["errors"][0]["path"] == ["viewer", "dailyChains"], "one of the two could not be read"
