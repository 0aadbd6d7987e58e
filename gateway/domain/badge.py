"""What the main menu shows about all chains together. Pure; time comes in as an aware `datetime`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from gateway.domain.daily_rules import DailyProgress
from gateway.domain.reward_rules import RewardProgress
from gateway.domain.rules import OfferProgress
from gateway.domain.schedule import Phase, Schedule


class Badge(Struct, frozen=True):
    """What the main menu shows about all chains together.

    `open_plans` are those of running chains that are not completed; `day_ends` when daily steps that can be claimed are
    lost.
    """

    claimable_offer_steps: int
    claimable_reward_steps: int
    claimable_daily_steps: int
    open_plans: Sequence[Schedule]
    day_ends: Sequence[datetime]

    @property
    def ending_soon_count(self) -> int:
        """How many chains that are not completed end soon."""
        return sum([plan.phase is Phase.ENDING_SOON for plan in self.open_plans])

    @property
    def next_expiry(self) -> datetime | None:
        """The soonest end or reset still to come of a chain that is not completed, or the soonest end of a day."""
        ends = [plan.ends_at for plan in self.open_plans if plan.ends_at]
        resets = [at for plan in self.open_plans if (at := plan.resets_at) and at > plan.now]
        return min((*ends, *resets, *self.day_ends), default=None)


def badge(
    offers: Iterable[tuple[OfferProgress, Schedule]],
    rewards: Iterable[tuple[RewardProgress, Schedule]],
    dailies: Iterable[tuple[DailyProgress, Schedule]],
    now: datetime,
) -> Badge:
    """Count what the player can take right now without paying, and when something is lost next.

    Only running chains count. A daily step that can be claimed is lost when the next one opens, because a missed one
    cannot be had any more (client contract, 4). What can be taken is what the progress of the chains says.
    """
    running_offers = [(progress, plan) for progress, plan in offers if plan.phase.is_running]
    running_rewards = [(progress, plan) for progress, plan in rewards if plan.phase.is_running]
    running_dailies = [(progress, plan) for progress, plan in dailies if plan.phase.is_running]
    open_plans = [plan for progress, plan in running_offers if not progress.is_completed]
    open_plans += [plan for progress, plan in running_rewards if not progress.is_completed]
    open_plans += [plan for progress, plan in running_dailies if not progress.is_completed]
    day_ends = [progress.next_unlock_at for progress, _ in running_dailies if progress.claimable_count]
    return Badge(
        claimable_offer_steps=sum([progress.claimable_count for progress, _ in running_offers]),
        claimable_reward_steps=sum([progress.claimable_count for progress, _ in running_rewards]),
        claimable_daily_steps=sum([progress.claimable_count for progress, _ in running_dailies]),
        open_plans=open_plans,
        day_ends=[day_end for day_end in day_ends if day_end and day_end > now],
    )
