"""How the value of a field is had from the object that it belongs to, read off the schema."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import isasyncgenfunction
from keyword import iskeyword
from typing import cast

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_abstract_type, is_object_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from gateway.schema.common import MODEL_PATH, SETTLED, SHARED, Settle, Settled

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class Uncovered(Exception):
    """The operation holds something that is left to the reference executor; the text says what."""


@dataclass(frozen=True, slots=True)
class FieldAccess:
    """One way to a field's value: an attribute `path`, a `function`, or else the field's own resolver.

    A function takes the object and the field's info under the names given, where it wants them at all. A value that
    `is_async` comes from outside and is awaited; `settle` has to be done before the function. `inside` is the type of
    the objects that the value holds, None for leaves. A value that `is_shared` is the same object for many players.
    """

    definition: GraphQLField
    owner: StrawberryField
    inside: GraphQLObjectType | None
    path: str | None = None
    function: Callable[..., object] | None = None
    source_name: str | None = None
    info_name: str | None = None
    is_async: bool = False
    settle: Settle | None = None
    is_shared: bool = False

    @property
    def needs_info(self) -> bool:
        """Whether it wants to know where in the answer it stands."""
        return self.path is None and (self.function is None or self.info_name is not None)


class FieldAccesses:
    """How the fields of one schema are read, found out once for each."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], FieldAccess] = {}

    def reading(self, parent: GraphQLObjectType, name: str) -> FieldAccess:
        """How to read a field. Raises Uncovered where only strawberry knows."""
        key = (parent.name, name)
        if key not in self._known:
            definition = parent.fields.get(name)
            if definition is None:
                raise Uncovered(f"`{name}`, which asks for the schema")
            self._known[key] = _reading(definition)
        return self._known[key]


def _reading(definition: GraphQLField) -> FieldAccess:
    owner = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if type(owner) is not StrawberryField or owner.extensions or owner.default_resolver is not getattr:
        raise Uncovered("a field that is not a plain field of strawberry's")
    field, resolver = FieldAccess(definition, owner, _inside(definition)), owner.base_resolver
    if owner.is_subscription:
        return replace(field, function=_event, source_name="event")
    if resolver is None:
        return replace(field, path=_attribute_path(owner.python_name))
    if isasyncgenfunction(resolver.wrapped_func):
        raise Uncovered("a field that streams its value")
    if MODEL_PATH in owner.metadata:
        path = _attribute_path(owner.metadata[MODEL_PATH])
        return replace(field, path=path, is_shared=bool(owner.metadata.get(SHARED)))
    if definition.args:
        return replace(field, is_async=resolver.is_async)
    return _call(field, resolver)


def _inside(definition: GraphQLField) -> GraphQLObjectType | None:
    named = get_named_type(definition.type)
    if is_abstract_type(named):
        raise Uncovered(f"`{named.name}`, which may be of several types")
    return named if is_object_type(named) else None


def _call(field: FieldAccess, resolver: StrawberryResolver[object]) -> FieldAccess:
    """A call of the field's function, without what strawberry does around it for arguments."""
    source = resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter
    info = resolver.info_parameter
    called = replace(field, source_name=source.name if source else None, info_name=info.name if info else None)
    settled = field.owner.metadata.get(SETTLED)
    if isinstance(settled, Settled):
        return replace(called, function=settled.function, settle=settled.settle)
    # Bound to its type by now: a static method is a plain function here.
    return replace(called, function=cast("Callable[..., object]", resolver.wrapped_func), is_async=resolver.is_async)


def _event(event: object) -> object:
    """What a subscription's field shows: the event that is answered."""
    return event


def _attribute_path(path: str) -> str:
    """The path as it may stand in source code."""
    if not _PATH.fullmatch(path) or any(map(iskeyword, path.split("."))):
        raise Uncovered("an attribute that cannot be named in code")
    return path
