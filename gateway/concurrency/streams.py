"""Streams that are read value by value: closable ones, and bodies within a bound."""

from collections.abc import AsyncIterable, Awaitable, Callable
from contextlib import ExitStack
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Stream(Generic[T]):
    """One value after another, until there are no more or it is closed; for one task at a time.

    `next_value` waits for the next value and raises StopAsyncIteration after the last one. Any error of it ends the
    stream, also a cancellation. `resources` are closed then.
    """

    def __init__(self, next_value: Callable[[], Awaitable[T]], resources: ExitStack) -> None:
        self._next_value = next_value
        self._resources = resources
        self._is_closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._is_closed:
            raise StopAsyncIteration
        try:
            return await self._next_value()
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Close everything that the stream holds; harmless more than once."""
        self._is_closed = True
        self._resources.close()


async def read_bounded(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes | None:
    """All chunks joined, or None as soon as they have more than `max_bytes` together; the rest is not read."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            return None
    return bytes(body)
