"""The badge: what the main menu shows about all chains together."""

from datetime import datetime

import strawberry

from gateway.domain import badge
from gateway.schema.fields import computed, read


@strawberry.type(description="What the main menu shows about all chains together.")
class Badge:
    claimable_offer_steps: int = read("claimable_offer_steps", "How many offer chains have a free step to claim.")
    claimable_reward_steps: int = read("claimable_reward_steps", "How many reward steps are ready to claim.")
    claimable_daily_steps: int = read("claimable_daily_steps", "How many daily steps are ready to claim.")
    ending_soon_count: int = read("ending_soon_count", "How many unfinished chains end within 24 hours.")
    next_expiry: datetime | None = read(
        "next_expiry",
        "What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a "
        "daily step that can be claimed is missed; null if there is none.",
    )

    @computed(description="How many steps can be claimed for free now: the number in the red dot.")
    @staticmethod
    def claimable_count(root: strawberry.Parent[badge.Badge]) -> int:
        return root.claimable_offer_steps + root.claimable_reward_steps + root.claimable_daily_steps
