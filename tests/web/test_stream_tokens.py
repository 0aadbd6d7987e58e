"""Stream tokens: a page without headers listens as its player, for a minute from when it asked, and does no more."""

import base64
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.identity.stream_tokens import MAX_CREDENTIAL_BYTES, StreamTokens
from gateway.sandbox import DEMO_PROJECT_ID, DemoPlayer
from tests.support.event_stream_client import EVENTS, Stream
from tests.support.manifests import by_hash, manifest, sha256, trusting
from tests.support.stack import ANN, BEN, Stack, running_stack
from tests.support.tokens import make_key_pair

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "a secret that all processes share"
LISTEN = "subscription Changes { chainsChanged { reasons viewer { id isSignedIn } } }"
ID = "{ viewer { id } }"
WRITE = "mutation { updateClan { userErrors { code } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_stack() -> AsyncIterator[Stack]:
    """One stack for the tests that leave no state behind."""
    async with running_stack({"GATEWAY_STREAM_SECRET": SECRET}) as running:
        yield running


@pytest.fixture
def stack(shared_stack: Stack) -> Stack:
    return shared_stack


async def ask_for_one(stack: Stack, token: str | None) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return await stack.http.post(f"{stack.gateway_url}/graphql/stream-token", headers=headers)


async def stream_token(stack: Stack, player: DemoPlayer = ANN, **more: Any) -> str:
    answer = await ask_for_one(stack, stack.token(player, **more))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    text: str = answer.json()["streamToken"]
    return text


@asynccontextmanager
async def listening(stack: Stack, token: str, query: str = LISTEN, path: str = "") -> AsyncIterator[Stream]:
    """What `EventSource` does: an address, and no header but that of the type."""
    parameters = {"streamToken": token, **({} if path else {"query": query})}
    async with (
        httpx.AsyncClient(timeout=60, trust_env=False) as http,
        http.stream("GET", f"{stack.gateway_url}/graphql{path}", params=parameters, headers={"accept": EVENTS}) as got,
    ):
        yield Stream(got, got.aiter_lines())


async def refusal(stack: Stack, token: str, query: str = LISTEN) -> tuple[int, str]:
    """The status and the code with which a stream is refused."""
    async with listening(stack, token, query) as stream:
        body = json.loads(await stream.response.aread())
        return stream.response.status_code, body["errors"][0]["extensions"]["code"]


async def heard(stack: Stack, stream: Stream, player: DemoPlayer) -> Any:
    """What a stream tells of a change of the player."""
    await stack.data(WRITE, token=stack.token(player))
    event = await stream.event()
    assert event is not None
    return event[1]["data"]["chainsChanged"]["viewer"]


async def test_a_page_listens_as_its_player_beyond_the_minute_of_its_token() -> None:
    async with running_stack() as stack:
        token = await stream_token(stack, BEN)
        own = await stack.data(ID, token=stack.token(BEN))
        async with listening(stack, token) as stream:
            await stack.until("gateway_subscriptions", 1)
            assert await heard(stack, stream, BEN) == {**own["viewer"], "isSignedIn": True}
            stack.clock.advance(61)
            assert await heard(stack, stream, BEN) == {**own["viewer"], "isSignedIn": True}
        assert await refusal(stack, token) == (401, "TOKEN_EXPIRED")


async def test_each_stream_is_its_own_player_s() -> None:
    async with running_stack() as stack:
        tokens = [await stream_token(stack, player) for player in (ANN, BEN)]
        async with listening(stack, tokens[0]) as anns, listening(stack, tokens[1]) as bens:
            await stack.until("gateway_subscriptions", 2)
            ids = [(await heard(stack, stream, player))["id"] for stream, player in ((anns, ANN), (bens, BEN))]
            own = [(await stack.data(ID, token=stack.token(player)))["viewer"]["id"] for player in (ANN, BEN)]
            assert ids == own
            assert len(set(ids)) == 2


async def test_a_page_connects_again_with_its_token_within_the_minute(stack: Stack) -> None:
    token = await stream_token(stack)
    for passed in (0, 30, 29):
        stack.clock.advance(passed)
        async with listening(stack, token) as stream:
            assert stream.response.status_code == 200
            await stream.comment()
    stack.clock.advance(1)
    assert await refusal(stack, token) == (401, "TOKEN_EXPIRED")


async def test_it_never_outlives_the_player_s_token(stack: Stack) -> None:
    answer = await ask_for_one(stack, stack.token(ANN, lifetime_seconds=20))
    assert answer.json()["expiresInSeconds"] == 20
    assert (await ask_for_one(stack, stack.token(ANN))).json()["expiresInSeconds"] == 60
    stack.clock.advance(20)
    assert await refusal(stack, answer.json()["streamToken"]) == (401, "TOKEN_EXPIRED")


@pytest.mark.parametrize("lifetime_seconds", [0, -1])
async def test_a_token_that_has_ended_gets_none(stack: Stack, lifetime_seconds: int) -> None:
    answer = await ask_for_one(stack, stack.token(ANN, lifetime_seconds=lifetime_seconds))
    code = answer.json()["errors"][0]["extensions"]["code"]
    assert (answer.status_code, code, answer.headers["www-authenticate"]) == (401, "TOKEN_EXPIRED", "Bearer")


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        (None, 401, "UNAUTHENTICATED"),
        ("two words", 401, "UNAUTHENTICATED"),
        ("x" * MAX_CREDENTIAL_BYTES, 400, "LIMIT_EXCEEDED"),
    ],
    ids=["none", "malformed", "too long"],
)
async def test_without_a_token_of_use_there_is_none(stack: Stack, token: str | None, status: int, code: str) -> None:
    answer = await ask_for_one(stack, token)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)


async def test_where_the_keys_to_check_tokens_cannot_be_had_the_page_is_told_to_come_again() -> None:
    async with running_stack({"GATEWAY_TOKEN_KEYS_URL": "http://127.0.0.1:9/keys"}) as stack:
        answer = await ask_for_one(stack, make_key_pair("a").sign({"sub": "a", "exp": stack.clock() + 60}))
        code = answer.json()["errors"][0]["extensions"]["code"]
        assert (answer.status_code, code) == (503, "UPSTREAM_UNAVAILABLE")


async def test_what_was_not_made_here_is_refused(stack: Stack) -> None:
    token = await stream_token(stack)
    sealed = bytearray(base64.urlsafe_b64decode(token + "=="))
    sealed[20] ^= 1
    forged = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    elsewhere = [
        StreamTokens("another secret of a gateway", DEMO_PROJECT_ID, clock=stack.clock),
        StreamTokens(SECRET, DEMO_PROJECT_ID + 1, clock=stack.clock),
    ]
    foreign = [tokens.issue(f"Bearer {stack.token(ANN)}", 60).text for tokens in elsewhere]
    for text in (forged, *foreign, token[:-5], "", "é", "A" * 8, stack.token(ANN)):
        assert await refusal(stack, text) == (401, "UNAUTHENTICATED"), text


async def test_another_process_with_the_secret_takes_it(stack: Stack) -> None:
    made = StreamTokens(SECRET, DEMO_PROJECT_ID, clock=stack.clock).issue(f"Bearer {stack.token(ANN)}", 60)
    async with listening(stack, made.text) as stream:
        assert stream.response.status_code == 200
    async with running_stack({"GATEWAY_STREAM_SECRET": SECRET}) as other, listening(other, made.text) as stream:
        assert stream.response.status_code == 200


@pytest.mark.parametrize("query", [ID, f"query {ID}"], ids=["short", "long"])
async def test_it_is_for_subscriptions_only(stack: Stack, query: str) -> None:
    token = await stream_token(stack)
    assert await refusal(stack, token, query) == (400, "BAD_REQUEST")
    assert await refusal(stack, token, WRITE) == (405, "BAD_REQUEST")
    answer = await stack.http.get(f"{stack.gateway_url}/graphql", params={"query": query, "streamToken": token})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("how", ["post", "header", "twice"])
async def test_it_stands_alone_in_the_address_of_a_get(stack: Stack, how: str) -> None:
    token = await stream_token(stack)
    headers = {"accept": EVENTS, **({"authorization": f"Bearer {stack.token(ANN)}"} if how == "header" else {})}
    given: dict[str, Any] = {"streamToken": [token, token] if how == "twice" else token}
    url = f"{stack.gateway_url}/graphql"
    if how == "post":
        answer = await stack.http.post(url, params=given, json={"query": LISTEN}, headers=headers)
    else:
        answer = await stack.http.get(url, params={**given, "query": LISTEN}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


async def test_its_own_address_takes_post_only(stack: Stack) -> None:
    url = f"{stack.gateway_url}/graphql/stream-token"
    assert (await stack.http.options(url)).headers["allow"] == "GET, HEAD, OPTIONS, POST"
    answer = await stack.http.get(url)
    assert answer.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_it_goes_with_the_id_of_a_trusted_document(tmp_path: Any) -> None:
    manifest(tmp_path, "web@1.4", by_hash(LISTEN, WRITE))
    async with running_stack(trusting(tmp_path, "require")) as stack:
        token = await stream_token(stack)
        async with listening(stack, token, path=f"/{sha256(LISTEN)}") as stream:
            await stack.until("gateway_subscriptions", 1)
            assert (await heard(stack, stream, ANN))["isSignedIn"] is True
        async with listening(stack, token, f"{LISTEN} ") as stream:
            event = await stream.event()
            assert event is not None
            assert event[1]["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


async def test_no_log_shows_it(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = await stream_token(stack)
    async with listening(stack, token) as stream:
        await stream.comment()
    await stack.until("gateway_connections", 0)
    assert await refusal(stack, f"{token}x") == (401, "UNAUTHENTICATED")
    shown = " ".join(str(record.__dict__) for record in caplog.records if record.name.startswith("gateway"))
    assert "/graphql" in shown
    assert token[:20] not in shown
    assert stack.token(ANN)[-20:] not in shown
