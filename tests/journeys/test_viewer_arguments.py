"""What a game says of the viewer: the language to read in, and that all is to be read anew; and what it is told."""

import asyncio
from typing import Any

import pytest

from gateway.schema import ids
from tests.support.chain_lists import LISTS, error
from tests.support.event_stream_client import streaming
from tests.support.stack import ANN, BEN, Stack, answers, running_stack
from tests.support.websocket_client import talking

READ = """query($locale: String) {
  viewer(locale: $locale) { localeUsed offerChains { id name } rewardChains { name popup { header } } }
}"""
REFRESH = "query($refresh: Boolean!) { viewer(refresh: $refresh) { offerChains { name isStale } } }"
OFFERS = {"GET /user/offer_chain": 1}
ENGLISH, GERMAN = "Wanderer's Path", "Pfad des Wanderers"
STEP = ids.encode(ids.IdKind.OFFER_STEP, 1, 1)


def languages(stack: Stack) -> set[str | None]:
    """What the upstream was told."""
    return {request.headers.get("accept-language") for request in stack.seam.requests}


# The language


@pytest.mark.parametrize(
    ("locale", "header", "used", "name"),
    [
        ("de", None, "de", GERMAN),
        ("de-AT", "fr", "de-AT", GERMAN),
        (None, "de, en;q=0.5", "de", GERMAN),
        ("pt_BR", "de", "pt-BR", ENGLISH),
        ("xx", None, "xx", ENGLISH),
        (None, None, None, ENGLISH),
    ],
    ids=["argument", "before header", "header", "underscore", "unknown to the upstream", "neither"],
)
async def test_the_argument_counts_before_the_header(
    stack: Stack, locale: str | None, header: str | None, used: str | None, name: str
) -> None:
    headers = {"accept-language": header} if header else None
    viewer = (await stack.data(READ, {"locale": locale}, token=stack.token(BEN), headers=headers))["viewer"]
    assert (viewer["localeUsed"], viewer["offerChains"][0]["name"]) == (used, name)
    assert languages(stack) == {locale.replace("_", "-") if locale else header}


@pytest.mark.parametrize("locale", ["", "*", "de, fr", "de;q=0.5", "d€", "x" * 300, "deutsch-österreich"])
async def test_what_is_no_language_is_refused_before_anything_is_read(stack: Stack, locale: str) -> None:
    body = await stack.ask(READ, {"locale": locale}, token=stack.token(BEN))
    assert error(body) == ("BAD_USER_INPUT", ["viewer"])
    claim = f'mutation {{ claimOfferChainStep(input: {{stepId: "{STEP}", locale: {locale!r}}}) {{ isReplay }} }}'
    body = await stack.ask(claim.replace("'", '"'), token=stack.token(BEN))
    assert error(body) == ("BAD_USER_INPUT", ["claimOfferChainStep"])
    assert stack.calls() == {}


async def test_each_language_is_kept_for_itself_however_it_is_named(stack: Stack) -> None:
    token = stack.token(BEN)
    for locale, name in [("en", ENGLISH), ("de", GERMAN)]:
        viewer = (await stack.data(READ, {"locale": locale}, token=token))["viewer"]
        assert viewer["offerChains"][0]["name"] == name
        assert stack.calls() == LISTS
    for locale, name in [("en", ENGLISH), ("de", GERMAN)]:
        viewer = (await stack.data(READ, {"locale": locale}, token=token))["viewer"]
        assert viewer["offerChains"][0]["name"] == name
        viewer = (await stack.data(READ, token=token, headers={"accept-language": locale}))["viewer"]
        assert viewer["offerChains"][0]["name"] == name
    assert stack.calls() == {}


@pytest.mark.parametrize("others", ['(locale: "fr")', ""], ids=["another", "the header's"])
async def test_one_operation_has_one_language(stack: Stack, others: str) -> None:
    query = f'{{ a: viewer(locale: "de") {{ offerChains {{ name }} }} b: viewer{others} {{ offerChains {{ name }} }} }}'
    assert error(await stack.ask(query, token=stack.token(BEN))) == ("BAD_USER_INPUT", ["b"])
    same = query.replace(f"b: viewer{others}", 'b: viewer(locale: "de")')
    data = await stack.data(same, token=stack.token(BEN))
    assert data["a"] == data["b"]


async def test_an_order_beside_the_viewer_does_not_keep_them_from_their_language(stack: Stack) -> None:
    order = ids.encode(ids.IdKind.ORDER, 1)
    query = f'{{ order(id: "{order}") {{ id }} viewer(locale: "de") {{ offerChains {{ name }} }} }}'
    data = await stack.data(query, token=stack.token(BEN))
    assert data["viewer"]["offerChains"][0]["name"] == GERMAN
    assert data["order"] == {"id": order}


async def test_what_a_write_answers_is_in_its_language(stack: Stack) -> None:
    chains = await stack.data("{ viewer { offerChains { name steps { id state isFree } } } }", token=stack.token(ANN))
    step = next(
        step["id"]
        for chain in chains["viewer"]["offerChains"]
        for step in chain["steps"]
        if step["isFree"] and step["state"] == "AVAILABLE" and chain["name"] == ENGLISH
    )
    claim = """mutation($input: ClaimOfferChainStepInput!) {
      claimOfferChainStep(input: $input) { offerChain { name } userErrors { code } }
    }"""
    payload = await stack.data(claim, {"input": {"stepId": step, "locale": "de"}}, token=stack.token(ANN))
    assert payload["claimOfferChainStep"] == {"offerChain": {"name": GERMAN}, "userErrors": []}


async def test_events_are_in_the_language_that_was_asked_for(stack: Stack) -> None:
    token = stack.token(BEN)
    listen = 'subscription { chainsChanged { viewer(locale: "de") { localeUsed offerChains { name } } } }'
    async with talking(stack) as socket:
        await socket.begin(token)
        await socket.ask("s", listen)
        await stack.until("gateway_subscriptions", 1)
        for _ in range(2):
            stack.clock.advance(6)
            await stack.data("mutation { updateClan(input: {locale: null}) { isReplay } }", token=token)
            viewer = (await socket.hear())["payload"]["data"]["chainsChanged"]["viewer"]
            assert (viewer["localeUsed"], viewer["offerChains"][0]["name"]) == ("de", GERMAN)


async def test_the_address_of_a_player_stays_beside_the_language() -> None:
    async with running_stack(
        {"GATEWAY_CLIENT_IP_HEADER": "X-User-Ip", "GATEWAY_TRUSTED_PROXIES": "127.0.0.1"}
    ) as stack:
        headers = {"x-forwarded-for": "203.0.113.7", "accept-language": "fr"}
        await stack.data(READ, {"locale": "de"}, token=stack.token(BEN), headers=headers)
        assert {request.headers["x-user-ip"] for request in stack.seam.requests} == {"203.0.113.7"}
        assert languages(stack) == {"de"}


# Refreshing


async def refresh(stack: Stack, token: str | None, *, is_wanted: bool = True) -> dict[str, Any]:
    return await stack.ask(REFRESH, {"refresh": is_wanted}, token=token)


async def test_a_refresh_reads_anew_once_in_a_few_seconds_and_says_when_it_does_not(stack: Stack) -> None:
    token = stack.token(BEN)
    for is_wanted in (False, True, False):
        assert "extensions" not in await refresh(stack, token, is_wanted=is_wanted)
    assert stack.calls() == {"GET /user/offer_chain": 2}
    stack.clock.advance(1.5)
    too_soon = await refresh(stack, token)
    assert too_soon["extensions"] == {"refresh": {"isIgnored": True, "retryAfterSeconds": 4}}
    assert too_soon["data"]["viewer"]["offerChains"]
    stack.clock.advance(1)
    assert (await refresh(stack, token))["extensions"]["refresh"]["retryAfterSeconds"] == 3, "not the kept response"
    assert stack.calls() == {}
    stack.clock.advance(2.5)
    assert "extensions" not in await refresh(stack, token)
    assert stack.calls() == OFFERS


async def test_each_player_refreshes_for_themselves_and_visitors_together(stack: Stack) -> None:
    for token in (stack.token(ANN), stack.token(BEN), None):
        assert "extensions" not in await refresh(stack, token)
    assert "refresh" in (await refresh(stack, None))["extensions"]


async def test_a_refresh_under_two_names_is_one(stack: Stack) -> None:
    token = stack.token(BEN)
    await refresh(stack, token, is_wanted=False)
    query = "{ a: viewer(refresh: true) { offerChains { name } } b: viewer(refresh: true) { offerChains { id } } }"
    assert "extensions" not in await stack.ask(query, token=token)
    assert stack.calls() == {"GET /user/offer_chain": 2}


async def test_a_refresh_counts_for_all_parts_of_an_operation_and_its_reads_are_kept(stack: Stack) -> None:
    token = stack.token(BEN)
    await refresh(stack, token, is_wanted=False)
    query = "{ a: viewer { offerChains { name } } b: viewer(refresh: true) { rewardChains { name } } }"
    await stack.data(query, token=token)
    assert stack.calls()["GET /user/offer_chain"] == 2
    await refresh(stack, token, is_wanted=False)
    assert stack.calls() == {}


async def test_a_refresh_that_fails_shows_the_copy_and_never_passes_a_window_of_the_upstream(stack: Stack) -> None:
    token = stack.token(BEN)
    await refresh(stack, token, is_wanted=False)
    stack.seam.on("GET .*", answers(429, **{"retry-after": "60"}))
    stack.calls()
    for _ in range(3):
        body = await refresh(stack, token)
        assert {chain["isStale"] for chain in body["data"]["viewer"]["offerChains"]} == {True}
        stack.clock.advance(6)
    assert stack.calls() == OFFERS


async def test_many_who_refresh_at_once_cost_one_call_each(stack: Stack) -> None:
    token = stack.token(BEN)
    await refresh(stack, token, is_wanted=False)
    bodies = await asyncio.gather(*(refresh(stack, token) for _ in range(10)))
    assert sum("extensions" in body for body in bodies) == 9
    assert stack.calls() == {"GET /user/offer_chain": 2}


# What is told of the token and of orders


async def test_a_game_sees_when_its_token_ends(stack: Stack) -> None:
    query = "{ session { expiresInSeconds } }"
    token = stack.token(BEN, lifetime_seconds=60)
    for passed, left in [(0, 60), (10.5, 49), (49, 0)]:
        stack.clock.advance(passed)
        assert await stack.data(query, token=token) == {"session": {"expiresInSeconds": left}}
    for opaque in (None, "an-opaque-token"):
        assert await stack.data(query, token=opaque) == {"session": {"expiresInSeconds": None}}
    assert stack.calls() == {}


async def test_a_placed_order_says_how_it_is_watched() -> None:
    settings = {"GATEWAY_ORDER_POLL_SECONDS": "4.5", "GATEWAY_ORDER_POLL_LIMIT_SECONDS": "300"}
    async with running_stack(settings) as stack:
        token = stack.token(BEN)
        chains = (await stack.data("{ viewer { offerChains { steps { id state isFree } } } }", token=token))["viewer"]
        step = next(
            step["id"]
            for chain in chains["offerChains"]
            for step in chain["steps"]
            if not step["isFree"] and step["state"] == "AVAILABLE"
        )
        policy = "policy { pollSeconds watchSeconds }"
        buy = f'mutation {{ orderOfferChainStep(input: {{stepId: "{step}"}}) {{ order {{ id {policy} }} }} }}'
        placed = (await stack.data(buy, token=token))["orderOfferChainStep"]["order"]
        assert placed["policy"] == {"pollSeconds": 4.5, "watchSeconds": 300}
        read = await stack.data(f'{{ order(id: "{placed["id"]}") {{ {policy} }} }}', token=token)
        assert read["order"]["policy"] == placed["policy"]


async def test_a_stream_is_told_of_a_refresh_that_came_too_soon(stack: Stack) -> None:
    token = stack.token(BEN)
    await refresh(stack, token)
    async with streaming(stack, REFRESH, {"refresh": True}, token=token) as stream:
        event = await stream.event()
        assert event is not None
        assert event[1]["extensions"]["refresh"]["isIgnored"] is True
