"""Which listener receives what, and what waits for those who are slow."""

import asyncio

from gateway.cache.keys import Owner
from gateway.events.bus import LocalBus
from gateway.events.changes import Change, ChangeReason
from tests.support.loads import run_ready
from tests.support.received_changes import received

ANN, BEN = Owner("ann"), Owner("ben")
CLAIM = Change(frozenset({ChangeReason.CLAIM}), frozenset({1}))
PAID = Change(frozenset({ChangeReason.ORDER_PAID}), frozenset({2}))


async def test_all_listeners_of_an_owner_receive_a_change_and_nobody_else_does() -> None:
    bus = LocalBus()
    with bus.listen(ANN) as first, bus.listen(ANN) as second, bus.listen(BEN) as other:
        waits = [asyncio.ensure_future(one.next()) for one in (first, second, other)]
        await run_ready()
        bus.publish(ANN, CLAIM)
        await run_ready()
        assert [wait.done() for wait in waits] == [True, True, False]
        assert [await wait for wait in waits[:2]] == [CLAIM, CLAIM]
        waits[2].cancel()


async def test_what_was_not_taken_is_told_as_one_change_and_only_once() -> None:
    bus = LocalBus()
    with bus.listen(ANN) as listener:
        for _ in range(1_000):
            bus.publish(ANN, CLAIM)
        bus.publish(ANN, PAID)
        assert await listener.next() == Change(CLAIM.reasons | PAID.reasons, frozenset({1, 2}))
        wait = asyncio.ensure_future(listener.next())
        await run_ready()
        assert not wait.done()
        bus.publish(ANN, PAID)
        assert await wait == PAID


async def test_a_listener_receives_only_within_its_context() -> None:
    bus = LocalBus()
    listening = bus.listen(ANN)
    bus.publish(ANN, CLAIM)
    with listening as listener:
        bus.publish(ANN, PAID)
        assert await listener.next() == PAID
    bus.publish(ANN, CLAIM)
    assert await received(listener) is None


async def test_a_listener_that_gave_up_waiting_misses_nothing() -> None:
    bus = LocalBus()
    with bus.listen(ANN) as listener:
        wait = asyncio.ensure_future(listener.next())
        await run_ready()
        wait.cancel()
        bus.publish(ANN, CLAIM)
        await run_ready()
        assert wait.cancelled()
        assert await listener.next() == CLAIM


async def test_nothing_is_left_of_listeners_that_went() -> None:
    bus = LocalBus()
    with bus.listen(ANN), bus.listen(ANN), bus.listen(BEN):
        assert bus.listeners == 3
    assert bus.listeners == 0
    assert bus._listeners == {}
