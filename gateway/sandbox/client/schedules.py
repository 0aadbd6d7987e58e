"""The player's view of a chain's renewal."""

from gateway.sandbox.client.responses import ResetSchedule
from gateway.sandbox.domain.schedules import next_reset
from gateway.sandbox.storage.chains import Chain


def reset_schedule(chain: Chain, now: float) -> ResetSchedule | None:
    """Tell the kind of the schedule and its next reset; how it is configured stays with the publisher."""
    if chain.schedule is None:
        return None
    return ResetSchedule(chain.schedule.interval_type, next_reset(chain.schedule, now))
