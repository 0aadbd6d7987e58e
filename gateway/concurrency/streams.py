"""What a door gives that has more than one answer."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Stream(Generic[T]):
    """One value after another, until there are no more or it is closed; for one task at a time.

    `take` waits for the next value and raises StopAsyncIteration after the last one. Whatever it raises ends the
    stream, also a cancellation. `opened` is what is let go then.
    """

    def __init__(self, take: Callable[[], Awaitable[T]], opened: ExitStack) -> None:
        self._take = take
        self._opened = opened
        self._is_closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._is_closed:
            raise StopAsyncIteration
        try:
            return await self._take()
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Let go of everything; harmless when that is done."""
        self._is_closed = True
        self._opened.close()
