"""The store is killed, or breaks off in the middle of its answers, under orders: one each, and no key is stuck."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.support.cut import cut
from tests.support.gateway_fleet import CASES, GatewayFleet, gateway_fleet
from tests.support.purchase_mutations import ORDER, ORDER_CALL, PAID, codes
from tests.support.store_servers import REDIS, Redis, listening, redis

BYTES_APART, ANSWER_BYTES = 7, 200
"""How much later the answers to one player after another are cut, and how long they are: those to a connection's start,
to `begin` and to `finish`."""


@pytest.fixture
def durable() -> Iterator[Redis]:
    """A server that knows what it acknowledged after it was killed."""
    if REDIS is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    yield from redis("--appendonly", "yes", "--appendfsync", "always")


async def ordered(fleet: GatewayFleet, at: int, token: str) -> None:
    """Tap with the same key until the order is told, as a game does; an unknown outcome would be the last word."""
    async with asyncio.timeout(60):
        while True:
            body = await fleet.ask(at, ORDER, {"step": PAID, "key": "k"}, token)
            errors = [one["extensions"]["code"] for one in body.get("errors", ())]
            assert errors in ([], ["OVERLOADED"])
            if not errors:
                assert codes(body) in ([], ["IN_PROGRESS"])
                if not codes(body):
                    return


def orders(fleet: GatewayFleet, tokens: list[str]) -> set[int]:
    """How many orders the players have."""
    return {fleet.upstream.of_tokens[ORDER_CALL, f"Bearer {token}".encode()] for token in tokens}


@pytest.mark.slow
async def test_orders_go_on_where_a_store_that_keeps_its_data_is_killed_and_comes_back(durable: Redis) -> None:
    async with gateway_fleet(durable.url, durable.url, store_seconds="1") as fleet:
        tokens = await fleet.open_shop(*[f"player-{number}" for number in range(CASES)])
        fleet.upstream.write_seconds = 0.3
        async with asyncio.TaskGroup() as group:
            for number, token in enumerate(tokens):
                group.create_task(ordered(fleet, number % 2, token))
                group.create_task(ordered(fleet, (number + 1) % 2, token))
                if number == len(tokens) // 2:
                    await asyncio.to_thread(durable.restart)
        assert orders(fleet, tokens) == {1}
        for at in (0, 1):
            assert await fleet.figure(at, "gateway_epoch_changes_total") == 0


@pytest.mark.slow
async def test_answers_of_the_store_that_are_cut_at_any_byte_make_no_second_order_and_no_key_stuck() -> None:
    with listening() as (_, port):
        async with (
            cut(port) as way,
            gateway_fleet(f"redis://127.0.0.1:{way.port}", f"redis://127.0.0.1:{port}", store_seconds="1") as fleet,
        ):
            tokens = await fleet.open_shop(*[f"player-{number}" for number in range(CASES)])
            for number, token in enumerate(tokens):
                way.cut_after(number * BYTES_APART % ANSWER_BYTES)
                await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
                way.go_on()
                await asyncio.gather(*(ordered(fleet, at, token) for at in (0, 1)))
            assert orders(fleet, tokens) == {1}
