"""Concurrent coroutines that are started at once: one that never waits finishes without a task of its own."""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator, Iterable
from types import coroutine

VoidCoroutine = Coroutine[object, object, None]
_Waiting = Awaitable[None]


async def gather_eagerly(coroutines: Iterable[VoidCoroutine]) -> None:
    """Run coroutines to their ends. They must not raise.

    All are made before the first one starts, so that what making them sets up counts for each of them. Each starts in
    the current task. All but the last continue in a task of their own after their first wait, so what is bound to a
    task (`asyncio.timeout`, for example) may only be used after that.
    """
    # asyncio.gather would make a task for every coroutine and run it in the next turn of the loop. Most of the
    # gateway's reads are answered from its cache without waiting, and a task costs more than such a read. So each
    # coroutine is stepped once by hand, and only those that do wait get a task.
    waiting = [started for one in [*coroutines] if (started := _start(one)) is not None]
    if not waiting:
        return
    # One of them can go on in the current task, which has nothing else to do.
    last = waiting.pop()
    create_task = asyncio.get_running_loop().create_task
    tasks = [create_task(_finish(one)) for one in waiting]
    try:
        await last
        for task in tasks:
            await task
    finally:
        unfinished = [task for task in tasks if not task.done()]
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)


def _start(started: VoidCoroutine) -> _Waiting | None:
    try:
        return _rest(started, started.send(None))
    except StopIteration:
        return None


@coroutine
def _rest(started: VoidCoroutine, awaited: object) -> Generator[object, object, None]:
    """What is left of a coroutine that has started and waits for a future.

    A coroutine that has started cannot be given to a task, which would resume it at once, before the future is done. So
    this does what a task does with a coroutine: a coroutine yields the future that it waits for, asyncio resumes it
    when the future is done, and an exception (a cancellation, for example) is thrown into it.
    """
    while True:
        # The first future was yielded outside of `await`, so it has to be yielded again to the task that waits.
        try:
            result = yield awaited
        except BaseException as error:  # the coroutine must see a cancellation, too
            step, argument = started.throw, error
        else:
            step, argument = started.send, result  # type: ignore[assignment]  # two ways to resume
        try:
            awaited = step(argument)
        except StopIteration:
            return


async def _finish(waiting: _Waiting) -> None:
    await waiting
