"""Keys: the same key gets the same answer, and what was done is not done again."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway import sandbox
from gateway.player.recent_writes import JOINED_SECONDS
from gateway.schema import ids
from gateway.store.ports import KEYED_SECONDS
from tests.support.clock import Clock
from tests.support.held_calls import SlowWrite
from tests.support.purchase_mutations import (
    CHAIN_CALL,
    CLAIM_CALL,
    CONFIRM_CALL,
    FREE,
    ORDER_CALL,
    PAID,
    claim,
    codes,
    open_shop,
    order,
    top_code,
)
from tests.support.stack import ANN, BEN, Stack, answers, gateway_before, raises, running_stack, serving

KEY = "6f1c2f0e-8a4e-4b57-9a53-0d3b7f6f2a11"


def second_device(stack: Stack) -> str:
    """Another token of the same player."""
    return stack.token(ANN, lifetime_seconds=3600)


# The same answer


async def test_the_same_key_gets_the_same_order_and_only_one_is_made(stack: Stack) -> None:
    await open_shop(stack)
    first = await order(stack, KEY)
    assert first["data"]["answer"]["order"]["token"]
    assert stack.calls() == {CONFIRM_CALL: 1, ORDER_CALL: 1}
    stack.clock.advance(60)
    token = stack.token(ANN)
    await stack.data("{ viewer { offerChains { name } } }", token=token)
    stack.calls()
    assert await order(stack, KEY) == first
    assert stack.calls() == {CONFIRM_CALL: 1}, "a refreshed token has to be accepted once"
    assert await order(stack, KEY) == first
    assert stack.calls() == {}


async def test_another_key_makes_another_order(stack: Stack) -> None:
    await open_shop(stack)
    first, second = [(await order(stack, key))["data"]["answer"]["order"] for key in ("one", "two")]
    assert first["upstreamId"] != second["upstreamId"]


async def test_the_same_key_of_another_player_is_another_key(stack: Stack) -> None:
    first = await claim(stack, KEY)
    assert (codes(first), codes(await claim(stack, KEY, token=stack.token(BEN)))) == ([], ["ALREADY_CLAIMED"])


async def test_a_key_is_remembered_for_a_day(stack: Stack) -> None:
    first = await claim(stack, KEY)
    assert codes(first) == []
    stack.clock.advance(KEYED_SECONDS - 1)
    assert await claim(stack, KEY, token=stack.token(ANN)) == first
    stack.clock.advance(1)
    assert codes(await claim(stack, KEY, token=stack.token(ANN))) == ["ALREADY_CLAIMED"]


async def test_refusals_are_told_again_as_they_were_first_told(stack: Stack) -> None:
    assert codes(await order(stack, KEY)) == ["STEP_LOCKED"]
    await open_shop(stack)
    stack.calls()
    assert codes(await order(stack, KEY)) == ["STEP_LOCKED"]
    assert stack.calls() == {}
    assert codes(await order(stack, "another")) == []


async def test_chains_in_a_repeated_answer_are_read_anew(stack: Stack) -> None:
    query = """mutation($step: ID!, $key: String) { claimOfferChainStep(input: {stepId: $step, idempotencyKey: $key}) {
        orderId offerChain { claimedCount } } }"""
    first = (await stack.data(query, {"step": FREE, "key": KEY}, token=stack.token(ANN)))["claimOfferChainStep"]
    placed = (await order(stack))["data"]["answer"]["order"]
    await stack.pay(placed["upstreamId"])
    stack.clock.advance(15)
    again = (await stack.data(query, {"step": FREE, "key": KEY}, token=stack.token(ANN)))["claimOfferChainStep"]
    assert (first["offerChain"]["claimedCount"], again["offerChain"]["claimedCount"]) == (1, 2)
    assert first["orderId"] == again["orderId"]


SHOWN = """mutation($step: ID!, $key: String) {
    answer: claimOfferChainStep(input: {stepId: $step, idempotencyKey: $key}) {
    isReplay offerChain { claimedCount } userErrors { code } } }"""
ORDER_SHOWN = SHOWN.replace("claimOfferChainStep", "orderOfferChainStep")


async def shown(stack: Stack, query: str = SHOWN, *, step: str = FREE, key: str | None = KEY) -> dict[str, Any]:
    answer: dict[str, Any] = (await stack.data(query, {"step": step, "key": key}, token=stack.token(ANN)))["answer"]
    return answer


async def change_chain(stack: Stack) -> None:
    """Let the upstream have another state than what is cached, without the gateway knowing."""
    placed = (await order(stack))["data"]["answer"]["order"]
    assert (await shown(stack, key=None))["offerChain"] == {"claimedCount": 1}
    await stack.pay(placed["upstreamId"])
    stack.calls()


@pytest.mark.parametrize("seconds", [0, 6])
async def test_a_replay_shows_the_chain_as_it_is_now_for_one_call(stack: Stack, seconds: float) -> None:
    first = await shown(stack)
    await change_chain(stack)
    stack.clock.advance(seconds)
    again = await shown(stack)
    assert (first["offerChain"], again["offerChain"]) == ({"claimedCount": 1}, {"claimedCount": 2})
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert stack.calls()[CHAIN_CALL] == 1


async def test_a_conflict_shows_the_chain_as_it_is_now(stack: Stack) -> None:
    await shown(stack)
    await change_chain(stack)
    refused = await shown(stack, step=PAID)
    assert refused == {
        "isReplay": False,
        "offerChain": {"claimedCount": 2},
        "userErrors": [{"code": "IDEMPOTENCY_CONFLICT"}],
    }
    assert stack.calls() == {CHAIN_CALL: 1}


async def test_a_second_tap_shows_the_chain_as_it_is_now(stack: Stack) -> None:
    await shown(stack, key=None)
    await change_chain(stack)
    assert (await shown(stack, key=None)) == {"isReplay": False, "offerChain": {"claimedCount": 2}, "userErrors": []}
    assert stack.calls() == {CHAIN_CALL: 1}


async def test_a_key_whose_first_request_is_under_way_shows_the_chain_as_it_is_now() -> None:
    async with running_stack({"GATEWAY_MUTATION_SECONDS": "3"}) as stack:
        await shown(stack, key="confirms the credential")
        write = SlowWrite(stack)
        stack.seam.on(ORDER_CALL, write)
        first = asyncio.ensure_future(shown_order(stack))
        await write.sent.wait()
        second = asyncio.ensure_future(shown_order(stack))
        # It is cached from before what the first request may have done meanwhile.
        await shown(stack, key=None)
        stack.calls()
        assert (await second)["data"]["answer"] == {
            "isReplay": False,
            "offerChain": {"claimedCount": 1},
            "userErrors": [{"code": "IN_PROGRESS"}],
        }
        assert stack.calls()[CHAIN_CALL] == 1
        assert top_code(await first) == "OUTCOME_UNKNOWN"
        write.release.set()
        await write.done.wait()


async def shown_order(stack: Stack) -> dict[str, Any]:
    return await stack.ask(ORDER_SHOWN, {"step": PAID, "key": KEY}, token=stack.token(ANN))


REWARD = ids.encode(ids.IdKind.REWARD_STEP, 6, 19)
CLAN = ids.encode(ids.IdKind.REWARD_CHAIN, 6)
OTHERS = {
    "claimRewardChainStep": (f'stepId: "{REWARD}"', "rewardChain { claimableCount }"),
    "claimAvailableRewards": (f'rewardChainId: "{CLAN}"', "results { stepId isClaimed }"),
    "updateClan": ("", "rewards { sku }"),
}


@pytest.mark.parametrize("name", OTHERS)
async def test_every_other_write_is_done_once_under_a_key_as_well(stack: Stack, name: str) -> None:
    argument, selection = OTHERS[name]
    query = (
        f'mutation {{ {name}(input: {{{argument} idempotencyKey: "{KEY}"}}) {{ {selection} userErrors {{ code }} }} }}'
    )
    first = await stack.data(query, token=stack.token(BEN))
    assert first[name]["userErrors"] == []
    writes = [call for call in stack.calls() if not call.startswith("GET")]
    assert len(writes) == 1
    stack.clock.advance(60)
    assert await stack.data(query, token=stack.token(BEN)) == first
    assert [call for call in stack.calls() if not call.startswith("GET")] == []


@pytest.mark.parametrize("name", OTHERS)
async def test_every_other_replay_says_that_it_is_one_and_shows_chains_newly_read(stack: Stack, name: str) -> None:
    argument, _ = OTHERS[name]
    chain = "rewardChains { name }" if name == "updateClan" else "rewardChain { name }"
    query = f'mutation {{ {name}(input: {{{argument} idempotencyKey: "{KEY}"}}) {{ isReplay {chain} }} }}'
    for is_replay in (False, True, True):
        stack.calls()
        assert (await stack.data(query, token=stack.token(BEN)))[name]["isReplay"] is is_replay
        assert stack.calls()["GET /user/reward_chain"] >= 1


async def test_a_tracked_order_that_is_told_again_says_so(stack: Stack) -> None:
    await open_shop(stack)
    placed = (await order(stack))["data"]["answer"]["order"]
    query = """mutation($id: BigInt!, $key: String) {
        trackOrder(input: {upstreamId: $id, idempotencyKey: $key}) { isReplay order { upstreamId } } }"""
    for is_replay in (False, True):
        told = await stack.data(query, {"id": placed["upstreamId"], "key": KEY}, token=stack.token(ANN))
        assert told["trackOrder"] == {"isReplay": is_replay, "order": {"upstreamId": placed["upstreamId"]}}


async def test_that_nothing_is_ready_is_told_of_the_chain_as_it_is_now(stack: Stack) -> None:
    query = f"""mutation {{ claimAvailableRewards(input: {{rewardChainId: "{CLAN}"}}) {{
        results {{ isClaimed }} rewardChain {{ claimableCount }} }} }}"""
    token = stack.token(BEN)
    for claimed in (1, 0, 0):
        stack.calls()
        told = (await stack.data(query, token=token))["claimAvailableRewards"]
        assert told == {"results": claimed * [{"isClaimed": True}], "rewardChain": {"claimableCount": 0}}
        assert stack.calls()["GET /user/reward_chain"] >= 1


# Another request under the same key


async def test_other_arguments_are_a_conflict_and_nothing_is_sent(stack: Stack) -> None:
    assert codes(await claim(stack, KEY)) == []
    stack.calls()
    for body in (
        await claim(stack, KEY, step=PAID),
        await order(stack, KEY, step=FREE),
        await order(stack, KEY, step=FREE, mode="DIRECT"),
    ):
        assert body["data"]["answer"]["userErrors"][0]["code"] == "IDEMPOTENCY_CONFLICT"
        assert body["data"]["answer"]["userErrors"][0]["path"] == ["input", "idempotencyKey"]
    assert stack.calls() == {}


async def test_a_conflict_is_told_while_the_first_is_under_way(stack: Stack) -> None:
    write = SlowWrite(stack)
    stack.seam.on("POST .*", write)
    first = asyncio.ensure_future(claim(stack, KEY))
    await write.sent.wait()
    assert codes(await order(stack, KEY)) == ["IDEMPOTENCY_CONFLICT"]
    write.release.set()
    assert codes(await first) == []


@pytest.mark.parametrize("key", ["", "x" * 129, "schlüssel", "tab\t", "\x7f"])
async def test_a_key_that_is_none_is_refused_and_nothing_is_sent(stack: Stack, key: str) -> None:
    assert top_code(await claim(stack, key)) == "BAD_USER_INPUT"
    assert stack.calls() == {}


@pytest.mark.parametrize("key", [" ", "~" * 128, 'quotes " and \\'])
async def test_a_key_is_any_printable_text(stack: Stack, key: str) -> None:
    first = await claim(stack, key)
    stack.clock.advance(60)
    assert (codes(first), await claim(stack, key)) == ([], first)


# Many at once


@pytest.mark.slow
@pytest.mark.parametrize("key", [KEY, None])
async def test_fifty_at_once_on_two_devices_are_one_order_and_one_answer(stack: Stack, key: str | None) -> None:
    await open_shop(stack)
    devices = [stack.token(ANN), second_device(stack)]
    bodies = await asyncio.gather(*(order(stack, key, token=devices[number % 2]) for number in range(50)))
    assert all(body == bodies[0] for body in bodies)
    assert codes(bodies[0]) == []
    assert stack.calls()[ORDER_CALL] == 1


async def test_the_second_is_told_that_the_first_is_under_way_when_it_cannot_wait_longer() -> None:
    async with running_stack({"GATEWAY_MUTATION_SECONDS": "0.3"}) as stack:
        await claim(stack, "confirms the credential")
        write = SlowWrite(stack)
        stack.seam.on(ORDER_CALL, write)
        first, second = await asyncio.gather(order(stack, KEY), order(stack, KEY))
        told = sorted([first, second], key=lambda body: "errors" in body)
        assert codes(told[0]) == ["IN_PROGRESS"]
        assert told[0]["data"]["answer"]["userErrors"][0]["isRetryable"] is True
        assert top_code(told[1]) == "OUTCOME_UNKNOWN"
        write.release.set()
        await write.done.wait()
        stack.calls()
        placed = (await order(stack, KEY))["data"]["answer"]["order"]
        assert placed["token"]
        assert stack.calls() == {}


# Whose key it is


async def test_another_device_of_the_player_gets_the_same_answer(stack: Stack) -> None:
    await open_shop(stack)
    first = await order(stack, KEY)
    stack.clock.advance(60)
    assert await order(stack, KEY, token=second_device(stack)) == first
    assert stack.calls()[ORDER_CALL] == 1


async def test_a_forged_token_gets_nothing_of_a_players_key(stack: Stack) -> None:
    await open_shop(stack)
    first = await order(stack, KEY)
    forged = sandbox.mint_token(ANN.id, secret="another-secret-of-32-bytes-or-more", now=stack.clock())
    assert top_code(await order(stack, KEY, token=forged)) == "UNAUTHENTICATED"
    assert top_code(await claim(stack, KEY, token=forged)) == "UNAUTHENTICATED"
    assert await order(stack, KEY) == first


@pytest.mark.parametrize("key", [KEY, None])
async def test_a_forged_token_joins_no_write_of_the_player(stack: Stack, key: str | None) -> None:
    await open_shop(stack)
    write = SlowWrite(stack)
    stack.seam.on("POST .*", write)
    first = asyncio.ensure_future(order(stack, key))
    await write.sent.wait()
    forged = sandbox.mint_token(ANN.id, secret="another-secret-of-32-bytes-or-more", now=stack.clock())
    assert top_code(await order(stack, key, token=forged)) == "UNAUTHENTICATED"
    write.release.set()
    assert codes(await first) == []
    assert top_code(await order(stack, key, token=forged)) == "UNAUTHENTICATED"
    assert stack.calls()[ORDER_CALL] == 1


async def test_a_player_is_not_held_up_by_a_forged_token_that_came_first(stack: Stack) -> None:
    await open_shop(stack)
    write = SlowWrite(stack)
    stack.seam.on("POST .*", write)
    forged = sandbox.mint_token(ANN.id, secret="another-secret-of-32-bytes-or-more", now=stack.clock())
    first = asyncio.ensure_future(order(stack, token=forged))
    await write.sent.wait()
    second = asyncio.ensure_future(order(stack))
    write.release.set()
    assert top_code(await first) == "UNAUTHENTICATED"
    assert codes(await second) == []


async def test_tokens_that_name_no_player_have_keys_of_their_own(stack: Stack) -> None:
    stack.seam.on("POST .*/claim", answers(200, {"order_id": 7}))
    first = await claim(stack, KEY, token="opaque-one")
    assert codes(first) == []
    assert await claim(stack, KEY, token="opaque-one") == first
    await claim(stack, KEY, token="opaque-two")
    assert stack.calls() == {CLAIM_CALL: 2}


async def test_a_verified_player_needs_no_further_call() -> None:
    async with running_stack({"GATEWAY_TOKEN_SECRET": sandbox.DEMO_LOGIN_SECRET}) as stack:
        first = await claim(stack, KEY)
        assert await claim(stack, KEY, token=second_device(stack)) == first
        assert stack.calls() == {CLAIM_CALL: 1}


# What is not remembered


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(raises(httpx.ConnectError("x")), "UPSTREAM_UNAVAILABLE", id="refused connection"),
        pytest.param(raises(httpx.PoolTimeout("x")), "OVERLOADED", id="no connection free"),
        pytest.param(answers(401, {"errorCode": 1501}), "UNAUTHENTICATED", id="401"),
        pytest.param(answers(403), "FORBIDDEN", id="403"),
        pytest.param(answers(429), "RATE_LIMITED", id="429"),
    ],
)
@pytest.mark.parametrize("key", [KEY, None])
async def test_after_a_failure_that_sent_nothing_the_same_may_be_tried_again(
    stack: Stack, fault: Any, code: str, key: str | None
) -> None:
    await open_shop(stack)
    stack.seam.on("POST .*", fault)
    assert top_code(await order(stack, key)) == code
    stack.seam.faults.clear()
    stack.clock.advance(5)  # What a 429 asks for that does not say.
    stack.calls()
    assert codes(await order(stack, key)) == []
    assert stack.calls()[ORDER_CALL] == 1


async def test_claims_that_could_not_be_sent_may_be_tried_again_under_the_same_key(stack: Stack) -> None:
    query = f"""mutation {{ claimAvailableRewards(input: {{rewardChainId: "{CLAN}", idempotencyKey: "{KEY}"}}) {{
        results {{ isClaimed userError {{ code }} }} }} }}"""
    stack.seam.on("POST .*", raises(httpx.ConnectError("x")))
    first = await stack.data(query, token=stack.token(BEN))
    assert first["claimAvailableRewards"]["results"] == [{"isClaimed": False, "userError": {"code": "UNAVAILABLE"}}]
    stack.seam.faults.clear()
    again = await stack.data(query, token=stack.token(BEN))
    assert again["claimAvailableRewards"]["results"] == [{"isClaimed": True, "userError": None}]


# Without a key


async def test_a_second_tap_within_seconds_gets_the_first_ones_order(stack: Stack) -> None:
    await open_shop(stack)
    token = stack.token(ANN)
    first = await order(stack, token=token)
    stack.clock.advance(JOINED_SECONDS - 0.1)
    assert await order(stack, token=token) == first
    assert await order(stack, token=second_device(stack)) == first
    assert stack.calls() == {ORDER_CALL: 1, CONFIRM_CALL: 1}
    stack.clock.advance(0.1)
    later = await order(stack, token=token)
    assert later["data"]["answer"]["order"]["upstreamId"] != first["data"]["answer"]["order"]["upstreamId"]


async def test_a_tap_without_a_key_joins_one_that_had_one_and_not_the_other_way_round(stack: Stack) -> None:
    await open_shop(stack)
    keyed = await order(stack, KEY)
    assert await order(stack) == keyed
    other = await order(stack, "another")
    assert other["data"]["answer"]["order"]["upstreamId"] != keyed["data"]["answer"]["order"]["upstreamId"]
    assert stack.calls()[ORDER_CALL] == 2


async def test_a_change_of_clan_is_not_answered_from_the_last_one(stack: Stack) -> None:
    query = "mutation { updateClan { userErrors { code } } }"
    for _ in range(2):
        await stack.data(query, token=stack.token(BEN))
    assert stack.calls() == {"PUT /user/clan/update": 2}


# Over a restart


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_key_is_remembered_over_a_restart_and_its_file_tells_no_secret(tmp_path: Path) -> None:
    clock, settings = Clock(), {"GATEWAY_RECORDS_FILE": str(tmp_path / "records.sqlite3")}
    async with serving(sandbox.create_sandbox(clock=clock)) as sandbox_url:
        async with gateway_before(sandbox_url, clock, settings) as stack:
            await open_shop(stack)
            first = await order(stack, KEY)
            content = everything_in(tmp_path)
        async with gateway_before(sandbox_url, clock, settings) as stack:
            assert await order(stack, KEY) == first
            assert codes(await claim(stack, KEY)) == ["IDEMPOTENCY_CONFLICT"]
            assert stack.calls() == {CONFIRM_CALL: 1}
    for secret in (first["data"]["answer"]["order"]["token"], ANN.id, KEY, stack.token(ANN)):
        assert secret.encode() not in content
