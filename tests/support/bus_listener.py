"""A listener to the events of other processes."""

from gateway.store.events import Kind, ReceivedEvent


class RecordingListener:
    """An `EventListener` that keeps what it hears; it fails on events of the kinds in `fails_on`."""

    def __init__(self, *fails_on: Kind) -> None:
        self.events: list[ReceivedEvent] = []
        self.forgotten = 0
        self._fails_on = fails_on

    @property
    def kinds(self) -> list[Kind | None]:
        return [event.known_kind for event in self.events]

    def receive(self, event: ReceivedEvent) -> None:
        if event.kind in self._fails_on:
            raise RuntimeError("a listener's own fault")
        self.events.append(event)

    def forget_all(self) -> None:
        self.forgotten += 1
