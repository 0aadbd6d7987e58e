"""What several parts of the schema share: enumerations, money, items and schedules."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Annotated, Any

import strawberry

from gateway.domain import models, schedule
from gateway.domain.prices import shown_amount
from gateway.domain.rules import NextAction, StepState
from gateway.domain.schedule import Phase
from gateway.player import Player
from gateway.schema.context import Info
from gateway.schema.fields import computed, describe_enum, known, read, url
from gateway.schema.scalars import BigInt

describe_enum(
    StepState,
    "What the player can do with a step now.",
    {
        "LOCKED": "Show the step closed: it cannot be taken now. The chain's `nextAction` says what comes first.",
        "AVAILABLE": "Show the step open: it can be claimed or bought now.",
        "CLAIMED": "Show the step as taken.",
        "OTHER": "A state that this schema does not define yet: show the step closed.",
    },
)
describe_enum(
    NextAction,
    "What the player has to do to make progress in a chain: the label of its main button.",
    {
        "CLAIM": "Something can be claimed for free.",
        "BUY": "The next step is bought.",
        "EARN_POINTS": "More points are needed: `earnBy` has the items that give them.",
        "JOIN_CLAN": "The chain is for clans, and the player is in none: `updateClan` once they have joined one.",
        "SIGN_IN": "The player has to sign in first.",
        "WAIT": "The player can do nothing until the chain starts, starts over, or opens its next step.",
        "NONE": "The player can do nothing more.",
        "OTHER": "An action that this schema does not define yet: show no button.",
    },
)
describe_enum(
    Phase,
    "The phase of a chain's schedule.",
    {
        "UPCOMING": "The chain has not started.",
        "ACTIVE": "The chain is running.",
        "ENDING_SOON": "The chain is running and ends within 24 hours: show the countdown.",
        "ENDED": "The chain is over.",
    },
)


class ItemType(Enum):
    """Kinds of items; the upstream may add more."""

    VIRTUAL_GOOD = "virtual_good"
    VIRTUAL_CURRENCY = "virtual_currency"
    BUNDLE = "bundle"
    UNIT = "unit"
    OTHER = ""


describe_enum(
    ItemType,
    "The kind of an item.",
    {
        "VIRTUAL_GOOD": "A virtual item.",
        "VIRTUAL_CURRENCY": "An amount of a virtual currency.",
        "BUNDLE": "Items under one name or a pack of virtual currency: see `bundleType` and `content`.",
        "UNIT": "A unit, such as a game key.",
        "OTHER": "A kind that this schema does not define yet: see `typeRaw`.",
    },
    raw_field="typeRaw",
)


class BundleType(Enum):
    """Kinds of bundles; the upstream may add more (client contract, 1.4)."""

    STANDARD = "standard"
    VIRTUAL_CURRENCY_PACKAGE = "virtual_currency_package"
    OTHER = ""


describe_enum(
    BundleType,
    "The kind of a bundle.",
    {
        "STANDARD": "Several items that are given together.",
        "VIRTUAL_CURRENCY_PACKAGE": "A pack: an amount of one virtual currency.",
        "OTHER": "A kind that this schema does not define yet: see `bundleTypeRaw`.",
    },
)


class ResetInterval(Enum):
    """How often a chain starts over; the upstream may add more."""

    HOURLY = "hourly"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OTHER = ""


describe_enum(
    ResetInterval,
    "How often a chain starts over.",
    {
        "HOURLY": "Every hour.",
        "WEEKLY": "Every week.",
        "MONTHLY": "Every month.",
        "OTHER": "An interval that this schema does not define yet: see `resetIntervalRaw`.",
    },
    raw_field="resetIntervalRaw",
)


def plans_for(player: Player, chains: Iterable[models.Chain], now: datetime) -> list[schedule.Schedule]:
    """When chains run. The answer is stale once one of them opens or closes, because step states change then."""
    plans = [schedule.schedule_of(chain, now) for chain in chains]
    changes = [plan.opens_or_closes_at for plan in plans if plan.opens_or_closes_at is not None]
    player.request.limit_freshness_to(min(changes, default=None))
    return plans


@strawberry.type(description="An exact amount of money.")
class Money:
    currency: str = read("currency", "The currency's ISO 4217 code, or the SKU of a virtual currency.")

    @computed(description="The amount, exact: never a rounded float. To show it, see `display`.")
    @staticmethod
    def amount(root: strawberry.Parent[models.Money]) -> Decimal:
        return shown_amount(root)

    @computed(
        description="The amount as text with the currency's symbol, as the player's language writes it: `9,99 €`. A "
        "virtual currency is named by its SKU."
    )
    @staticmethod
    def display(
        root: strawberry.Parent[models.Money],
        info: Info,
        locale: Annotated[
            str | None,
            strawberry.argument(
                description="A language tag such as `de-AT`; by default, and where it is not known, the languages of "
                "`Accept-Language` count, and then English."
            ),
        ] = None,
    ) -> str:
        player = info.context.player
        return player.price_texts.text(root, (*([locale] if locale else ()), *player.caller.language_tags))


def price_before_discount(path: str) -> Any:
    """A field that shows the price at a dotted `path` of the model or view as it was before a discount."""
    getter = attrgetter(path)

    def resolve(root: Any) -> models.Money | None:
        price: models.Money | None = getter(root)
        return None if price is None else price.before_discount

    return strawberry.field(
        resolver=resolve,
        description="The price before the discount, for striking it through; null where there is no discount.",
        graphql_type=Money | None,
    )


@strawberry.type(description="One kind of item and how many of it.")
class Item:
    sku: str = read("sku", "The item's key in the game's catalog.")
    item_id: BigInt | None = read(
        "item_id", "The item's number in the vendor's Publisher Account; null if the upstream does not send it."
    )
    name: str | None = read("name", "The item's name to show, in the player's language where the upstream has it.")
    description: str | None = read("description", "A sentence about the item to show.")
    type_raw: str = read("type", "The kind of item as the upstream names it.")
    bundle_type_raw: str | None = read("bundle_type", "The kind of bundle as the upstream names it.")
    image_url: str | None = url("image_url", "The item's picture.")
    quantity: BigInt = read("quantity", "How many of the item the player gets.")
    is_free: bool = read(
        "is_free", "Whether the item itself is free wherever it is offered. It does not say whether this step is free."
    )

    @computed(description="The kind of item: picks its frame or icon.")
    @staticmethod
    def type(root: strawberry.Parent[models.Item]) -> ItemType:
        return known(ItemType, root.type, ItemType.OTHER)

    @computed(description="Whether a bundle is a pack of virtual currency; null if the upstream does not send it.")
    @staticmethod
    def bundle_type(root: strawberry.Parent[models.Item]) -> BundleType | None:
        return None if root.bundle_type is None else known(BundleType, root.bundle_type, BundleType.OTHER)

    @computed(description="What is inside a bundle; empty for every other kind.", graphql_type=list["Item"])
    @staticmethod
    def content(root: strawberry.Parent[models.Item]) -> tuple[models.Item, ...]:
        return root.content or ()


@strawberry.type(description="When a chain runs, and when it starts over. Times left are computed for every response.")
class Schedule:
    starts_at: datetime = read("starts_at", "When the chain starts.")
    ends_at: datetime | None = read("ends_at", "When the chain ends; null if it has no end.")
    phase: Phase = read("phase", "The phase that the chain is in: picks the badge on its card.")
    seconds_until_end: int | None = read(
        "seconds_until_end", "Seconds to count down to the end; 0 when it is over, null when there is no end."
    )
    reset_interval_raw: str | None = read("interval_type", "How often the chain starts over, as the upstream names it.")
    resets_at: datetime | None = read("resets_at", "When progress starts over; null if it never does.")
    seconds_until_reset: int | None = read(
        "seconds_until_reset", "Seconds to count down until progress starts over; 0 while that is due."
    )
    cycle: str | None = read(
        "cycle",
        "Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may "
        "arrive later. Null if the chain does not start over. Every daily chain has one.",
    )

    @computed(description="How often the chain starts over; null if it never does.")
    @staticmethod
    def reset_interval(root: strawberry.Parent[schedule.Schedule]) -> ResetInterval | None:
        return None if root.interval_type is None else known(ResetInterval, root.interval_type, ResetInterval.OTHER)
