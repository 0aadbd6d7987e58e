"""Concurrent coroutines that are started at once: one that never waits finishes without a task of its own."""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator, Iterable

VoidCoroutine = Coroutine[object, object, None]


async def gather_eagerly(coroutines: Iterable[VoidCoroutine]) -> None:
    """Run coroutines to their ends. They must not raise.

    All are made before the first one starts, so that what making them sets up counts for each of them. Each starts in
    the current task. All but the last continue in a task of their own after their first wait, so what is bound to a
    task (`asyncio.timeout`, for example) may only be used after that.
    """
    # asyncio.gather would make a task for every coroutine and run it in the next turn of the loop. Most of the
    # gateway's reads are answered from its cache without waiting, and a task costs more than such a read. So each
    # coroutine is stepped once by hand, and only those that do wait get a task.
    waiting = [started for coroutine in [*coroutines] if (started := _start(coroutine)) is not None]
    if not waiting:
        return
    # One of them can go on in the current task, which has nothing else to do.
    last = waiting.pop()
    tasks = [asyncio.ensure_future(_finish(one)) for one in waiting]
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


class _Waiting:
    """A coroutine that has started, and the future that it waits for.

    A coroutine that has started cannot be given to a task, which would resume it at once, before the future is done. So
    this does what a task does with a coroutine: a coroutine yields the future that it waits for, asyncio resumes it
    when the future is done, and an exception (a cancellation, for example) is thrown into it.
    """

    __slots__ = ("_awaited", "_coroutine")

    def __init__(self, coroutine: VoidCoroutine, awaited: object) -> None:
        self._coroutine = coroutine
        self._awaited = awaited

    def __await__(self) -> Generator[object, object, None]:
        awaited, coroutine = self._awaited, self._coroutine
        while True:
            try:
                result = yield awaited
            except BaseException as error:  # the coroutine must see a cancellation, too
                step, argument = coroutine.throw, error
            else:
                step, argument = coroutine.send, result  # type: ignore[assignment]  # two ways to resume
            try:
                awaited = step(argument)
            except StopIteration:
                return


def _start(coroutine: VoidCoroutine) -> _Waiting | None:
    try:
        # The first future was yielded outside of `await`, so `_Waiting` has to yield it again to the task that waits.
        return _Waiting(coroutine, coroutine.send(None))
    except StopIteration:
        return None


async def _finish(waiting: Awaitable[None]) -> None:
    await waiting
