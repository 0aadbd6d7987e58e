"""How the value of a field is read from its object, derived from strawberry's definition of the field."""

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

from gateway.schema.fields import EMPTY_IS_NULL, LOADED_FIELD, MODEL_PATH, PERSONAL, SHARED_PATH, Load, LoadedField

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class NotCovered(Exception):
    """The operation holds something that the reference executor has to run; the text says what."""


@dataclass(frozen=True, slots=True)
class FieldAccess:
    """One way to a field's value: an attribute `path`, a `function`, or else the field's own resolver.

    A function takes the object and the field's info as the arguments `source_name` and `info_name`, None where it
    takes none. A value that `is_async` is awaited. `load` has to be done for the object before the value is read.
    `inside` is the type of the objects in the value, None for leaves. `shared_path` leads to a value that many players
    may share, and whose objects lack what `is_personal`. With `empty_is_null`, an empty value of a path counts as none.
    """

    definition: GraphQLField
    owner: StrawberryField
    inside: GraphQLObjectType | None
    path: str | None = None
    function: Callable[..., object] | None = None
    source_name: str | None = None
    info_name: str | None = None
    is_async: bool = False
    load: Load | None = None
    shared_path: str | None = None
    is_personal: bool = False
    empty_is_null: bool = False

    @property
    def needs_info(self) -> bool:
        """Whether it takes the info, and with it the path in the response."""
        return self.path is None and (self.function is None or self.info_name is not None)


class FieldAccesses:
    """How the fields of one schema are read, worked out once for each."""

    def __init__(self) -> None:
        self._accesses: dict[tuple[str, str, bool], FieldAccess] = {}

    def access(self, parent: GraphQLObjectType, name: str, *, has_arguments: bool) -> FieldAccess:
        """How to read a field. Raises NotCovered where only strawberry's own resolver can.

        `has_arguments` says that the document gives it some.
        """
        key = (parent.name, name, has_arguments)
        if key not in self._accesses:
            definition = parent.fields.get(name)
            if definition is None:
                raise NotCovered(f"`{name}`, which is introspection")
            self._accesses[key] = _access(definition, has_arguments=has_arguments)
        return self._accesses[key]


def _access(definition: GraphQLField, *, has_arguments: bool) -> FieldAccess:
    owner = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    # Not isinstance: a subclass, an extension or a custom default resolver may change what a field returns.
    if type(owner) is not StrawberryField or owner.extensions or owner.default_resolver is not getattr:
        raise NotCovered("a field that is not a plain field of strawberry's")
    field, resolver = FieldAccess(definition, owner, _inside(definition)), owner.base_resolver
    if owner.is_subscription:
        return replace(field, function=_event, source_name="event")
    if resolver is None:
        return replace(field, path=_attribute_path(owner.python_name))
    if isasyncgenfunction(resolver.wrapped_func):
        raise NotCovered("a field that streams its value")
    loaded = owner.metadata.get(LOADED_FIELD)
    field = replace(field, load=loaded.load if isinstance(loaded, LoadedField) else None)
    if MODEL_PATH in owner.metadata:
        path, shared = _attribute_path(owner.metadata[MODEL_PATH]), owner.metadata.get(SHARED_PATH)
        shared_path = _attribute_path(shared) if shared else None
        return replace(
            field,
            path=path,
            shared_path=shared_path,
            is_personal=bool(owner.metadata.get(PERSONAL)),
            empty_is_null=bool(owner.metadata.get(EMPTY_IS_NULL)),
        )
    if has_arguments:
        # Arguments are converted by strawberry's own resolver: its rules are many, and such fields are few. Where the
        # document gives none, the function's own defaults are those that strawberry would pass.
        return replace(field, is_async=resolver.is_async)
    return _call(field, resolver)


def _inside(definition: GraphQLField) -> GraphQLObjectType | None:
    named = get_named_type(definition.type)
    if is_abstract_type(named):
        raise NotCovered(f"`{named.name}`, which may be of several types")
    return named if is_object_type(named) else None


def _call(field: FieldAccess, resolver: StrawberryResolver[object]) -> FieldAccess:
    """A direct call of the field's function.

    strawberry wraps each resolver in a function that converts arguments and builds an info; a field that is given no
    arguments needs neither.
    """
    source = resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter
    info = resolver.info_parameter
    called = replace(field, source_name=source.name if source else None, info_name=info.name if info else None)
    loaded = field.owner.metadata.get(LOADED_FIELD)
    if isinstance(loaded, LoadedField):
        # Not strawberry's resolver, which would load once more: the run has done so for all fields of the object.
        return replace(called, function=loaded.function)
    # Bound to its type by now: a static method is a plain function here.
    return replace(called, function=cast("Callable[..., object]", resolver.wrapped_func), is_async=resolver.is_async)


def _event(event: object) -> object:
    """The value of a subscription's field: the event itself."""
    return event


def _attribute_path(path: str) -> str:
    """The path, checked to be safe in source code."""
    if not _PATH.fullmatch(path) or any(map(iskeyword, path.split("."))):
        raise NotCovered("an attribute that cannot be named in code")
    return path
