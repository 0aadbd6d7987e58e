"""What this process tells the others of its fleet."""

import asyncio
from collections.abc import Awaitable

from gateway.cache.keys import Owner
from gateway.store.errors import StoreUnavailable
from gateway.store.events import Event, Kind
from gateway.store.ports import Confirmations
from gateway.store.shared.background import Background
from gateway.store.shared.publisher import SharedPublisher


class SharedPeers:
    """`Peers` of a process in a fleet; for one event loop.

    What could not be told is told again in the background, so that a process that hears again hears of it. Only the
    beginning of a write is not: the write is over by then.
    """

    def __init__(self, publisher: SharedPublisher, confirmations: Confirmations, background: Background) -> None:
        self._publisher = publisher
        self._confirmations = confirmations
        self._background = background
        self._telling: set[asyncio.Future[object]] = set()

    async def send(self, event: Event) -> None:
        """Tell an event. Raises StoreUnavailable."""
        await self._publisher.send(self._publisher.pack(event))

    async def publish(self, event: Event) -> bool:
        """Whether the event is on its way; where it is not, it is told later."""
        packed = self._publisher.pack(event)
        try:
            await self._publisher.send(packed)
        except StoreUnavailable:
            if event.kind is not Kind.BEGIN:
                self._background.repeat("publish", lambda: self._publisher.send(packed))
            return False
        return True

    def tell(self, event: Event) -> None:
        """Tell an event without waiting for it."""
        self._begin(self.publish(event))

    def reject(self, owner: Owner) -> None:
        """Tell that a credential is accepted no more, and forget that it was."""
        self._begin(self._confirmations.reject(owner))
        self.tell(Event(Kind.REJECTED, owner=owner))

    async def aclose(self) -> None:
        """Wait for what is being told."""
        await asyncio.gather(*self._telling)

    def _begin(self, telling: Awaitable[object]) -> None:
        task = asyncio.ensure_future(telling)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
