"""The bus: changes on their way from whoever learns of them to whoever listens for the same owner."""

import asyncio
from types import TracebackType
from typing import Protocol, Self

from gateway.cache.keys import Owner
from gateway.events.changes import Change, merged


class Listener(Protocol):
    """Hears an owner's changes from when its context is entered until it is left."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    async def next(self) -> Change:
        """Wait for what changed since the last call; everything that nobody took meanwhile is merged into one."""
        ...


class Bus(Protocol):
    """Takes changes and tells them; a shared one may stand behind the same two calls."""

    def publish(self, owner: Owner, change: Change) -> None:
        """Tell the owner's listeners, if there are any."""
        ...

    def listen(self, owner: Owner) -> Listener:
        """A listener for one owner, deaf until its context is entered."""
        ...


class LocalBus:
    """The bus within one process; for one event loop, used from its thread only.

    Nothing is queued: a listener holds at most one change, and an owner to whom nobody listens costs nothing.
    """

    def __init__(self) -> None:
        self._listeners: dict[Owner, set[LocalListener]] = {}

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return sum(map(len, self._listeners.values()))

    def publish(self, owner: Owner, change: Change) -> None:
        """Tell the owner's listeners; it never waits for them."""
        for listener in self._listeners.get(owner, ()):
            listener.hear(change)

    def listen(self, owner: Owner) -> "LocalListener":
        """A listener for one owner, deaf until its context is entered."""
        return LocalListener(self, owner)

    def add(self, listener: "LocalListener") -> None:
        """Let a listener hear."""
        self._listeners.setdefault(listener.owner, set()).add(listener)

    def remove(self, listener: "LocalListener") -> None:
        """Let a listener hear no more."""
        others = self._listeners[listener.owner]
        others.discard(listener)
        if not others:
            del self._listeners[listener.owner]


class LocalListener:
    """One listener of a `LocalBus`; `next` is for one waiter at a time."""

    def __init__(self, bus: LocalBus, owner: Owner) -> None:
        self.owner = owner
        self._bus = bus
        self._heard: Change | None = None
        self._something = asyncio.Event()

    def __enter__(self) -> Self:
        self._bus.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bus.remove(self)

    def hear(self, change: Change) -> None:
        """Take a change in, together with what is still to be told."""
        self._heard = change if self._heard is None else merged(self._heard, change)
        self._something.set()

    async def next(self) -> Change:
        """Wait for what changed since the last call, merged into one."""
        while self._heard is None:
            self._something.clear()
            await self._something.wait()
        change, self._heard = self._heard, None
        return change
