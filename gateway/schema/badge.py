"""The badge: what the main menu shows about all chains together."""

from dataclasses import dataclass
from datetime import datetime

import strawberry

from gateway.domain import badge
from gateway.schema.fields import computed, read


@dataclass(frozen=True, slots=True)
class BadgeView:
    """The badge, and how old the oldest copy is that it counts because something could not be read, else None."""

    counts: badge.Badge
    stale_seconds: int | None


@strawberry.type(description="What the main menu shows about all chains together.")
class Badge:
    claimable_offer_steps: int = read(
        "counts.claimable_offer_steps", "How many offer chains have a free step to claim."
    )
    claimable_reward_steps: int = read("counts.claimable_reward_steps", "How many reward steps are ready to claim.")
    claimable_daily_steps: int = read("counts.claimable_daily_steps", "How many daily steps are ready to claim.")
    ending_soon_count: int = read("counts.ending_soon_count", "How many unfinished chains end within 24 hours.")
    next_expiry: datetime | None = read(
        "counts.next_expiry",
        "What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a "
        "daily step that can be claimed is missed; null if there is none.",
    )

    @computed(description="How many steps can be claimed for free now: the number in the red dot.")
    @staticmethod
    def claimable_count(root: strawberry.Parent[BadgeView]) -> int:
        counts = root.counts
        return counts.claimable_offer_steps + counts.claimable_reward_steps + counts.claimable_daily_steps

    age_seconds: int | None = read("stale_seconds", "How old the oldest copy is; null unless `isStale`.")

    @computed(description="Whether it counts copies of chains or points, because the upstream could not be read.")
    @staticmethod
    def is_stale(root: strawberry.Parent[BadgeView]) -> bool:
        return root.stale_seconds is not None
