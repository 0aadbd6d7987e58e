"""What several domains share: scalars, enumerations, money, items, schedules, and how fields read the models."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import wraps
from operator import attrgetter
from typing import Any, NewType, TypeVar, cast

import strawberry
from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.scalar import ScalarDefinition

from gateway.domain import models, schedule
from gateway.domain.rules import NextAction, StepState
from gateway.domain.schedule import Phase
from gateway.errors import BadUserInput

E = TypeVar("E", bound=Enum)
F = TypeVar("F", bound=Callable[..., object])

BigInt = NewType("BigInt", int)

MOST_BIG_INT = 10**18 - 1
"""The largest number that clients may send."""

_DIGITS = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_EXACT_FLOAT = 2**53
"""Whole numbers beyond it are not all different as floats, so one that came as a float may be another's."""

MODEL_PATH = "model_path"
"""Where a field made by `read` keeps the attribute path that it shows, in its metadata."""

SHARED = "shared"
"""Tells, in the metadata of a field made by `read`, that one value stands behind it for many players."""

SETTLED = "settled"
"""Where a field made by `computed` keeps what has to be known before its function may run, in its metadata."""

Settle = Callable[[Any], Awaitable[None] | None]
"""Finds out what fields of an object need; None where everything is known already. Calling it again is harmless."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A function that computes a field, and what has to be settled for the object before."""

    function: Callable[..., object]
    settle: Settle


def read(path: str, description: str, *, is_shared: bool = False) -> Any:
    """A field that shows the attribute at a dotted `path` of the value behind its type.

    `is_shared` says that the attribute is one unchanging object for all players who are shown the same, so that what
    is shown of it may be remembered by its identity.
    """
    getter = attrgetter(path)

    def resolve(root: Any) -> Any:
        return getter(root)

    return strawberry.field(resolver=resolve, description=description, metadata={MODEL_PATH: path, SHARED: is_shared})


def computed(*, description: str, graphql_type: object = None, after: Settle | None = None) -> Callable[[F], F]:
    """A field that a function computes; `graphql_type` names its type where the function gives what stands behind it.

    With `after`, the function is a plain one that may run once that is settled for its object. It is
    `strawberry.field`, whose own type loses that of a static method.
    """

    def decorate(resolver: F) -> F:
        if after is None:
            return cast(F, strawberry.field(resolver, description=description, graphql_type=graphql_type))
        settled = Settled(cast("staticmethod[..., object]", resolver).__func__, after)
        return cast(
            F,
            strawberry.field(
                _waiting(settled), description=description, graphql_type=graphql_type, metadata={SETTLED: settled}
            ),
        )

    return decorate


def streamed(*, description: str, graphql_type: object) -> Callable[[F], F]:
    """A field of the subscription root; its function gives the stream of what stands behind `graphql_type`.

    What it raises itself refuses the subscription.
    """

    def decorate(resolver: F) -> F:
        return cast(F, strawberry.subscription(resolver, description=description, graphql_type=graphql_type))

    return decorate


def settle_of(definition: GraphQLField) -> Settle | None:
    """What has to be settled before the field of an object can be had, if anything."""
    settled = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].metadata.get(SETTLED)
    return settled.settle if isinstance(settled, Settled) else None


def _waiting(settled: Settled) -> Callable[..., Awaitable[object]]:
    """The resolver that settles first."""

    @wraps(settled.function)
    async def resolve(root: object, **more: object) -> object:
        waiting = settled.settle(root)
        if waiting is not None:
            await waiting
        return settled.function(root, **more)

    return resolve


def describe_enum(enum: type[E], description: str, values: Mapping[str, str]) -> type[E]:
    """Register a plain enumeration with GraphQL; every member needs its sentence in `values`."""
    registered = strawberry.enum(enum, description=description)
    for value in registered.__strawberry_definition__.values:  # type: ignore[attr-defined]  # strawberry puts it there
        value.description = values[value.name]
    return registered


def known(enum: type[E], raw: str | None, other: E) -> E:
    """The member for an upstream word, or `other` for one that the vendor added later."""
    try:
        return enum(raw)
    except ValueError:
        return other


def _utc_text(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def _whole_number(value: object) -> int:
    """The number in a variable: `123`, `"123"`, or `123.0`, which is how Lua and Godot write all numbers."""
    is_exact = isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT_FLOAT
    if is_exact or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        value = int(cast(str, value))
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_BIG_INT:
        raise BadUserInput("A BigInt must be a whole number of at most 18 digits.")
    return value


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, as RFC 3339: `2026-01-05T00:00:00Z`.",
        serialize=_utc_text,
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number as text, without exponent: `"9.99"`.',
        serialize=lambda value: format(value, "f"),
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number that may exceed 32 bits, as a JSON number.",
        serialize=int,
        parse_value=_whole_number,
    ),
}
describe_enum(
    StepState,
    "What the player can do with a step now.",
    {
        "LOCKED": "Show it closed: an earlier step, or more points, come first.",
        "AVAILABLE": "Show it open: it can be claimed or bought now.",
        "CLAIMED": "Show it as taken.",
    },
)
describe_enum(
    NextAction,
    "What the player has to do to get further in a chain: the label of its main button.",
    {
        "CLAIM": "Something can be claimed for free.",
        "BUY": "The next step is bought.",
        "EARN_POINTS": "More points are needed.",
        "SIGN_IN": "The player has to sign in first.",
        "WAIT": "Nothing to do until the chain starts, or starts over.",
        "NONE": "Nothing to do any more.",
    },
)
describe_enum(
    Phase,
    "Where a chain stands in its own time.",
    {
        "UPCOMING": "It has not started.",
        "ACTIVE": "It is running.",
        "ENDING_SOON": "It is running and ends within 24 hours: show the countdown.",
        "ENDED": "It is over.",
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
    "What kind of thing an item is.",
    {
        "VIRTUAL_GOOD": "A virtual item.",
        "VIRTUAL_CURRENCY": "An amount of a virtual currency.",
        "BUNDLE": "Several things under one name: see `content`. A pack of virtual currency is one, too.",
        "UNIT": "A unit, such as a game key.",
        "OTHER": "A kind that this schema does not know yet: see `typeRaw`.",
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
        "OTHER": "An interval that this schema does not know yet: see `resetIntervalRaw`.",
    },
)


@strawberry.type(description="An exact amount of money.")
class Money:
    amount: Decimal = read("amount", "The amount to show, exact: never a rounded float.")
    currency: str = read("currency", "The currency's ISO 4217 code, or the SKU of a virtual currency.")


@strawberry.type(description="One kind of item and how many of it.")
class Item:
    sku: str = read("sku", "The item's key in the game's catalog.")
    name: str | None = read("name", "The item's name to show, in the player's language where the upstream has it.")
    description: str | None = read("description", "A sentence about the item to show.")
    type_raw: str = read("type", "The kind of item in the upstream's own word.")
    image_url: str | None = read("image_url", "The item's picture.")
    quantity: BigInt = read("quantity", "How many of the item the player gets.")
    is_free: bool = read("is_free", "Whether the item itself is free wherever it is offered; not whether this step is.")

    @computed(description="The kind of item: picks its frame or icon.")
    @staticmethod
    def type(root: strawberry.Parent[models.Item]) -> ItemType:
        return known(ItemType, root.type, ItemType.OTHER)

    @computed(description="What is inside a bundle; empty for anything else.", graphql_type=list["Item"])
    @staticmethod
    def content(root: strawberry.Parent[models.Item]) -> tuple[models.Item, ...]:
        return root.content or ()


@strawberry.type(description="When a chain runs and when it starts over. Times left are computed for every answer.")
class Schedule:
    starts_at: datetime = read("starts_at", "When the chain starts.")
    ends_at: datetime | None = read("ends_at", "When the chain ends; null: it has no end.")
    phase: Phase = read("phase", "Where the chain stands in its time: picks the badge on its card.")
    seconds_until_end: int | None = read(
        "seconds_until_end", "Seconds to count down to the end; 0 when it is over, null when there is no end."
    )
    reset_interval_raw: str | None = read("interval_type", "How often it starts over, in the upstream's own word.")
    resets_at: datetime | None = read("resets_at", "When progress starts over; null: it never does.")
    seconds_until_reset: int | None = read("seconds_until_reset", "Seconds to count down until progress starts over.")

    @computed(description="How often the chain starts over; null: it never does.")
    @staticmethod
    def reset_interval(root: strawberry.Parent[schedule.Schedule]) -> ResetInterval | None:
        return None if root.interval_type is None else known(ResetInterval, root.interval_type, ResetInterval.OTHER)
