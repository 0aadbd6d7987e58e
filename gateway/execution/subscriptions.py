"""How a subscription runs: a source of events, and a result for each of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Self, TypeVar

from gateway.concurrency.streams import Stream
from gateway.schema.context import Context

R = TypeVar("R")


class ResultStream(Generic[R]):
    """The results of a subscription; one task at a time waits for the next, and any task may close the stream.

    `execute` runs an event in a context of its own and raises nothing. `fail` makes a result of an error of the source,
    which is the last one. Cancelling the wait for a result closes the stream.
    """

    def __init__(
        self,
        source: Stream[object],
        listening: Context,
        *,
        contexts: Callable[[], Context],
        execute: Callable[[object, Context], Awaitable[R]],
        fail: Callable[[Exception], R],
    ) -> None:
        self._source = source
        self._contexts = contexts
        self._execute = execute
        self._fail = fail
        self._in_use = [listening]
        self._is_closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        if self._is_closed:
            raise StopAsyncIteration
        try:
            result = await self._run(await anext(self._source))
        except (StopAsyncIteration, asyncio.CancelledError):
            await self.aclose()
            raise
        except Exception as error:
            await self.aclose()
            return self._fail(error)
        if self._is_closed:
            raise StopAsyncIteration
        return result

    async def aclose(self) -> None:
        """Release everything at once, and end a wait for the next result; harmless more than once."""
        self._is_closed = True
        for context in self._in_use:
            context.player.abandon()
        await self._source.aclose()

    async def _run(self, event: object) -> R:
        """The result of one event. When the wait for it is cancelled, its upstream reads are abandoned."""
        context = self._contexts()
        running = asyncio.ensure_future(self._execute(event, context))
        self._in_use.append(context)
        try:
            # Shielded: a cancellation must reach the reads below, and not the executor.
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # The execution itself is not cancelled: graphql-core would leave coroutines behind that were never started,
            # and Python warns of those. Abandoning the player ends every read, so the execution ends by itself.
            context.player.abandon()
            await asyncio.wait((running,))
            raise
        finally:
            self._in_use.remove(context)
