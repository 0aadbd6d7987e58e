"""Coroutines side by side, begun at once: one that needs no waiting is done without a task of its own."""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator, Iterable

Begun = Coroutine[object, object, None]


async def gather_eagerly(coroutines: Iterable[Begun]) -> None:
    """Run coroutines to their ends. They raise nothing.

    Each begins in the task that runs already. All but the last go on in a task of their own from their first wait:
    what is bound to a task (`asyncio.timeout`, for one) may only be used after that.
    """
    waiting = [begun for coroutine in coroutines if (begun := _begin(coroutine)) is not None]
    if not waiting:
        return
    last = waiting.pop()
    tasks = [asyncio.ensure_future(_rest(one)) for one in waiting]
    try:
        await last
        for task in tasks:
            await task
    finally:
        open_tasks = [task for task in tasks if not task.done()]
        for task in open_tasks:
            task.cancel()
        if open_tasks:
            await asyncio.wait(open_tasks)


class _Waiting:
    """A coroutine that has begun, and what it waits for."""

    __slots__ = ("_coroutine", "_wanted")

    def __init__(self, coroutine: Begun, wanted: object) -> None:
        self._coroutine = coroutine
        self._wanted = wanted

    def __await__(self) -> Generator[object, object, None]:
        wanted, coroutine = self._wanted, self._coroutine
        while True:
            try:
                given = yield wanted
            except BaseException as error:  # whatever the task is told, the coroutine is told
                step, argument = coroutine.throw, error
            else:
                step, argument = coroutine.send, given  # type: ignore[assignment]  # two ways of going on
            try:
                wanted = step(argument)
            except StopIteration:
                return


def _begin(coroutine: Begun) -> _Waiting | None:
    try:
        return _Waiting(coroutine, coroutine.send(None))
    except StopIteration:
        return None


async def _rest(waiting: Awaitable[None]) -> None:
    await waiting
