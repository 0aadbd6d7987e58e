"""Poll tickets and confirmed credentials: one contract within a process and for a fleet."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from gateway.cache.keys import Owner
from gateway.store.local.confirmations import LocalConfirmations
from gateway.store.local.tickets import LocalTickets
from gateway.store.ports import Confirmations, Tickets
from gateway.store.shared.confirmations import SharedConfirmations
from gateway.store.shared.connections import Reply
from gateway.store.shared.tickets import SharedTickets
from tests.support.clock import Clock
from tests.support.store_servers import Fleet, a_fleet

OWNER = Owner("owner-of-a-test")


@dataclass
class Case:
    tickets: Tickets
    confirmations: Confirmations
    pass_time: Callable[[float], Awaitable[None]]


@pytest.fixture(params=["local", "redis"])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    if request.param == "local":
        clock = Clock()

        async def advance(seconds: float) -> None:
            clock.advance(seconds)

        yield Case(LocalTickets(clock=clock), LocalConfirmations(clock=clock), advance)
        return
    async with a_fleet(request.getfixturevalue("server")) as fleet:

        async def expire(seconds: float) -> None:
            for key in await fleet.raw("KEYS", "*"):  # type: ignore[attr-defined]
                left = int(str(await fleet.raw("PTTL", key))) - round(seconds * 1000)
                await fleet.raw("PEXPIRE", key, left)

        yield Case(
            SharedTickets(fleet.client, fleet.keys, sender=b"process1"),
            SharedConfirmations(fleet.client, fleet.keys),
            expire,
        )


async def test_one_process_polls_an_order_in_an_interval(case: Case) -> None:
    taken = await asyncio.gather(*(case.tickets.take(1, 30) for _ in range(5)))
    assert sorted(taken) == [False, False, False, False, True]
    assert await case.tickets.take(2, 30)
    await case.pass_time(30)
    assert await case.tickets.take(1, 30)


async def test_nobody_polls_while_the_upstream_asks_for_fewer_calls(case: Case) -> None:
    await case.tickets.take(1, 3)
    await case.tickets.hold(1, 60)
    await case.pass_time(30)
    assert not await case.tickets.take(1, 3)
    await case.pass_time(30)
    assert await case.tickets.take(1, 3)


async def test_a_credential_is_confirmed_for_one_player_until_it_ends_or_is_rejected(case: Case) -> None:
    confirmations = case.confirmations
    assert not await confirmations.is_confirmed(OWNER, "p-1")
    await confirmations.confirm(OWNER, "p-1", 1e9)
    assert await confirmations.is_confirmed(OWNER, "p-1")
    assert not await confirmations.is_confirmed(OWNER, "p-2")
    await case.pass_time(3600)
    assert not await confirmations.is_confirmed(OWNER, "p-1")
    await confirmations.confirm(OWNER, "p-1", 0)
    assert not await confirmations.is_confirmed(OWNER, "p-1")
    await confirmations.confirm(OWNER, "p-1", 60)
    await confirmations.reject(OWNER)
    assert not await confirmations.is_confirmed(OWNER, "p-1")


async def test_without_the_store_each_process_polls_and_asks_for_itself() -> None:
    fleet = Fleet(url="unix:///nowhere")
    tickets = SharedTickets(fleet.client, fleet.keys, sender=b"process1")
    confirmations = SharedConfirmations(fleet.client, fleet.keys)
    await tickets.hold(1, 60)
    assert await tickets.take(1, 3)
    await confirmations.confirm(OWNER, "p-1", 60)
    assert not await confirmations.is_confirmed(OWNER, "p-1")
    await fleet.aclose()


async def test_no_owner_or_player_can_be_read(fleet: Fleet) -> None:
    await SharedConfirmations(fleet.client, fleet.keys).confirm(OWNER, "player-of-a-test", 60)
    names: Reply = await fleet.raw("KEYS", "*")
    dump: Reply = await fleet.raw("DUMP", names[0])
    assert b"of-a-test" not in names[0] + dump
