"""Reward chains: thresholds of value points, of a player or of a clan."""

from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Annotated

import strawberry

from gateway.domain import models
from gateway.domain.reward_rules import reward_next_action
from gateway.domain.rules import NextAction, StepState, localised
from gateway.domain.schedule import schedule_of
from gateway.schema.common import Item, Schedule
from gateway.schema.context import Info
from gateway.schema.earning import EarningItem, EarningItemView, earning_items
from gateway.schema.fields import computed, describe_enum, known, object_id, read, url
from gateway.schema.ids import IdKind
from gateway.schema.reward_views import RewardChainView
from gateway.schema.scalars import BigInt

_with_points = partial(read, after=RewardChainView.load_points)
"""A field that follows from the player's points, which are loaded before it is read."""


class ClanType(Enum):
    """Words for a clan; the upstream may add more (client contract, 2.1)."""

    CLAN = "clan"
    GUILD = "guild"
    FACTION = "faction"
    COMMUNITY = "community"
    TEAM = "team"
    SQUAD = "squad"
    ALLIANCE = "alliance"
    ASSOCIATION = "association"
    COALITION = "coalition"
    UNION = "union"
    GROUP = "group"
    CIVILIZATIONS = "civilizations"
    DYNASTY = "dynasty"
    ORDER = "order"
    LEAGUE = "league"
    BROTHERHOOD = "brotherhood"
    KINGDOM = "kingdom"
    ORGANIZATION = "organization"
    HOUSE = "house"
    EMPIRE = "empire"
    TRIBE = "tribe"
    CARTEL = "cartel"
    OTHER = ""


describe_enum(
    ClanType,
    "What the game calls a clan.",
    {kind.name: f"Show the word for “{kind.value}”." for kind in ClanType}
    | {"OTHER": "A word that this schema does not define yet: see `clanTypeRaw`."},
    raw_field="clanTypeRaw",
)


@strawberry.type(description="Value points held by the player, or by the clan.")
class PointBalance:
    sku: str = read("sku", "The value point's key; chains with the same key share one balance.")
    name: str = read("name", "The points' name to show.")
    description: str | None = read("description", "A sentence about the points: what they are, how they are earned.")
    long_description: str | None = read("long_description", "A longer text about the points.")
    image_url: str | None = url("image_url", "The points' picture.")
    is_clan: bool = read("is_clan", "Whether the points belong to the clan.")

    @computed(description="How many points are held.")
    @staticmethod
    def amount(root: strawberry.Parent[models.ValuePoint]) -> BigInt:
        return BigInt(root.amount or 0)


@strawberry.type(description="A clan member who contributed points.")
class Contributor:
    name: str = read("name", "The member's name to show.")
    amount: BigInt = read("contributed_amount", "The points that the member contributed.")


@strawberry.type(description="A hint to show when the player wants to know how a chain works.")
class Popup:
    header: str | None = read("header", "The hint's heading, in the player's language where there is one.")
    instruction: str | None = read("instruction", "The hint's text, in the player's language where there is one.")
    image_url: str | None = url("image_url", "The hint's picture.")


@dataclass(frozen=True, slots=True)
class PopupView:
    """The texts of a popup in one language."""

    header: str | None
    instruction: str | None
    image_url: str | None


@strawberry.type(description="One step of a reward chain: a number of points and what it gives.")
class RewardStep:
    number: int = read("number", "The step's place in the chain, for drawing it.")
    name: str = read("step.name", "The step's name to show.")
    image_url: str | None = url("step.image_url", "The step's picture.")
    state: StepState = read("state", "Whether the step is closed, ready to claim or claimed.")
    points_required: BigInt = read("step.price.amount", "The points that open the step.")
    points_missing: BigInt = read(
        "points_missing", "The points still missing; 0 when they are reached or the step is claimed.", is_personal=True
    )
    rewards: list[Item] = read("step.reward", "What the player gets.", shared_path="step.reward")
    id: strawberry.ID = object_id(IdKind.REWARD_STEP, "The id for claiming this step.", "chain_id", "step.step_id")


@strawberry.type(description="A chain of rewards that value points unlock, for a player or for a whole clan.")
class RewardChain:
    name: str = read("chain.name", "The chain's title to show.")
    description: str | None = read("chain.description", "A text about the chain to show.")
    long_description: str | None = read("chain.long_description", "A longer text about the chain, for its own page.")
    image_url: str | None = url("chain.image_url", "The chain's picture.")
    position: int = read("chain.order", "The chain's place among the others. Lists are in this order already.")
    clan_type_raw: str | None = read("chain.clan_type", "What the game calls a clan, as the upstream names it.")
    id: strawberry.ID = object_id(
        IdKind.REWARD_CHAIN,
        "The chain's id, for reading this chain alone and for claiming all its ready steps.",
        "chain.reward_chain_id",
    )

    @computed(description="When the chain runs, and when it starts over.", graphql_type=Schedule)
    @staticmethod
    def schedule(root: strawberry.Parent[RewardChainView], info: Info) -> object:
        return schedule_of(root.chain, info.context.now)

    @computed(description="Whether the points of a whole clan count.")
    @staticmethod
    def is_clan(root: strawberry.Parent[RewardChainView]) -> bool:
        return root.chain.clan_type is not None

    @computed(description="What the game calls a clan; null on a personal chain.")
    @staticmethod
    def clan_type(root: strawberry.Parent[RewardChainView]) -> ClanType | None:
        raw = root.chain.clan_type
        return None if raw is None else known(ClanType, raw, ClanType.OTHER)

    balance: PointBalance | None = _with_points(
        "balance", "The points that count for this chain: the number beside its bar. May cost an upstream call."
    )
    steps: list[RewardStep] = _with_points("progress.steps", "All steps in order.", shared_path="progress.states.steps")
    next_step: RewardStep | None = _with_points(
        "progress.next_step",
        "The step to point at: the first one to claim, else the first one not claimed; null if all are claimed.",
    )

    @computed(
        description="What the player has to do next: the label of the chain's button.",
        after=RewardChainView.load_points,
    )
    @staticmethod
    def next_action(root: strawberry.Parent[RewardChainView], info: Info) -> NextAction:
        plan = schedule_of(root.chain, info.context.now)
        is_signed_in = info.context.player.is_signed_in
        return reward_next_action(root.progress, plan, is_signed_in=is_signed_in, needs_clan=root.needs_clan)

    is_completed: bool = _with_points("progress.is_completed", "Whether every step is claimed: show the chain as done.")
    claimable_count: int = _with_points(
        "progress.claimable_count", "How many steps are ready to claim: the number in the chain's red dot."
    )
    claimed_count: int = _with_points("progress.claimed_count", "How many steps are claimed.")
    progress_percent: int = _with_points(
        "progress.progress_percent", "Steps claimed in whole percent: the progress bar."
    )

    age_seconds: int | None = _with_points("stale_seconds", "How old the copy is; null unless `isStale`.")

    @computed(
        description="Whether the chain or its points are a copy, shown because the upstream could not be read.",
        after=RewardChainView.load_points,
    )
    @staticmethod
    def is_stale(root: strawberry.Parent[RewardChainView]) -> bool:
        return root.stale_seconds is not None

    @computed(
        description="The ten clan members, or fewer, who contributed most points; empty on a personal chain, and for a "
        "player without a clan. Costs an upstream call.",
        graphql_type=list[Contributor] | None,
    )
    @staticmethod
    async def top_contributors(root: strawberry.Parent[RewardChainView]) -> object:
        return await root.player.reads.top_contributors(root.chain)

    @computed(
        description="The items that give points of this chain when they are bought with `orderItem`, in the store's "
        "order: what to offer a player whose `nextAction` is `EARN_POINTS`. May cost upstream calls.",
        graphql_type=list[EarningItem] | None,
    )
    @staticmethod
    async def earn_by(
        root: strawberry.Parent[RewardChainView],
        info: Info,
        country: Annotated[
            str | None,
            strawberry.argument(
                description="The country whose prices to show, as two capital letters (ISO 3166-1 alpha-2). By default "
                "prices follow the player's address, if the gateway may forward it."
            ),
        ] = None,
    ) -> list[EarningItemView]:
        return await earning_items(info, root.chain.value_point.sku, country)

    @computed(description="A hint about how the chain works; null if there is none.", graphql_type=Popup | None)
    @staticmethod
    def popup(root: strawberry.Parent[RewardChainView]) -> object:
        chain, languages = root.chain, root.player.caller.languages
        view = PopupView(
            localised(chain.popup_header, languages),
            localised(chain.popup_instruction, languages),
            chain.popup_image_url,
        )
        return view if view.header or view.instruction or view.image_url else None
