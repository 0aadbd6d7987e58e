"""Faults as a client meets them: over real sockets where a connection breaks, in process for the rest."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvloop
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute

from gateway.sandbox import create_sandbox
from gateway.sandbox.demo.accounts import FRESH_PLAYER
from gateway.sandbox.demo.tokens import mint_token
from gateway.sandbox.faults.active_faults import ActiveFaults
from gateway.sandbox.faults.body_changes import EXTRA_VALUE, UNKNOWN_VALUE
from gateway.sandbox.faults.connections import SCOPE_KEY, Connection, ConnectionMiddleware
from gateway.sandbox.faults.fault import Fault, FaultError, parse_fault
from gateway.sandbox.faults.middleware import FaultMiddleware
from gateway.sandbox.http.operations import Operations
from tests.sandbox.world import Clock, Game, World, refusal
from tests.support.stack import serving

CHAINS = "/api/v2/project/44056/user/offer_chain"


@asynccontextmanager
async def faulty(*faults: str, **options: Any) -> AsyncIterator[tuple[World, Game]]:
    """Serve a sandbox with faults on a real socket, and a game that plays there."""
    clock = Clock(time.time())
    app = create_sandbox(clock=clock, faults=[parse_fault(text) for text in faults], **options)
    async with serving(app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        token = mint_token(FRESH_PLAYER.id, name=FRESH_PLAYER.name, now=clock.now)
        yield World(app, clock, client), Game(client, token)


async def switch_on(client: httpx.AsyncClient, **fault: Any) -> httpx.Response:
    return await client.post("/_sandbox/faults", json=fault)


async def test_a_status_is_answered_in_place_of_the_call() -> None:
    async with faulty("claim-user-offer-chain-step-reward:status=503,error_code=7,retry_after=9,count=1") as (_, game):
        answer = await game.claim_offer(1, 1)
        assert refusal(answer) == (503, 7)
        assert answer.json()["errorMessage"] == "[0401-7]: Fault switched on in the sandbox"
        assert answer.headers["retry-after"] == "9"
        assert (await game.offer_chains())["Wanderer's Path"]["next_step_number"] == 1
        assert (await game.claim_offer(1, 1)).status_code == 200


async def test_a_status_after_the_call_hides_that_it_was_carried_out() -> None:
    async with faulty("claim-user-offer-chain-step-reward:status=504,after") as (_, game):
        assert refusal(await game.claim_offer(1, 1)) == (504, 0)
        assert (await game.offer_chains())["Wanderer's Path"]["next_step_number"] == 2


@pytest.mark.parametrize(("after", "next_step"), [("", 1), (",after", 2)], ids=["before", "after"])
async def test_a_reset_drops_the_connection_without_an_answer(after: str, next_step: int) -> None:
    async with faulty(f"claim-user-offer-chain-step-reward:reset{after}") as (_, game):
        with pytest.raises(httpx.ReadError) as broken:
            await game.claim_offer(1, 1)
        assert isinstance(_root(broken.value), ConnectionResetError)
        assert (await game.offer_chains())["Wanderer's Path"]["next_step_number"] == next_step


def test_a_reset_is_one_on_the_production_s_event_loop_too() -> None:
    async def main() -> None:
        async with faulty("get-offer-chains-list:reset,count=1") as (_, game):
            with pytest.raises(httpx.ReadError):
                await game.offer_chains()
            assert len(await game.offer_chains()) == 4

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


async def test_a_truncated_body_ends_in_the_middle() -> None:
    async with faulty("get-offer-chains-list:truncated,count=1") as (world, game):
        async with world.client.stream("GET", CHAINS, headers=game.headers) as answer:
            assert answer.status_code == 200
            received = b""

            async def read() -> None:
                nonlocal received
                async for chunk in answer.aiter_bytes():
                    received += chunk

            with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
                await read()
        whole = (await world.client.get(CHAINS, headers=game.headers)).content
        assert int(answer.headers["content-length"]) == len(whole)
        assert received == whole[: len(whole) // 2]


async def test_a_malformed_body_is_complete_and_no_json() -> None:
    async with faulty("get-offer-chains-list:malformed,count=1") as (world, game):
        answer = await world.client.get(CHAINS, headers=game.headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        with pytest.raises(json.JSONDecodeError):
            answer.json()
        assert len(await game.offer_chains()) == 4


async def test_fields_are_missing_added_and_unknown() -> None:
    async with faulty(
        "*/user/offer_chain:missing_field=next_step_number",
        "*/user/offer_chain:extra_field=surprise",
        "*/user/offer_chain:unknown_value=items.steps.items.type",
    ) as (_, game):
        for chain in (await game.offer_chains()).values():
            assert "next_step_number" not in chain
            assert chain["surprise"] == EXTRA_VALUE
            assert {item["type"] for step in chain["steps"] for item in step["items"]} == {UNKNOWN_VALUE}
        assert (await game.get("/user/offer_chain/1")).json()["next_step_number"] == 1


@pytest.mark.parametrize("kind", ["truncated", "malformed", "extra_field=x"])
async def test_an_answer_without_a_body_stays_as_it_is(kind: str) -> None:
    async with faulty(f"claim-user-reward-chain-step-reward:{kind}") as (world, game):
        with world.write() as tx:
            tx.run("UPDATE steps SET points_needed = 0")
        step_id = (await game.reward_chains())["Ember Trail"]["steps"][0]["step_id"]
        answer = await game.claim_reward(5, step_id)
        assert (answer.status_code, answer.content) == (204, b"")


async def test_a_refusal_is_changed_like_any_answer() -> None:
    async with faulty("claim-user-offer-chain-step-reward:missing_field=errorCode") as (_, game):
        answer = await game.claim_offer(1, 2)
        assert answer.status_code == 422
        assert "errorCode" not in answer.json()


async def test_latency_delays_every_call_and_nothing_else() -> None:
    async with faulty(latency_ms=30) as (world, game):
        assert (await world.client.get("/_sandbox/faults")).json() == {"faults": [{"call": "*", "delay_ms": 30.0}]}
        began = time.monotonic()
        await game.offer_chains()
        assert time.monotonic() - began >= 0.03


async def test_delays_add_up_and_other_faults_wait_for_them() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def unreached(*_: object) -> None:
        raise AssertionError

    routes = [Route("/order/{order_id}", unreached, name="get-order")]
    faults = [parse_fault("*:delay_ms=200"), parse_fault("get-order:delay_ms=50,status=500")]
    switches = ActiveFaults(Operations(routes).names, random.Random(), faults)
    layer = FaultMiddleware(unreached, switches, Operations(routes), sleep)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(layer), base_url="http://sandbox.test") as client:
        assert refusal(await client.get("/order/1")) == (500, 0)
    assert slept == [0.25]


async def test_a_browser_may_read_the_answer_of_a_fault() -> None:
    async with faulty("*:status=500") as (world, _):
        answer = await world.client.get(CHAINS, headers={"Origin": "https://shop.test"})
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_publisher_s_calls_are_faulty_too() -> None:
    async with faulty("get-webhook:status=503") as (world, _):
        assert refusal(await world.client.get("/api/v2/project/44056/admin/webhook")) == (503, 0)


async def test_only_the_vendor_s_calls_are_faulty() -> None:
    async with faulty("*:reset") as (world, _):
        for path in ("/", "/_sandbox/health", "/_sandbox/webhooks", "/images/gold.svg"):
            assert (await world.client.get(path)).status_code == 200
        assert (await world.client.get("/api/v2/project/44056/nothing")).status_code == 404
        assert (await world.client.delete(CHAINS)).status_code == 405


async def test_in_process_a_reset_is_an_exception_and_a_truncated_body_short() -> None:
    app = create_sandbox(clock=Clock(), faults=[parse_fault("get-offer-chains-list:truncated,count=1")])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox.test") as client:
        answer = await client.get(CHAINS)
        assert len(answer.content) == int(answer.headers["content-length"]) // 2
        await switch_on(client, call="*", reset=True)
        with pytest.raises(ConnectionResetError, match="The sandbox reset the connection"):
            await client.get(CHAINS)
    app.state.sandbox.close()


async def test_faults_are_listed_added_replaced_and_cleared(world: World) -> None:
    first, second = {"call": "get-order", "status": 503, "count": 2}, {"call": "*", "delay_ms": 5.0}
    assert (await switch_on(world.client, **first)).json() == {"faults": [first]}
    assert (await switch_on(world.client, **second)).json() == {"faults": [first, second]}
    assert (await world.client.get("/_sandbox/faults")).json() == {"faults": [first, second]}
    assert (await world.client.put("/_sandbox/faults", json={"faults": [second]})).json() == {"faults": [second]}
    assert (await world.client.delete("/_sandbox/faults")).json() == {"faults": []}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b"\xff", "malformed"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `call`"),
        (b'{"call": "*"}', "a fault has to do something"),
        (b'{"call": "*", "status": 200}', "Expected `int` >= 400 - at `$.status`"),
        (b'{"call": "*", "stat": 200}', "unknown field `stat`"),
        (b'{"call": "get-nothing", "reset": true}', "There is no call 'get-nothing'"),
        (b'{"call": "' + b"x" * 70_000 + b'"}', "The body is larger than 65536 bytes"),
    ],
)
async def test_what_is_no_fault_is_refused(world: World, body: bytes, complaint: str) -> None:
    answer = await world.client.post("/_sandbox/faults", content=body)
    assert refusal(answer) == (422, 1102)
    assert complaint in answer.json()["errorMessage"]
    assert (await world.client.get("/_sandbox/faults")).json() == {"faults": []}


def test_the_command_line_s_faults_are_checked_at_the_start() -> None:
    with pytest.raises(FaultError, match="There is no call 'get-ordre'"):
        create_sandbox(faults=[Fault(call="get-ordre", reset=True)])


def test_a_seed_repeats_the_faults_of_a_whole_sandbox() -> None:
    async def statuses(seed: int) -> list[int]:
        app = create_sandbox(clock=Clock(), faults=[parse_fault("*:status=500,probability=0.5")], seed=seed)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox.test") as client:
            found = [(await client.get(CHAINS)).status_code for _ in range(40)]
        app.state.sandbox.close()
        return found

    one, same, other = (asyncio.run(statuses(seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other
    assert set(one) == {200, 500}


async def test_faults_are_gone_after_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    found = []
    for _ in range(2):
        app = create_sandbox(path, clock=Clock())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox.test") as client:
            found.append((await client.get("/_sandbox/faults")).json()["faults"])
            assert (await switch_on(client, call="*", status=500)).status_code == 200
        app.state.sandbox.close()
    assert found == [[], []]


def test_operations_are_named_by_their_routes() -> None:
    async def none(_: object) -> PlainTextResponse:
        return PlainTextResponse("")

    operations = Operations(
        [
            Mount(
                "/p/{project}", routes=[Route("/a", none, name="get-a"), Route("/b", none, methods=["POST"], name="b")]
            ),
            WebSocketRoute("/live", none),
            Route("/c", none, name="c"),
        ]
    )
    assert operations.names == {"get-a", "b", "c"}

    def name_of(path: str, method: str = "GET", kind: str = "http") -> str | None:
        return operations.name_of({"type": kind, "path": path, "method": method, "root_path": "", "headers": []})

    assert [name_of("/p/1/a"), name_of("/p/1/b", "POST"), name_of("/c")] == ["get-a", "b", "c"]
    assert [name_of("/p/1/b"), name_of("/p/1/x"), name_of("/x")] == [None, None, None]
    assert name_of("/live", kind="websocket") is None


async def test_what_is_no_http_passes_by() -> None:
    passed: list[str] = []

    async def app(scope: Mapping[str, Any], receive: object, send: object) -> None:
        passed.append(scope["type"])
        assert SCOPE_KEY not in scope

    async def channel(*_: object) -> Any:
        raise AssertionError

    await ConnectionMiddleware(app)({"type": "lifespan"}, channel, channel)
    assert passed == ["lifespan"]


async def test_a_socket_of_a_game_is_no_call() -> None:
    app = create_sandbox(clock=Clock(), faults=[Fault(call="*", reset=True)])
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": CHAINS, "root_path": "", "headers": [], "query_string": b""}
    await app(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
    app.state.sandbox.close()


async def test_closing_a_call_in_process_does_nothing() -> None:
    async def channel(*_: object) -> Any:
        raise AssertionError

    connection = Connection(channel)
    assert not connection.is_real
    await connection.close()


def _root(error: BaseException) -> BaseException:
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error
