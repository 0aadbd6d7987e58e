"""A chain's next renewal, as players' responses have it."""

from gateway.sandbox.client.responses import ResetSchedule
from gateway.sandbox.domain.schedules import next_reset
from gateway.sandbox.storage.chains import Chain


def reset_schedule(chain: Chain, now: float) -> ResetSchedule | None:
    """Return the kind of the schedule and its next reset; only the publisher sees how it is configured."""
    if chain.schedule is None:
        return None
    return ResetSchedule(chain.schedule.interval_type, next_reset(chain.schedule, now))
