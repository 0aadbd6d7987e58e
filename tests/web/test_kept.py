"""Answers that are given again: to whom, for how long, and what HTTP says of them."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256

import httpx
import pytest

from gateway import sandbox
from gateway.cache.keys import Owner
from gateway.cache.response_cache import ResponseCache
from gateway.cache.user_cache import UserCache
from gateway.web.content_encoding import ContentEncoding
from gateway.web.graphql.response_caching import (
    KnownRequest,
    Responses,
    cacheable_request,
    stored_answer,
    with_cache_headers,
)
from gateway.web.operation_reports import made
from gateway.web.responses import encoded_response
from tests.support import operations
from tests.support.stack import ANN, BEN, Stack, answers, running_stack

NAMES = "{ viewer { offerChains { name } rewardChains { name } } }"
STATES = "{ viewer { offerChains { id steps { id state isFree } } } }"
LISTS = {"GET /user/offer_chain": 1, "GET /user/reward_chain": 1}
MISSING = '{ viewer { offerChain(id: "b2ZmZXJfY2hhaW46OTk5") { name } } }'


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running_stack() as running:
        yield running


def how(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    found: str = response.headers["x-gateway-execution"]
    return found


async def get(stack: Stack, query: str, token: str, **headers: str) -> httpx.Response:
    sent = {"authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await stack.http.get(f"{stack.gateway_url}/graphql", params={"query": query}, headers=sent)


async def test_the_same_request_is_answered_with_the_same_bytes_and_without_running_anything(stack: Stack) -> None:
    token = stack.token(BEN)
    first = await stack.send(NAMES, token=token)
    stack.calls()
    stack.clock.advance(3)
    again = await stack.send(NAMES, token=token)
    assert (how(first), how(again)) == ("compiled", "cached")
    assert again.content == first.content
    assert stack.calls() == {}
    assert "age" not in first.headers
    assert again.headers["age"] == "3"
    assert {one.headers["cache-control"] for one in (first, again)} == {"private, no-cache, max-age=15"}


async def test_an_answer_is_stale_with_the_first_of_the_values_in_it(stack: Stack) -> None:
    token = stack.token(BEN)
    for query, seconds in ((NAMES, 15), ("{ viewer { rewardChains { balance { amount } } } }", 5)):
        assert how(await stack.send(query, token=token)) == "compiled"
        stack.clock.advance(seconds - 0.1)
        assert how(await stack.send(query, token=token)) == "cached"
        stack.clock.advance(0.1)
        assert how(await stack.send(query, token=token)) == "compiled"
        stack.clock.advance(60)


async def test_an_answer_does_not_outlive_the_token(stack: Stack) -> None:
    token = stack.token(BEN, lifetime_seconds=4)
    await stack.send(NAMES, token=token)
    stack.clock.advance(3.5)
    assert how(await stack.send(NAMES, token=token)) == "cached"
    stack.clock.advance(0.5)
    refused = await stack.ask(NAMES, token=token)
    assert refused["errors"][0]["extensions"]["code"] == "TOKEN_EXPIRED"


@pytest.mark.parametrize(
    "query",
    [NAMES, "query($id: ID!) { order(id: $id) { status } }"],
    ids=["lists", "a settled order"],
)
async def test_an_answer_does_not_outlive_a_verified_token_whoever_read_what_is_in_it(query: str) -> None:
    settings = {
        "GATEWAY_TOKEN_SECRET": sandbox.DEMO_LOGIN_SECRET,
        "GATEWAY_TOKEN_LEEWAY_SECONDS": "0",
        "GATEWAY_CACHE_CHAINS_SECONDS": "3600",
    }
    async with running_stack(settings) as stack:
        long, short = stack.token(ANN), stack.token(ANN, lifetime_seconds=60)
        variables = {"id": await settled_order(stack, long)} if "order" in query else None
        # Reading an order that has just ended lets go of what was kept before.
        told = [how(await stack.send(query, variables, token=token)) for token in (long, long, short)]
        assert told[0] == told[2] == "compiled"
        stack.clock.advance(59)
        assert how(await stack.send(query, variables, token=short)) == "cached"
        stack.clock.advance(1)
        refused = await stack.ask(query, variables, token=short)
        assert refused["errors"][0]["extensions"]["code"] == "TOKEN_EXPIRED"
        assert how(await stack.send(query, variables, token=long)) == "cached"


async def test_clock_fields_are_good_for_the_second_they_were_computed_in(stack: Stack) -> None:
    token = stack.token(BEN)
    stack.clock.advance(0.25)
    first = await stack.send(operations.BADGE, token=token)
    stack.clock.advance(0.5)
    within = await stack.send(operations.BADGE, token=token)
    stack.clock.advance(0.25)
    after = await stack.send(operations.BADGE, token=token)
    assert [how(one) for one in (first, within, after)] == ["compiled", "cached", "compiled"]
    assert first.json()["data"]["serverTime"] != after.json()["data"]["serverTime"]


async def test_players_languages_and_documents_have_answers_of_their_own(stack: Stack) -> None:
    ann, ben = stack.token(ANN), stack.token(BEN)
    asked = [
        await stack.send(NAMES, token=ben),
        await stack.send(NAMES, token=ann),
        await stack.send(NAMES),
        await stack.send(NAMES, token=ben, headers={"accept-language": "de"}),
        await stack.send(NAMES + " ", token=ben),
        await stack.send(NAMES, {"unused": 1}, token=ben),
        await stack.send(NAMES, token=ben, headers={"accept": "application/graphql-response+json"}),
    ]
    assert [how(one) for one in asked] == ["compiled"] * len(asked)
    assert how(await stack.send(NAMES)) == "cached"


async def test_two_tokens_of_one_verified_player_keep_answers_apart_and_forget_them_together() -> None:
    async with running_stack({"GATEWAY_TOKEN_SECRET": sandbox.DEMO_LOGIN_SECRET}) as stack:
        phone, tablet = stack.token(ANN), stack.token(ANN, lifetime_seconds=50_000)
        step = await free_step(stack, phone)
        first = [how(await stack.send(STATES, token=token)) for token in (phone, tablet, tablet)]
        assert first == ["cached", "compiled", "cached"]
        await claim(stack, phone, step)
        assert await state(stack, tablet, step) == "CLAIMED"


async def test_with_prices_by_address_each_address_has_answers_of_its_own() -> None:
    addresses = {"GATEWAY_CLIENT_IP_HEADER": "X-Forwarded-For", "GATEWAY_TRUSTED_PROXIES": "127.0.0.1"}
    async with running_stack(addresses) as stack:

        async def ask(address: str) -> str:
            return how(await stack.send(NAMES, token=stack.token(BEN), headers={"x-forwarded-for": address}))

        assert [await ask(one) for one in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == ["compiled", "compiled", "cached"]


@pytest.mark.parametrize("query", ["{ serverTime viewer { isSignedIn } }", "{ __typename }", MISSING])
async def test_answers_that_nothing_lasting_was_read_for_are_not_kept(stack: Stack, query: str) -> None:
    token = stack.token(BEN)
    for _ in range(2):
        response = await stack.send(query, token=token)
        assert (how(response), response.headers["cache-control"]) == ("compiled", "no-store")


async def test_answers_with_errors_are_not_kept(stack: Stack) -> None:
    token = stack.token(BEN)
    stack.seam.on("GET /user/offer_chain", answers(503))
    for _ in range(2):
        response = await stack.send(NAMES, token=token)
        assert (how(response), response.headers["cache-control"]) == ("compiled", "no-store")
        assert response.json()["errors"]


async def test_a_request_with_a_deciding_header_twice_finds_no_kept_answer(stack: Stack) -> None:
    token = stack.token(BEN)
    headers = [("authorization", f"Bearer {token}"), ("accept-language", "de"), ("accept-language", "en")]
    for _ in range(2):
        response = await stack.http.post(f"{stack.gateway_url}/graphql", json={"query": NAMES}, headers=headers)
        assert (how(response), response.headers["cache-control"]) == ("compiled", "no-store")


async def test_another_header_may_come_twice(stack: Stack) -> None:
    headers = [("authorization", f"Bearer {stack.token(BEN)}"), ("x-game", "a"), ("x-game", "b")]
    for execution in ("compiled", "cached"):
        response = await stack.http.post(f"{stack.gateway_url}/graphql", json={"query": NAMES}, headers=headers)
        assert how(response) == execution


async def test_nothing_is_kept_where_the_setting_says_so() -> None:
    async with running_stack({"GATEWAY_RESPONSE_BYTES": "0"}) as stack:
        for _ in range(2):
            assert how(await stack.send(NAMES, token=stack.token(BEN))) == "compiled"


async def test_an_answer_is_not_kept_where_its_values_are_not() -> None:
    async with running_stack({"GATEWAY_CACHE_CHAINS_SECONDS": "0"}) as stack:
        for _ in range(2):
            assert how(await stack.send(NAMES, token=stack.token(BEN))) == "compiled"
        assert stack.calls() == {"GET /user/offer_chain": 2, "GET /user/reward_chain": 2}


# Writes


async def settled_order(stack: Stack, token: str) -> str:
    text = "mutation($id: ID!) { claimOfferChainStep(input: { stepId: $id }) { orderId } }"
    claimed = await stack.data(text, {"id": await free_step(stack, token)}, token=token)
    return str(claimed["claimOfferChainStep"]["orderId"])


async def free_step(stack: Stack, token: str) -> str:
    chains = (await stack.data(STATES, token=token))["viewer"]["offerChains"]
    steps = [step for chain in chains for step in chain["steps"]]
    return next(str(step["id"]) for step in steps if step["state"] == "AVAILABLE" and step["isFree"])


async def state(stack: Stack, token: str, step: str) -> str:
    chains = (await stack.data(STATES, token=token))["viewer"]["offerChains"]
    return next(str(one["state"]) for chain in chains for one in chain["steps"] if one["id"] == step)


async def claim(stack: Stack, token: str, step: str) -> None:
    claimed = await stack.data(operations.CLAIM_OFFER, {"stepId": step}, token=token)
    assert claimed["claimOfferChainStep"]["userErrors"] == []


async def test_a_claim_shows_in_the_very_next_answer(stack: Stack) -> None:
    token = stack.token(ANN)
    step = await free_step(stack, token)
    assert how(await stack.send(STATES, token=token)) == "cached"
    await claim(stack, token, step)
    assert await state(stack, token, step) == "CLAIMED"


async def test_a_lost_claim_shows_in_the_very_next_answer(stack: Stack) -> None:
    token = stack.token(ANN)
    step = await free_step(stack, token)

    async def carried_out_and_lost(request: httpx.Request) -> httpx.Response:
        await stack.seam.inner.handle_async_request(request)
        raise httpx.ReadError("the connection broke")

    stack.seam.on("POST .*/claim", carried_out_and_lost)
    await stack.ask(operations.CLAIM_OFFER, {"stepId": step}, token=token)
    assert await state(stack, token, step) == "CLAIMED"


class Gate:
    """Holds a call of the upstream where a test wants it."""

    def __init__(self, stack: Stack) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self._stack = stack

    async def before(self, request: httpx.Request) -> httpx.Response | None:
        if self.reached.is_set():
            return None
        self.reached.set()
        await self.opened.wait()
        return None

    async def after(self, request: httpx.Request) -> httpx.Response | None:
        if self.reached.is_set():
            return None
        answer = await self._stack.seam.inner.handle_async_request(request)
        self.reached.set()
        await self.opened.wait()
        return answer


Held = Callable[[Gate], Callable[[httpx.Request], Awaitable[httpx.Response | None]]]
HOLDS: list[Held] = [lambda gate: gate.before, lambda gate: gate.after]


@pytest.mark.parametrize("held", HOLDS, ids=["before it is asked", "after it answered"])
async def test_a_screen_that_was_read_around_a_claim_is_not_kept(stack: Stack, held: Held) -> None:
    token, gate = stack.token(ANN), Gate(stack)
    step = await free_step(stack, token)
    stack.clock.advance(15)
    stack.seam.on("GET /user/offer_chain", held(gate))
    reading = asyncio.create_task(stack.send(STATES, token=token))
    await gate.reached.wait()
    await claim(stack, token, step)
    gate.opened.set()
    await reading
    assert await state(stack, token, step) == "CLAIMED"


@pytest.mark.parametrize("held", HOLDS, ids=["before it is sent", "after it is carried out"])
async def test_a_screen_that_was_read_during_a_claim_is_gone_when_the_claim_is_answered(
    stack: Stack, held: Held
) -> None:
    token, gate = stack.token(ANN), Gate(stack)
    step = await free_step(stack, token)
    stack.seam.on("POST .*/claim", held(gate))
    claiming = asyncio.create_task(claim(stack, token, step))
    await gate.reached.wait()
    await stack.send(STATES, token=token)
    gate.opened.set()
    await claiming
    assert await state(stack, token, step) == "CLAIMED"


# What HTTP says of them


async def test_a_get_is_answered_with_a_validator_and_then_with_not_modified(stack: Stack) -> None:
    token = stack.token(BEN)
    first = await get(stack, NAMES, token)
    assert first.headers["vary"] == "Accept, Accept-Encoding, Accept-Language, Authorization"
    tag = first.headers["etag"]
    assert tag.startswith('"')
    stack.clock.advance(2)
    for validator in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await get(stack, NAMES, token, if_none_match=validator)
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["age"]) == (tag, "2")
        assert "content-length" not in again.headers
    other = await get(stack, NAMES, token, if_none_match='"other"')
    assert (other.status_code, other.content, other.headers["etag"]) == (200, first.content, tag)


async def test_a_validator_holds_while_the_data_is_the_same_and_not_longer(stack: Stack) -> None:
    token = stack.token(BEN)
    first = await get(stack, STATES, token)
    stack.clock.advance(60)
    unchanged = await get(stack, STATES, token, if_none_match=first.headers["etag"])
    assert (unchanged.status_code, unchanged.headers["x-gateway-execution"]) == (304, "compiled")
    await claim(stack, token, await free_step(stack, token))
    changed = await get(stack, STATES, token, if_none_match=first.headers["etag"])
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_the_validators_of_two_media_types_differ(stack: Stack) -> None:
    token = stack.token(BEN)
    types = ("*/*", "application/graphql-response+json")
    tags = {(await get(stack, NAMES, token, accept=one)).headers["etag"] for one in types}
    assert len(tags) == 2


async def test_a_post_has_no_validator(stack: Stack) -> None:
    headers = {"if-none-match": "*"}
    for _ in range(2):
        response = await stack.send(NAMES, token=stack.token(BEN), headers=headers)
        assert response.status_code == 200
        assert "etag" not in response.headers


# What they weigh


@pytest.mark.parametrize("size", [200, 3_400, 50_000])
def test_an_answer_weighs_no_more_than_it_is_charged(size: int) -> None:
    count = 700
    responses: Responses = ResponseCache(max_bytes=2**30, clock=lambda: 0.0)
    cache = UserCache(max_bytes=2**20)
    scope: dict[str, object] = {"method": "GET", "query_string": b"", "client": None}
    known = KnownRequest("GET", "/graphql", ContentEncoding.IDENTITY, is_conditional=False, documents_generation=b"")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(count):
        headers = [(b"authorization", b"Bearer %d" % number), (b"accept-language", b"en,de;q=%d" % number)]
        asks = cacheable_request(
            {**scope, "headers": headers},
            dict(headers),
            b"{%500d}" % number,
            ContentEncoding.IDENTITY,
            with_address=False,
            documents_generation=b"",
        )
        assert asks is not None
        bare = encoded_response(b"%*d" % (size, number), status=200, media_type="application/json")
        answer = with_cache_headers(asks, bare, 15).plus((b"x-gateway-execution", b"cached"))
        kept = stored_answer(answer, made("compiled", "query", "ok", (), "Home", None).as_cached())
        # A player's generation is in memory for as long as a response holds it, and with it their name.
        generation = cache.generation(Owner(f"{number:056x}"))
        responses.put(
            asks.key, kept, len(answer.body), generation=generation, loaded_at=number / 7, expires_at=15 + number / 7
        )
        found = responses.get(asks.key)
        assert found is not None
        responses.know(found, sha256(headers[0][1]).digest(), known)
    weighed = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    charged = responses.charged_bytes
    assert charged * 0.5 < weighed <= charged, weighed / count
