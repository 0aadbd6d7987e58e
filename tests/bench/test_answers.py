"""What the bench compares speeds of is the same answer: the gateway's and the plain stack's, over the stub upstream."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from graphql import build_schema, parse, validate

from bench import expected, stub, upstream
from bench.floors.calls import BALANCES, DAYS, LISTS, calling
from bench.operations import Operation, read_operations
from bench.servers import PEERS
from gateway.app import create_app
from gateway.http.httpx_adapter import HTTPXAdapter
from gateway.schema import create_schema
from gateway.settings import read_settings
from tests.support.clock import Clock
from tests.support.stack import LONG_TIMEOUTS, serving

OPERATIONS = read_operations()
EXPECTED: dict[str, Any] = expected.expected_data(OPERATIONS, upstream.Distance.NEAR)
SETTINGS = {
    **LONG_TIMEOUTS,
    "GATEWAY_PROJECT_ID": str(stub.PROJECT_ID),
    "GATEWAY_UPSTREAM_URL": "http://stub.test/api",
    "GATEWAY_GRAPHIQL": "off",
}


async def ask(
    operation: Operation, calls: expected.StubTransport, *, clock: Clock | None = None, **settings: str
) -> dict[str, Any]:
    """The gateway's answer over the stub upstream; with a clock, its second answer, six seconds after the first."""
    clock, times = clock or Clock(), 1 if clock is None else 2
    app = create_app(read_settings({**SETTINGS, **settings}), transport=calls, monotonic=clock)
    headers = {"authorization": f"Bearer {stub.tokens()[0]}", "content-type": "application/json"}
    async with serving(app) as url, httpx.AsyncClient() as game:
        for _ in range(times):
            calls.calls.clear()
            response = await game.post(f"{url}/graphql", content=operation.body(), headers=headers)
            clock.now += 6
    body: dict[str, Any] = response.json()
    return body


def test_four_operations_are_measured() -> None:
    assert sorted(OPERATIONS) == ["all_kinds", "badge", "home", "screen"]


@pytest.mark.parametrize("name", OPERATIONS)
async def test_the_gateway_answers_the_same_data_as_the_plain_stack(name: str) -> None:
    assert await ask(OPERATIONS[name], expected.StubTransport()) == {"data": EXPECTED[name]}


@pytest.mark.parametrize(
    ("distance", "answers"),
    [
        (upstream.Distance.PROGRESS, stub.progress_of(stub.tokens()[0])),
        (upstream.Distance.LARGE, stub.answers(upstream.LARGER)),
    ],
    ids=["progress of their own", "ten times as many steps"],
)
async def test_so_it_does_for_what_other_upstreams_show(
    distance: upstream.Distance, answers: Mapping[str, bytes]
) -> None:
    there = await asyncio.to_thread(expected.expected_data, OPERATIONS, distance)
    for name, operation in OPERATIONS.items():
        assert await ask(operation, expected.StubTransport(answers)) == {"data": there[name]}
    assert there["home"] != EXPECTED["home"]


async def test_the_gateway_makes_two_calls_for_a_screen_and_five_when_points_have_to_be_fresh() -> None:
    listed, fresh = expected.StubTransport(), expected.StubTransport()
    await ask(OPERATIONS["home"], listed)
    await ask(OPERATIONS["home"], fresh, GATEWAY_CACHE_BALANCE_SECONDS="0")
    assert Counter(listed.calls) == Counter(LISTS)
    assert Counter(fresh.calls) == Counter(LISTS + BALANCES)


async def test_a_screen_of_all_kinds_takes_three_calls() -> None:
    calls = expected.StubTransport()
    await ask(OPERATIONS["all_kinds"], calls)
    assert Counter(calls.calls) == Counter((*LISTS, DAYS))


async def test_between_the_lifetime_of_points_and_that_of_lists_a_screen_takes_one_call() -> None:
    calls = expected.StubTransport()
    assert await ask(OPERATIONS["screen"], calls, clock=Clock()) == {"data": EXPECTED["screen"]}
    assert calls.calls == ["/user/reward_chain"]


def test_the_stub_shows_every_state_of_a_step() -> None:
    viewer = EXPECTED["screen"]["viewer"]
    assert [chain["nextAction"] for chain in viewer["offerChains"]] == ["BUY", "BUY", "CLAIM", "BUY", "BUY"]
    states = [step["state"] for step in viewer["rewardChains"][0]["steps"]]
    assert states == ["CLAIMED"] * 2 + ["AVAILABLE"] * 3 + ["LOCKED"] * 10
    days = EXPECTED["all_kinds"]["viewer"]["dailyChains"][0]["steps"]
    assert [day["state"] for day in days] == ["LOCKED", "CLAIMED", "AVAILABLE"] + ["LOCKED"] * 4
    assert [day["isMissed"] for day in days] == [True] + [False] * 6
    assert EXPECTED["badge"]["viewer"]["badge"] == {
        "claimableCount": 12,
        "claimableOfferSteps": 1,
        "claimableRewardSteps": 9,
        "claimableDailySteps": 2,
        "endingSoonCount": 0,
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_peers_schema_has_the_operation_with_the_gateways_names(name: str) -> None:
    document = parse(OPERATIONS[name].text)
    assert validate(build_schema((PEERS / "schema.graphql").read_text()), document) == []
    assert validate(build_schema(create_schema().as_str()), document) == []


def test_a_text_that_was_never_seen_asks_for_one_more_field_under_a_name_of_its_own() -> None:
    sent = json.loads(OPERATIONS["home"].never_seen().replace(b"__COUNT__", b"17"))["query"]
    assert sent.replace("    n17: isSignedIn\n", "", 1) == OPERATIONS["home"].text
    assert validate(build_schema(create_schema().as_str()), parse(sent)) == []


async def test_the_stub_turns_away_who_has_no_token_and_knows_no_other_path() -> None:
    async with httpx.AsyncClient(base_url="http://stub.test", transport=expected.StubTransport()) as client:
        assert (await client.get(f"{upstream.PATH}/user/offer_chain")).status_code == 401
        headers = {"authorization": "Bearer anything"}
        assert (await client.get(f"{upstream.PATH}/user/offer_chain", headers=headers)).status_code == 200
        assert (await client.get(f"{upstream.PATH}/user/nothing", headers=headers)).status_code == 404


async def test_the_floor_of_calls_makes_them_with_the_players_token_and_answers_the_given_bytes() -> None:
    calls = expected.StubTransport()
    app = calling(HTTPXAdapter(calls), "http://stub.test" + upstream.PATH, LISTS + BALANCES, b'{"data":null}')
    async with serving(app) as url, httpx.AsyncClient() as game:
        response = await game.post(url, content=b"{}", headers={"authorization": "Bearer anything"})
    assert response.content == b'{"data":null}'
    assert Counter(calls.calls) == Counter(LISTS + BALANCES)


def test_nginx_serves_the_same_paths_with_the_same_refusals() -> None:
    text = upstream.configuration_text(PEERS, dict.fromkeys(upstream.Distance, 9))
    for path in (*LISTS, DAYS):
        assert text.count(f"location = {upstream.PATH}{path} ") == len(upstream.Distance)
    assert text.count('if ($http_authorization = "") { return 401; }') == len(upstream.Distance)
    assert text.count("ngx.sleep(0.02)") == 1
