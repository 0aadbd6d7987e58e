"""Ways to define fields and enumerations, so that the compiler knows how each value is had."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from operator import attrgetter
from typing import Any, TypeVar, cast

import strawberry
from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter

from gateway.schema.ids import IdKind, encode

E = TypeVar("E", bound=Enum)
F = TypeVar("F", bound=Callable[..., object])

MODEL_PATH = "model_path"
"""Metadata of a field made by `read` or `url`: the attribute path that it shows."""

EMPTY_IS_NULL = "empty_is_null"
"""Metadata of a field made by `url`: an empty value is shown as null."""

SHARED_PATH = "shared_path"
"""Metadata of a field made by `read`: the attribute path to a value that many players may share."""

PERSONAL = "personal"
"""Metadata of a field made by `read`: whether objects that are shared lack it."""

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
    path: str,
    description: str,
    *,
    shared_path: str | None = None,
    is_personal: bool = False,
    graphql_type: object = None,
    after: Load | None = None,
) -> Any:
    """A field that shows the attribute at a dotted `path` of the model or view behind its type.

    `shared_path` leads to what many players may share (`gateway.domain.shared`), so that they share its JSON, too. It
    shows what `path` shows but for fields that `is_personal` says: where one of those is selected, `path` is read. With
    `after`, the attribute is read once that load is done for its object.
    """
    getter = attrgetter(path)

    def resolve(root: Any) -> Any:
        return getter(root)

    metadata: dict[object, object] = {MODEL_PATH: path, SHARED_PATH: shared_path, PERSONAL: is_personal}
    resolver: Callable[..., object] = resolve
    if after is not None:
        metadata[LOADED_FIELD] = loaded = LoadedField(resolve, after)
        resolver = _load_first(loaded)
    return strawberry.field(resolver=resolver, description=description, graphql_type=graphql_type, metadata=metadata)


def url(path: str, description: str) -> Any:
    """A field that shows the address at a dotted `path` of the model or view; empty text counts as none."""
    getter = attrgetter(path)

    def resolve(root: Any) -> Any:
        return getter(root) or None

    metadata: dict[object, object] = {MODEL_PATH: path, EMPTY_IS_NULL: True}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def object_id(kind: IdKind, description: str, *paths: str) -> Any:
    """A field that shows the id of an object, made of the numbers at dotted `paths` of the model or view."""
    getter = attrgetter(*paths)

    def of_one(root: Any) -> Any:
        return encode(kind, getter(root))

    def of_several(root: Any) -> Any:
        return encode(kind, *getter(root))

    return strawberry.field(resolver=of_one if len(paths) == 1 else of_several, description=description)


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


FIXED_SET = "The set is complete: it does not grow within a major version."
"""The promise of an enumeration without `OTHER`."""

SET_WITH_OTHER = "The set does not grow within a major version: what is added later is `OTHER` here"
"""The promise of an enumeration with `OTHER`. Clients generated from the schema may fail on values that it lacks."""


def describe_enum(
    enum: type[E], description: str, values: Mapping[str, str], *, raw_field: str | None = None
) -> type[E]:
    """Register a plain enumeration with GraphQL; every member needs its sentence in `values`.

    The description ends with how the set grows. `raw_field` stands beside the enumeration and has the upstream's word.
    """
    promise = FIXED_SET
    if "OTHER" in values:
        promise = f"{SET_WITH_OTHER}, and `{raw_field}` names it." if raw_field else f"{SET_WITH_OTHER}."
    registered = strawberry.enum(enum, description=f"{description} {promise}")
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
