"""What was done on one gateway is what the next read on another shows."""

import asyncio
import time

import pytest

from gateway.schema import ids
from tests.support.cut import cut
from tests.support.event_stream_client import streaming
from tests.support.fleet_changes import CHANGES, reasons
from tests.support.gateway_fleet import CASES, GatewayFleet, gateway_fleet
from tests.support.purchase_mutations import CLAIM, FREE
from tests.support.store_servers import Redis, a_fleet, asking, listening, until

CHAIN = ids.encode(ids.IdKind.OFFER_CHAIN, 1)
BOUND_SECONDS = 600
"""How old an answer may be in a test that moves the clock; a busy machine does not take as long."""

READ = f'{{ viewer {{ offerChain(id: "{CHAIN}") {{ nextStep {{ number }} }} }} }}'


async def next_step(fleet: GatewayFleet, at: int, token: str) -> int:
    body = await fleet.ask(at, READ, {}, token)
    number: int = body["data"]["viewer"]["offerChain"]["nextStep"]["number"]
    return number


@pytest.mark.parametrize("key", [None, "k"], ids=["without a key", "keyed"])
async def test_a_claim_on_one_is_seen_on_the_other_at_once(fleet: GatewayFleet, key: str | None) -> None:
    fleet.upstream.write_seconds = 0.05
    for number in range(CASES):
        token = fleet.token(f"player-{number}")
        assert await next_step(fleet, 1, token) == 1
        assert await next_step(fleet, 1, token) == 1
        await fleet.ask(0, CLAIM, {"step": FREE, "key": key}, token)
        assert await next_step(fleet, 1, token) == 2


class LaterClock:
    """The machine's clock, moved on by a test."""

    def __init__(self) -> None:
        self.later_seconds = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.later_seconds


async def test_while_events_do_not_come_nothing_older_than_the_bound_is_told_and_afterwards_who_changed_is() -> None:
    clock = LaterClock()
    with listening() as (_, port):
        async with (
            cut(port) as way,
            gateway_fleet(
                f"redis://127.0.0.1:{port}",
                f"redis://127.0.0.1:{way.port}",
                clock=clock,
                store_seconds="1",
                store_stale_seconds=str(BOUND_SECONDS),
                cache_chains_seconds=str(2 * BOUND_SECONDS),
            ) as fleet,
        ):
            changed, same = fleet.token("changed"), fleet.token("same")
            async with (
                streaming(fleet.members[1], CHANGES, token=changed) as told,
                streaming(fleet.members[1], CHANGES, token=same) as silent,
            ):
                await fleet.until(1, "gateway_subscriptions", 2)
                assert await next_step(fleet, 1, changed) == 1
                way.cut_off()
                await fleet.ask(0, CLAIM, {"step": FREE}, changed)
                assert await next_step(fleet, 1, changed) == 1
                clock.later_seconds += BOUND_SECONDS
                assert await next_step(fleet, 1, changed) == 2
                way.go_on()
                assert await reasons(told) == ["CLAIM"]
                await fleet.ask(0, CLAIM, {"step": FREE}, same)
                assert await reasons(silent) == ["CLAIM"]


COPY = f'{{ viewer {{ offerChain(id: "{CHAIN}") {{ isStale }} }} }}'


async def copy(fleet: GatewayFleet, at: int, token: str) -> object:
    """What a player with a copy is shown: whether it is one, or None where there is none."""
    body = await fleet.ask(at, COPY, {}, token)
    chain = body["data"]["viewer"]["offerChain"]
    return chain and chain["isStale"]


async def test_in_an_outage_no_copy_is_shown_from_before_a_write_elsewhere_nor_lost_by_one_that_was_not_sent(
    server: Redis,
) -> None:
    async with a_fleet(server), gateway_fleet(server.url, server.url, cache_chains_seconds="0") as fleet:
        changed, waiting = fleet.token("changed"), fleet.token("waiting")
        for token in (changed, waiting):
            assert await copy(fleet, 1, token) is False
        assert (await fleet.ask(0, CLAIM, {"step": FREE}, changed))["data"]["answer"]["userErrors"] == []
        fleet.upstream.failing = {"/claim": 429}
        for is_sent in (True, False):
            fleet.upstream.calls.clear()
            (error,) = (await fleet.ask(0, CLAIM, {"step": FREE}, waiting))["errors"]
            assert error["extensions"]["code"] == "RATE_LIMITED"
            assert any(name.endswith("/claim") for name in fleet.upstream.calls) is is_sent
            if is_sent:
                # That one was forgotten with: only the upstream knows what it did.
                assert await copy(fleet, 0, waiting) is False
        fleet.upstream.failing = {"": 503}
        assert await copy(fleet, 0, waiting) is True

        async def is_gone() -> bool:
            return await copy(fleet, 1, changed) is None

        await until(is_gone)


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["events", "everything"])
async def test_all_who_listen_are_told_once_where_events_were_missed(lost: str) -> None:
    with listening() as (_, port):
        async with (
            cut(port) as way,
            gateway_fleet(f"redis://127.0.0.1:{port}", f"redis://127.0.0.1:{way.port}", store_seconds="1") as fleet,
            asking(port) as ask,
        ):
            token, other = fleet.token("player"), fleet.token("other")
            async with streaming(fleet.members[1], CHANGES, token=token) as told:
                await fleet.until(1, "gateway_subscriptions", 1)
                assert await next_step(fleet, 1, token) == 1
                await fleet.ask(0, CLAIM, {"step": FREE}, other)
                way.cut_off()
                await fleet.ask(0, CLAIM, {"step": FREE}, token)
                if lost == "events":
                    await ask("XTRIM", "lg1:44056:{bus}", "MAXLEN", 0)
                else:
                    await ask("FLUSHALL")
                way.go_on()
                async with asyncio.timeout(20):
                    assert await reasons(told) == ["OTHER"]
                assert await next_step(fleet, 1, token) == 2
