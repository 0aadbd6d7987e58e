"""Fifty times the same action at once, over sockets, on two processes that share one file: it counts once."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.sandbox.proofs.audit import audit_file, query_file
from tests.sandbox.proofs.processes import SandboxProcess, sandbox_process, token_of

FREE_STEP = "/user/offer_chain/1/step/number/1/claim"
PAID_STEP = "/user/offer_chain/1/step/number/2/order"
"""Gives 100 Embers and 40 banners."""
EMBERS_REWARD = "/user/reward_chain/5/step/15/claim"
"""Needs 100 Embers."""


class Pair:
    """Two processes on one file, and a player who stands before the paid step."""

    def __init__(self, file: Path, *processes: SandboxProcess) -> None:
        self.processes = processes
        self.file = file
        self.token = token_of("ann", time.time())

    async def fifty(self, act: Callable[[SandboxProcess, int], Awaitable[Hashable]]) -> Counter[Hashable]:
        """Act at once, 25 times on each process, and count the responses."""
        acts = (act(self.processes[number % 2], number) for number in range(50))
        return Counter(await asyncio.gather(*acts))

    async def order(self, number: int = 0) -> int:
        """Order the paid step on one of the processes."""
        answer = await self.processes[number % 2].ask("POST", PAID_STEP, self.token)
        order_id: int = answer.json()["order_id"]
        return order_id

    def granted(self) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        """Read the player's points, and how often they claimed each step that they have paid for."""
        points = query_file(
            self.file,
            "SELECT sum(amount), count(*) FROM point_ledger JOIN players USING (player_number)"
            " WHERE player_id = 'ann' GROUP BY value_point_id ORDER BY 1",
        )
        taken = query_file(
            self.file,
            "SELECT count(*) FROM step_claims JOIN orders USING (order_id) JOIN players ON players.player_number ="
            " step_claims.player_number WHERE player_id = 'ann' AND amount IS NOT NULL",
        )
        return points, taken


ONCE = ([(40, 1), (100, 1)], [(1,)])


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    file = tmp_path / "sandbox.sqlite3"
    async with AsyncExitStack() as stack:
        # The two start at once, on a file that does not exist yet.
        starts = (stack.enter_async_context(sandbox_process(file)) for _ in range(2))
        pair = Pair(file, *await asyncio.gather(*starts))
        assert (await pair.processes[0].ask("POST", FREE_STEP, pair.token)).status_code == 200
        yield pair
    audit_file(file)


async def test_fifty_orders_of_a_step_leave_one_to_pay(pair: Pair) -> None:
    orders = await pair.fifty(lambda _, number: pair.order(number))
    assert len(orders) == 50
    statuses = query_file(
        pair.file,
        "SELECT status, count(*) FROM orders WHERE player_number = (SELECT player_number"
        " FROM players WHERE player_id = 'ann') AND amount IS NOT NULL GROUP BY status ORDER BY status",
    )
    assert statuses == [("expired", 49), ("new", 1)]


async def test_fifty_payments_of_an_order_grant_once(pair: Pair) -> None:
    order_id = await pair.order()
    assert await pair.fifty(lambda process, _: process.decide(order_id, "pay")) == {"done": 50}
    assert pair.granted() == ONCE


async def test_fifty_orders_of_a_step_paid_at_once_grant_once(pair: Pair) -> None:
    orders = [await pair.order() for _ in range(50)]
    answers = await pair.fifty(lambda process, number: process.decide(orders[number], "pay"))
    assert answers["done"] == 1
    assert set(answers) <= {"done", "expired", "canceled"}
    assert pair.granted() == ONCE


async def test_payments_and_cancellations_at_once_agree_on_one_end(pair: Pair) -> None:
    order_id = await pair.order()

    async def decide(process: SandboxProcess, number: int) -> str:
        return await process.decide(order_id, "pay" if number % 4 < 2 else "cancel")

    answers = await pair.fifty(decide)
    if "done" in answers:
        assert answers == {"done": 26, "refused": 24}
        assert pair.granted() == ONCE
    else:
        assert answers == {"canceled": 27, "refused": 23}
        assert pair.granted() == ([], [(0,)])


async def test_fifty_claims_of_a_reward_grant_once(pair: Pair) -> None:
    await pair.processes[0].decide(await pair.order(), "pay")

    async def claim(process: SandboxProcess, _: int) -> Hashable:
        answer = await process.ask("POST", EMBERS_REWARD, pair.token)
        return answer.status_code, answer.json()["errorCode"] if answer.content else None

    assert await pair.fifty(claim) == {(204, None): 1, (422, 9912): 49}
