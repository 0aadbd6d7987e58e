"""Turns: who waits goes in order, and between two of them the loop does what else is due."""

import asyncio

from gateway.concurrency.turns import Turns


async def test_those_who_come_at_once_go_one_in_each_turn_of_the_loop() -> None:
    turns, seen = Turns(), list[str]()

    async def work(name: str) -> None:
        await turns.take()
        seen.append(name)

    def others() -> None:
        seen.append("-")
        if len(seen) < 20:
            asyncio.get_running_loop().call_soon(others)

    tasks = [asyncio.ensure_future(work(name)) for name in "abcd"]
    asyncio.get_running_loop().call_soon(others)
    await asyncio.gather(*tasks)
    text = "".join(seen)
    assert text.replace("-", "") == "abcd"
    assert all(f"{one}{two}" not in text for one, two in ("ab", "bc", "cd"))


async def test_who_gives_up_waiting_holds_nobody_up_and_the_next_goes_at_once() -> None:
    turns = Turns()
    await turns.take()
    gone, stays = (asyncio.ensure_future(turns.take()) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    for _ in range(3):
        await asyncio.sleep(0)
    waits = turns.take()
    try:
        waits.send(None)
    except StopIteration:
        return
    raise AssertionError("waited for nobody")
