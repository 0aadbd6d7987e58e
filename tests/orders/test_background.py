"""Following orders: one follower for each, not too many, and none left behind."""

import asyncio

from gateway.orders.background import BackgroundTracking
from tests.support.loads import run_ready


class Following:
    """Follows until it is let go."""

    def __init__(self) -> None:
        self.started = 0
        self.let_go = asyncio.Event()

    async def __call__(self) -> None:
        self.started += 1
        await self.let_go.wait()


async def test_an_order_is_followed_once_and_again_after_that() -> None:
    tracking, following = BackgroundTracking(), Following()
    tracking.track("a", following)
    tracking.track("a", following)
    await asyncio.sleep(0)
    assert (tracking.orders, following.started) == (1, 1)
    following.let_go.set()
    await run_ready()
    assert tracking.orders == 0
    tracking.track("a", following)
    await asyncio.sleep(0)
    assert following.started == 2
    await tracking.aclose()


async def test_no_more_than_so_many_are_followed() -> None:
    tracking, following = BackgroundTracking(most=2), Following()
    for name in "abc":
        tracking.track(name, following)
    await asyncio.sleep(0)
    assert (tracking.orders, following.started) == (2, 2)
    await tracking.aclose()


async def test_closing_ends_all_of_it() -> None:
    tracking, following = BackgroundTracking(), Following()
    tracking.track("a", following)
    await asyncio.sleep(0)
    await tracking.aclose()
    assert tracking.orders == 0
