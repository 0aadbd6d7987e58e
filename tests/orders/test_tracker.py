"""Tracking orders: who reads them, how often, and what is told to whom."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest

from gateway.domain.models import Order, OrderContent
from gateway.errors import (
    GatewayError,
    NotFound,
    Overloaded,
    RateLimited,
    TokenExpired,
    Unauthenticated,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.errors.internal import TrackingEnded
from gateway.orders.tracker import LONGEST_ASKED_SECONDS
from tests.support.loads import run_ready
from tests.support.tracked_order import DONE, NEW, NOTHING, PAID, Shop


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    one = Shop()
    yield one
    await run_ready()
    assert one.left == NOTHING


async def test_a_watched_order_is_read_every_three_seconds_until_it_is_terminal(shop: Shop) -> None:
    with shop.watch() as watch:
        assert await shop.pass_time(2.9) == []
        assert await shop.pass_time(0.1) == ["ann"]
        assert await shop.pass_time(3) == ["ann"]
        shop.order = PAID
        assert await shop.pass_time(3) == ["ann"]
        assert await watch.next() == PAID
        shop.order = DONE
        assert await shop.pass_time(3) == ["ann"]
        assert await watch.next() == DONE
        assert await shop.pass_time(60) == []
        assert shop.tracker.pollers == 0


async def test_a_terminal_order_is_not_read(shop: Shop) -> None:
    with shop.watch(order=DONE):
        assert await shop.pass_time(60) == []


async def test_fifty_watchers_of_an_order_share_one_poller(shop: Shop) -> None:
    with ExitStack() as stack:
        watches = [stack.enter_context(shop.watch(str(number))) for number in range(50)]
        for _ in range(4):
            assert await shop.pass_time(3) == ["0"]
        shop.order = PAID
        assert await shop.pass_time(3) == ["0"]
        assert [await watch.next() for watch in watches] == [PAID] * 50


async def test_the_next_watchers_credential_is_used_when_the_first_has_left(shop: Shop) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(ExitStack())
        first.enter_context(shop.watch("ann"))
        stack.enter_context(shop.watch("ben"))
        assert await shop.pass_time(3) == ["ann"]
        first.close()
        assert await shop.pass_time(3) == ["ben"]


async def test_what_a_leaving_watcher_reads_still_serves_the_others(shop: Shop) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(ExitStack())
        first.enter_context(shop.watch("ann"))
        other = stack.enter_context(shop.watch("ben"))
        shop.gate.clear()
        shop.order = PAID
        assert await shop.pass_time(3) == ["ann"]
        first.close()
        shop.gate.set()
        assert await other.next() == PAID
        assert shop.reads == ["ann"]


async def test_a_read_under_way_ends_with_the_last_watcher(shop: Shop) -> None:
    shop.gate.clear()
    with shop.watch():
        assert await shop.pass_time(3) == ["ann"]
        assert shop.tracker.pollers == 1
    await run_ready()
    assert shop.left == NOTHING


async def test_a_rejected_credential_ends_its_watch_and_the_next_ones_is_used_at_once(shop: Shop) -> None:
    with shop.watch("ann") as ann, shop.watch("ben") as ben, shop.watch("cleo") as cleo:
        shop.errors = [Unauthenticated(), TokenExpired()]
        shop.order = PAID
        assert await shop.pass_time(3) == ["ann", "ben", "cleo"]
        with pytest.raises(Unauthenticated):
            await ann.next()
        with pytest.raises(TokenExpired):
            await ben.next()
        assert await cleo.next() == PAID
        assert await shop.pass_time(3) == ["cleo"]


async def test_when_the_last_credential_is_rejected_nobody_reads_any_more(shop: Shop) -> None:
    with shop.watch() as watch:
        shop.errors = [Unauthenticated()]
        assert await shop.pass_time(3) == ["ann"]
        with pytest.raises(Unauthenticated):
            await watch.next()
        assert await shop.pass_time(60) == []
        assert shop.left == NOTHING


async def test_an_error_that_nobody_expects_is_told_to_the_watcher_who_met_it(shop: Shop) -> None:
    with shop.watch() as watch:
        shop.errors = [RuntimeError("a defect")]
        await shop.pass_time(3)
        with pytest.raises(RuntimeError, match="a defect"):
            await watch.next()


@pytest.mark.parametrize(
    "error", [UpstreamTimeout(), UpstreamUnavailable(), Overloaded(), NotFound()], ids=lambda one: type(one).__name__
)
async def test_reads_that_fail_come_further_and_further_apart_and_end_nothing(shop: Shop, error: GatewayError) -> None:
    with shop.watch() as watch:
        shop.errors = [error] * 5
        assert await shop.pass_time(3) == ["ann"]
        for seconds in (6, 12, 24, 30, 30):
            assert await shop.pass_time(seconds - 0.1) == []
            assert await shop.pass_time(0.1) == ["ann"]
        # The last of them was answered, and pauses are short again.
        shop.order = PAID
        assert await shop.pass_time(3) == ["ann"]
        assert await watch.next() == PAID


async def test_an_order_that_is_not_found_any_more_is_read_ever_more_seldom(shop: Shop) -> None:
    with shop.watch():
        shop.order = None
        assert await shop.pass_time(3) == ["ann"]
        assert await shop.pass_time(5.9) == []
        assert await shop.pass_time(0.1) == ["ann"]
        shop.order = NEW
        assert await shop.pass_time(12) == ["ann"]
        assert await shop.pass_time(3) == ["ann"]


async def test_a_rate_limit_is_kept_whatever_is_told_meanwhile(shop: Shop) -> None:
    with shop.watch() as watch:
        shop.errors = [RateLimited(45)]
        assert await shop.pass_time(3) == ["ann"]
        shop.tracker.report_status(7, "paid")
        assert await watch.next() == PAID
        assert await shop.pass_time(44.9) == []
        assert await shop.pass_time(0.1) == ["ann"]
        assert await shop.pass_time(3) == ["ann"]


@pytest.mark.parametrize(("asked", "pause"), [(45, 45), (5_000, LONGEST_ASKED_SECONDS)])
async def test_an_upstream_that_is_away_is_left_alone_for_as_long_as_it_asks(
    shop: Shop, asked: int, pause: int
) -> None:
    with shop.watch():
        away = UpstreamUnavailable()
        away.retry_after_seconds = asked
        shop.errors = [away]
        assert await shop.pass_time(3) == ["ann"]
        assert await shop.pass_time(pause - 0.1) == []
        assert await shop.pass_time(0.1) == ["ann"]


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 6), (0.5, 5.25), (1.0, 4.5)])
async def test_a_pause_after_a_failure_is_up_to_a_quarter_shorter_by_chance(chance: float, pause: float) -> None:
    shop = Shop(chance=lambda: chance)
    with shop.watch():
        shop.errors = [UpstreamTimeout()]
        await shop.pass_time(3)
        assert shop.clock.alarms == [pause, 597]


async def test_what_a_webhook_says_is_told_at_once_and_the_rest_is_read_at_once(shop: Shop) -> None:
    with shop.watch("ann") as ann, shop.watch("ben") as ben:
        full = Order(7, "paid", OrderContent(is_free=True))
        shop.order = full
        await run_ready()
        shop.tracker.report_status(7, "paid")
        assert [await ann.next(), await ben.next()] == [PAID, PAID]
        await run_ready()
        assert shop.reads == ["ann"]
        assert [await ann.next(), await ben.next()] == [full, full]
        assert await shop.pass_time(3) == ["ann"]


async def test_what_is_told_while_the_order_is_read_lets_it_be_read_again(shop: Shop) -> None:
    with shop.watch() as watch:
        shop.gate.clear()
        assert await shop.pass_time(3) == ["ann"]
        shop.tracker.report_status(7, "paid")
        shop.gate.set()
        # The read that was under way found the state from before.
        assert await watch.next() == PAID
        await run_ready()
        assert shop.reads == ["ann", "ann"]
        assert await shop.pass_time(2.9) == []


async def test_what_is_told_twice_or_late_or_of_an_order_that_nobody_watches_changes_nothing(shop: Shop) -> None:
    shop.tracker.report_status(7, "paid")
    with shop.watch(order=PAID):
        for order_id, status in ((7, "paid"), (7, "new"), (7, "expired"), (8, "done")):
            shop.tracker.report_status(order_id, status)
            await run_ready()
        assert shop.reads == []


async def test_a_terminal_status_that_is_told_ends_the_reading(shop: Shop) -> None:
    with shop.watch() as watch:
        shop.tracker.report_status(7, "done")
        assert await watch.next() == DONE
        assert await shop.pass_time(60) == []
        shop.tracker.report_status(7, "canceled")
        assert await watch.next() == Order(7, "canceled")


async def test_a_slow_watcher_finds_the_latest_state_only(shop: Shop) -> None:
    with shop.watch() as watch:
        for status in ("expired", "paid", "done"):
            shop.tracker.report_status(7, status)
        assert await watch.next() == DONE
        waiting = asyncio.ensure_future(watch.next())
        await run_ready()
        assert not waiting.done()
        waiting.cancel()


async def test_a_watcher_who_comes_late_learns_what_the_others_know(shop: Shop) -> None:
    with shop.watch():
        shop.tracker.report_status(7, "paid")
        with shop.watch("late", NEW) as late:
            assert await late.next() == PAID


async def test_a_watcher_who_knows_more_tells_the_others(shop: Shop) -> None:
    with shop.watch() as watch, shop.watch("ahead", PAID):
        assert await watch.next() == PAID


async def test_a_watch_ends_after_ten_minutes_and_those_that_began_later_go_on(shop: Shop) -> None:
    with shop.watch("ann") as ann:
        assert await shop.pass_time(300) == ["ann"]
        with shop.watch("ben") as ben:
            assert await shop.pass_time(300) == ["ben"]
            with pytest.raises(TrackingEnded):
                await ann.next()
            assert await shop.pass_time(3) == ["ben"]
            assert await shop.pass_time(297) == []
            assert shop.left == NOTHING
            with pytest.raises(TrackingEnded):
                await ben.next()


async def test_when_the_tracker_is_closed_every_watch_ends_and_later_ones_do_so_at_once(shop: Shop) -> None:
    with shop.watch() as watch, shop.watch() as other:
        waiting = asyncio.ensure_future(watch.next())
        await run_ready()
        await shop.tracker.aclose()
        assert shop.tracker.pollers == 0
        with pytest.raises(TrackingEnded):
            await waiting
        with pytest.raises(TrackingEnded):
            await other.next()
    with shop.watch() as late:
        with pytest.raises(TrackingEnded):
            await late.next()
        assert await shop.pass_time(60) == []
