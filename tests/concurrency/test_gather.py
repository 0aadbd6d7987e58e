"""Coroutines side by side: begun at once, and a task only for those that wait."""

import asyncio
from collections.abc import Awaitable

import pytest

from gateway.concurrency.gather import gather_eagerly


async def test_what_needs_no_waiting_is_done_in_order_without_letting_anybody_else_run() -> None:
    done: list[str] = []
    asyncio.get_running_loop().call_soon(done.append, "somebody else")

    async def mark(name: str) -> None:
        done.append(name)

    await gather_eagerly(mark(name) for name in "abc")
    assert done == ["a", "b", "c"]
    await asyncio.sleep(0)
    assert done[-1] == "somebody else"


@pytest.mark.parametrize("count", [1, 3])
async def test_all_have_begun_before_the_first_is_waited_for(count: int) -> None:
    loop = asyncio.get_running_loop()
    begun: list[int] = []
    gates = [loop.create_future() for _ in range(count)]

    async def wait(number: int) -> None:
        begun.append(number)
        assert await gates[number] == number
        assert await asyncio.wait_for(twice(gates[number]), 60) == number

    async def twice(gate: Awaitable[int]) -> int:
        await asyncio.sleep(0)
        return await gate

    running = asyncio.create_task(gather_eagerly(wait(number) for number in range(count)))
    await asyncio.sleep(0)
    assert begun == list(range(count))
    for number, gate in enumerate(gates):
        gate.set_result(number)
    await running


@pytest.mark.parametrize("count", [1, 2])
async def test_what_is_raised_into_a_wait_reaches_the_coroutine(count: int) -> None:
    gates = [asyncio.get_running_loop().create_future() for _ in range(count)]
    caught: list[str] = []

    async def wait(gate: Awaitable[None]) -> None:
        try:
            await gate
        except LookupError as error:
            caught.append(str(error))
            await asyncio.sleep(0)

    running = asyncio.create_task(gather_eagerly(wait(gate) for gate in gates))
    await asyncio.sleep(0)
    for gate in gates:
        gate.set_exception(LookupError("lost"))
    await running
    assert caught == ["lost"] * count


@pytest.mark.parametrize("count", [1, 2])
async def test_cancelling_the_whole_cancels_each(count: int) -> None:
    cancelled: list[bool] = []

    async def wait() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    running = [asyncio.create_task(gather_eagerly(wait() for _ in range(count)))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    running[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await running[0]
    assert cancelled == [True] * count
