"""Finds in JSON what a documented type does not have: fields, and words outside of closed sets."""

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from types import MappingProxyType

from msgspec import inspect


class Undocumented(Enum):
    """What is not documented: a field, or the value of a field that is."""

    FIELD = "field"
    VALUE = "value"


NO_WORDS: Mapping[str, Collection[str]] = MappingProxyType({})


def undocumented(
    value: object, types: list[inspect.Type], path: str, words: Mapping[str, Collection[str]] = NO_WORDS
) -> Iterator[tuple[Undocumented, str]]:
    """Yield what is not documented with its path, never with a value; `words` are the closed sets by field's name.

    What is no documented object is a map, such as texts by language, or the publisher's own JSON: it may hold anything.
    """
    types = [one for kind in types for one in alternatives(kind)]
    if isinstance(value, list):
        elements = [one.item_type for one in types if isinstance(one, inspect.CollectionType)]
        for element in value:
            yield from undocumented(element, elements, path, words)
    structs = [one for one in types if isinstance(one, inspect.StructType)]
    if not isinstance(value, dict) or not structs:
        return
    for name, member in value.items():
        known = [field.type for one in structs for field in one.fields if field.encode_name == name]
        if not known:
            yield Undocumented.FIELD, f"{path}.{name}"
        elif name in words and isinstance(member, str) and member not in words[name]:
            yield Undocumented.VALUE, f"{path}.{name}"
        yield from undocumented(member, known, f"{path}.{name}", words)


def alternatives(kind: inspect.Type) -> Iterator[inspect.Type]:
    """Yield the types that a value of a type may have."""
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from alternatives(one)
    else:
        yield kind
