"""For how long what chains show is true: until one of them starts, ends, starts over or opens a step. Pure."""

from collections.abc import Iterable, Iterator
from math import inf

from msgspec import Struct

from gateway.domain.daily_rules import CLAIM_IN_FUTURE
from gateway.domain.models import Chain, DailyChain
from gateway.domain.schedule import reset_time, unix_moment, utc

OVERDUE_SECONDS = 1.0
"""How long a value is kept at least whose end or reset has passed: the upstream is late with the new state."""

OVERDUE_SHARE = 0.1
"""How long such a value is kept, as a share of how late the upstream is: it is asked less and less often."""


class Boundaries(Struct, frozen=True, gc=False):
    """The boundaries of chains around the moment at which they were read, in Unix seconds.

    `next_at` is the next start, end, reset or opening of a daily step; infinity where there is none. `overdue_since` is
    the latest of them, without starts, that had passed already when the chains were read, so that the upstream may show
    something new at any moment; minus infinity where there is none.
    """

    next_at: float = inf
    overdue_since: float = -inf

    def seconds_left(self, moment: float, *, spread: float = 0) -> float:
        """For how long what was read at `moment` may be kept, in seconds; infinity where no boundary says.

        Up to the next boundary. Where a boundary has passed without the upstream showing it, for a short time that
        grows with its lateness. `spread`, from 0 to 1, lengthens that time up to twice, so that not all players who
        reached the boundary together ask again together.
        """
        has_passed = self.next_at <= moment
        late_seconds = moment - (self.next_at if has_passed else self.overdue_since)
        until_next_try = max(OVERDUE_SECONDS, late_seconds * OVERDUE_SHARE) * (1 + spread)
        return until_next_try if has_passed else min(self.next_at - moment, until_next_try)


def boundaries_of(chains: Iterable[Chain], moment: float) -> Boundaries:
    """The boundaries of chains that were read at `moment`, in Unix seconds."""
    next_at, overdue_since = inf, -inf
    for chain in chains:
        for boundary, replaces_chain in _moments(chain):
            if boundary > moment:
                next_at = min(next_at, boundary)
            elif replaces_chain:
                overdue_since = max(overdue_since, boundary)
    return Boundaries(next_at, overdue_since)


def _moments(chain: Chain) -> Iterator[tuple[float, bool]]:
    """A chain's boundaries, and whether the upstream has something else to show from then on."""
    yield utc(chain.date_start).timestamp(), False
    if chain.date_end is not None:
        yield utc(chain.date_end).timestamp(), True
    if isinstance(chain, DailyChain):
        yield from _unlocks(chain)
        return
    recurrence = chain.recurrent_schedule
    resets_at = reset_time(recurrence) if recurrence else None
    if resets_at is not None:
        yield resets_at.timestamp(), True


def _unlocks(chain: DailyChain) -> Iterator[tuple[float, bool]]:
    """When the steps open that have not yet. What one day offers ends as the next one begins."""
    for step in chain.steps:
        if step.status == CLAIM_IN_FUTURE and step.unlocked_date is not None:
            unlocks_at = unix_moment(step.unlocked_date)
            if unlocks_at is not None:
                yield unlocks_at.timestamp(), True
