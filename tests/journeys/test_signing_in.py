"""Tokens judged by the gateway itself, where a key is set."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway import sandbox
from tests.support.chain_lists import LISTS, NAMES, error
from tests.support.stack import ANN, BEN, Stack, running_stack, serving
from tests.support.tokens import base64url, make_key_pair

SECRET = {"GATEWAY_TOKEN_SECRET": sandbox.DEMO_LOGIN_SECRET}


@pytest.mark.parametrize(
    ("lifetime", "secret", "code"),
    [(-31, sandbox.DEMO_LOGIN_SECRET, "TOKEN_EXPIRED"), (60, "another-secret-of-32-bytes-or-more", "UNAUTHENTICATED")],
    ids=["expired", "forged"],
)
async def test_a_token_that_is_no_good_never_reaches_the_upstream(lifetime: int, secret: str, code: str) -> None:
    async with running_stack(SECRET) as stack:
        token = sandbox.mint_token(ANN.id, secret=secret, lifetime_seconds=lifetime, now=stack.clock())
        response = await stack.send(NAMES, token=token)
        assert response.status_code == 401
        assert error(response.json()) == (code, None)
        assert stack.calls() == {}


async def test_two_tokens_of_a_verified_player_share_what_is_kept() -> None:
    async with running_stack(SECRET) as stack:
        await stack.data(NAMES, token=stack.token(ANN))
        await stack.data(NAMES, token=stack.token(ANN, lifetime_seconds=600))
        assert stack.calls() == LISTS
        await stack.data(NAMES, token=stack.token(BEN))
        assert stack.calls() == LISTS


@pytest.mark.parametrize(
    ("issuer", "code"), [("https://login.xsolla.com", None), ("https://login.example", "UNAUTHENTICATED")]
)
async def test_an_operator_may_name_the_issuer(issuer: str, code: str | None) -> None:
    async with running_stack({**SECRET, "GATEWAY_TOKEN_ISSUER": issuer}) as stack:
        answer = await stack.ask("{ viewer { isSignedIn } }", token=stack.token(ANN))
    if code is None:
        assert answer == {"data": {"viewer": {"isSignedIn": True}}}
    else:
        assert error(answer) == (code, None)
        assert "`iss`" in answer["errors"][0]["message"]


async def test_keys_are_fetched_from_their_url_and_a_forged_token_is_refused() -> None:
    pair = make_key_pair("one")

    async def keys(_: Request) -> Response:
        return JSONResponse([pair.entry(base64url)])

    async with (
        serving(Starlette(routes=[Route("/keys", keys)])) as url,
        running_stack({"GATEWAY_TOKEN_KEYS_URL": f"{url}/keys"}) as stack,
    ):
        body = await stack.ask("{ viewer { isSignedIn } }", token=pair.sign(claims(stack)))
        assert body == {"data": {"viewer": {"isSignedIn": True}}}
        assert await code_of(stack, make_key_pair("one").sign(claims(stack))) == "UNAUTHENTICATED"
        assert await code_of(stack, stack.token(ANN)) == "UNAUTHENTICATED"


async def test_without_keys_nobody_can_be_judged() -> None:
    async with running_stack({"GATEWAY_TOKEN_KEYS_URL": "http://127.0.0.1:9/keys"}) as stack:
        response = await stack.send("{ viewer { isSignedIn } }", token=make_key_pair("one").sign(claims(stack)))
        assert response.status_code == 503
        assert error(response.json()) == ("UPSTREAM_UNAVAILABLE", None)
        assert (await stack.data("{ viewer { isSignedIn } }"))["viewer"]["isSignedIn"] is False


def claims(stack: Stack) -> dict[str, object]:
    return {"sub": ANN.id, "exp": stack.clock() + 60}


async def code_of(stack: Stack, token: str) -> str:
    response: httpx.Response = await stack.send("{ viewer { isSignedIn } }", token=token)
    assert response.status_code == 401
    return error(response.json())[0]
