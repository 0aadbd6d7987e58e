"""Daily chains: steps that open day by day, all free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Self

import strawberry

from gateway.domain import models
from gateway.domain.daily_rules import DailyProgress, DailyStepProgress, daily_next_action, daily_progress
from gateway.domain.rules import NextAction, StepState, is_open
from gateway.domain.schedule import Schedule as Plan
from gateway.domain.schedule import schedule_of, seconds_until
from gateway.player import Player
from gateway.schema.common import Item, Schedule, plans_for
from gateway.schema.context import Info
from gateway.schema.fields import computed, describe_enum, known, object_id, read
from gateway.schema.ids import IdKind


class DailyChainType(Enum):
    """How a daily chain counts its days; the upstream may add more (client contract, 4)."""

    CALENDAR_HARD = "calendar_hard"
    ROLLING = "rolling"
    OTHER = ""


describe_enum(
    DailyChainType,
    "How a daily chain counts its days.",
    {
        "CALENDAR_HARD": "By the calendar: each step has its day, and is missed after it.",
        "ROLLING": "Days in a row, counted from the player's own first claim: a day without a claim breaks the streak.",
        "OTHER": "A type that this schema does not define yet: see `typeRaw`.",
    },
    raw_field="typeRaw",
)


@dataclass(frozen=True, slots=True)
class DailyChainView:
    """What a `DailyChain` shows: the chain and what follows from it for the player at one moment.

    `stale_seconds` is the age of a copy that is shown because the chain could not be read, else None.
    """

    chain: models.DailyChain
    plan: Plan
    progress: DailyProgress
    stale_seconds: int | None = None

    @classmethod
    def of(cls, chain: models.DailyChain, player: Player, now: datetime, stale_seconds: int | None = None) -> Self:
        """The view of a chain at a moment."""
        return cls.of_all((chain,), player, now, stale_seconds)[0]

    @classmethod
    def of_all(
        cls, chains: Sequence[models.DailyChain], player: Player, now: datetime, stale_seconds: int | None = None
    ) -> list[Self]:
        """The views of chains at a moment."""
        is_signed_in = player.is_signed_in
        return [
            cls(chain, plan, daily_progress(chain, is_open=is_open(plan, is_signed_in=is_signed_in)), stale_seconds)
            for chain, plan in zip(chains, plans_for(player, chains, now), strict=True)
        ]


@strawberry.type(description="One step of a daily chain.")
class DailyStep:
    number: int = read("step.step_number", "The step's place in the chain, for drawing it.")
    state: StepState = read("state", "Whether the step is closed, ready to claim or claimed.")
    is_missed: bool = read(
        "is_missed", "Whether the day of the step passed without a claim: it stays closed. Show it as missed."
    )
    items: list[Item] = read("step.items", "What the player gets.", shared_path="step.items")
    unlocks_at: datetime | None = read(
        "unlocks_at", "When the step opens, or has opened; null if the upstream does not say."
    )
    id: strawberry.ID = object_id(IdKind.DAILY_STEP, "The id for claiming this step.", "chain_id", "step.step_number")

    @computed(description="Seconds to count down until the step opens; 0 once it has, or while that is due.")
    @staticmethod
    def seconds_until_unlock(root: strawberry.Parent[DailyStepProgress], info: Info) -> int | None:
        return seconds_until(root.unlocks_at, info.context.now)


@strawberry.type(description="A chain of gifts for coming back: its steps open day by day.")
class DailyChain:
    name: str = read("chain.name", "The chain's title to show.")
    description: str | None = read("chain.description", "A text about the chain to show.")
    position: int = read("chain.order", "The chain's place among the others. Lists are in this order already.")
    type_raw: str = read("chain.type", "How the chain counts its days, as the upstream names it.")
    steps: list[DailyStep] = read("progress.steps", "All steps in order.", shared_path="progress.steps")
    next_step: DailyStep | None = read(
        "progress.next_step",
        "The step to point at: the one to claim, else the next one to open; null if there is none.",
    )
    next_unlock_at: datetime | None = read(
        "progress.next_unlock_at",
        "When the next step opens that is not open yet; null if none will, or the upstream does not say. The step that "
        "can be claimed now is missed then.",
    )
    is_completed: bool = read(
        "progress.is_completed", "Whether no step is left: each one is claimed or missed. Show the chain as done."
    )
    claimable_count: int = read(
        "progress.claimable_count", "How many steps are ready to claim: the number in the chain's red dot."
    )
    claimed_count: int = read("progress.claimed_count", "How many steps are claimed.")
    progress_percent: int = read("progress.progress_percent", "Steps claimed in whole percent: the progress bar.")

    age_seconds: int | None = read("stale_seconds", "How old the copy is; null unless `isStale`.")

    @computed(description="Whether this is a copy, shown because the upstream could not be read.")
    @staticmethod
    def is_stale(root: strawberry.Parent[DailyChainView]) -> bool:
        return root.stale_seconds is not None

    id: strawberry.ID = object_id(
        IdKind.DAILY_CHAIN,
        "The chain's id, for reading this chain alone and for claiming all its ready steps.",
        "chain.id",
    )

    @computed(description="How the chain counts its days.")
    @staticmethod
    def type(root: strawberry.Parent[DailyChainView]) -> DailyChainType:
        return known(DailyChainType, root.chain.type, DailyChainType.OTHER)

    @computed(
        description="When the chain runs. The upstream does not say when a daily chain starts over; `cycle` changes "
        "when it has.",
        graphql_type=Schedule,
    )
    @staticmethod
    def schedule(root: strawberry.Parent[DailyChainView], info: Info) -> object:
        return schedule_of(root.chain, info.context.now)

    @computed(description="What the player has to do next: the label of the chain's button.")
    @staticmethod
    def next_action(root: strawberry.Parent[DailyChainView], info: Info) -> NextAction:
        plan, is_signed_in = schedule_of(root.chain, info.context.now), info.context.player.is_signed_in
        is_recurrent = bool(root.chain.is_recurrent)
        return daily_next_action(root.progress, plan, is_signed_in=is_signed_in, is_recurrent=is_recurrent)

    @computed(description="Seconds to count down until the next step opens; 0 while that is due.")
    @staticmethod
    def seconds_until_next_unlock(root: strawberry.Parent[DailyChainView], info: Info) -> int | None:
        return seconds_until(root.progress.next_unlock_at, info.context.now)
