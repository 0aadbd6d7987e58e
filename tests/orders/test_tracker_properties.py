"""Reads and webhooks in any order, and watchers who come and go: states move forward, and everybody learns the end."""

import asyncio
from contextlib import AbstractContextManager, ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.models import Order
from gateway.domain.order_status import rank
from gateway.errors import UpstreamTimeout
from gateway.orders.tracker import Watch
from tests.support.loads import run_ready
from tests.support.tracked_order import NEW, NOTHING, Shop

WAYS = (("new", "paid", "done"), ("new", "expired", "paid", "done", "canceled"), ("new", "canceled"), ("new", "paid"))
"""How orders go on upstream."""

acts = st.lists(
    st.one_of(
        st.sampled_from(("move on", "fail", "close the gate", "open the gate", "come", "leave")),
        st.tuples(st.just("tell"), st.integers(0, 4)),
        st.tuples(st.just("pass"), st.sampled_from((1, 3, 31))),
    ),
    max_size=30,
)


class Watcher:
    """Takes each state as it comes, and notes it."""

    def __init__(self, watch: AbstractContextManager[Watch], stack: ExitStack) -> None:
        self.stack = stack
        self._watch = stack.enter_context(watch)
        self.seen = [self._watch.order]
        self._task = asyncio.ensure_future(self._take())
        stack.callback(self._task.cancel)

    async def _take(self) -> None:
        while True:
            self.seen.append(await self._watch.next())


async def play(way: tuple[str, ...], what: list[str | tuple[str, int]]) -> None:
    shop, place, watchers, gone = Shop(limit_seconds=5_000), 0, [], []

    def come() -> None:
        # A watcher who comes has just read the order.
        watchers.append(Watcher(shop.watch(order=shop.order or NEW), ExitStack()))

    come()
    for act in what:
        match act:
            case "move on":
                place = min(place + 1, len(way) - 1)
                shop.order = Order(7, way[place])
            case "fail":
                shop.errors.append(UpstreamTimeout())
            case "close the gate":
                shop.gate.clear()
            case "open the gate":
                shop.gate.set()
            case "come":
                come()
            case "leave":
                gone.append(watchers.pop(0))
                gone[-1].stack.close()
                if not watchers:
                    come()
            case ("tell", number):
                # A webhook tells what was true once, late or again.
                shop.tracker.report_status(7, way[min(number, place)])
            case ("pass", seconds):
                await shop.pass_time(seconds)
        await run_ready()
    shop.gate.set()
    await run_ready()
    for _ in range(len(shop.errors) + 2):
        await shop.pass_time(31)
    assert {watcher.seen[-1].status for watcher in watchers} == {way[place]}
    for watcher in (*watchers, *gone):
        ranks = [rank(order.status) for order in watcher.seen]
        assert ranks == sorted(set(ranks))
        watcher.stack.close()
    await run_ready()
    assert shop.left == NOTHING


@pytest.mark.slow
@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.sampled_from(WAYS), acts)
def test_reads_and_webhooks_in_any_order_move_forward_and_come_to_the_upstreams_state(
    way: tuple[str, ...], what: list[str | tuple[str, int]]
) -> None:
    with asyncio.Runner() as runner:
        runner.run(play(way, what))
