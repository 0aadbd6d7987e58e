"""The clock as the pages show it: the time, how far it was moved, and the next reset to move it to."""

import msgspec

from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.schedules import next_reset
from gateway.sandbox.storage.chains import ChainKind, published_chains
from gateway.sandbox.storage.clock import ClockReading, read_clock
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.projects import all_projects


class Reset(msgspec.Struct, frozen=True):
    """When a chain starts over next, in seconds since 1970."""

    at: int
    chain: Texts | None


class ClockFacts(msgspec.Struct, frozen=True):
    """The clock's reading; `next_reset` is None where no chain that runs has a schedule."""

    reading: ClockReading
    next_reset: Reset | None


def load_clock(tx: Transaction) -> ClockFacts:
    """Read the clock, and which chain of all projects resets first."""
    resets = [
        Reset(next_reset(chain.schedule, tx.now), chain.name)
        for project in all_projects(tx)
        for kind in ChainKind
        for chain in published_chains(tx, project.project_id, kind, is_enabled=True)
        if chain.schedule and chain.is_active(tx.now)
    ]
    return ClockFacts(read_clock(tx), min(resets, key=lambda reset: reset.at, default=None))
