"""What several parts of the schema share: scalars, enumerations, money, items, schedules, and ways to define fields."""

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

MODEL_PATH = "model_path"
"""Metadata of a field made by `read`: the attribute path that it shows."""

SHARED = "shared"
"""Metadata of a field made by `read`: whether many players share one value."""

LOADED_FIELD = "loaded_field"
"""Metadata of a field made by `computed`: its function, and the load that it depends on."""

Load = Callable[[Any], Awaitable[None] | None]
"""Loads what fields of an object depend on; None where that is loaded already. Calling it again is harmless."""


@dataclass(frozen=True, slots=True)
class LoadedField:
    """A function that computes a field, and the load that has to be done for the object before."""

    function: Callable[..., object]
    load: Load


def read(
    path: str, description: str, *, is_shared: bool = False, graphql_type: object = None, after: Load | None = None
) -> Any:
    """A field that shows the attribute at a dotted `path` of the model or view behind its type.

    `is_shared` says that the attribute is one unchanging object for all players with the same content, so that its JSON
    may be cached by its identity. With `after`, the attribute is read once that load is done for its object.
    """
    getter = attrgetter(path)

    def resolve(root: Any) -> Any:
        return getter(root)

    metadata: dict[object, object] = {MODEL_PATH: path, SHARED: is_shared}
    resolver: Callable[..., object] = resolve
    if after is not None:
        metadata[LOADED_FIELD] = loaded = LoadedField(resolve, after)
        resolver = _load_first(loaded)
    return strawberry.field(resolver=resolver, description=description, graphql_type=graphql_type, metadata=metadata)


def computed(*, description: str, graphql_type: object = None, after: Load | None = None) -> Callable[[F], F]:
    """A field that a function computes; `graphql_type` names its type where the function returns the view behind it.

    With `after`, the function is a plain one that is called once that load is done for its object. This is
    `strawberry.field`, whose own annotation loses the type of a static method.
    """

    def decorate(resolver: F) -> F:
        if after is None:
            return cast(F, strawberry.field(resolver, description=description, graphql_type=graphql_type))
        loaded = LoadedField(cast("staticmethod[..., object]", resolver).__func__, after)
        return cast(
            F,
            strawberry.field(
                _load_first(loaded), description=description, graphql_type=graphql_type, metadata={LOADED_FIELD: loaded}
            ),
        )

    return decorate


def streamed(*, description: str, graphql_type: object) -> Callable[[F], F]:
    """A field of the subscription root; its function returns a stream of the views behind `graphql_type`.

    An error that it raises refuses the subscription.
    """

    def decorate(resolver: F) -> F:
        return cast(F, strawberry.subscription(resolver, description=description, graphql_type=graphql_type))

    return decorate


def load_of(definition: GraphQLField) -> Load | None:
    """The load that a field of an object depends on, if any."""
    loaded = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].metadata.get(LOADED_FIELD)
    return loaded.load if isinstance(loaded, LoadedField) else None


def _load_first(loaded: LoadedField) -> Callable[..., Awaitable[object]]:
    """The resolver for the reference executor, which loads by itself."""

    @wraps(loaded.function)
    async def resolve(root: object, **more: object) -> object:
        waiting = loaded.load(root)
        if waiting is not None:
            await waiting
        return loaded.function(root, **more)

    return resolve


def describe_enum(enum: type[E], description: str, values: Mapping[str, str]) -> type[E]:
    """Register a plain enumeration with GraphQL; every member needs its sentence in `values`."""
    registered = strawberry.enum(enum, description=description)
    # strawberry takes descriptions of values only from its own wrapper of members, which plain enumerations lack.
    for value in registered.__strawberry_definition__.values:  # type: ignore[attr-defined]  # strawberry puts it there
        value.description = values[value.name]
    return registered


def known(enum: type[E], raw: str | None, other: E) -> E:
    """The member for an upstream word, or `other` for a word that the vendor added later."""
    try:
        return enum(raw)
    except ValueError:
        return other


def _utc_text(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def _whole_number(value: object) -> int:
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
        "LOCKED": "Show the step closed: it needs an earlier step or more points first.",
        "AVAILABLE": "Show the step open: it can be claimed or bought now.",
        "CLAIMED": "Show the step as taken.",
    },
)
describe_enum(
    NextAction,
    "What the player has to do to make progress in a chain: the label of its main button.",
    {
        "CLAIM": "Something can be claimed for free.",
        "BUY": "The next step is bought.",
        "EARN_POINTS": "More points are needed.",
        "SIGN_IN": "The player has to sign in first.",
        "WAIT": "The player can do nothing until the chain starts, or starts over.",
        "NONE": "The player can do nothing more.",
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
        "BUNDLE": "Several items under one name: see `content`. A pack of virtual currency is a bundle, too.",
        "UNIT": "A unit, such as a game key.",
        "OTHER": "A kind that this schema does not define yet: see `typeRaw`.",
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
    type_raw: str = read("type", "The kind of item as the upstream names it.")
    image_url: str | None = read("image_url", "The item's picture.")
    quantity: BigInt = read("quantity", "How many of the item the player gets.")
    is_free: bool = read(
        "is_free", "Whether the item itself is free wherever it is offered. It does not say whether this step is free."
    )

    @computed(description="The kind of item: picks its frame or icon.")
    @staticmethod
    def type(root: strawberry.Parent[models.Item]) -> ItemType:
        return known(ItemType, root.type, ItemType.OTHER)

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
    seconds_until_reset: int | None = read("seconds_until_reset", "Seconds to count down until progress starts over.")

    @computed(description="How often the chain starts over; null if it never does.")
    @staticmethod
    def reset_interval(root: strawberry.Parent[schedule.Schedule]) -> ResetInterval | None:
        return None if root.interval_type is None else known(ResetInterval, root.interval_type, ResetInterval.OTHER)
