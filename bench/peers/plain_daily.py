"""The plain stack's daily chains."""

from __future__ import annotations

from typing import Any

import strawberry

from bench.peers.plain_player import Player
from bench.peers.plain_types import DailyStep, NextAction, Plan, StepState, to_daily_step, to_id, to_plan


@strawberry.type
class DailyChain:
    id: strawberry.ID
    name: str
    description: str | None
    position: int
    steps: list[DailyStep]
    next_step: DailyStep | None
    next_action: NextAction
    is_completed: bool
    claimable_count: int
    claimed_count: int
    plan: strawberry.Private[Plan]

    @strawberry.field
    def progress_percent(self) -> int:
        return 100 * self.claimed_count // len(self.steps) if self.steps else 100


async def read_daily_chains(player: Player) -> list[DailyChain]:
    page = await player.get("/user/daily_chain")
    return sorted((to_daily_chain(raw, player) for raw in page["items"]), key=lambda chain: chain.position)


def to_daily_chain(raw: dict[str, Any], player: Player) -> DailyChain:
    plan = to_plan(raw, player.now)
    steps = [to_daily_step(raw, one, is_open=plan.is_running and player.is_signed_in) for one in raw["steps"]]
    left = [step for step in steps if step.state is not StepState.CLAIMED and not step.is_missed]
    claimable = [step for step in left if step.state is StepState.AVAILABLE]
    action = NextAction.CLAIM if claimable else NextAction.WAIT
    return DailyChain(
        id=to_id("dc", raw["id"]),
        name=raw["name"],
        description=raw.get("description"),
        position=raw["order"],
        steps=steps,
        next_step=next(iter(claimable + left), None),
        next_action=plan.action(is_completed=not left, is_signed_in=player.is_signed_in, otherwise=action),
        is_completed=not left,
        claimable_count=len(claimable),
        claimed_count=sum(step.state is StepState.CLAIMED for step in steps),
        plan=plan,
    )
