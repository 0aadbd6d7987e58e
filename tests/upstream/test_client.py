"""The upstream's calls as they leave, and what their answers mean. The double stands at the transport's seam."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gateway import errors
from gateway.domain.catalog import ItemOrder
from gateway.resilience.requester import Requester
from gateway.upstream import call_outcomes as outcomes
from gateway.upstream.client import MAX_PAGES, Client
from gateway.upstream.decode import MAX_OBJECTS
from tests.support.scripted_upstream import Answer, ScriptedTransport
from tests.support.upstream_json import DAILY, OFFER, REWARD

HEADERS = (("authorization", "Bearer t"), ("accept-language", "de"))
REQUESTER = Requester(HEADERS)


def client(answer: Answer) -> tuple[Client, ScriptedTransport]:
    transport = ScriptedTransport(answer)
    made = Client(transport, base_url="https://up.example/api/", project_id=44056, now=lambda: 0.0)
    return made, transport


def answering(body: object, status: int = 200) -> Answer:
    return lambda request: httpx.Response(status, json=body)


def test_the_request_for_the_players_device_is_whole_and_its_text_shows_no_credential() -> None:
    made, _ = client(answering({}))
    request = made.direct_order(Requester((*HEADERS, ("x-user-ip", "192.0.2.7"))), 9, 2)
    url = "https://up.example/api/v2/project/44056/user/offer_chain/9/step/number/2/order"
    headers = (("authorization", "Bearer t"), ("accept", "application/json"), ("content-type", "application/json"))
    assert (request.method, request.url, request.headers) == ("POST", url, headers)
    assert repr(request) == f"DirectRequest(POST {url})"


def test_an_order_of_an_item_says_how_many_for_which_page_and_in_which_language() -> None:
    made, _ = client(answering({}))
    request = made.direct_item_order(REQUESTER, ItemOrder("kite", 3, sandbox=True, locale="de"))
    assert request.url == "https://up.example/api/v2/project/44056/payment/item/kite"
    assert json.loads(request.body or "") == {"quantity": 3, "sandbox": True, "locale": "de"}


@pytest.mark.parametrize(("pages", "calls"), [(1, 1), (3, 5), (5, 5), (6, 9), (99, MAX_PAGES)])
async def test_the_catalog_is_read_four_pages_at_a_time_in_the_stores_order(pages: int, calls: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("offset", "0")) // 2
        skus = [f"item-{number}-{place}" for place in range(2)] if number < pages else []
        items = [{"sku": sku, "order": -number} for sku in skus]
        return httpx.Response(200, json={"has_more": number < pages - 1, "items": items})

    made, transport = client(answer)
    listing = (await made.catalog(REQUESTER, None, None)).value
    assert len(transport.requests) == calls
    read = min(pages, MAX_PAGES)
    assert [item.sku for item in listing.items] == [f"item-{n}-{p}" for n in reversed(range(read)) for p in range(2)]


CALLS: dict[str, tuple[Callable[[Client], Any], str, str, object]] = {
    "offer_chains": (lambda c: c.offer_chains(REQUESTER), "GET", "/user/offer_chain", {"items": [OFFER]}),
    "offer_chain": (lambda c: c.offer_chain(REQUESTER, 9), "GET", "/user/offer_chain/9", OFFER),
    "claim_offer_step": (
        lambda c: c.claim_offer_step(REQUESTER, 9, 2),
        "POST",
        "/user/offer_chain/9/step/number/2/claim",
        {"order_id": 1},
    ),
    "order_offer_step": (
        lambda c: c.order_offer_step(REQUESTER, 9, 2),
        "POST",
        "/user/offer_chain/9/step/number/2/order",
        {"order_id": 1, "token": "t"},
    ),
    "reward_chains": (lambda c: c.reward_chains(REQUESTER), "GET", "/user/reward_chain", {"items": [REWARD]}),
    "balance": (lambda c: c.balance(REQUESTER, 10), "GET", "/user/reward_chain/10/balance", REWARD["value_point"]),
    "claim_reward_step": (
        lambda c: c.claim_reward_step(REQUESTER, 10, 120),
        "POST",
        "/user/reward_chain/10/step/120/claim",
        None,
    ),
    "daily_chains": (lambda c: c.daily_chains(REQUESTER), "GET", "/user/daily_chain", {"items": [DAILY]}),
    "daily_chain": (lambda c: c.daily_chain(REQUESTER, 11), "GET", "/user/daily_chain/11", DAILY),
    "claim_daily_step": (
        lambda c: c.claim_daily_step(REQUESTER, 11, 2),
        "POST",
        "/user/daily_chain/11/step/number/2/claim",
        None,
    ),
    "update_clan": (lambda c: c.update_clan(REQUESTER), "PUT", "/user/clan/update", {"reward": []}),
    "top_contributors": (lambda c: c.top_contributors(REQUESTER, 10), "GET", "/user/clan/contributors/10/top", []),
    "order": (lambda c: c.order(REQUESTER, 656), "GET", "/order/656", {"order_id": 656, "status": "new"}),
    "catalog": (
        lambda c: c.catalog(REQUESTER, "de", "AT"),
        "GET",
        "/items?additional_fields%5B%5D=order&locale=de&country=AT",
        {"items": [{"sku": "kite"}]},
    ),
    "catalog_item": (lambda c: c.catalog_item(REQUESTER, "kite"), "GET", "/items/sku/kite", {"sku": "kite"}),
    "order_item": (
        lambda c: c.order_item(REQUESTER, ItemOrder("kite")),
        "POST",
        "/payment/item/kite",
        {"order_id": 1, "token": "t"},
    ),
}
WRITES = {
    "claim_offer_step",
    "order_offer_step",
    "claim_reward_step",
    "claim_daily_step",
    "update_clan",
    "order_item",
}


@pytest.mark.parametrize("name", CALLS)
async def test_each_call_goes_to_its_documented_address_with_the_forwarded_headers_only(name: str) -> None:
    call, method, path, body = CALLS[name]
    made, transport = client(answering(body))
    await call(made)
    (request,) = transport.requests
    assert (request.method, str(request.url)) == (method, f"https://up.example/api/v2/project/44056{path}")
    headers = dict(request.headers)
    assert headers.pop("user-agent").startswith("liveops-gateway/")
    assert headers.pop("content-type", None) == ("application/json" if name in WRITES else None)
    assert headers.pop("content-length", "0") == str(len(request.content))
    assert request.content == (b"{}" if name == "order_item" else b"")
    assert headers == {
        "host": "up.example",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "authorization": "Bearer t",
        "accept-language": "de",
    }
    seconds = 5.0 if name in WRITES else 1.5
    assert request.extensions["timeout"] == {"read": seconds, "write": seconds, "total": seconds}


def failing(error: BaseException) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "read", "write"),
    [
        (httpx.PoolTimeout("x"), errors.Overloaded, errors.Overloaded),
        (httpx.ConnectError("x"), errors.UpstreamUnavailable, errors.UpstreamUnavailable),
        (httpx.ConnectTimeout("x"), errors.UpstreamUnavailable, errors.UpstreamUnavailable),
        (httpx.ReadTimeout("x"), errors.UpstreamTimeout, errors.OutcomeUnknown),
        (httpx.ReadError("x"), errors.UpstreamUnavailable, errors.OutcomeUnknown),
        (httpx.WriteError("x"), errors.UpstreamUnavailable, errors.OutcomeUnknown),
        (httpx.RemoteProtocolError("x"), errors.UpstreamUnavailable, errors.OutcomeUnknown),
        (httpx.DecodingError("x"), errors.UpstreamInvalid, errors.OutcomeUnknown),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
async def test_a_broken_exchange_is_named_by_whether_the_request_may_have_arrived(
    error: Exception, read: type[Exception], write: type[Exception]
) -> None:
    made, _ = client(failing(error))
    for name, (call, *_) in CALLS.items():
        with pytest.raises(write if name in WRITES else read):
            await call(made)


async def test_a_redirect_is_an_error_and_not_followed() -> None:
    made, transport = client(lambda _: httpx.Response(302, headers={"location": "https://elsewhere.example/"}))
    with pytest.raises(errors.UpstreamInvalid):
        await made.offer_chain(REQUESTER, 9)
    assert len(transport.requests) == 1


async def test_a_rate_limit_tells_when_to_come_back() -> None:
    made, _ = client(lambda _: httpx.Response(429, headers={"retry-after": "7"}))
    with pytest.raises(errors.RateLimited) as caught:
        await made.offer_chains(REQUESTER)
    assert caught.value.retry_after_seconds == 7


async def test_a_failure_is_logged_with_the_upstreams_numbers_and_without_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    sentence = "The step is not for Bearer secret"
    made, _ = client(answering({"errorCode": 9912, "transactionId": "t-1", "errorMessage": sentence}, status=422))
    with pytest.raises(errors.Refusal) as caught:
        await made.claim_reward_step(REQUESTER, 10, 120)
    made, _ = client(failing(httpx.ReadTimeout("x")))
    with pytest.raises(errors.UpstreamTimeout):
        await made.offer_chain(REQUESTER, 9)
    refused, late = caplog.records
    assert (refused.levelno, refused.getMessage()) == (logging.INFO, "upstream_failure")
    assert refused.__dict__["event_fields"] == {
        "method": "POST",
        "path": "/user/reward_chain/10/step/120/claim",
        "answered": 422,
        "meaning": "Refusal",
        "upstream_code": 9912,
        "transaction_id": "t-1",
        "upstream_message": "The step is not for Bearer [redacted]",
    }
    assert caught.value.upstream_message is None
    assert late.levelno == logging.WARNING
    assert late.__dict__["event_fields"]["answered"] == "ReadTimeout"


async def test_closing_closes_the_transport() -> None:
    made, transport = client(answering({}))
    await made.aclose()
    assert transport.is_closed


async def test_the_reply_weighs_what_came_over_the_wire_but_for_steps_that_were_there_before() -> None:
    body = json.dumps({"items": [OFFER]}).encode()
    made, _ = client(lambda _: httpx.Response(200, content=body))
    weights = [(await made.offer_chains(REQUESTER)).size_bytes for _ in range(3)]
    assert weights == [len(body), len(body), len(body) - len(json.dumps(OFFER["steps"]))]


# Pages


class Pages:
    """A list of `total` chains that the upstream serves in pages of `size` at most."""

    def __init__(self, total: int, size: int, *, counts: bool = True, says_more: bool = True) -> None:
        self.total, self.size, self.counts, self.says_more = total, size, counts, says_more

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", self.size))
        numbers = range(self.total)[offset : offset + min(limit, self.size)]
        body: dict[str, Any] = {"items": [{**OFFER, "id": number, "order": -number} for number in numbers]}
        if self.counts:
            body["total_items_count"] = self.total
        if self.says_more:
            body["has_more"] = offset + len(numbers) < self.total
        return httpx.Response(200, json=body)


def queries(transport: ScriptedTransport) -> list[str]:
    return [request.url.query.decode() for request in transport.requests]


async def test_the_pages_behind_the_first_are_asked_for_by_its_size() -> None:
    made, transport = client(Pages(70, 30))
    reply = await made.offer_chains(REQUESTER)
    assert [chain.id for chain in reply.value.items] == list(range(69, -1, -1))
    assert queries(transport) == ["", "limit=30&offset=30", "limit=30&offset=60"]


async def test_pages_are_walked_one_by_one_when_no_count_is_told() -> None:
    made, transport = client(Pages(70, 30, counts=False))
    reply = await made.offer_chains(REQUESTER)
    assert len(reply.value.items) == 70
    assert queries(transport) == ["", "offset=30", "offset=60"]


async def test_one_page_is_one_call() -> None:
    for pages in (Pages(30, 30), Pages(0, 30), Pages(5, 30, says_more=False)):
        made, transport = client(pages)
        await made.offer_chains(REQUESTER)
        assert queries(transport) == [""]


async def test_a_list_that_grew_meanwhile_is_walked_to_its_end() -> None:
    pages = Pages(40, 30)

    def grow(request: httpx.Request) -> httpx.Response:
        answer = pages(request)
        pages.total = 65
        return answer

    made, transport = client(grow)
    reply = await made.offer_chains(REQUESTER)
    assert len(reply.value.items) == 65
    assert queries(transport) == ["", "limit=30&offset=30", "offset=60"]


@pytest.mark.parametrize("counts", [True, False])
async def test_walking_ends_at_the_documented_number_of_pages(counts: bool) -> None:
    made, transport = client(Pages(10_000, 30, counts=counts))
    reply = await made.offer_chains(REQUESTER)
    assert len(transport.requests) == MAX_PAGES
    assert len(reply.value.items) == MAX_PAGES * 30


@pytest.mark.parametrize(("pages", "size"), [(1, 1_500), (10, 300)])
async def test_the_first_chains_are_shown_of_a_list_that_would_hold_up_everybody(
    pages: int, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    made, _ = client(Pages(pages * size, size))
    with caplog.at_level(logging.WARNING):
        listing = (await made.offer_chains(REQUESTER)).value
    shown = MAX_OBJECTS // (1 + len(OFFER["steps"]))
    assert sorted(chain.id for chain in listing.items) == list(range(shown))
    assert listing.unreadable == pages * size - shown
    assert [record.msg for record in caplog.records] == ["upstream_oddity"]


async def test_more_items_of_a_catalog_than_are_shown_are_counted() -> None:
    items = [{"sku": f"item-{number}"} for number in range(MAX_OBJECTS + 1)]
    listing = (await client(answering({"items": items}))[0].catalog(REQUESTER, None, None)).value
    assert (len(listing.items), listing.unreadable) == (MAX_OBJECTS, 1)


@pytest.mark.parametrize(("chain", "read"), [(OFFER, Client.offer_chain), (DAILY, Client.daily_chain)])
async def test_a_chain_of_more_steps_than_can_be_shown_is_no_chain(
    chain: dict[str, Any], read: Callable[[Client, Requester, int], Any]
) -> None:
    steps = [chain["steps"][0]] * MAX_OBJECTS
    assert (await read(client(answering({**chain, "steps": steps[:-1]}))[0], REQUESTER, 9)).value.steps
    with pytest.raises(errors.UpstreamInvalid):
        await read(client(answering({**chain, "steps": steps}))[0], REQUESTER, 9)


async def test_an_empty_page_that_promises_more_ends_the_walk() -> None:
    made, transport = client(answering({"items": [], "has_more": True, "total_items_count": 99}))
    assert (await made.offer_chains(REQUESTER)).value.items == ()
    assert len(transport.requests) == 1


async def test_a_page_that_fails_fails_the_list() -> None:
    pages = Pages(90, 30)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if "offset=60" in str(request.url) else pages(request)

    made, _ = client(answer)
    with pytest.raises(errors.UpstreamUnavailable):
        await made.offer_chains(REQUESTER)


def counting(answer: Answer) -> tuple[Client, list[tuple[str, str]]]:
    counted: list[tuple[str, str]] = []
    transport = ScriptedTransport(answer)
    made = Client(
        transport,
        base_url="https://up.example",
        project_id=1,
        now=lambda: 0.0,
        count=lambda call, outcome: counted.append((call, outcome)),
    )
    return made, counted


def test_exactly_the_calls_of_the_contract_are_counted() -> None:
    assert set(outcomes.CALLS) == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_is_counted_by_its_name(name: str) -> None:
    call, _, _, body = CALLS[name]
    made, counted = counting(answering(body))
    await call(made)
    assert counted == [(name, "ok")]


async def test_each_page_of_a_list_is_counted() -> None:
    pages = iter([{"items": [OFFER], "has_more": True}, {"items": [], "has_more": False}])
    made, counted = counting(lambda _: httpx.Response(200, json=next(pages)))
    await made.offer_chains(REQUESTER)
    assert counted == [("offer_chains", "ok")] * 2


@pytest.mark.parametrize(
    ("answer", "read", "write"),
    [
        (answering({}, 400), "refused", "refused"),
        (answering({}, 401), "unauthenticated", "unauthenticated"),
        (answering({}, 403), "forbidden", "forbidden"),
        (answering({}, 404), "not_found", "not_found"),
        (answering({}, 418), "invalid", "invalid"),
        (answering({}, 422), "refused", "refused"),
        (answering({}, 429), "rate_limited", "rate_limited"),
        (answering({}, 503), "unavailable", "unknown"),
        (answering([]), "invalid", "unknown"),
        (failing(httpx.PoolTimeout("x")), "overloaded", "overloaded"),
        (failing(httpx.ReadTimeout("x")), "timeout", "unknown"),
        (failing(RuntimeError("x")), "defect", "defect"),
    ],
)
async def test_a_call_that_fails_is_counted_by_how_it_ended(answer: Answer, read: str, write: str) -> None:
    made, counted = counting(answer)
    with pytest.raises((errors.GatewayError, RuntimeError)):
        await made.offer_chain(REQUESTER, 9)
    with pytest.raises((errors.GatewayError, RuntimeError)):
        await made.order_offer_step(REQUESTER, 9, 2)
    assert counted == [("offer_chain", read), ("order_offer_step", write)]
    assert {read, write} <= set(outcomes.OUTCOMES)


async def test_a_call_that_nobody_waits_for_any_more_is_counted_as_abandoned() -> None:
    made, counted = counting(failing(asyncio.CancelledError()))
    with pytest.raises(asyncio.CancelledError):
        await made.order(REQUESTER, 1)
    assert counted == [("order", "abandoned")]


@pytest.mark.parametrize(("size", "turns"), [(1_000, 1), (60_000, 5)], ids=["small", "large"])
async def test_large_bodies_are_decoded_one_in_each_turn_of_the_loop(
    size: int, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    turn = 0

    def count() -> None:
        nonlocal turn
        turn += 1
        loop.call_soon(count)

    decoded_in: list[int] = []
    monkeypatch.setattr("gateway.upstream.decode.offer_chain", lambda body, report: decoded_in.append(turn))
    made, _ = client(answering({**OFFER, "description": "x" * size}))
    count()
    await asyncio.gather(*(made.offer_chain(REQUESTER, number) for number in range(5)))
    assert len(set(decoded_in)) == turns


@pytest.mark.parametrize("body", [b" " * 2_000_001, b"[1, " * 30_001], ids=["long", "many values"])
async def test_a_body_that_takes_long_to_read_leniently_is_not_read(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.upstream.decode.parse", lambda body, report: pytest.fail("it was read"))
    made, _ = client(lambda request: httpx.Response(200, content=body))
    with pytest.raises(errors.UpstreamInvalid):
        await made.offer_chain(REQUESTER, 1)
