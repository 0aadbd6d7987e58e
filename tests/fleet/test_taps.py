"""One tap is one order, whichever gateways of the fleet it comes to."""

import asyncio
from typing import Any

import pytest

from tests.support.gateway_fleet import CASES, GatewayFleet, batched, gateway_fleet
from tests.support.purchase_mutations import CLAIM, CLAIM_CALL, FREE, ORDER, ORDER_CALL, PAID, codes, top_code
from tests.support.store_servers import Redis, a_fleet

PLAYERS = [f"player-{number}" for number in range(CASES)]


@pytest.mark.parametrize("write_seconds", [0.05, 0.3])
@pytest.mark.parametrize("gap_seconds", [0.0, pytest.param(1.0, marks=pytest.mark.slow)])
@pytest.mark.parametrize("is_keyed", [True, False], ids=["keyed", "without a key"])
async def test_identical_taps_on_two_gateways_make_one_order_and_get_the_same_answer(
    fleet: GatewayFleet, is_keyed: bool, gap_seconds: float, write_seconds: float
) -> None:
    tokens = await fleet.open_shop(*PLAYERS)
    fleet.upstream.write_seconds = write_seconds

    async def tap(at: int, token: str) -> dict[str, Any]:
        await asyncio.sleep(at * gap_seconds)
        return await fleet.ask(at, ORDER, {"step": PAID, "key": "a tap" if is_keyed else None}, token)

    for some in batched(tokens):
        pairs = await asyncio.gather(*(asyncio.gather(tap(0, token), tap(1, token)) for token in some))
        assert all(first == second for first, second in pairs)
        assert all(codes(first) == [] for first, _ in pairs)
    assert fleet.upstream.calls[ORDER_CALL] == len(tokens)
    assert max(count for (name, _), count in fleet.upstream.of_tokens.items() if name == ORDER_CALL) == 1


@pytest.mark.parametrize("key", ["k", None], ids=["keyed", "without a key"])
async def test_gateways_that_disagree_by_two_hours_about_the_time_make_one_order(
    server: Redis, key: str | None
) -> None:
    async with a_fleet(server):
        pass
    async with gateway_fleet(server.url, server.url, hours_ahead=(1, -1)) as fleet:
        tokens = await fleet.open_shop(*PLAYERS)
        for first, second in ((0, 1), (1, 0)):
            taps = [fleet.ask(at, ORDER, {"step": PAID, "key": key}, one) for one in tokens for at in (first, second)]
            answers = await asyncio.gather(*taps)
            assert answers[::2] == answers[1::2]
            assert all(codes(answer) == [] for answer in answers)
        assert fleet.upstream.calls[ORDER_CALL] == len(tokens)


async def test_one_key_is_one_claim_on_both_and_a_conflict_with_other_arguments(fleet: GatewayFleet) -> None:
    token = fleet.token("player")
    claims = await asyncio.gather(*(fleet.ask(at, CLAIM, {"step": FREE, "key": "k"}, token) for at in (0, 1)))
    assert claims[0] == claims[1]
    assert codes(claims[0]) == []
    assert fleet.upstream.calls[CLAIM_CALL] == 1
    assert codes(await fleet.ask(1, ORDER, {"step": PAID, "key": "k"}, token)) == ["IDEMPOTENCY_CONFLICT"]
    assert fleet.upstream.calls[ORDER_CALL] == 0


async def test_a_refused_write_may_be_tried_again_on_the_other_gateway(fleet: GatewayFleet) -> None:
    token = fleet.token("player")
    assert codes(await fleet.ask(0, ORDER, {"step": PAID}, token)) == ["STEP_LOCKED"]
    assert codes(await fleet.ask(1, CLAIM, {"step": FREE}, token)) == []
    assert codes(await fleet.ask(1, ORDER, {"step": PAID}, token)) == []


async def test_a_keyed_order_takes_two_round_trips_to_the_store_and_a_hit_none(fleet: GatewayFleet) -> None:
    [token] = await fleet.open_shop("player")
    query = "{ viewer { offerChains { name } } }"
    names = [
        f'gateway_store_seconds_count{{command="{one}"}}' for one in ("begin", "change", "publish", "confirmation")
    ]
    before = [await fleet.figure(0, name) for name in names]
    await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
    after = [await fleet.figure(0, name) for name in names]
    assert [one - other for one, other in zip(after, before, strict=True)] == [1, 1, 0, 0]
    for _ in range(20):
        await fleet.ask(0, query, {}, token)
    assert [await fleet.figure(0, name) for name in names] == after


@pytest.mark.parametrize("key", ["k", None], ids=["keyed", "without a key"])
async def test_a_write_whose_answer_was_lost_is_unknown_on_both_and_sent_once(
    fleet: GatewayFleet, key: str | None
) -> None:
    [token] = await fleet.open_shop("player")
    fleet.upstream.loses_answers = True
    for at in (0, 1):
        assert top_code(await fleet.ask(at, ORDER, {"step": PAID, "key": key}, token)) == "OUTCOME_UNKNOWN"
    assert fleet.upstream.calls[ORDER_CALL] == 1
