"""Where points come from: a player sees what earns them, orders it, pays, and claims what the points open."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway import sandbox
from tests.support.purchase_mutations import CONFIRM_CALL, codes, top_code
from tests.support.stack import ANN, BEN, CLEO, WEBHOOK_SECRET, Stack, answers, raises, running_stack
from tests.support.webhook_payloads import encoded, order_webhook, signed

CATALOG = "GET /items"
ORDER_CALL = "POST /payment/item/moonstones_500"
ITEM_CALL = "GET /items/sku/moonstones_500"

EARN_BY = """query($country: String) { viewer { rewardChains {
  name nextAction
  earnBy(country: $country) {
    points canOrder item { sku name imageUrl bundleType itemId }
    price { amount currency } priceBeforeDiscount { amount }
    virtualPrices { sku name imageUrl amount amountBeforeDiscount isDefault }
    limits { perPlayer { total available resetsAt } forEverybody { total available } }
    promotions { name startsAt endsAt discountPercent discountAmount bonus { sku } limits { perPlayer { total } } }
  }
} } }"""

ORDER = """mutation($sku: String!, $quantity: Int! = 1, $key: String, $mode: OrderMode) {
  answer: orderItem(input: {sku: $sku, quantity: $quantity, idempotencyKey: $key, mode: $mode}) {
    order { id upstreamId token paymentUrl }
    request { method url headers { name } body }
    settledOrder { upstreamId status }
    isReplay
    userErrors { code path upstreamCode }
  }
}"""

SOLD = {
    "sku": "kite",
    "price": {"amount": "1.00", "currency": "USD"},
    "vp_rewards": [{"sku": "vp_embers", "amount": 7}],
}


@pytest.fixture
async def personal() -> AsyncIterator[Stack]:
    async with running_stack({"GATEWAY_PERSONAL_CATALOG": "on"}) as running:
        yield running


async def earn_by(stack: Stack, player: sandbox.DemoPlayer | None = BEN, country: str | None = None) -> dict[str, Any]:
    """What earns points of the first chain, by SKU."""
    token = None if player is None else stack.token(player)
    embers, _ = (await stack.data(EARN_BY, {"country": country}, token=token))["viewer"]["rewardChains"]
    return {one["item"]["sku"]: one for one in embers["earnBy"]}


async def order(stack: Stack, key: str | None = None, sku: str = "moonstones_500", **more: object) -> dict[str, Any]:
    """Order an item; the body of the answer."""
    return await stack.ask(ORDER, {"sku": sku, "key": key, **more}, token=stack.token(BEN))


def lists(stack: Stack) -> list[bool]:
    """Whether each reading of the catalog since the last time came with a token."""
    found = [request for request in stack.seam.requests if request.url.path.endswith("/items")]
    stack.seam.requests.clear()
    return ["authorization" in request.headers for request in found]


async def test_a_player_earns_points_with_an_item_and_claims_what_they_open(stack: Stack) -> None:
    token = stack.token(BEN)
    found = await earn_by(stack)
    assert {sku: one["points"] for sku, one in found.items()} == {
        "storm_lantern": 40,
        "supply_crate": 20,
        "wanderer_bundle": 100,
        "moonstones_500": 250,
    }
    placed = (await order(stack, "tap"))["data"]["answer"]
    assert placed["userErrors"] == []
    page = httpx.URL(placed["order"]["paymentUrl"])
    sent = {"token": page.params["token"], "action": "pay"}
    paid = await stack.http.post(page.copy_with(query=None), data=sent, follow_redirects=True)
    assert "Payment received" in paid.text

    waited = await stack.data(
        "query($id: ID!) { waitForOrder(id: $id, after: NEW) { status items { sku } } }",
        {"id": placed["order"]["id"]},
        token=token,
    )
    assert waited["waitForOrder"] == {"status": "DONE", "items": [{"sku": "moonstones_500"}]}
    chains = "{ viewer { rewardChains { id balance { amount } nextAction nextStep { id name } } } }"
    embers, _ = (await stack.data(chains, token=token))["viewer"]["rewardChains"]
    assert (embers["balance"], embers["nextAction"]) == ({"amount": 350}, "CLAIM")
    claim = "mutation($step: ID!) { claimRewardChainStep(input: {stepId: $step}) { userErrors { code } } }"
    claimed = await stack.data(claim, {"step": embers["nextStep"]["id"]}, token=token)
    assert claimed["claimRewardChainStep"] == {"userErrors": []}


async def test_everything_that_the_catalog_tells_is_shown(stack: Stack) -> None:
    found = await earn_by(stack)
    bundle, crate, lantern = (found[sku] for sku in ("wanderer_bundle", "supply_crate", "storm_lantern"))
    assert (bundle["price"], bundle["priceBeforeDiscount"]) == (
        {"amount": "3.74", "currency": "USD"},
        {"amount": "4.99"},
    )
    assert bundle["item"]["bundleType"] == "STANDARD"
    (promotion,) = bundle["promotions"]
    assert (promotion["name"], promotion["discountPercent"], promotion["discountAmount"]) == (
        "Ember Week",
        "25.00",
        None,
    )
    assert (promotion["bonus"], promotion["limits"], bool(promotion["endsAt"])) == ([], None, True)
    assert lantern["virtualPrices"] == [
        {
            "sku": "gold",
            "name": "Gold",
            "imageUrl": f"{stack.sandbox_url}/images/gold.svg",
            "amount": 900,
            "amountBeforeDiscount": None,
            "isDefault": True,
        }
    ]
    limit = crate["limits"]["perPlayer"]
    assert (limit["total"], limit["available"], bool(limit["resetsAt"])) == (3, 3, True)
    assert (crate["limits"]["forEverybody"], crate["canOrder"], lantern["limits"]) == (None, True, None)


async def test_limits_are_the_players_own_and_come_after_their_purchase(stack: Stack) -> None:
    def left(found: dict[str, Any]) -> tuple[int, bool]:
        crate = found["supply_crate"]
        return crate["limits"]["perPlayer"]["available"], crate["canOrder"]

    assert [left(await earn_by(stack, player)) for player in (None, BEN, CLEO)] == [(3, True)] * 3
    placed = (await order(stack, "three", "supply_crate", quantity=3))["data"]["answer"]["order"]
    await stack.pay(placed["upstreamId"])
    query = "query($id: ID!) { order(id: $id) { status } }"
    await stack.data(query, {"id": placed["id"]}, token=stack.token(BEN))
    assert [left(await earn_by(stack, player)) for player in (None, BEN, CLEO)] == [(3, True), (0, False), (3, True)]
    assert codes(await order(stack, "more", "supply_crate")) == ["LIMIT_REACHED"]


async def test_a_catalog_without_personal_limits_is_read_once_for_all_players(stack: Stack) -> None:
    stack.seam.on(CATALOG, answers(200, {"items": [SOLD]}))
    assert [list(await earn_by(stack, player)) for player in (BEN, CLEO, None, ANN)] == [["kite"]] * 4
    assert lists(stack) == [False]
    stack.clock.advance(61)
    await asyncio.gather(*(earn_by(stack, player) for player in (BEN, CLEO, None)))
    assert lists(stack) == [False]


async def test_languages_and_countries_have_a_catalog_of_their_own(stack: Stack) -> None:
    stack.seam.on(CATALOG, answers(200, {"items": [SOLD]}))
    for language, country in (("de", None), ("de-AT", None), ("de", "DE"), ("de", "AT"), ("fr", "DE")):
        headers = {"accept-language": language}
        await stack.data(EARN_BY, {"country": country}, token=stack.token(BEN), headers=headers)
    asked = [dict(one.url.params) for one in stack.seam.requests if one.url.path.endswith("/items")]
    place = {"additional_fields[]": "order"}
    assert asked == [
        {**place, "locale": "de"},
        {**place, "locale": "de", "country": "DE"},
        {**place, "locale": "de", "country": "AT"},
        {**place, "locale": "fr", "country": "DE"},
    ]
    assert lists(stack) == [False] * 4


async def test_an_address_that_is_forwarded_decides_about_prices_unless_a_country_is_named() -> None:
    settings = {"GATEWAY_CLIENT_IP_HEADER": "X-User-Ip", "GATEWAY_TRUSTED_PROXIES": "127.0.0.1"}
    async with running_stack(settings) as stack:
        stack.seam.on(CATALOG, answers(200, {"items": [SOLD]}))
        for address, country in (("192.0.2.1", None), ("192.0.2.2", None), ("192.0.2.1", "DE"), ("192.0.2.2", "DE")):
            headers = {"x-forwarded-for": address}
            await stack.data(EARN_BY, {"country": country}, token=stack.token(BEN), headers=headers)
        told = [one.headers.get("x-user-ip") for one in stack.seam.requests if one.url.path.endswith("/items")]
        assert told == ["192.0.2.1", "192.0.2.2", None]


async def test_a_personal_catalog_is_read_with_each_players_token(personal: Stack) -> None:
    for player in (BEN, CLEO, BEN, None, None):
        await earn_by(personal, player)
    assert lists(personal) == [True, True, False]


async def test_a_store_that_shows_nothing_without_a_token_is_read_with_it(stack: Stack) -> None:
    async def refuse(request: httpx.Request) -> httpx.Response | None:
        return None if "authorization" in request.headers else httpx.Response(401, json={"errorCode": 1501})

    stack.seam.on(CATALOG, refuse)
    assert "moonstones_500" in await earn_by(stack)
    assert lists(stack) == [False, True]
    body = await stack.ask(EARN_BY)
    assert {one["extensions"]["code"] for one in body["errors"]} == {"UNAUTHENTICATED"}
    assert body["data"]["viewer"]["rewardChains"][0]["earnBy"] is None


async def test_a_refused_token_is_told_and_what_was_cached_for_it_is_gone(personal: Stack) -> None:
    personal.seam.on(CATALOG, answers(401, {"errorCode": 1501}))
    body = await personal.ask(EARN_BY, token=personal.token(BEN))
    assert {one["extensions"]["code"] for one in body["errors"]} == {"UNAUTHENTICATED"}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (answers(503), "UPSTREAM_UNAVAILABLE"),
        (answers(200, {"items": "none"}), "UPSTREAM_INVALID"),
        (raises(httpx.ReadTimeout("x")), "UPSTREAM_TIMEOUT"),
    ],
    ids=["503", "no list", "timeout"],
)
async def test_a_catalog_that_cannot_be_read_costs_that_field_only(stack: Stack, fault: Any, code: str) -> None:
    stack.seam.on(CATALOG, fault)
    body = await stack.ask(EARN_BY, token=stack.token(BEN))
    assert {one["extensions"]["code"] for one in body["errors"]} == {code}
    chains = body["data"]["viewer"]["rewardChains"]
    assert [(chain["earnBy"], bool(chain["name"])) for chain in chains] == [(None, True)] * 2


async def test_an_item_that_cannot_be_read_is_left_out_and_said(stack: Stack) -> None:
    stack.seam.on(CATALOG, answers(200, {"items": [SOLD, {"name": "no sku"}, "what"]}))
    body = await stack.ask(EARN_BY, token=stack.token(BEN))
    assert [one["item"]["sku"] for one in body["data"]["viewer"]["rewardChains"][0]["earnBy"]] == ["kite"]
    assert {one["message"] for one in body["errors"]} == {
        "2 of the catalog's items could not be read and are left out."
    }


async def test_a_country_that_is_none_is_refused(stack: Stack) -> None:
    body = await stack.ask(EARN_BY, {"country": "Germany"}, token=stack.token(BEN))
    assert {one["extensions"]["code"] for one in body["errors"]} == {"BAD_USER_INPUT"}


async def test_nothing_is_read_of_the_catalog_where_it_is_not_asked_for(stack: Stack) -> None:
    await stack.data("{ viewer { rewardChains { nextAction } badge { claimableCount } } }", token=stack.token(BEN))
    assert CATALOG not in stack.calls()


@pytest.mark.parametrize("key", [None, "one tap"], ids=["without a key", "with a key"])
async def test_a_double_tap_is_one_order(stack: Stack, key: str | None) -> None:
    first, second = await asyncio.gather(order(stack, key), order(stack, key))
    third = await order(stack, key)
    orders = [body["data"]["answer"]["order"] for body in (first, second, third)]
    assert orders[0] == orders[1] == orders[2]
    assert stack.calls() - Counter({CONFIRM_CALL: 1}) == {ORDER_CALL: 1}


async def test_a_key_stands_for_one_item_in_one_quantity(stack: Stack) -> None:
    await order(stack, "key")
    assert codes(await order(stack, "key", quantity=2)) == ["IDEMPOTENCY_CONFLICT"]
    assert codes(await order(stack, "key", "supply_crate")) == ["IDEMPOTENCY_CONFLICT"]
    assert (await order(stack, "key"))["data"]["answer"]["isReplay"] is True


async def test_devices_hear_of_an_order_of_an_item(stack: Stack) -> None:
    placed = (await order(stack, "key", quantity=2))["data"]["answer"]["order"]
    (sent,) = [one for one in stack.seam.requests if one.method == "POST"]
    assert sent.content == b'{"quantity":2,"sandbox":true}'
    query = "query($id: ID!) { order(id: $id) { status total { amount } items { sku quantity } } }"
    shown = (await stack.data(query, {"id": placed["id"]}, token=stack.token(BEN)))["order"]
    assert shown == {
        "status": "NEW",
        "total": {"amount": "19.98"},
        "items": [{"sku": "moonstones_500", "quantity": 2}],
    }


async def test_a_lost_order_stays_unknown_until_a_webhook_brings_it() -> None:
    numbers: list[int] = []

    async def lose(request: httpx.Request) -> httpx.Response:
        numbers.append((await stack.seam.inner.handle_async_request(request)).json()["order_id"])
        raise httpx.ReadError("cut")

    async with running_stack({"GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET}) as stack:
        stack.seam.on(ORDER_CALL, lose)
        assert [top_code(await order(stack, "tap")) for _ in range(2)] == ["OUTCOME_UNKNOWN"] * 2
        await stack.pay(numbers[0])
        webhook = order_webhook(order_id=numbers[0], player_id=BEN.id)
        webhook["items"][0]["sku"] = "moonstones_500"
        body = encoded(webhook)
        headers = {"authorization": signed(body, WEBHOOK_SECRET), "content-type": "application/json"}
        told = await stack.http.post(f"{stack.gateway_url}/webhooks/xsolla", content=body, headers=headers)
        assert told.status_code == 204
        found = await order(stack, "tap")
        assert (found["data"]["answer"]["order"], codes(found)) == (None, ["ALREADY_CLAIMED"])
        assert found["data"]["answer"]["settledOrder"] == {"upstreamId": numbers[0], "status": "DONE"}
        assert stack.calls()[ORDER_CALL] == 1


async def test_an_order_without_a_token_is_told_and_watched(stack: Stack) -> None:
    stack.seam.on(ORDER_CALL, answers(200, {"order_id": 7}))
    placed = (await order(stack, "tap"))["data"]["answer"]
    assert (placed["order"]["upstreamId"], placed["order"]["token"], placed["userErrors"]) == (7, None, [])
    await stack.until("gateway_watched_orders", 1)


@pytest.mark.parametrize(
    ("sku", "code", "upstream_code"),
    [
        ("nothing", "NOT_FOUND", 4001),
        ("ember_key", "NOT_FOUND", 1411),
        ("..", "INVALID_ID", None),
        ("a/b", "INVALID_ID", None),
        ("", "INVALID_ID", None),
    ],
)
async def test_a_refusal_is_explained(stack: Stack, sku: str, code: str, upstream_code: int | None) -> None:
    answer = (await order(stack, "tap", sku))["data"]["answer"]
    assert answer["userErrors"] == [{"code": code, "path": ["input", "sku"], "upstreamCode": upstream_code}]
    assert (answer["order"], answer["request"]) == (None, None)


async def test_a_refusal_that_nothing_explains_is_told_as_it_is(stack: Stack) -> None:
    stack.seam.on(ORDER_CALL, answers(422, {"errorCode": 4508}))
    assert codes(await order(stack, "first")) == ["REJECTED"]
    stack.seam.on(ITEM_CALL, answers(503))
    assert codes(await order(stack, "second")) == ["REJECTED"]


async def test_less_than_one_is_no_quantity(stack: Stack) -> None:
    assert top_code(await order(stack, quantity=0)) == "BAD_USER_INPUT"
    assert ORDER_CALL not in stack.calls()


async def test_the_players_device_can_send_the_order(stack: Stack) -> None:
    body = await order(stack, "tap", quantity=2, mode="DIRECT")
    request = body["data"]["answer"]["request"]
    assert (request["method"], request["body"]) == ("POST", '{"quantity":2,"sandbox":true}')
    assert [header["name"] for header in request["headers"]] == ["authorization", "accept", "content-type"]
    assert stack.calls() - Counter({CONFIRM_CALL: 1}) == {ITEM_CALL: 1}
    headers = {"authorization": f"Bearer {stack.token(BEN)}", "content-type": "application/json"}
    sent = await stack.http.post(request["url"], content=request["body"], headers=headers)
    query = "mutation($number: BigInt!) { trackOrder(input: {upstreamId: $number}) { order { status } } }"
    tracked = await stack.data(query, {"number": sent.json()["order_id"]}, token=stack.token(BEN))
    assert tracked["trackOrder"] == {"order": {"status": "NEW"}}


async def test_what_cannot_be_ordered_is_not_prepared_for_the_device(stack: Stack) -> None:
    assert codes(await order(stack, "tap", "ember_key", mode="DIRECT")) == ["NOT_FOUND"]
    assert (await order(stack, "tap"))["data"]["answer"]["userErrors"] == []
    # Nothing is recorded of what the device was to send, and each time it is checked anew.
    again = await order(stack, "direct", mode="DIRECT")
    assert (
        again["data"]["answer"]["request"] == (await order(stack, "direct", mode="DIRECT"))["data"]["answer"]["request"]
    )


async def test_an_order_needs_a_player(stack: Stack) -> None:
    assert top_code(await stack.ask(ORDER, {"sku": "moonstones_500"})) == "UNAUTHENTICATED"
