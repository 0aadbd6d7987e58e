"""Offer chains: steps taken one after the other, each free or bought."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import strawberry
from msgspec import Struct

from gateway.domain import models
from gateway.domain.rules import (
    NextAction,
    OfferProgress,
    StepState,
    is_open,
    offer_next_action,
    offer_progress,
)
from gateway.domain.schedule import Schedule as Plan
from gateway.domain.schedule import schedule_of
from gateway.player import Player
from gateway.schema.common import Item, Money, Schedule, plans_for, price_before_discount
from gateway.schema.context import Info
from gateway.schema.fields import computed, object_id, read, url
from gateway.schema.ids import IdKind
from gateway.schema.scalars import BigInt


class OfferChainView(Struct, frozen=True):
    """What an `OfferChain` shows: the chain and what follows from it for the player at one moment.

    `stale_seconds` is the age of a copy that is shown because the chain could not be read, else None.
    """

    chain: models.OfferChain
    plan: Plan
    progress: OfferProgress
    stale_seconds: int | None = None

    @classmethod
    def of(cls, chain: models.OfferChain, player: Player, now: datetime, stale_seconds: int | None = None) -> Self:
        """The view of a chain at a moment."""
        return cls.of_all((chain,), player, now, stale_seconds)[0]

    @classmethod
    def of_all(
        cls, chains: Sequence[models.OfferChain], player: Player, now: datetime, stale_seconds: int | None = None
    ) -> list[Self]:
        """The views of chains at a moment."""
        is_signed_in = player.is_signed_in
        return [
            cls(chain, plan, offer_progress(chain, is_open=is_open(plan, is_signed_in=is_signed_in)), stale_seconds)
            for chain, plan in zip(chains, plans_for(player, chains, now), strict=True)
        ]


@strawberry.type(description="Value points that come with a step.")
class PointReward:
    item_id: BigInt | None = read(
        "item_id", "The value point's number in the vendor's Publisher Account; null if the upstream does not send it."
    )
    sku: str = read("sku", "The value point's key; a reward chain's `balance.sku` tells where it counts.")
    name: str | None = read("name", "The points' name to show.")
    amount: BigInt = read("amount", "How many points the step gives.")
    image_url: str | None = url("image_url", "The points' picture.")
    is_clan: bool = read("is_clan", "Whether the points count for the player's clan.")


@strawberry.type(
    description="Loyalty points that come with a step. The vendor does not document their fields: any may be null."
)
class LoyaltyReward:
    item_id: BigInt | None = read("item_id", "The loyalty points' number in the vendor's Publisher Account.")
    sku: str | None = read("sku", "The loyalty points' key.")
    name: str | None = read("name", "The loyalty points' name to show.")
    amount: BigInt | None = read("amount", "How many the step gives.")
    image_url: str | None = url("image_url", "The loyalty points' picture.")


@strawberry.type(description="One step of an offer chain.")
class OfferStep:
    number: int = read("step.step_number", "The step's place in the chain, for drawing it.")
    state: StepState = read("state", "Whether the step is closed, open or taken.")
    is_free: bool = read("step.is_free", "True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.")
    price: Money | None = read("step.step_price", "The price to show on a paid step; null on a free one.")
    price_before_discount: Money | None = price_before_discount("step.step_price")
    items: list[Item] = read(
        "step.items", "What the player gets; at present always one item.", shared_path="step.items"
    )
    value_points: list[PointReward] = read(
        "step.step_vp_rewards", "Value points that come with the step.", shared_path="step.step_vp_rewards"
    )
    loyalty_rewards: list[LoyaltyReward] = read(
        "step.step_loyalty_rewards", "Loyalty points that come with the step.", shared_path="step.step_loyalty_rewards"
    )
    id: strawberry.ID = object_id(
        IdKind.OFFER_STEP, "The id for claiming or ordering this step.", "chain_id", "step.step_number"
    )


@strawberry.type(description="A chain of offers: each step is free or bought, and opens the next.")
class OfferChain:
    name: str = read("chain.name", "The chain's title to show.")
    description: str | None = read("chain.description", "A text about the chain to show.")
    position: int = read("chain.order", "The chain's place among the others. Lists are in this order already.")
    steps: list[OfferStep] = read("progress.steps", "All steps in order.", shared_path="progress.steps")
    next_step: OfferStep | None = read(
        "progress.next_step",
        "The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is none.",
    )
    is_completed: bool = read("progress.is_completed", "Whether every step is taken: show the chain as done.")
    claimable_count: int = read(
        "progress.claimable_count",
        "How many free steps are ready to claim, one at most: the number in the chain's red dot.",
    )
    claimed_count: int = read("progress.claimed_count", "How many steps are taken.")
    progress_percent: int = read("progress.progress_percent", "Steps taken in whole percent: the progress bar.")

    age_seconds: int | None = read("stale_seconds", "How old the copy is; null unless `isStale`.")

    @computed(description="Whether this is a copy, shown because the upstream could not be read.")
    @staticmethod
    def is_stale(root: strawberry.Parent[OfferChainView]) -> bool:
        return root.stale_seconds is not None

    id: strawberry.ID = object_id(IdKind.OFFER_CHAIN, "The chain's id, for reading this chain alone.", "chain.id")

    @computed(description="When the chain runs, and when it starts over.", graphql_type=Schedule)
    @staticmethod
    def schedule(root: strawberry.Parent[OfferChainView], info: Info) -> object:
        return schedule_of(root.chain, info.context.now)

    @computed(description="What the player has to do next: the label of the chain's button.")
    @staticmethod
    def next_action(root: strawberry.Parent[OfferChainView], info: Info) -> NextAction:
        plan = schedule_of(root.chain, info.context.now)
        return offer_next_action(root.progress, plan, is_signed_in=info.context.player.is_signed_in)
