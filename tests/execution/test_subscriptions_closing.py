"""Subscriptions that are closed or cancelled: at any moment, and without leaving anything behind."""

import asyncio

import pytest

from gateway.events.changes import ChangeReason
from gateway.execution.subscriptions import ResultStream
from tests.support.loads import run_ready
from tests.support.subscriber import CHAINS, NOTHING, ORDERS, Scene


@pytest.mark.parametrize("text", [ORDERS, CHAINS], ids=["an order", "chains"])
async def test_closing_ends_a_wait_for_the_next_result_and_leaves_nothing(text: str) -> None:
    scene = Scene()
    answers = await scene.listen(text)
    if text == ORDERS:
        await anext(answers)
    waiting = asyncio.ensure_future(anext(answers))
    await run_ready()
    await answers.aclose()
    with pytest.raises(StopAsyncIteration):
        await waiting
    await answers.aclose()
    assert scene.left == NOTHING
    with pytest.raises(StopAsyncIteration):
        await anext(answers)


@pytest.mark.parametrize("text", [ORDERS, CHAINS], ids=["an order", "chains"])
async def test_closing_before_anybody_has_waited_leaves_nothing(text: str) -> None:
    scene = Scene()
    answers = await scene.listen(text)
    await answers.aclose()
    await run_ready()
    assert scene.left == NOTHING


async def test_cancelling_the_wait_closes_the_answers() -> None:
    scene = Scene()
    answers = await scene.listen(CHAINS)
    waiting = asyncio.ensure_future(anext(answers))
    await run_ready()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert scene.left == NOTHING
    with pytest.raises(StopAsyncIteration):
        await anext(answers)


async def test_closing_abandons_what_an_event_reads() -> None:
    scene = Scene()
    answers = await scene.listen(CHAINS)
    scene.upstream.gate.clear()
    scene.tell(ChangeReason.CLAIM)
    waiting = asyncio.ensure_future(anext(answers))
    await run_ready()
    assert scene.upstream.under_way == 1
    await answers.aclose()
    with pytest.raises(StopAsyncIteration):
        await waiting
    assert scene.upstream.under_way == 0
    assert scene.left == NOTHING


async def test_cancelling_the_wait_abandons_what_an_event_reads() -> None:
    scene = Scene()
    answers = await scene.listen(CHAINS)
    scene.upstream.gate.clear()
    scene.tell(ChangeReason.CLAIM)
    waiting = asyncio.ensure_future(anext(answers))
    await run_ready()
    assert scene.upstream.under_way == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert scene.upstream.under_way == 0
    assert scene.left == NOTHING


@pytest.mark.slow
@pytest.mark.parametrize("text", [ORDERS, CHAINS], ids=["an order", "chains"])
async def test_nine_hundred_cancelled_at_any_moment_leave_nothing(text: str) -> None:
    scene = Scene()

    async def listen() -> None:
        answers = await scene.start(text)
        assert isinstance(answers, ResultStream)
        try:
            async for result in answers:
                assert result.data
        finally:
            await answers.aclose()

    tasks = []
    for number in range(900):
        scene.upstream.gate.set() if number % 3 else scene.upstream.gate.clear()
        task = asyncio.ensure_future(listen())
        tasks.append(task)
        for turn in range(number % 30):
            await asyncio.sleep(0)
            if turn == 10:
                scene.tell(ChangeReason.CLAIM)
                scene.services.tracker.report_status(656, ("expired", "paid")[number % 2])
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(end) for end in ends} == {asyncio.CancelledError}
    await run_ready()
    assert scene.left == NOTHING
    assert scene.upstream.under_way == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}
