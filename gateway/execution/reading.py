"""How the value of a field is had from the object that it belongs to, read off the schema."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import isasyncgenfunction
from keyword import iskeyword
from typing import cast

from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from gateway.schema.common import MODEL_PATH, SETTLED, Settle, Settled

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class Uncovered(Exception):
    """The operation holds something that is left to the reference executor; the text says what."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to a field's value: an attribute `path`, a `function`, or else the field's own resolver.

    A function takes the object and the field's info under the names given, where it wants them at all. A value that
    `is_late` comes from outside and is awaited; `settle` has to be done before the function.
    """

    definition: GraphQLField
    owner: StrawberryField
    path: str | None = None
    function: Callable[..., object] | None = None
    source_name: str | None = None
    info_name: str | None = None
    is_late: bool = False
    settle: Settle | None = None

    @property
    def needs_info(self) -> bool:
        """Whether it wants to know where in the answer it stands."""
        return self.path is None and (self.function is None or self.info_name is not None)


def reading(definition: GraphQLField) -> Reading:
    """How to read a field of the schema. Raises Uncovered where only strawberry knows."""
    owner = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if type(owner) is not StrawberryField or owner.extensions or owner.default_resolver is not getattr:
        raise Uncovered("a field that is not a plain field of strawberry's")
    if owner.is_subscription:
        return Reading(definition, owner, function=_event, source_name="event")
    resolver = owner.base_resolver
    if resolver is None:
        return Reading(definition, owner, path=_attribute_path(owner.python_name))
    if isasyncgenfunction(resolver.wrapped_func):
        raise Uncovered("a field that streams its value")
    if MODEL_PATH in owner.metadata:
        return Reading(definition, owner, path=_attribute_path(owner.metadata[MODEL_PATH]))
    if definition.args:
        return Reading(definition, owner, is_late=resolver.is_async)
    return _call(Reading(definition, owner), resolver)


def _call(field: Reading, resolver: StrawberryResolver[object]) -> Reading:
    """A call of the field's function, without what strawberry does around it for arguments."""
    source = resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter
    info = resolver.info_parameter
    called = replace(field, source_name=source.name if source else None, info_name=info.name if info else None)
    settled = field.owner.metadata.get(SETTLED)
    if isinstance(settled, Settled):
        return replace(called, function=settled.function, settle=settled.settle)
    # Bound to its type by now: a static method is a plain function here.
    return replace(called, function=cast("Callable[..., object]", resolver.wrapped_func), is_late=resolver.is_async)


def _event(event: object) -> object:
    """What a subscription's field shows: the event that is answered."""
    return event


def _attribute_path(path: str) -> str:
    """The path as it may stand in source code."""
    if not _PATH.fullmatch(path) or any(map(iskeyword, path.split("."))):
        raise Uncovered("an attribute that cannot be named in code")
    return path
