"""What generated code calls for values that are not quite the usual ones."""

from collections.abc import Iterable

from graphql import Undefined
from graphql.pyutils import is_awaitable, is_iterable

from gateway.execution.jit.leaves import Unforeseen


def items(value: object) -> Iterable[object]:
    """The items of any list. Raises Unforeseen for what is none."""
    if not is_iterable(value) or is_awaitable(value):
        raise Unforeseen
    return value


def thing(value: object) -> object:
    """An object of which nothing else is looked at. Raises Unforeseen for what is none."""
    if value is None or value is Undefined or isinstance(value, Exception) or is_awaitable(value):
        raise Unforeseen
    return value
