"""Without the store nothing is sent twice and nothing is lost; reads go on."""

import asyncio
import signal
from functools import partial

import pytest

from tests.support.gateway_fleet import CASES, gateway_fleet
from tests.support.purchase_mutations import CLAIM, FREE, ORDER, ORDER_CALL, PAID, codes
from tests.support.store_servers import Redis, asking, listening, until
from tests.support.webhook_payloads import order_webhook

NAMES = "{ viewer { offerChains { name } } }"
PLAYERS = [f"player-{number}" for number in range(CASES)]


def error_codes(body: dict[str, object]) -> list[str]:
    errors = body.get("errors", [])
    assert isinstance(errors, list)
    return [error["extensions"]["code"] for error in errors]


@pytest.mark.slow
async def test_while_the_store_hangs_orders_are_refused_unsent_and_afterwards_the_same_keys_make_one_each(
    own: Redis,
) -> None:
    async with gateway_fleet(own.url, own.url, store_seconds="0.25") as fleet:
        tokens = await fleet.open_shop(*PLAYERS)
        own.send(signal.SIGSTOP)
        taps = [
            fleet.ask(at, ORDER, {"step": PAID, "key": key}, token)
            for at in (0, 1)
            for token in tokens
            for key in ("k", None)
        ]
        refused = await asyncio.gather(*taps)
        assert [error_codes(body) for body in refused] == [["OVERLOADED"]] * len(taps)
        assert fleet.upstream.calls[ORDER_CALL] == 0
        assert "errors" not in await fleet.ask(0, NAMES, {}, tokens[0])
        assert await fleet.ready(0) == (200, {"status": "ready", "store": "down"})
        assert await fleet.post_webhook(0, order_webhook(order_id=77)) == 503
        own.send(signal.SIGCONT)

        async def is_ordered(token: str) -> bool:
            body = await fleet.ask(1, ORDER, {"step": PAID, "key": "k"}, token)
            return not error_codes(body) and codes(body) == []

        for token in tokens:
            await until(partial(is_ordered, token))
        assert await fleet.ready(1) == (200, {"status": "ready", "store": "up"})
        assert fleet.upstream.calls[ORDER_CALL] == len(tokens)
        assert await fleet.post_webhook(0, order_webhook(order_id=77)) == 204


async def test_claims_without_a_key_go_on_because_the_upstream_grants_a_step_once(own: Redis) -> None:
    async with gateway_fleet(own.url, own.url, store_seconds="0.25") as fleet:
        token = fleet.token("player")
        own.send(signal.SIGSTOP)
        assert codes(await fleet.ask(0, CLAIM, {"step": FREE}, token)) == []
        assert codes(await fleet.ask(1, CLAIM, {"step": FREE}, token)) == ["ALREADY_CLAIMED"]


async def test_with_local_each_gateway_goes_by_its_own_memory(own: Redis) -> None:
    async with gateway_fleet(own.url, own.url, store_seconds="0.25", store_down="local") as fleet:
        [token] = await fleet.open_shop("player")
        own.send(signal.SIGSTOP)
        first = await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
        assert codes(first) == []
        assert await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token) == first
        assert fleet.upstream.calls[ORDER_CALL] == 1
        assert await fleet.figure(0, "gateway_writes_unshared_total") >= 1


@pytest.mark.slow
async def test_a_store_that_lost_everything_refuses_writes_until_clients_have_tried_again() -> None:
    with listening() as (_, port):
        async with gateway_fleet(*[f"redis://127.0.0.1:{port}"] * 2) as fleet, asking(port) as ask:
            [token] = await fleet.open_shop("player")
            await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
            await ask("FLUSHALL")
            again = await asyncio.gather(*(fleet.ask(at, ORDER, {"step": PAID, "key": "k"}, token) for at in (0, 1)))
            assert [error_codes(body) for body in again] == [["OVERLOADED"]] * 2
            assert fleet.upstream.calls[ORDER_CALL] == 1

            async def is_noticed() -> bool:
                return all([await fleet.figure(at, "gateway_epoch_changes_total") for at in (0, 1)])

            await until(is_noticed)
