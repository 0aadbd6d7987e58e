"""The other processes of a gateway that is alone: there are none."""

from gateway.cache.keys import Owner
from gateway.store.events import Event


class LocalPeers:
    """`Peers` of a process that is alone."""

    async def send(self, event: Event) -> None:
        """Do nothing: everybody knows."""

    async def publish(self, event: Event) -> bool:  # noqa: ARG002
        """Answer that everybody knows."""
        return True

    def tell(self, event: Event) -> None:
        """Do nothing: everybody knows."""

    def reject(self, owner: Owner) -> None:
        """Do nothing: everybody knows."""
