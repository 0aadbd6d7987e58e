"""For how long what chains show is true: until one of them starts, ends, starts over or opens a step. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import inf

from msgspec import Struct

from gateway.domain.daily_rules import CLAIM_IN_FUTURE
from gateway.domain.models import Chain, DailyChain
from gateway.domain.schedule import unix_seconds

OVERDUE_SECONDS = 1.0
"""How long a value is kept at least whose end or reset has passed: the upstream is late with the new state."""

OVERDUE_SHARE = 0.1
"""How long such a value is kept, as a share of how late the upstream is: it is asked less and less often."""


_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


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
    now = datetime.fromtimestamp(moment, UTC)
    # Dates are compared as they are: to turn each into seconds costs more than all the rest.
    coming, passed = _LAST, _FIRST
    next_at, overdue_since = inf, -inf
    for chain in chains:
        starts_at, ends_at = chain.date_start, chain.date_end
        if starts_at.tzinfo is None:
            starts_at = starts_at.replace(tzinfo=UTC)
        if now < starts_at < coming:
            coming = starts_at
        if ends_at is not None:
            if ends_at.tzinfo is None:
                ends_at = ends_at.replace(tzinfo=UTC)
            if ends_at <= now:
                passed = max(passed, ends_at)
            elif ends_at < coming:
                coming = ends_at
        if isinstance(chain, DailyChain) or chain.recurrent_schedule is not None:
            for boundary in _other_replacements(chain):
                if boundary <= moment:
                    overdue_since = max(overdue_since, boundary)
                elif boundary < next_at:
                    next_at = boundary
    if coming is not _LAST:
        next_at = min(next_at, coming.timestamp())
    if passed is not _FIRST:
        overdue_since = max(overdue_since, passed.timestamp())
    return Boundaries(next_at, overdue_since)


def _other_replacements(chain: Chain) -> Sequence[float]:
    """The boundaries besides its end from which on the upstream has something else to show."""
    if isinstance(chain, DailyChain):
        return _unlocks(chain)
    recurrence = chain.recurrent_schedule
    if recurrence is None or recurrence.reset_next_date is None:
        return ()
    resets_at = unix_seconds(recurrence.reset_next_date)
    return () if resets_at is None else (resets_at,)


def _unlocks(chain: DailyChain) -> list[float]:
    """When the steps open that have not yet. What one day offers ends as the next one begins."""
    values = [step.unlocked_date for step in chain.steps if step.status == CLAIM_IN_FUTURE and step.unlocked_date]
    return [unlocks_at for value in values if (unlocks_at := unix_seconds(value)) is not None]
