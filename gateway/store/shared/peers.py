"""Events that this process publishes to the others of its fleet."""

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

    An event that could not be published is published again in the background. Only the beginning of a write is not: the
    write is over by then.
    """

    def __init__(self, publisher: SharedPublisher, confirmations: Confirmations, background: Background) -> None:
        self._publisher = publisher
        self._confirmations = confirmations
        self._background = background
        self._publishing: set[asyncio.Future[object]] = set()

    async def send(self, event: Event) -> None:
        """Publish an event. Raises StoreUnavailable."""
        await self._publisher.send(self._publisher.pack(event))

    async def publish(self, event: Event) -> bool:
        """Publish an event, later if that fails now; whether it was published at once."""
        packed = self._publisher.pack(event)
        try:
            await self._publisher.send(packed)
        except StoreUnavailable:
            if event.kind is not Kind.BEGIN:
                self._background.repeat("publish", lambda: self._publisher.send(packed))
            return False
        return True

    def tell(self, event: Event) -> None:
        """Publish an event without waiting for it."""
        self._begin(self.publish(event))

    def reject(self, owner: Owner) -> None:
        """Publish that a credential is not accepted any more, and forget that it was."""
        self._begin(self._confirmations.reject(owner))
        self.tell(Event(Kind.REJECTED, owner=owner))

    async def aclose(self) -> None:
        """Wait for events that are being published."""
        await asyncio.gather(*self._publishing)

    def _begin(self, publishing: Awaitable[object]) -> None:
        task = asyncio.ensure_future(publishing)
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)
