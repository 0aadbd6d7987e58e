"""What all calls share: error bodies, unknown paths and methods, CORS, internal errors."""

import re

import httpx
import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.world import ORIGIN, World, refusal

ROOT = "/api/v2/project/44056"


async def test_an_offer_refusal_is_traced_and_extended(world: World) -> None:
    body = (await world.game(FRESH_PLAYER).claim_offer(1, 2)).json()
    assert re.fullmatch("[0-9a-f]{32}", body.pop("transactionId"))
    assert body == {
        "statusCode": 422,
        "errorCode": 1102,
        "errorMessage": "[0401-1102]: Unprocessable Entity. The step is not the next one",
        "errorMessageExtended": None,
    }


async def test_a_reward_refusal_is_traced(world: World) -> None:
    body = (await world.game(FRESH_PLAYER).claim_reward(5, 15)).json()
    assert re.fullmatch("[0-9a-f]{32}", body.pop("transactionId"))
    assert body == {
        "statusCode": 422,
        "errorCode": 9913,
        "errorMessage": "[0401-9913]: Not enough value points to claim step reward.",
    }


async def test_a_missing_token_has_the_short_envelope(world: World) -> None:
    assert (await world.anonymous().claim_offer(1, 1)).json() == {
        "statusCode": 401,
        "errorCode": 1501,
        "errorMessage": "[0401-1501]: Authorization failed: Provide authorization",
    }


async def test_a_missing_order_has_the_short_envelope(world: World) -> None:
    assert (await world.game(FRESH_PLAYER).get("/order/9")).json() == {
        "statusCode": 404,
        "errorCode": 9001,
        "errorMessage": "[0401-9001]: Order not found",
    }


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/user/offer_chain", {"GET", "HEAD"}),
        ("GET", "/user/offer_chain/1/step/number/1/claim", {"POST"}),
        ("DELETE", "/user/clan/update", {"PUT"}),
    ],
)
async def test_another_method_is_not_allowed(world: World, method: str, path: str, allowed: set[str]) -> None:
    answer = await world.client.request(method, ROOT + path)
    assert refusal(answer) == (405, 0)
    assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/api/v3/project/44056/user/offer_chain", f"{ROOT}/user/nothing", "/nothing"])
async def test_an_unknown_path_is_not_found(world: World, path: str) -> None:
    assert refusal(await world.client.get(path)) == (404, 0)


async def test_a_fault_of_the_sandbox_tells_nothing(world: World) -> None:
    with world.write() as tx:
        tx.run("UPDATE chains SET name = 'not json at all'")
    # A plain transport: the contract declares no fault.
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        answer = await client.get(f"{ROOT}/user/offer_chain/1")
    assert refusal(answer) == (500, 0)
    assert answer.json()["errorMessage"] == "[0401-0]: Internal error"


@pytest.fixture
def browser() -> dict[str, str]:
    return {"Origin": "https://shop.test"}


async def test_a_browser_may_ask_before_it_calls(world: World, browser: dict[str, str]) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = await world.client.options(f"{ROOT}/user/offer_chain/1/step/number/1/claim", headers=browser | asked)
    assert answer.status_code == 200
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "authorization" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["/user/offer_chain", "/user/offer_chain/999", "/order/1", "/nothing"])
async def test_a_browser_may_read_answers_and_refusals(world: World, browser: dict[str, str], path: str) -> None:
    answer = await world.client.get(ROOT + path, headers=browser)
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/paystation4/", "/_sandbox/health"])
async def test_other_sites_read_only_the_calls(world: World, browser: dict[str, str], path: str) -> None:
    assert "access-control-allow-origin" not in (await world.client.get(path, headers=browser)).headers
