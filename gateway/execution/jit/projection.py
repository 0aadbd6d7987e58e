"""What generated code calls for values that are not of the most usual kind."""

from collections.abc import Iterable
from typing import cast

from graphql import Undefined
from graphql.pyutils import is_awaitable, is_iterable

from gateway.domain.shared import Shared
from gateway.execution.jit.leaves import UnexpectedValue

_LISTS = (list, Shared)


def items(value: object) -> Iterable[object]:
    """The items of any list. Raises UnexpectedValue for a value that is not a list."""
    if value.__class__ in _LISTS:
        return cast("Iterable[object]", value)
    if not is_iterable(value) or is_awaitable(value):
        raise UnexpectedValue
    return value


def checked(value: object) -> object:
    """An object of which no attribute is read. Raises UnexpectedValue for null, an error or an awaitable."""
    # An attribute read would raise by itself; where there is none, `{ viewer { __typename } }` would show a type name
    # for a value that is an error.
    if value is None or value is Undefined or isinstance(value, Exception) or is_awaitable(value):
        raise UnexpectedValue
    return value
