"""The store's figures."""

from collections.abc import Callable, Iterable

from gateway.store.errors import REASONS
from gateway.store.events import Kind
from gateway.store.ports import Found
from gateway.telemetry.metrics import Metrics, Sample

COMMANDS = (
    "publish",
    "read",
    "look",
    "epoch",
    "check",
    "begin",
    "change",
    "give_order",
    "lost_orders",
    "ticket",
    "confirmation",
    "webhook",
    "release",
)
"""What is asked of the store, for metrics."""

_KINDS = (*[kind.name.lower() for kind in Kind], "unknown")
_GOT = ("yes", "no")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25)


class StoreMetrics:
    """How long commands took, how they failed, and what was found under keys."""

    def __init__(self, metrics: Metrics) -> None:
        self.is_up = True
        self.pending = 0
        self._took = metrics.timing(
            "gateway_store_seconds", "How long commands to the store took.", seconds=_SECONDS, command=COMMANDS
        )
        self._failed = metrics.tally(
            "gateway_store_failures", "Commands that the store did not answer.", command=COMMANDS, reason=REASONS
        )
        self._refused = metrics.tally("gateway_writes_refused", "Writes that were not sent: no record could be made.")
        self._unshared = metrics.tally(
            "gateway_writes_unshared", "Writes that only this process recorded, because the store did not answer."
        )
        self._found = metrics.tally(
            "gateway_keys", "What was found under keys.", found=[found.value for found in Found]
        )
        self._expired = metrics.tally("gateway_leases_expired", "Writes whose lease ran out before they ended.")
        self._tickets = metrics.tally("gateway_tickets", "Polls that were allowed, and those left to others.", got=_GOT)
        self._events = metrics.tally("gateway_bus_events", "Events of other processes.", kind=_KINDS)
        self._gaps = metrics.tally("gateway_bus_gaps", "Times that events were missed, and all was forgotten.")
        self._epochs = metrics.tally("gateway_epoch_changes", "Times that the store had lost its data.")
        self.silence: Callable[[], float] = float
        metrics.watch(self.samples)

    def took(self, command: str, seconds: float) -> None:
        """Count a command that was answered."""
        self._took.took(seconds, command)

    def failed(self, command: str, reason: str) -> None:
        """Count a command that was not."""
        self._failed.count(command, reason)

    def refused(self) -> None:
        """Count a write that may not be sent."""
        self._refused.count()

    def unshared(self) -> None:
        """Count a write that another process may send too."""
        self._unshared.count()

    def found(self, found: Found) -> None:
        """Count what was found under a key."""
        self._found.count(found.value)
        if found is Found.LOST:
            self._expired.count()

    def ticket(self, *, is_taken: bool) -> None:
        """Count a poll that this process may make, or that is left to another."""
        self._tickets.count("yes" if is_taken else "no")

    def count_event(self, kind: Kind | None) -> None:
        """Count an event of another process; None is one that this release does not know."""
        self._events.count("unknown" if kind is None else kind.name.lower())

    def missed(self) -> None:
        """Count a gap in the events."""
        self._gaps.count()

    def lost_records(self) -> None:
        """Count a loss of the store's data."""
        self._epochs.count()

    def samples(self) -> Iterable[Sample]:
        """Whether the store answers, and what is still to be sent to it."""
        yield Sample("gateway_store_up", "Whether the store answered the last command.", int(self.is_up))
        yield Sample("gateway_bus_silence_seconds", "How long events have not come.", self.silence())
        yield Sample("gateway_drops_pending", "Changes to records that are tried again.", self.pending)
