"""The bus: carries changes from where they are noticed to those who listen for the same owner."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from gateway.cache.keys import Owner
from gateway.events.changes import Change, merged


class Listener(Protocol):
    """Receives an owner's changes."""

    async def next(self) -> Change:
        """Wait for what changed since the last call; everything that was not fetched meanwhile is merged into one."""
        ...


class Bus(Protocol):
    """Takes changes and passes them on; a shared one may stand behind the same two calls."""

    def publish(self, owner: Owner, change: Change) -> None:
        """Pass a change on to the owner's listeners, if there are any; it never waits for them."""
        ...

    def listen(self, owner: Owner) -> AbstractContextManager[Listener]:
        """A listener for one owner; it receives from when the context is entered until it is left."""
        ...


class LocalBus:
    """The `Bus` within one process; for one event loop, used from its thread only.

    Nothing is queued: a listener holds at most one change, and an owner to whom nobody listens costs nothing. What
    `name_of` gives for an owner is kept while somebody listens: events of other processes find the owner by it.
    """

    def __init__(self, name_of: Callable[[Owner], object] = lambda owner: owner) -> None:
        self._listeners: dict[Owner, set[LocalListener]] = {}
        self._name_of = name_of

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Those whose changes somebody listens to now."""
        return tuple(self._listeners)

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return sum(map(len, self._listeners.values()))

    def publish(self, owner: Owner, change: Change) -> None:
        for listener in self._listeners.get(owner, ()):
            listener.receive(change)

    @contextmanager
    def listen(self, owner: Owner) -> "Iterator[LocalListener]":
        listener = LocalListener(self._name_of(owner))
        self._listeners.setdefault(owner, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[owner].discard(listener)
            if not self._listeners[owner]:
                del self._listeners[owner]


class LocalListener:
    """One listener of a `LocalBus`; `next` is for one waiter at a time."""

    def __init__(self, name: object) -> None:
        self.name = name
        self._pending: Change | None = None
        self._has_pending = asyncio.Event()

    def receive(self, change: Change) -> None:
        """Take a change in, merged with what is still to be fetched."""
        self._pending = change if self._pending is None else merged(self._pending, change)
        self._has_pending.set()

    async def next(self) -> Change:
        """Wait for what changed since the last call, merged into one."""
        while self._pending is None:
            self._has_pending.clear()
            await self._has_pending.wait()
        change, self._pending = self._pending, None
        return change
