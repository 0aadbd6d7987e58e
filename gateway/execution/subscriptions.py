"""How a subscription runs: a source of events, and for each of them an answer of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Self, TypeVar

from gateway.concurrency.streams import Stream
from gateway.schema.context import Context

R = TypeVar("R")


class Answers(Generic[R]):
    """The answers of a subscription; one task at a time waits for the next, and any may close them.

    `answer` runs an event in a context of its own and raises nothing; `fail` words an error of the source, and that
    answer is the last one. Cancelling the wait for an answer closes them.
    """

    def __init__(
        self,
        source: Stream[object],
        listening: Context,
        *,
        contexts: Callable[[], Context],
        answer: Callable[[object, Context], Awaitable[R]],
        fail: Callable[[Exception], R],
    ) -> None:
        self._source = source
        self._contexts = contexts
        self._answer = answer
        self._fail = fail
        self._in_use = [listening]
        self._is_closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        if self._is_closed:
            raise StopAsyncIteration
        try:
            answer = await self._run(await anext(self._source))
        except (StopAsyncIteration, asyncio.CancelledError):
            await self.aclose()
            raise
        except Exception as error:
            await self.aclose()
            return self._fail(error)
        if self._is_closed:
            raise StopAsyncIteration
        return answer

    async def aclose(self) -> None:
        """Let go of everything at once, and end the wait of whoever waits for an answer; harmless afterwards."""
        self._is_closed = True
        for context in self._in_use:
            context.player.abandon()
        await self._source.aclose()

    async def _run(self, event: object) -> R:
        """The answer to one event; when the wait for it is cancelled, what its doors wait for is let go."""
        context = self._contexts()
        running = asyncio.ensure_future(self._answer(event, context))
        self._in_use.append(context)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # Not cancelled itself: the executor would leave coroutines behind that never began.
            context.player.abandon()
            await asyncio.wait((running,))
            raise
        finally:
            self._in_use.remove(context)
