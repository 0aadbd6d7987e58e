"""Following orders: one follower for each, not too many, and none left behind."""

import asyncio

from gateway.orders.background import Followers
from tests.cache.loads import settle


class Following:
    """Follows until it is let go."""

    def __init__(self) -> None:
        self.started = 0
        self.let_go = asyncio.Event()

    async def __call__(self) -> None:
        self.started += 1
        await self.let_go.wait()


async def test_an_order_is_followed_once_and_again_after_that() -> None:
    followers, following = Followers(), Following()
    followers.follow("a", following)
    followers.follow("a", following)
    await asyncio.sleep(0)
    assert (followers.orders, following.started) == (1, 1)
    following.let_go.set()
    await settle()
    assert followers.orders == 0
    followers.follow("a", following)
    await asyncio.sleep(0)
    assert following.started == 2
    await followers.aclose()


async def test_no_more_than_so_many_are_followed() -> None:
    followers, following = Followers(most=2), Following()
    for name in "abc":
        followers.follow(name, following)
    await asyncio.sleep(0)
    assert (followers.orders, following.started) == (2, 2)
    await followers.aclose()


async def test_closing_ends_all_of_it() -> None:
    followers, following = Followers(), Following()
    followers.follow("a", following)
    await asyncio.sleep(0)
    await followers.aclose()
    assert followers.orders == 0
