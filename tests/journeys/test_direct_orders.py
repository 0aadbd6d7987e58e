"""Orders from the player's device: the gateway checks and prepares them, and watches over what it is told of."""

import asyncio
from typing import Any

import httpx
import pytest

from gateway import sandbox
from gateway.schema import ids
from tests.support.event_stream_client import streaming
from tests.support.purchase_mutations import CHAIN_CALL, FREE, ORDER_CALL, PAID, codes, open_shop, order, top_code
from tests.support.stack import ANN, BEN, Stack, answers, running_stack

KEY = "0c0b8a4e-4f43-4c53-93d3-8c1f6a8b2d55"
DIRECT = {"GATEWAY_ORDER_MODE": "direct"}

TRACK = """mutation($number: BigInt!, $key: String) {
  answer: trackOrder(input: {upstreamId: $number, idempotencyKey: $key}) {
    order { upstreamId status } userErrors { code path } } }"""


async def track(stack: Stack, number: object, *, key: str | None = None, token: str | None = None) -> dict[str, Any]:
    return await stack.ask(TRACK, {"number": number, "key": key}, token=token or stack.token(ANN))


async def send(stack: Stack, request: dict[str, Any]) -> httpx.Response:
    """Send the request as a game does from the player's device."""
    headers = {header["name"]: header["value"] for header in request["headers"]}
    return await stack.http.request(request["method"], request["url"], headers=headers)


async def made_directly(stack: Stack, token: str | None = None) -> int:
    """An order of the first player that the gateway knows nothing of."""
    await open_shop(stack)
    body = await order(stack, mode="DIRECT", token=token)
    number: int = (await send(stack, body["data"]["answer"]["request"])).json()["order_id"]
    return number


# The request


async def test_the_request_is_ready_to_be_sent_and_nothing_is_sent_before(stack: Stack) -> None:
    await open_shop(stack)
    token = stack.token(ANN)
    answer = (await order(stack, mode="DIRECT", token=token))["data"]["answer"]
    assert answer == {
        "order": None,
        "request": {
            "method": "POST",
            "url": f"{stack.sandbox_url}/api/v2/project/{sandbox.DEMO_PROJECT_ID}{ORDER_CALL.removeprefix('POST ')}",
            "headers": [
                {"name": "authorization", "value": f"Bearer {token}"},
                {"name": "accept", "value": "application/json"},
                {"name": "content-type", "value": "application/json"},
            ],
        },
        "settledOrder": None,
        "userErrors": [],
    }
    assert stack.calls() == {CHAIN_CALL: 1}
    placed = await send(stack, answer["request"])
    assert placed.status_code == 200
    assert set(placed.json()) == {"order_id", "token"}


async def test_the_setting_makes_all_orders_direct_unless_the_game_says_otherwise() -> None:
    async with running_stack(DIRECT) as stack:
        await open_shop(stack)
        assert (await order(stack))["data"]["answer"]["request"]["method"] == "POST"
        answer = (await order(stack, mode="GATEWAY"))["data"]["answer"]
        assert (answer["request"], bool(answer["order"]["token"])) == (None, True)


async def test_only_the_credential_is_taken_from_what_the_gateway_forwards() -> None:
    forwarding = {"GATEWAY_CLIENT_IP_HEADER": "X-User-Ip", "GATEWAY_TRUSTED_PROXIES": "127.0.0.1"}
    query = f"""mutation {{ orderOfferChainStep(input: {{stepId: "{PAID}", mode: DIRECT}}) {{
        request {{ headers {{ name }} }} }} }}"""
    async with running_stack(forwarding) as stack:
        await open_shop(stack)
        headers = {"x-forwarded-for": "192.0.2.7", "accept-language": "de"}
        payload = await stack.data(query, token=stack.token(ANN), headers=headers)
        names = [one["name"] for one in payload["orderOfferChainStep"]["request"]["headers"]]
        assert names == ["authorization", "accept", "content-type"]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        pytest.param(FREE, "STEP_IS_FREE", id="free"),
        pytest.param(PAID, "STEP_LOCKED", id="locked"),
        pytest.param(ids.encode(ids.IdKind.OFFER_STEP, 1, 99), "NOT_FOUND", id="no step"),
        pytest.param(ids.encode(ids.IdKind.OFFER_STEP, 999, 1), "NOT_FOUND", id="no chain"),
        pytest.param("x", "INVALID_ID", id="no id"),
    ],
)
async def test_a_step_that_cannot_be_ordered_is_refused_without_a_request(stack: Stack, step: str, code: str) -> None:
    body = await order(stack, mode="DIRECT", step=step)
    assert codes(body) == [code]
    assert body["data"]["answer"]["request"] is None
    assert ORDER_CALL not in stack.calls()


async def test_the_step_is_checked_on_a_fresh_chain(stack: Stack) -> None:
    token = stack.token(ANN)
    query = "query($id: ID!) { viewer { offerChain(id: $id) { name } } }"
    await stack.data(query, {"id": ids.encode(ids.IdKind.OFFER_CHAIN, 1)}, token=token)
    await open_shop(stack)
    assert codes(await order(stack, mode="DIRECT", token=token)) == []


async def test_a_chain_that_is_over_is_refused(stack: Stack) -> None:
    steps = [{"step_number": 2, "is_free": False, "is_claimed": False}]
    dates = {"date_start": "2020-01-01T00:00:00Z", "date_end": "2020-02-01T00:00:00Z"}
    stack.seam.on(CHAIN_CALL, answers(200, {"id": 1, "name": "C", "steps": steps, "next_step_number": 2, **dates}))
    assert codes(await order(stack, mode="DIRECT")) == ["CHAIN_ENDED"]


async def test_a_visitor_has_to_sign_in(stack: Stack) -> None:
    query = (
        f'mutation {{ answer: orderOfferChainStep(input: {{stepId: "{PAID}", mode: DIRECT}}) {{ request {{ url }} }} }}'
    )
    assert top_code(await stack.ask(query)) == "UNAUTHENTICATED"
    assert stack.calls() == {}


async def test_under_a_key_the_step_is_checked_anew_each_time(stack: Stack) -> None:
    await open_shop(stack)
    body = await order(stack, KEY, mode="DIRECT")
    assert await order(stack, KEY, mode="DIRECT") == body
    number = (await send(stack, body["data"]["answer"]["request"])).json()["order_id"]
    await stack.pay(number)
    assert codes(await order(stack, KEY, mode="DIRECT")) == ["ALREADY_CLAIMED"]


# What the gateway is told of


async def test_an_order_that_the_gateway_is_told_of_is_read_with_the_players_own_token(stack: Stack) -> None:
    number = await made_directly(stack)
    stack.calls()
    body = await track(stack, number)
    assert body["data"]["answer"] == {"order": {"upstreamId": number, "status": "NEW"}, "userErrors": []}
    assert stack.calls()[f"GET /order/{number}"] == 1


async def test_an_order_that_is_done_is_not_watched(stack: Stack) -> None:
    token = stack.token(ANN)
    number = await made_directly(stack, token)
    await stack.pay(number)
    body = await track(stack, number, token=token)
    assert body["data"]["answer"]["order"] == {"upstreamId": number, "status": "DONE"}
    stack.calls()
    stack.clock.advance(3)
    assert codes(await order(stack, mode="DIRECT", token=token)) == ["ALREADY_CLAIMED"]
    assert stack.calls() == {CHAIN_CALL: 1}


async def test_nobody_is_told_of_another_players_order(stack: Stack) -> None:
    number = await made_directly(stack)
    body = await track(stack, number, token=stack.token(BEN))
    error = {"code": "NOT_FOUND", "path": ["input", "upstreamId"]}
    assert body["data"]["answer"] == {"order": None, "userErrors": [error]}


async def test_a_number_of_no_order_is_not_found(stack: Stack) -> None:
    assert codes(await track(stack, 0)) == ["NOT_FOUND"]
    assert codes(await track(stack, -5)) == ["NOT_FOUND"]
    assert stack.calls() == {}
    assert codes(await track(stack, 10**18 - 1)) == ["NOT_FOUND"]


@pytest.mark.parametrize("number", [10**18, 1.5, "seven", True, -(10**18)])
async def test_a_number_that_is_none_is_refused(stack: Stack, number: object) -> None:
    body = await track(stack, number)
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert stack.calls() == {}


async def test_the_players_screens_are_fresh_after_an_order_was_told_of(stack: Stack) -> None:
    token = stack.token(ANN)
    number = await made_directly(stack, token)
    query = "{ viewer { offerChains { name } } }"
    await stack.data(query, token=token)
    await track(stack, number, token=token)
    stack.calls()
    await stack.data(query, token=token)
    assert stack.calls() == {"GET /user/offer_chain": 1}


async def test_the_players_devices_are_told_of_an_order_that_was_told_of(stack: Stack) -> None:
    token = stack.token(ANN)
    number = await made_directly(stack, token)
    query = "subscription { chainsChanged { reasons offerChainIds } }"
    tablet = stack.token(ANN, lifetime_seconds=3600)
    # Whose the tablet is has to be known before it listens: a stream is counted before it has found that out.
    await stack.data(f'{{ order(id: "{ids.encode(ids.IdKind.ORDER, number)}") {{ id }} }}', token=tablet)
    async with streaming(stack, query, token=tablet) as changes:
        await stack.until("gateway_subscriptions", 1)
        await track(stack, number, token=token)
        told = {"chainsChanged": {"reasons": ["ORDER_PLACED"], "offerChainIds": []}}
        assert await changes.event() == ("next", {"data": told})


async def test_an_order_that_was_told_of_is_watched_until_it_is_done(stack: Stack) -> None:
    token = stack.token(ANN)
    number = await made_directly(stack, token)
    await track(stack, number, token=token)
    states = "{ viewer { offerChains { steps { id state } } } }"
    assert await state_of_paid_step(stack, states, token) == "AVAILABLE"
    await stack.pay(number)
    seen = SeenCall(stack, f"GET /order/{number}")
    stack.clock.advance(3)
    await seen.answered.wait()
    while (state := await state_of_paid_step(stack, states, token)) == "AVAILABLE":
        assert stack.calls() == {}, "the answer is still on its way to who forgets the chains"
    assert state == "CLAIMED"


class SeenCall:
    """Tells when the upstream has answered a call."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.answered = asyncio.Event()
        self._stack = stack
        stack.seam.on(name, self._see)

    async def _see(self, request: httpx.Request) -> httpx.Response:
        answer = await self._stack.seam.inner.handle_async_request(request)
        self.answered.set()
        return answer


async def state_of_paid_step(stack: Stack, query: str, token: str) -> str:
    chains = (await stack.data(query, token=token))["viewer"]["offerChains"]
    (state,) = [step["state"] for chain in chains for step in chain["steps"] if step["id"] == PAID]
    return str(state)


async def test_under_a_key_the_same_order_is_told_as_it_stands(stack: Stack) -> None:
    token = stack.token(ANN)
    number = await made_directly(stack, token)
    for status in ("NEW", "DONE"):
        body = await track(stack, number, key=KEY, token=token)
        assert body["data"]["answer"]["order"] == {"upstreamId": number, "status": status}
        await stack.pay(number)
    assert codes(await track(stack, number + 1, key=KEY, token=token)) == ["IDEMPOTENCY_CONFLICT"]


async def test_an_order_that_is_too_new_to_be_found_may_be_told_of_again_under_the_same_key(stack: Stack) -> None:
    token = stack.token(ANN)
    number = await made_directly(stack, token)
    stack.seam.on(f"GET /order/{number}", answers(404, {"errorCode": 9001}))
    assert codes(await track(stack, number, key=KEY, token=token)) == ["NOT_FOUND"]
    stack.seam.faults.clear()
    assert (await track(stack, number, key=KEY, token=token))["data"]["answer"]["order"]["upstreamId"] == number
